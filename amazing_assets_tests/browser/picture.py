"""Takes the README's picture of the asset graph, from a small world of which all is made.

`python -m amazing_assets_tests.browser.picture` writes `docs/asset_graph.png`.
"""

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.browser.chromium import browsing, graph_address
from amazing_assets_tests.browser.test_web_ui import (
    ASSETS,
    DAYS,
    GROUPS,
    MONTHS,
)
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.daemon.platform import NEVER, REPOSITORY, SHARDS, Platform

SETTINGS = {"AMAZING_FIRST_MONTH": MONTHS[0], "AMAZING_SHARDS": str(SHARDS)}

# Only the graph: the side bar folded, the controls out of the way, room around the groups.
FOLDED = "localStorage.setItem('dagster-nav-collapsed', 'true')"
MARGIN = 16
# A README shows the picture at half its size.
LOOK = """
button, [role=slider] { visibility: hidden }
[class*=minimalName] { font-size: 27px !important }
svg path { stroke: #93a1b3 !important }
marker path { fill: #93a1b3 !important }
"""


def make(home):
    """Make everything in a home, so that no asset of the picture is waiting."""
    generate(home / "landing", WorldSettings(customers=400, months=DAYS))
    ran = amazing(home, "run", "--months", f"{MONTHS[0]}:{MONTHS[-1]}", **SETTINGS)
    assert ran.returncode == 0, ran.stderr


def take(url, to):
    """Write the picture of the whole graph."""
    # So much higher than the graph that the search bar, which lies over it, covers none of it.
    with browsing(2100, 2300) as (page, _):
        page.add_init_script(FOLDED)
        page.goto(graph_address(url, GROUPS), wait_until="domcontentloaded")
        nodes = page.locator("foreignObject")
        page.locator("foreignObject [class*=assetName]").nth(len(ASSETS) - 1).wait_for()
        page.locator("button:has([aria-label=panel_show_right])").click()
        # A double click on nothing fits the graph into the window.
        page.mouse.dblclick(120, 2240)
        # Colours come a little later. Not all turn green: a model of so few customers warns.
        page.wait_for_timeout(15_000)
        boxes = [node.bounding_box() for node in nodes.all()]
        left, top = (min(box[side] for box in boxes) - MARGIN for side in "xy")
        right = max(box["x"] + box["width"] for box in boxes) + MARGIN
        bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
        page.add_style_tag(content=LOOK)
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        taken = Image.open(BytesIO(page.screenshot(clip=clip)))
        # A third of the bytes, for a drawing of four colours.
        taken.convert("RGB").quantize(64).save(to, optimize=True)


def main():
    """Make a world, show it, take the picture."""
    to = REPOSITORY / "docs" / "asset_graph.png"
    to.parent.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        make(home)
        with Platform(
            home,
            module="amazing_assets.definitions",
            settle_seconds=NEVER,
            first_month=MONTHS[0],
        ) as platform:
            take(platform.url, to)
    sys.stdout.write(f"{to}: {to.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
