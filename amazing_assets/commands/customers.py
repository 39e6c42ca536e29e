"""`amazing pseudonym`: what lake and warehouse know a customer by."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_json, print_table
from amazing_assets.errors import UsageError
from amazing_assets.lake.key import key_of_lake
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets.settings import load_settings, pseudonym_key


def pseudonym(
    *user_ids: int,
    file: Annotated[Path | None, Parameter(help="A file with one customer id a line.")] = None,
    json: Json = False,
) -> None:
    """Print the key that customers have in the lake and the warehouse."""
    known = (*user_ids, *(ids_of(file) if file else ()))
    if not known:
        raise UsageError(
            "Name at least one customer id, such as `amazing pseudonym 541312140`, or a --file of "
            "them."
        )
    settings = load_settings()
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    found = {str(user_id): pseudonym_of(user_id, key) for user_id in known}
    if json:
        print_json(found)
    else:
        print_table("", ("user_id", "pseudonym"), [(u, str(p)) for u, p in found.items()])


def ids_of(file: Path) -> list[int]:
    """Return the customer ids in a file.

    Raises:
        CommandError: It cannot be read, or holds something else.
    """
    try:
        return [int(line) for line in file.read_text().split()]
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} is no file of whole numbers, one a line: {error}") from None
