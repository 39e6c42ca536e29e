"""A browser in front of the web UI, as a person has it."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

# Of what a page shows once it is there; a run that it waits for has to end within it too.
PATIENCE = 300

# Everything that Debian's chromium would do besides showing pages.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

WIDTH, HEIGHT = 1600, 1000


def installed():
    """Return the path of a browser; None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browsing(width=WIDTH, height=HEIGHT):
    """Open a browser; yield a page and the list of errors that it reports."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=QUIET)
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        yield page, errors
        browser.close()


def group_address(url, group):
    """Return the address of the graph of a group, unfolded."""
    return f'{url}/asset-groups~group:"{group}"/?expanded=global@global:{group}'


def graph_address(url, groups):
    """Return the address of the asset graph with groups unfolded."""
    return f"{url}/asset-groups?expanded={','.join(f'global@global:{name}' for name in groups)}"
