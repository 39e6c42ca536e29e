"""What a candidate must reach to be published at all; adding a gate is adding a line.

A gate answers True, False, or None while nobody has measured it. The early ones are cheap and are
asked of every candidate; the late ones cost 30 fits and are asked of finalists.
"""

from collections.abc import Callable
from typing import NamedTuple

from amazing_assets.segments.search.contract import CHANCE_GATE
from amazing_assets.segments.search.evaluation import Evaluation
from amazing_assets.segments.search.settings import SegmentSettings

# None: nobody has measured it.
Outcome = bool | None


class Gate(NamedTuple):
    """A promise about every published model, and how it is checked."""

    name: str
    promise: str
    outcome: Callable[[Evaluation, SegmentSettings], Outcome]


def can_be_fitted(evaluation: Evaluation, _: SegmentSettings) -> Outcome:
    """Whether the candidate could be fitted, on all customers and on every half."""
    return evaluation.stability is not None


def large_enough(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether the smallest segment is worth a campaign, and nobody is left over as noise."""
    seen = evaluation.screening
    return seen is not None and (
        seen.min_share >= settings.min_share
        and seen.users >= settings.min_users
        and seen.noise < settings.max_noise
    )


def stable(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether other customers would have shown the same segments."""
    return evaluation.stability is not None and bool(
        evaluation.stability.mean >= settings.min_strength
        and evaluation.stability.per_segment.min() >= settings.min_segment_strength
    )


def structured(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether the segments describe unseen customers clearly better than one cloud does."""
    return evaluation.stability is not None and (
        evaluation.stability.gain - 2 * evaluation.stability.gain_error >= settings.min_gain
    )


def reappearing(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether every segment reappears in bootstrap resamples."""
    if evaluation.measurement is None:
        return None
    index = evaluation.measurement.jaccards
    return index.mean >= settings.min_jaccard and index.least >= settings.min_segment_jaccard


def lasting(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether the segments of a month earlier are still those of today."""
    measured = evaluation.measurement
    return reached(measured.in_time if measured else None, settings.min_agreement_in_time)


def immune(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether a few bots leave the others' segments alone."""
    measured = evaluation.measurement
    return reached(measured.under_attack if measured else None, settings.min_agreement)


def reproducible(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether chance does not decide the segments."""
    measured = evaluation.measurement
    return reached(measured.across_seeds if measured else None, settings.min_agreement)


def for_everybody(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether the few who spend most do not decide everybody's segments."""
    measured = evaluation.measurement
    return reached(measured.without_spenders if measured else None, settings.min_agreement)


def beyond_chance(evaluation: Evaluation, settings: SegmentSettings) -> Outcome:
    """Whether chance and activity alone would not make such segments."""
    seen = evaluation.beyond
    if seen is None:
        return None
    agreements = (seen.agreement, *seen.groups)
    return (
        all(each.of_what_is_left >= settings.min_agreement_beyond for each in agreements)
        and seen.explained.beyond >= settings.min_explained_beyond
        and all(
            each.error_rate <= settings.max_error_rate
            for each in (*agreements, seen.explained, seen.gain)
        )
    )


def reached(figure: float | None, least: float) -> Outcome:
    """Return whether a figure is high enough, or None if there is none."""
    return None if figure is None else figure >= least


EARLY_GATES = (
    Gate("fit", "it can be fitted on all customers and on every half", can_be_fitted),
    Gate("G1", "the smallest segment is large enough, and few customers are noise", large_enough),
    # The mean decides: the least strength alone kills a true segment of 3.5 % of the customers.
    Gate("G2", "prediction strength is high, and no segment's is low", stable),
    # k-means cuts an elongated cloud in three with a prediction strength of .93; see evidence.py.
    Gate("structure", "held-out likelihood clearly exceeds that of one single cloud", structured),
)
IN_TIME = Gate("G4", "segments fitted a month earlier agree on common customers", lasting)
CHANCE = Gate(CHANCE_GATE, "chance and activity alone make no such segments", beyond_chance)
LATE_GATES = (
    CHANCE,
    Gate("G3", "every segment reappears in bootstrap resamples", reappearing),
    IN_TIME,
    Gate("G5", "0.5 % of bots leave the other customers' segments alone", immune),
    Gate("G6", "other random seeds find the same segments", reproducible),
    Gate("spenders", "without the top 1 % spenders the others' segments stay", for_everybody),
)
GATES = (*EARLY_GATES, *LATE_GATES)


def failed_gates(
    evaluation: Evaluation, settings: SegmentSettings, gates: tuple[Gate, ...] = GATES
) -> tuple[str, ...]:
    """Return the names of the gates that the candidate does not pass."""
    return tuple(gate.name for gate in gates if gate.outcome(evaluation, settings) is False)


def unmeasured_gates(evaluation: Evaluation, settings: SegmentSettings) -> tuple[str, ...]:
    """Return the names of the gates that nobody has measured."""
    return tuple(gate.name for gate in GATES if gate.outcome(evaluation, settings) is None)


def passes(evaluation: Evaluation, settings: SegmentSettings) -> bool:
    """Whether every gate was measured and passed; of two only if there is what they are made of.

    The first month of a platform has no past, and features alone have no visits to deal anew; the
    model says so.
    """
    open_gates = set(unmeasured_gates(evaluation, settings)) - {IN_TIME.name, CHANCE.name}
    return not open_gates and not failed_gates(evaluation, settings)
