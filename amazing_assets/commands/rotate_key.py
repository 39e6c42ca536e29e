"""`amazing rotate-key`: the pseudonym key is replaced, and everything has the new numbers."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import polars as pl
from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.forget import ids_of_file
from amazing_assets.commands.terminal import print_json, print_line, print_table, progress, tell
from amazing_assets.customers.contacts.reading import ids_of_contacts
from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.stores import lake_resource, landing_resource, models_resource
from amazing_assets.defs.triggers.erased import with_histories
from amazing_assets.defs.triggers.removal import refuse_beside_runs
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import read_lines
from amazing_assets.lake.key import key_of_lake
from amazing_assets.landing.names import month_of_file
from amazing_assets.privacy.rotation.rotate import Change, Rotated, rotate
from amazing_assets.privacy.rotation.state import Rotation
from amazing_assets.pseudonym import read_key
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import Settings, load_settings, pseudonym_key

_IDS = "A file of further ids of customers, one a line: of those who are in no file any more."

_NEW_KEY = (
    "A file that holds the new key: needed where AMAZING_PSEUDONYM_KEY gives the key; else one is "
    "made."
)

_REMOVE = "Remove the rows of customers whose id is in no file, for they can be given no number."


def rotate_key(
    *,
    ids: Annotated[str | None, Parameter(help=_IDS)] = None,
    new_key: Annotated[Path | None, Parameter(help=_NEW_KEY)] = None,
    remove_unknown: Annotated[bool, Parameter(help=_REMOVE, negative="")] = False,
    json: Json = False,
) -> None:
    """Replace the pseudonym key: every table, list and log has new numbers, and the old key none.

    Killed, it is finished by being started again.
    """
    settings = load_settings()
    lake = lake_resource(settings).open_anyway()
    stores = privacy_resource(settings).open(lake, tell)
    given = pseudonym_key()
    if given and new_key is None:
        raise CommandError(
            "AMAZING_PSEUDONYM_KEY gives the key of this home, which no command can change; write "
            "a new one into a file and name it with --new-key."
        )
    # What has begun knows both keys.
    old = "" if Rotation.of(settings.home).has_begun else _old_key(settings, given)
    change = Change(
        old_key=old,
        new_key=read_key(new_key) if new_key else secrets.token_hex(32),
        ids=lambda: _ids(settings, ids_of_file(ids) if ids else []),
        remove_unknown=remove_unknown,
        install=lambda state: None if given else state.install(settings.key_file),
    )
    with open_instance(settings) as instance:
        refuse_beside_runs(instance)
        with progress() as bar:
            task = bar.add_task("Looking", total=None)
            done = rotate(
                with_histories(stores, instance, models_resource(settings)),
                change,
                lambda step, steps, text: bar.update(
                    task, description=text, completed=step, total=steps
                ),
            )
    tell_outcome(done, is_given=bool(given), as_json=json)


def tell_outcome(done: Rotated, *, is_given: bool, as_json: bool) -> None:
    """Print what has new numbers; no key is printed."""
    if as_json:
        print_json({"Rotated": [{**vars(done)}]})
        return
    print_table("Under the new key", ("table", "rows"), list(done.rows.items()))
    if done.unknown:
        print_line(f"{done.unknown:,} customers were in no file: their rows are gone.")
    print_line(
        f"{done.customers:,} customers have a new number. Backups of before belong to the old key."
    )
    if is_given:
        print_line("Set AMAZING_PSEUDONYM_KEY to what the file of --new-key holds, then go on.")


def _old_key(settings: Settings, given: str | None) -> str:
    return key_of_lake(settings.lake, settings.key_file, given)


def _ids(settings: Settings, more: list[int]) -> pl.Series:
    """Return the ids of every file that has landed, those included that runs do not read."""
    found = pl.Series("user_id", more, pl.Int64)
    for each in _ids_in_parts(settings):
        found = pl.concat([found, each.unique()]).unique()
    return found


def _ids_in_parts(settings: Settings) -> Iterator[pl.Series]:
    landing = landing_resource(settings)
    zone = landing.open()
    for file in zone.files():
        if month_of_file(file.name):
            for block in read_blocks(replace(file, columns=landing.columns)):
                yield read_lines(block, None).kept["user_id"]
    for files in zone.contacts().values():
        yield ids_of_contacts(files)
