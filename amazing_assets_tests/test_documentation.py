import re
from pathlib import Path

import pytest

from amazing_assets.cli import COMMANDS
from amazing_assets.definitions import defs
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.variables import NAMES
from documentation.__main__ import build, gather
from documentation.pages import pages

ROOT = Path(__file__).parents[1]
CONTRACTS = {**LAKE, **WAREHOUSE}


@pytest.fixture(scope="module")
def made():
    return pages(defs(), ROOT)


@pytest.fixture(scope="module")
def tables(made):
    """The part of the dictionary that is about each table."""
    text = "".join(page for path, page in made.items() if path.startswith("reference/tables-"))
    parts = re.split(r"^## `(\w+)` \{#\w+\}$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_the_dictionary_lists_every_column_of_every_table(tables, name):
    listed = re.findall(
        r"^\| `(\w+)` \| `[^|]+` \| (?:yes)? ?\| \S.* \|$", tables[name], re.MULTILINE
    )
    assert listed == list(CONTRACTS[name].to_schema().columns)


def test_every_command_has_its_place(made):
    found = re.findall(r"^## amazing (\S+)$", made["reference/commands.md"], re.MULTILINE)
    assert sorted(found) == sorted(
        place.partition(":")[2].rstrip("_").replace("_", "-") for place in COMMANDS
    )


def test_every_setting_is_told(made):
    found = re.findall(r"^\| `(\w+)` \| \S.*\. \|$", made["reference/settings.md"], re.MULTILINE)
    assert found == sorted(NAMES)


def test_every_check_is_told_and_whether_it_blocks(made):
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| (blocks|warns) \| \S.* \|$",
        made["reference/checks.md"],
        re.MULTILINE,
    )
    keys = defs().resolve_asset_graph().asset_check_keys
    assert {row[:2] for row in rows} == {(key.asset_key.to_user_string(), key.name) for key in keys}
    assert ("raw_events", "every_row_is_accounted_for", "blocks") in rows


def test_the_site_is_built_and_none_of_its_links_leads_nowhere(tmp_path):
    gather(ROOT, tmp_path / "site")
    assert build(tmp_path / "site") == 0
    for page in ("index", "accueil", "tutorial", "reference/tables-segments", "contributing"):
        assert (tmp_path / "site" / "site" / f"{page}.html").is_file()


def test_every_page_that_people_wrote_is_in_the_navigation():
    navigation = (ROOT / "zensical.toml").read_text()
    written = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")]
    names = [str(page.relative_to(ROOT / "docs")) for page in written]
    assert names
    assert not [name for name in names if f'"{name}"' not in navigation]


def test_a_link_that_leads_nowhere_fails_the_site(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[there](nowhere.md)")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "a site"\n')
    assert build(tmp_path) != 0
