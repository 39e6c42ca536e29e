"""`amazing export`: everything that is held on one customer, for the customer."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.commands.terminal import print_line, tell
from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.errors import UsageError, quoted
from amazing_assets.lake.key import key_of_lake
from amazing_assets.language.language import LANGUAGES
from amazing_assets.privacy.decisions import decisions
from amazing_assets.privacy.holdings import Catalogue, holdings
from amazing_assets.privacy.page import to_page
from amazing_assets.privacy.people import ids_in, known_ids
from amazing_assets.runs.code import loaded_definitions
from amazing_assets.settings import load_settings, pseudonym_key


def export(
    user_id: Annotated[str, Parameter(help="The shop's own id; - reads it from standard input.")],
    *,
    out: Annotated[Path, Parameter(help="Folder for the two files, made if need be.")],
    language: Annotated[Literal["fr", "en"], Parameter(help="Of the page.")] = "fr",
) -> None:
    """Write everything that is held on a customer: a page to read, and JSON for programs."""
    settings = load_settings()
    (user,) = one_id(user_id)
    if out.resolve().is_relative_to(settings.home.resolve()):
        raise UsageError(
            f"{quoted(out, 200)} lies in the home, where the files would outlive the customer; "
            f"write them elsewhere."
        )
    lake = open_lake(settings)
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    stores = privacy_resource(settings).open(lake, tell)
    held = holdings(stores, user, key, Catalogue({**LAKE, **WAREHOUSE}, parents()))
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    decided = decisions(held, warehouse.read_table("segment_rules"), LANGUAGES[language])
    told = {**held.as_json, "decisions": [each.row for each in decided]}
    for name, text in (
        ("held.json", json.dumps(told, indent=2, default=str, ensure_ascii=False)),
        ("held.html", to_page(held, decided, LANGUAGES[language])),
    ):
        print_line(str(written(out / name, text)))
    print_line("They hold all that is known of one person: hand them over, then delete them.")


def one_id(text: str) -> tuple[int, ...]:
    """Return the one customer id that was given.

    Raises:
        UsageError: It is none, or several.
    """
    given = sys.stdin.read() if text == "-" else text
    ids = known_ids(ids_in(given, "what was given"))
    if len(ids) != 1:
        raise UsageError("Give one customer id, such as `amazing export 541312140 --out folder`.")
    return ids


def parents() -> dict[str, list[str]]:
    """Return what each table is made of, as the graph of assets has it."""
    graph = loaded_definitions().resolve_asset_graph()
    return {
        key.to_user_string(): sorted(each.to_user_string() for each in graph.get(key).parent_keys)
        for key in graph.get_all_asset_keys()
    }


def written(file: Path, text: str) -> Path:
    """Write a file for its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write(text)
    return file
