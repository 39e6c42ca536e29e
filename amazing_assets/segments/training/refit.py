"""A new fit beside the champion: segments keep their numbers and names, or are found to be new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.models.promotion import Decision, decide
from amazing_assets.models.provenance import FeatureVersionError
from amazing_assets.segments.behaviour.preprocessing import (
    BehaviourRepresentation,
    NothingDiffersError,
)
from amazing_assets.segments.drift.month import score
from amazing_assets.segments.drift.reference import describe
from amazing_assets.segments.explanation.surrogate import explain
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.identity import CommonCustomers, Succession, centres, succeed
from amazing_assets.segments.naming.names import named, signatures
from amazing_assets.segments.registered import WANT_OF_CUSTOMERS
from amazing_assets.segments.search.settings import SEED, SegmentSettings
from amazing_assets.segments.training.comparison import SegmentComparison, foresight
from amazing_assets.segments.training.material import Material, gather
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.succession import succession_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.lake.table import Lake
    from amazing_assets.models.arrays import Matrix
    from amazing_assets.progress import Progress
    from amazing_assets.segments.model import Segment
    from amazing_assets.segments.threshold.choice import ThresholdChoice


class Refit(NamedTuple):
    """A new model, what became of the champion's segments, and whether it may replace it.

    Attributes:
        published: The new model with everything that is published beside it.
        succession: `SegmentSuccession`; None without a champion whose segments were meant to last.
        decision: Whether it is promoted.
        measured: The figures on which the decision rests.
    """

    published: Published
    succession: pl.DataFrame | None
    decision: Decision
    measured: SegmentComparison

    @property
    def fates(self) -> list[dict[str, Any]]:
        """The rows of the succession; none without one."""
        return [] if self.succession is None else self.succession.to_dicts()


def refit(
    lake: Lake,
    progress: Progress,
    champion: Published | None,
    highest: int,
    choice: ThresholdChoice,
) -> Refit:
    """Fit on the latest month's features and compare with the champion.

    Args:
        lake: Holds the features.
        progress: Told how far the search is.
        champion: What is in use today, if anything.
        highest: The highest number ever given to a segment, 0 if none was.
        choice: From how many events on a segment is claimed, and why.

    Raises:
        LakeError: The lake has no features yet.
    """
    settings = SegmentSettings(event_threshold=choice.events)
    seen = gather(lake, champion.model if champion else None, settings.event_threshold)
    fresh = SegmentModel.fit(
        seen.features,
        settings,
        seed=SEED,
        progress=progress,
        before=seen.before,
        chance=seen.chance,
    )
    # Features defined otherwise say nothing of a champion that was fitted before.
    comparable = champion if champion and reads(champion.model, seen.features) else None
    return compared(Published(fresh, choice), comparable, seen, highest)


def reads(champion: SegmentModel, features: pl.DataFrame) -> bool:
    """Whether these features are defined as those of the champion's fit."""
    try:
        champion.require_version(features)
    except FeatureVersionError:
        return False
    return True


def compared(fresh: Published, champion: Published | None, seen: Material, highest: int) -> Refit:
    """Return a fresh model with the numbers, names and rules that it will be published with.

    Args:
        fresh: What was fitted.
        champion: What is in use today, if anything.
        seen: What it was fitted on, and what it is compared by.
        highest: The highest number ever given to a segment.
    """
    seen = seen._replace(features=seen.features.sort("user_id"))
    model = fresh.model
    # The groups of the fallback were never meant to last: they are rules over three columns.
    lasting = champion.model if champion and not champion.model.alert and not model.alert else None
    if lasting is None:
        numbers = range(highest + 1, highest + 1 + len(model.segments))
        model = replace(model, segments=renumbered(model, numbers))
        return finished(replace(fresh, model=model), champion, seen, None)
    succession = succeed(
        placed(lasting, model, seen), sorted(lasting.names), len(model.segments), highest
    )
    model = replace(model, segments=inherited(lasting, model, succession, seen.features))
    return finished(replace(fresh, model=model), champion, seen, succession)


def finished(
    fresh: Published, champion: Published | None, seen: Material, succession: Succession | None
) -> Refit:
    """Return the model explained, described and decided upon."""
    known = fresh.model.provenance.last_date
    scored = score(fresh.model, seen.features)
    new = replace(
        fresh,
        surrogate=explain(fresh.model, seen.features),
        reference=describe(scored, known, fresh.model.numbers) if known else None,
    )
    measured = measure(new, champion, seen, succession)
    table = None
    if champion is not None and succession is not None:
        table = succession_table(succession, champion.model, new.model)
    return Refit(new, table, decide(measured.decisive), measured)


def measure(
    new: Published, champion: Published | None, seen: Material, succession: Succession | None
) -> SegmentComparison:
    """Return everything that the promotion of a model depends on."""
    kept_share = succession.kept_share if succession else None
    if champion is None or outgrown(champion.model, new.model):
        return SegmentComparison(new.model.alert, None, new.fidelity, None, kept_share)
    return SegmentComparison(
        new.model.alert,
        champion.model.alert is not None,
        new.fidelity,
        champion.fidelity,
        kept_share,
        foresight(new.model, champion.model, seen.before) if seen.before else None,
    )


def outgrown(champion: SegmentModel, fresh: SegmentModel) -> bool:
    """Whether the champion was made for want of customers, and there are enough now for more.

    One group of everybody gives way to any groups; otherwise there are twice the customers, so that
    a shop that grows does not leave a version behind for every one of them.
    """
    if champion.alert not in WANT_OF_CUSTOMERS:
        return False
    before, now = (each.provenance.counts["eligible"] for each in (champion, fresh))
    return now > before and (len(champion.segments) < len(fresh.segments) or now >= 2 * before)


def placed(champion: SegmentModel, fresh: SegmentModel, seen: Material) -> CommonCustomers:
    """Return the customers whom both models were fitted on, as each of them places them.

    Both see the same day: what differs is then the models and not what customers did since. New
    customers are left out: of a kind that the champion never saw, it puts them somewhere all the
    same, and makes a segment that has not changed look like another.
    """
    customers = fresh.claimed(seen.features)
    old = champion.place(customers)["segment"]
    matrix, group = standardised(customers), fresh.found.groups(customers)
    everybody = np.array([group == each for each in range(len(fresh.segments))])
    known = old.is_not_null()
    if seen.fitted_on is not None:
        known &= customers["user_id"].is_in(seen.fitted_on["user_id"].implode())
    rows = known.to_numpy()
    return CommonCustomers(
        old.filter(known).cast(pl.Int64).to_numpy(),
        group[rows],
        matrix[rows],
        centres(everybody, matrix),
    )


def standardised(customers: pl.DataFrame) -> Matrix:
    """Return the customers on a scale that is neither model's, in standard deviations."""
    try:
        return BehaviourRepresentation.fit(customers).matrix(customers)
    except NothingDiffersError:
        return np.zeros((customers.height, 1))


def renumbered(fresh: SegmentModel, numbers: Iterable[int]) -> tuple[Segment, ...]:
    """Return the segments with other numbers."""
    pairs = zip(fresh.segments, numbers, strict=True)
    return tuple(segment._replace(number=number) for segment, number in pairs)


def inherited(
    champion: SegmentModel, fresh: SegmentModel, succession: Succession, features: pl.DataFrame
) -> tuple[Segment, ...]:
    """Return the segments, those kept under their old names, the others under free ones."""
    segments = renumbered(fresh, succession.numbers)
    kept = {pair.after: champion.names[pair.before] for pair in succession.kept}
    strangers = [group for group in range(len(segments)) if group not in kept]
    signature = typical(fresh, features)[strangers]
    unseen = None if fresh.found.unseen is None else fresh.found.unseen[strangers]
    found = named(signature, unseen, taken=[name.code for name in kept.values()])
    fresh_names = dict(zip(strangers, found, strict=True))
    return tuple(
        segment._replace(
            name=kept.get(group) or fresh_names[group],
            name_drift=group in kept and kept[group].code != segment.name.code,
        )
        for group, segment in enumerate(segments)
    )


def typical(model: SegmentModel, features: pl.DataFrame) -> Matrix:
    """Return the signature of each group of the model."""
    customers, representation = model.claimed(features), model.found.representation
    labels = model.found.groups(customers)
    return signatures(
        representation.rates(customers)
        if isinstance(representation, BehaviourRepresentation)
        else customers,
        labels,
    )
