"""`amazing warehouse check`: whether the warehouse that is set does what it should."""

from pathlib import Path
from typing import Literal

from amazing_assets.commands.arguments import Json
from amazing_assets.commands.terminal import print_json, print_line, tell
from amazing_assets.defs.resources.servers import server_writer
from amazing_assets.defs.resources.stores import open_warehouse
from amazing_assets.places import Server
from amazing_assets.settings import load_settings
from amazing_assets.warehouse.duckdb_writer import DuckDBWriter
from amazing_assets.warehouse.trial import try_warehouse
from amazing_assets.warehouse.waiting import PATIENCE_SECONDS, Waiting
from amazing_assets.warehouse.warehouse import Writer


def warehouse(action: Literal["check"], *, json: Json = False) -> None:  # noqa: ARG001  the one there is
    """Try the warehouse that is set: write, read, replace and remove a table of its own."""
    place = load_settings().warehouse
    seen = []
    for step in try_warehouse(open_warehouse(place, tell=tell), _writer(place)):
        seen.append(step)
        if not json:
            print_line(f"{step.step}: {step.saw}")
    if json:
        print_json({"Warehouse": [vars(step) for step in seen]})
        return
    print_line(f"The warehouse {place} does what it should.")


def _writer(place: Path | Server) -> Writer:
    if isinstance(place, Path):
        place.parent.mkdir(parents=True, exist_ok=True)
        return DuckDBWriter(place, Waiting(PATIENCE_SECONDS, tell))
    return server_writer(place, tell)
