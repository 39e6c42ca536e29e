"""`amazing object`: no profile is made of a customer any more, and the rest stays."""

from typing import Annotated

from cyclopts import Parameter

from amazing_assets.commands.arguments import Json
from amazing_assets.commands.forget import FILE, ids_of_file
from amazing_assets.commands.terminal import print_json, print_line, print_table, tell
from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.defs.triggers.erased import refuse_others
from amazing_assets.errors import UsageError
from amazing_assets.lake.key import key_of_lake
from amazing_assets.privacy.objection import Objected, object_to_profiles
from amazing_assets.privacy.objection import withdraw as withdrawn
from amazing_assets.privacy.people import known_ids
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import load_settings, pseudonym_key

_WITHDRAW = "Take an objection back: profiles are made again, from the next ones on."


def object_(
    *user_ids: int,
    file: Annotated[str | None, Parameter(help=FILE, allow_leading_hyphen=True)] = None,
    withdraw: Annotated[bool, Parameter(help=_WITHDRAW, negative="")] = False,
    json: Json = False,
) -> None:
    """Stop making profiles of customers: no features, segment, scores, lists or next action."""
    settings = load_settings()
    ids = known_ids([*user_ids, *(ids_of_file(file) if file else ())])
    if not ids:
        raise UsageError(
            "Name at least one customer id, such as `amazing object 541312140`, or a --file of "
            "them."
        )
    lake = open_lake(settings)
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    stores = privacy_resource(settings).open(lake, tell)
    if withdraw:
        number = withdrawn(stores, ids, key)
        told = {"customers": number, "profiled": "from the next month and week on"}
        tell_all(told, as_json=json)
        return
    with open_instance(settings) as instance:
        refuse_others(instance)
        tell_objected(object_to_profiles(stores, ids, key), as_json=json)


def tell_all(told: dict[str, object], *, as_json: bool) -> None:
    """Print what became of an objection that was taken back."""
    if as_json:
        print_json({"Withdrawn": [told]})
    else:
        print_line("Profiles are made again, from the next month and week on.")


def tell_objected(done: Objected, *, as_json: bool) -> None:
    """Print what was taken out; nobody is named."""
    if as_json:
        rows = {"customers": done.customers, "rows": done.rows, "rows of lists": done.lists}
        print_json({"Objected": [rows]})
        return
    if done.rows:
        print_table("Taken out of profiles", ("table", "rows"), list(done.rows.items()))
    print_line(
        "No profile is made of them from now on; events, visits, purchases and contacts stay. "
        "Lists that have left the house must be taken back there."
    )
