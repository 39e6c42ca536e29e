"""`amazing name`: what people call a segment."""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.commands.arguments import CommandError
from amazing_assets.commands.terminal import tell
from amazing_assets.defs.resources.readable import copied_from
from amazing_assets.defs.resources.stores import open_warehouse
from amazing_assets.errors import UsageError
from amazing_assets.language.language import ENGLISH
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.given import (
    Given,
    GivenNames,
    called_today,
    give_name,
    given_names,
    take_back,
)
from amazing_assets.settings import Settings, load_settings
from amazing_assets.warehouse.warehouse import read_month


def name(
    segment: Annotated[int, Parameter(help="Number of the segment.")],
    name: Annotated[str | None, Parameter(help="Its name, in French.")] = None,
    *,
    english: Annotated[str | None, Parameter(help="In English, if it is another word.")] = None,
    by: Annotated[str, Parameter(help="Name of the person who gives it; it is kept.")] = "",
    remove: Annotated[bool, Parameter(help="Take a name back.", negative="")] = False,
) -> None:
    """Call a segment by a name of your own, everywhere and through every training."""
    if (name is None) is not remove:
        raise UsageError(
            f"Give the name, as in `amazing name {segment} Curieux --english Browsers --by "
            f"'Ada Lovelace'`, or --remove to take one back."
        )
    settings = load_settings()
    _refuse_unknown(segment, known_segments(settings, given_names(settings.artifacts)))
    if name is None:
        take_back(settings.artifacts, segment)
        said = f"Segment {segment} is called again as the platform does."
    else:
        day = datetime.now(UTC).date().isoformat()
        given = Given(name.strip(), (english or name).strip(), by.strip(), day)
        give_name(settings.artifacts, segment, given)
        said = f"Segment {segment} is called {given.french}, in English {given.english}."
    copied_from(settings).refresh(tell)
    Console(soft_wrap=True).print(
        f"{said} `amazing report` writes the report with it.", highlight=False, markup=False
    )


def known_segments(settings: Settings, given: GivenNames) -> dict[int, str]:
    """Return what the segments of the last month are called in English, by number.

    Raises:
        CommandError: There are none yet.
    """
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    latest = warehouse.latest("segment_profiles")
    profiles = read_month(warehouse, "segment_profiles", latest) if latest else None
    if profiles is None:
        raise CommandError("There are no segments yet; `amazing run` finds them.")
    known = profiles.select("segment", *NAME_COLUMNS).drop_nulls("segment").unique()
    return {
        number: called_today(number, Name.of(*held), ENGLISH, given)
        for number, *held in known.sort("segment").iter_rows()
    }


def _refuse_unknown(segment: int, known: dict[int, str]) -> None:
    if segment not in known:
        listed = ", ".join(f"{number} {said}" for number, said in known.items())
        raise CommandError(f"There is no segment {segment}; there are {listed}.")
