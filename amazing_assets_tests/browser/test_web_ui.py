"""A person at the web UI, in a real browser: look, make a month, look at it, make all months."""

import re
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets.dates import add_months, month_of
from amazing_assets.definitions import defs
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.browser.chromium import browsing, group_address, installed
from amazing_assets_tests.daemon.platform import NEVER, Platform

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

# The two months that exist today, so that two are all.
TODAY = datetime.now(UTC).date()
DAYS = (add_months(TODAY, -1), add_months(TODAY, 0))
MONTHS = tuple(map(month_of, DAYS))

GRAPH = defs().resolve_asset_graph()
ASSETS = {key.to_user_string(): GRAPH.get(key).group_name for key in GRAPH.get_all_asset_keys()}
MADE = {"events", "customers"}
BY_MONTH = GRAPH.get(dg.AssetKey("user_features")).partitions_def
GROUPS = sorted(set(ASSETS.values()))


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    if installed() is None:
        pytest.skip("chromium is not installed; a browser test needs it (apt-get install chromium)")
    # The sensor lets the files lie: what is made here a person asks for.
    with Platform(
        tmp_path_factory.mktemp("browser"),
        module="amazing_assets.definitions",
        settle_seconds=NEVER,
        first_month=MONTHS[0],
    ) as platform:
        generate(Path(platform.place.root), WorldSettings(customers=40, months=DAYS))
        yield platform


@pytest.fixture(scope="module")
def url(platform):
    return platform.url


@pytest.fixture(scope="module")
def browser(url):
    with browsing() as (page, errors):
        yield page, errors


@pytest.fixture
def page(browser):
    """A page on which nothing may go wrong."""
    page, errors = browser
    yield page
    assert errors == []


def is_name(shown, name):
    """Whether a node shows a name; Dagster leaves out the middle of a long one."""
    first, _, last = shown.partition("…")
    return shown == name or ("…" in shown and name.startswith(first) and name.endswith(last))


def graph_of(url, *assets):
    """Return the address of the graph of some assets only."""
    selection = " or ".join(f'key:"{name}"' for name in assets)
    return f"{url}/asset-groups~{selection}/"


def partitions(name):
    return GRAPH.get(dg.AssetKey(name)).partitions_def


def launch(page, months, button):
    """Fill the dialog that every launch of months goes through."""
    page.get_by_text("Materialize all").first.click()
    page.get_by_placeholder("ex: ").fill(months)
    page.get_by_placeholder("ex: ").press("Enter")
    page.get_by_role("button", name=button).click()
    # It closes once the launch was accepted.
    page.get_by_text("Partition selection").wait_for(state="detached")


def test_the_graph_shows_every_group_and_every_asset(page, url):
    page.goto(f"{url}/asset-groups", wait_until="domcontentloaded")
    for group in GROUPS:
        page.locator("foreignObject", has_text=re.compile(rf"^{group}\d*$")).wait_for()
    shown = {}
    # One after the other: of a large graph only what is in sight is drawn.
    for group in GROUPS:
        page.goto(group_address(url, group), wait_until="domcontentloaded")
        names = page.locator("foreignObject [class*=assetName]")
        names.nth(list(ASSETS.values()).count(group) - 1).wait_for()
        shown[group] = names.all_text_contents()
    assert sum(map(len, shown.values())) == len(ASSETS)
    missing = [n for n, group in ASSETS.items() if not any(is_name(t, n) for t in shown[group])]
    assert not missing


def test_a_month_is_materialised_from_the_graph(page, url, platform):
    # Assets of weeks are asked for in weeks.
    made = (n for n, group in ASSETS.items() if group in MADE and partitions(n) == BY_MONTH)
    page.goto(graph_of(url, *made))
    launch(page, MONTHS[0], "Launch 1 run")
    page.goto(f"{url}/runs", wait_until="domcontentloaded")
    row = page.locator("tr, [data-index]", has_text=f"partition: {MONTHS[0]}").first
    end = row.get_by_text(re.compile("^(Success|Failure|Canceled)$"))
    assert end.text_content() == "Success"
    assert platform.lake.months("user_features") == MONTHS[:1]


def test_the_page_of_an_asset_shows_rows_columns_and_a_plot(page, url, platform):
    page.goto(f"{url}/assets/user_features", wait_until="domcontentloaded")
    rows = platform.lake.scan("user_features", MONTHS[0]).collect().height
    status = page.get_by_text("Row count", exact=True).locator("..")
    status.get_by_text(str(rows), exact=True).wait_for()
    # Of a table this wide figures come first, the columns on demand.
    page.get_by_text("[Show Table Schema]").first.click()
    page.get_by_text("Days from the day of the last event to as_of.").first.wait_for()
    page.get_by_role("button", name="Close").click()
    plot = page.locator("tr", has_text="last visits").get_by_text("Show Markdown")
    plot.click()
    picture = page.locator("img[src^='data:image/png']")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") >= 600
    page.get_by_role("button", name="Close").click()


@pytest.mark.evaluate
def test_a_backfill_of_all_months_is_launched_from_the_graph(page, url, platform):
    page.goto(graph_of(url, "raw_events", "rejected_events", "clean_events"))
    launch(page, ", ".join(MONTHS), "Launch backfill")
    page.goto(f"{url}/runs?view=backfills", wait_until="domcontentloaded")
    row = page.locator("tr, [data-index]", has_text="2 partitions").first
    end = row.get_by_text(re.compile("^(Success|Completed|Failed|Failure|Canceled)$"))
    assert end.text_content() in {"Success", "Completed"}
    assert platform.lake.months("clean_events") == MONTHS
