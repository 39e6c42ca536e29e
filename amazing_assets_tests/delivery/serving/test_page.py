"""The page of the service in a real browser: opened, and used to classify its example."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from amazing_assets.delivery.serving import schemas
from amazing_assets_tests.browser.chromium import browsing, installed

SERVICE = Path(__file__).parents[3] / "docs" / "service.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser():
    if installed() is None:
        pytest.skip("chromium is not installed; a browser test needs it (apt-get install chromium)")
    with browsing() as (page, errors):
        page.set_default_timeout(60_000)
        yield page, errors


@pytest.mark.end_to_end
def test_the_example_is_classified_from_the_page_without_any_other_network(asked, browser):
    page, errors = browser
    places = []
    page.on("request", lambda request: places.append(urlsplit(request.url).netloc))
    page.goto(f"{asked.base_url}/docs".replace("//docs", "/docs"))
    page.get_by_role("button", name="Authorize", exact=True).click()
    key = asked.headers["authorization"].removeprefix("Bearer ")
    of_header = page.locator(".auth-container").filter(has_text="X-API-Key")
    of_header.get_by_role("textbox").fill(key)
    of_header.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").first.click()
    path = page.locator(".opblock").filter(has_text="/classify")
    path.get_by_role("button").first.click()
    path.get_by_role("button", name="Try it out").click()
    path.get_by_role("button", name="Execute").click()
    live = path.locator(".live-responses-table")
    live.wait_for()
    assert live.locator(".response-col_status").last.inner_text().strip().startswith("200")
    said = json.loads(live.locator(".response-col_description code").first.inner_text())
    (customer,) = said["customers"]
    assert (customer["user_id"], customer["reason"]) == (541312140, "insufficient_events")
    assert said["reference_date"] == "2019-10-02"
    assert set(places) == {urlsplit(str(asked.base_url)).netloc}
    assert errors == []


def test_the_pages_example_is_that_of_the_documentation():
    (told,) = re.findall(r"-d '(\{\n.*?\})'\n", SERVICE.read_text(), re.DOTALL)
    written = json.loads(told)
    written["events"][0]["category_id"] = str(written["events"][0]["category_id"])
    assert written == schemas.EXAMPLE
