"""What a candidate must reach to be published at all; adding a gate is adding a line."""

from collections.abc import Callable
from typing import NamedTuple

from amazing_assets.segments.evaluation import Evaluation
from amazing_assets.segments.settings import SegmentSettings


class Gate(NamedTuple):
    """A promise about every published model, and how it is checked."""

    name: str
    promise: str
    passes: Callable[[Evaluation, SegmentSettings], bool]


def can_be_fitted(evaluation: Evaluation, _: SegmentSettings) -> bool:
    """Whether the candidate could be fitted, on all customers and on every half."""
    return evaluation.stability is not None


def large_enough(evaluation: Evaluation, settings: SegmentSettings) -> bool:
    """Whether the smallest segment is worth a campaign."""
    return evaluation.min_share >= settings.min_share and evaluation.users >= settings.min_users


def stable(evaluation: Evaluation, settings: SegmentSettings) -> bool:
    """Whether other customers would have shown the same segments."""
    return evaluation.stability is not None and bool(
        evaluation.stability.mean >= settings.min_strength
        and evaluation.stability.per_segment.min() >= settings.min_segment_strength
    )


def structured(evaluation: Evaluation, _: SegmentSettings) -> bool:
    """Whether the segments describe unseen customers better than one cloud, by two errors."""
    return evaluation.stability is not None and (
        evaluation.stability.gain > 2 * evaluation.stability.gain_error
    )


GATES = (
    Gate("fit", "it can be fitted on all customers and on every half", can_be_fitted),
    Gate("G1", "the smallest segment is large enough", large_enough),
    # The mean decides: the least strength alone kills a true segment of 3.5 % of the customers.
    Gate("G2", "prediction strength is high, and no segment's is low", stable),
    # k-means cuts an elongated cloud in three with a prediction strength of .93; see evidence.py.
    Gate("structure", "held-out likelihood exceeds that of one Gaussian", structured),
)


def failed_gates(evaluation: Evaluation, settings: SegmentSettings) -> tuple[str, ...]:
    """Return the names of the gates that the candidate does not pass."""
    return tuple(gate.name for gate in GATES if not gate.passes(evaluation, settings))
