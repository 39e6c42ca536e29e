"""`python -m documentation`: builds the site of the documentation, every link of it checked."""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Build the site; ends with the builder's status, which a link to nowhere makes fail."""
    site = ROOT / "build" / "documentation"
    gather(ROOT, site)
    status = build(site)
    if status == 0:
        sys.stdout.write(f"The documentation is {site / 'site' / 'index.html'}\n")
    sys.exit(status)


def gather(root: Path, site: Path) -> None:
    """Put together what the site is built from: pages that people wrote, and those made of code."""
    with warnings.catch_warnings():
        # What Dagster says of parameters that we chose knowing it.
        warnings.simplefilter("ignore")
        from amazing_assets.definitions import defs  # noqa: PLC0415  within the filter
        from documentation.pages import navigation, pages  # noqa: PLC0415  as above

        made = pages(defs(), root)
    shutil.rmtree(site, ignore_errors=True)
    # A template is no page.
    shutil.copytree(root / "docs", site / "docs", ignore=shutil.ignore_patterns("0000-*"))
    configuration = (root / "zensical.toml").read_text()
    (site / "zensical.toml").write_text(navigation(configuration, made))
    for page, text in made.items():
        file = site / "docs" / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def build(site: Path) -> int:
    """Return the status of the builder."""
    builder = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    # Its checks are remarks in colour, and its traceback says no more than that there were some.
    return subprocess.run(builder, cwd=site, check=False).returncode  # noqa: S603  our own arguments


if __name__ == "__main__":
    main()
