"""S6: segments survive refits; one search in full, those of the months before a smaller one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import SEED, SegmentSettings
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.threshold.run import QUICK
from amazing_assets.segments.training.material import Material
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.refit import compared
from benchmarks.acceptance import Result
from benchmarks.segment_worlds import easy, real

# The gates of production on as many customers, with fewer families and repetitions.
SMALLER = replace(QUICK, sweep_rows=SegmentSettings().sweep_rows)

WORLDS = {"easy": easy, "real": real}

# Of the customers of both months, the share that keeps its number.
LEAST_KEPT = {"easy": 0.95, "real": 0.80}

# Every eighth customer: neither the easiest to find nor the smallest.
NEWCOMER = "foxes"


class Month(NamedTuple):
    """The features of a month and the model that they make, with the numbers it is published by."""

    features: pl.DataFrame
    model: SegmentModel


def kept_ids(seed: int) -> Iterator[Result]:
    """S6: customers keep the number of their segment through two refits, each a month later."""
    for difficulty, least in LEAST_KEPT.items():
        months = refits(difficulty, seed)
        shares = [kept_share(*pair) for pair in pairwise(months)]
        counts = "-".join(str(len(each.model.segments)) for each in months)
        measured = f"{' and '.join(f'{share:.3f}' for share in shares)} (k {counts})"
        passed = min(shares) >= least
        yield Result("S6", f"ids kept, {difficulty}", seed, measured, f">= {least}", passed)


def kept_names(seed: int) -> Iterator[Result]:
    """S6: over three models a number means one name, and a name one number."""
    for difficulty in WORLDS:
        tags = [each.model.names.items() for each in refits(difficulty, seed)]
        known = {(number, name.code) for names in tags for number, name in names}
        numbers, names = ({pair[i] for pair in known} for i in (0, 1))
        passed = len(known) == len(numbers) == len(names)
        measured = f"{len(numbers)} numbers, {len(names)} names, {len(known)} pairs"
        check = f"names in three models, {difficulty}"
        yield Result("S6", check, seed, measured, "as many of each", passed)


def newcomers(seed: int) -> Iterator[Result]:
    """S6: a persona that nobody belonged to the month before gets a number never given."""
    for difficulty, made in WORLDS.items():
        here = made(seed)
        theirs = here.truth.filter(persona=NEWCOMER)
        others = here.earlier.join(theirs, on="user_id", how="anti")
        before, after = published([(others, fitted(others)), (here.later, here.model)])
        placed = after.model.place(here.later).drop_nulls("segment")
        numbers = placed.join(theirs, on="user_id", how="semi")["segment"]
        number = numbers.mode()[0]
        share = float((numbers == number).mean())
        passed = number not in before.model.names and share > 0.5  # noqa: PLR2004 - most of them
        measured = f"{share:.3f} of {len(numbers)} in {number}, before {sorted(before.model.names)}"
        check = f"new persona, {difficulty}"
        yield Result("S6", check, seed, measured, "most of it in a new id", passed)


@cache
def refits(difficulty: str, seed: int) -> list[Month]:
    """Return the models of three months, each but the first compared with that before."""
    here = WORLDS[difficulty](seed)
    earlier = [(features, fitted(features)) for features in (here.earliest, here.earlier)]
    return published([*earlier, (here.later, here.model)])


def fitted(features: pl.DataFrame) -> SegmentModel:
    """Return the model of a month before the last."""
    return SegmentModel.fit(features, SMALLER, seed=SEED)


def published(months: Sequence[tuple[pl.DataFrame, SegmentModel]]) -> list[Month]:
    """Return the models as they would be published one after the other."""
    done: list[Month] = []
    highest = 0
    for features, fresh in months:
        last = done[-1] if done else None
        known = last.model.claimed(last.features).select("user_id") if last else None
        seen = Material(features, fitted_on=known)
        champion = Published(last.model, UNTESTED) if last else None
        new = compared(Published(fresh, UNTESTED), champion, seen, highest).published
        highest = max(highest, *new.model.names)
        done.append(Month(features, new.model))
    return done


def kept_share(before: Month, after: Month) -> float:
    """Return the share of customers of both months whom both models number alike."""
    common = after.features.join(before.model.claimed(before.features), on="user_id", how="semi")
    one, other = (each.model.place(common)["segment"] for each in (before, after))
    return float((one == other).drop_nulls().mean())
