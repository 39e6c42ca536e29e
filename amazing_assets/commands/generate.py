"""`amazing generate`: a small world's landing files."""

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.commands.arguments import Difficulty, Json, Months, Seed, months_of
from amazing_assets.commands.terminal import print_json, print_table, progress
from amazing_assets.dates import first_day, month_of
from amazing_assets.demo.world import WorldSettings
from amazing_assets.demo.world import generate as write_world
from amazing_assets.landing.origin import refuse_real
from amazing_assets.settings import load_settings


def generate(  # noqa: PLR0913  the options of a world
    *,
    to: Annotated[Path, Parameter(help="Folder of the landing files.")],
    customers: int = 8_000,
    months: Months = "2019-10:2020-04",
    seed: Seed = 7,
    difficulty: Difficulty = "real",
    dialect: Literal["multicat", "cosmetics"] = "multicat",
    json: Json = False,
) -> None:
    """Write a small world's landing files and, beside them in `truth`, what is true in it."""
    days = tuple(first_day(month) for month in months_of(months))
    _refuse_home(to)
    generate_world(to, WorldSettings(customers, days, seed, difficulty, dialect))
    truth = planted_dirt(to)
    if json:
        print_json(truth)
        return
    print_table(
        f"Landing files in {to}",
        ("month", "rows", "to be kept", "to be rejected"),
        [
            (m, t["rows_written"], t["rows_kept"], t["rows_written"] - t["rows_kept"])
            for m, t in truth.items()
        ],
    )


def _refuse_home(to: Path) -> None:
    """Refuse the landing folder of a home that holds real customers, although it may be empty."""
    settings, place = load_settings(), to.resolve()
    if place == Path(settings.landing).resolve() or settings.home.resolve() in place.parents:
        refuse_real(settings.home, settings.lake)
    for home in place.parents[:2]:
        refuse_real(home, home / "lake")


def generate_world(to: Path, world: WorldSettings) -> None:
    """Write the files of a world into a folder, with progress.

    Raises:
        LandingError: The folder holds what was not generated.
    """
    months = [month_of(day) for day in world.months]
    with progress() as bar:
        task = bar.add_task("Generating", total=len(months))

        def advance(month: str, rows: int) -> None:
            text = f"Generating {month}, {rows:,} rows"
            bar.update(task, completed=months.index(month), description=text)

        write_world(to, world, advance)
        bar.update(task, completed=len(months))


def planted_dirt(folder: Path) -> dict[str, dict[str, int]]:
    """Return how many rows of each month were written, and how many of them can be kept."""
    months: dict[str, dict[str, int]] = json.loads((folder / "truth" / "dirt.json").read_text())
    return months
