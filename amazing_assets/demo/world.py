"""A marketplace in miniature: landing files of some months, and the truth beside them."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from amazing_assets.dates import month_of
from amazing_assets.demo.calendar import days_of, month_range
from amazing_assets.demo.catalogue import Dialect, build_catalogue
from amazing_assets.demo.chance import Purpose, generator
from amazing_assets.demo.choices import Shop
from amazing_assets.demo.customers import draw_customers
from amazing_assets.demo.days import live
from amazing_assets.demo.lines import Texts, day_lines, landing_file
from amazing_assets.demo.personas import Difficulty
from amazing_assets.demo.truth import MonthTally, Truth, write_truth
from amazing_assets.landing.generating import generating
from amazing_assets.landing.names import file_name


@dataclass(frozen=True)
class WorldSettings:
    """Everything a world depends on; the same settings give the same bytes."""

    customers: int = 8_000
    months: tuple[date, ...] = month_range(date(2019, 10, 1), date(2020, 4, 1))
    seed: int = 7
    difficulty: Difficulty = "real"
    dialect: Dialect = "multicat"
    events_scale: float = 1.0  # on the number of sessions
    compress: bool = True
    parts: int = 1  # files per month

    def __post_init__(self) -> None:
        """Refuse months that do not follow one another."""
        if not self.months or self.months != month_range(self.months[0], self.months[-1]):
            raise ValueError(
                f"months must be the first days of consecutive months, got {self.months}"
            )

    @property
    def days(self) -> list[date]:
        """All days of the world."""
        return [day for month in self.months for day in days_of(month)]

    def file_of(self, day: date) -> str:
        """Return the name of the landing file that holds a day."""
        part = 1 + (day.day - 1) * self.parts // len(days_of(day.replace(day=1)))
        numbered = part if self.parts > 1 else None
        return file_name(month_of(day), numbered, compressed=self.compress)


def no_progress(_: str, __: int) -> None:
    """Tell nobody."""


def generate(
    to: Path, settings: WorldSettings, progress: Callable[[str, int], None] = no_progress
) -> Truth:
    """Write the landing files of a world into a folder, and its truth into `truth/` there.

    Days are simulated and written one by one, so memory holds one day. `progress` is told the
    month (`2019-10`) and the rows written so far, after each day. A world generated before gives
    way to the new one.

    Raises:
        LandingError: The folder holds what was not generated.
    """
    with generating(to) as unfinished:
        truth = _write(unfinished, settings, progress)
    return replace(
        truth,
        customers=to / truth.customers.relative_to(unfinished),
        dirt=to / truth.dirt.relative_to(unfinished),
        files=tuple(to / file.name for file in truth.files),
    )


def _write(to: Path, settings: WorldSettings, progress: Callable[[str, int], None]) -> Truth:
    shop = open_shop(settings)
    texts = Texts(shop.customers.user_id)
    tallies = {month: MonthTally(shop.customers.is_bot) for month in settings.months}
    files: list[Path] = []
    with ExitStack() as stack:
        for today in live(shop, settings.days, settings.seed, settings.events_scale):
            path = to / settings.file_of(today.date)
            if path not in files:
                stack.close()
                file = stack.enter_context(landing_file(path))
                files.append(path)
            for block in day_lines(today, texts):
                file.write(block)
            tallies[today.date.replace(day=1)].add(today)
            progress(month_of(today.date), sum(tally.rows_written for tally in tallies.values()))
    customers = shop.customers.truth(settings.days[0], len(settings.days))
    return write_truth(to / "truth", customers, tallies, tuple(files))


def open_shop(settings: WorldSettings) -> Shop:
    """Return the goods and the customers of a world."""
    catalogue = build_catalogue(generator(settings.seed, Purpose.CATALOGUE), settings.dialect)
    rng = generator(settings.seed, Purpose.CUSTOMERS)
    customers = draw_customers(rng, settings.customers, len(settings.days), settings.difficulty)
    favourite = catalogue.pick_categories(rng, len(customers))
    return Shop(settings.dialect, catalogue, customers, favourite)
