"""S9, worlds in which all customers follow one law; S10, two groups that differ by a dial."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_predict

from amazing_assets.dates import months_between
from amazing_assets.segments.behaviour.columns import DESIGN_COLUMNS
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets_tests.segments.laws import Law, world
from amazing_assets_tests.segments.watching import watching
from benchmarks.acceptance import Result

ONE_MONTH = ("2019-10",)
SEVEN_MONTHS = months_between("2019-10", "2020-04")


@dataclass(frozen=True)
class World:
    """A one-law world: the law, how many customers, for how long."""

    law: Law
    customers: int
    months: tuple[str, ...] = ONE_MONTH


ONE_LAW = {
    "pareto": World(Law("pareto"), 6_000),
    "lognormal": World(Law("lognormal"), 4_000),
    "no removes": World(Law("pareto", removes=0), 6_000),
    "rare types": World(Law("pareto", removes=0.0005), 6_000),
    "long visits": World(Law("pareto", long=0.10), 3_000),
    "bots": World(Law("pareto", bots=0.005), 6_000),
    "seven months": World(Law("lognormal", visits=2), 3_000, SEVEN_MONTHS),
    "30 000": World(Law("pareto"), 30_000),
}
LARGE = {"300 000": World(Law("pareto"), 300_000)}

# Groups whose tastes are so far apart: 0 not at all, 1 as far as the world allows.
DIALS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
DIALLED = 4_000


def one_law(seed: int, worlds: dict[str, World] | None = None) -> Iterator[Result]:
    """S9: nothing is promoted where customers differ in nothing but activity."""
    for name, each in (worlds or ONE_LAW).items():
        events, _ = world(each.law, each.customers, each.months, seed)
        features, chance = watching(events, each.months)
        model = SegmentModel.fit(features, chance=chance)
        passed = model.alert is not None and model.found.candidate in {"rfm", "everybody"}
        measured = f"{model.alert} ({model.found.candidate}, n={chance.whole.height})"
        yield Result("S9", f"one law, {name}", seed, measured, "alert, RFM grid", passed)


large = partial(one_law, worlds=LARGE)


def power(seed: int) -> Iterator[Result]:
    """S10: from which difference in taste on two groups are found, beside what could be."""
    for dial in DIALS:
        law = Law("lognormal", visits=8, taste=dial)
        events, truth = world(law, DIALLED, ONE_MONTH, seed)
        features, chance = watching(events, ONE_MONTH)
        model = SegmentModel.fit(features, SegmentSettings(ks=(2, 3, 4)), chance=chance)
        known = model.claimed(features).join(truth, on="user_id", maintain_order="left")
        found = "none" if model.alert else f"k={len(model.segments)} ARI {index(model, known):.2f}"
        # From which difference on they are found is told, not promised; of none none may be.
        passed = dial > 0 or model.alert is not None
        target = "told" if dial else "none found"
        measured = f"{found}, ceiling {ceiling(known):.2f} (n={known.height})"
        yield Result("S10", f"two tastes, {dial} apart", seed, measured, target, passed)


def index(model: SegmentModel, known: pl.DataFrame) -> float:
    """Return the adjusted Rand index with the groups that were planted."""
    return float(adjusted_rand_score(known["group"], model.found.groups(known)))


def ceiling(known: pl.DataFrame) -> float:
    """Return the same of a classifier that was told the groups of other customers."""
    columns = known.select(DESIGN_COLUMNS).to_numpy()
    told = cross_val_predict(
        HistGradientBoostingClassifier(random_state=0), columns, known["group"]
    )
    return float(adjusted_rand_score(known["group"], told))
