"""Which candidate becomes the model, if any."""

from collections.abc import Iterable, Sequence
from math import hypot

import polars as pl

from amazing_assets.segments.evaluation import SELECTION_SCHEMA, Evaluation
from amazing_assets.segments.gates import failed_gates
from amazing_assets.segments.settings import SegmentSettings


def choose(evaluations: Iterable[Evaluation], settings: SegmentSettings) -> Evaluation | None:
    """Return the candidate to publish, or None if nothing stable was found.

    Of the candidates that pass every gate, the one whose segments describe unseen customers best
    (`likelihood_gain`); of those within one standard error of it the fewest segments, then the
    highest prediction strength.

    Tibshirani and Walther's own rule, the largest k of sufficient strength, presumes that strength
    falls off beyond the truth. Averaged over segments it hardly does: with seven planted groups a
    mixture of ten kept .83 to .88 and passed. The gain rose up to seven and fell from there, by
    five to ten standard errors, in each of six worlds; on it k-means (gain 3.4, ARI .57) and
    mixture (4.9, ARI 1.0) compare as well, where silhouette preferred the former. Where features
    are far from Gaussian the gain goes on rising, the gates bind, and the rule is theirs again.
    """
    passed = [each for each in evaluations if not failed_gates(each, settings)]
    if not passed:
        return None
    best = max(passed, key=gain)
    tied = [each for each in passed if gain(best) - gain(each) <= hypot(error(best), error(each))]
    return min(tied, key=lambda each: (each.k, -strength(each)))


def gain(evaluation: Evaluation) -> float:
    """Return the likelihood gain; the gates have seen to it that there is one."""
    return evaluation.stability.gain if evaluation.stability else float("-inf")


def strength(evaluation: Evaluation) -> float:
    """Return the mean prediction strength."""
    return evaluation.stability.mean if evaluation.stability else 0.0


def error(evaluation: Evaluation) -> float:
    """Return the standard error of the likelihood gain."""
    return evaluation.stability.gain_error if evaluation.stability else 0.0


def selection_table(
    evaluations: Sequence[Evaluation], chosen: Evaluation | None, settings: SegmentSettings
) -> pl.DataFrame:
    """Return one row per candidate, the baseline included, in the order they were tried."""
    rows = [row(each, failed_gates(each, settings), chosen=each is chosen) for each in evaluations]
    return pl.DataFrame(rows, schema=SELECTION_SCHEMA, orient="row")


def row(evaluation: Evaluation, failed: tuple[str, ...], *, chosen: bool) -> tuple[object, ...]:
    """Return a candidate as a row of the selection table."""
    known = evaluation.stability
    return (
        evaluation.family.name,
        evaluation.k,
        known.mean if known else None,
        float(known.per_segment.min()) if known else None,
        evaluation.silhouette,
        known.gain if known else None,
        known.gain_error if known else None,
        evaluation.min_share,
        not failed,
        ", ".join(failed) or None,
        chosen,
        " ".join(evaluation.notes) or None,
    )
