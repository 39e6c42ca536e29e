"""Which candidate becomes the model, if any."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import hypot

import numpy as np
import polars as pl
from scipy.stats import rankdata

from amazing_assets.models.arrays import Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.search.contract import SegmentCandidates
from amazing_assets.segments.search.evaluation import Evaluation
from amazing_assets.segments.search.gates import EARLY_GATES, failed_gates, passes, unmeasured_gates
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.small_cells import SMALLEST_CELL

SELECTION_SCHEMA = unversioned(SegmentCandidates)

# Separation and stability decide, use and explanation break near ties. Separation is seen from two
# sides: silhouette rewards merging (of seven separate clouds it preferred five, .74 to .67, with
# every gate passed by both), the likelihood gain rewards splitting (it goes on rising beyond the
# truth where features are not quite Gaussian). Good at both is only the knee between them.
WEIGHTS = {
    "silhouette": 0.15,
    "gain": 0.15,
    "strength": 0.3,
    "jaccard": 0.2,
    "future": 0.1,
    "tree": 0.1,
}


def scored(evaluations: Sequence[Evaluation], settings: SegmentSettings) -> list[Evaluation]:
    """Return the candidates with their scores; who failed a cheap gate has none.

    Silhouette and gain count by their ranks among them, for their values say little. A figure that
    nobody measured counts 0: of one candidate, before the costly trials, as of all of them where
    nothing is known of the future.
    """
    running = [e for e in evaluations if not failed_gates(e, settings, EARLY_GATES)]
    silhouettes = ranks([each.silhouette or 0.0 for each in running])
    gains = ranks([each.stability.gain if each.stability else 0.0 for each in running])
    keys = [each.key for each in running]
    places = dict(zip(keys, zip(silhouettes, gains, strict=True), strict=True))
    return [with_score(e, *places[e.key]) if e.key in places else e for e in evaluations]


def ranks(values: Sequence[float]) -> Matrix:
    """Return the rank of each value as a share of them all: 1 for the largest."""
    return np.asarray(rankdata(values) / max(len(values), 1))


def with_score(evaluation: Evaluation, silhouette: float, gain: float) -> Evaluation:
    """Return the candidate with its score, made of its two ranks, and the standard error of it."""
    seen, stability, measured = evaluation.screening, evaluation.stability, evaluation.measurement
    parts = {
        "silhouette": silhouette,
        "gain": gain,
        "strength": stability.mean if stability else 0,
        "jaccard": measured.jaccards.mean if measured else 0,
        "future": (measured and measured.eta_squared) or 0,
        "tree": seen.fidelity if seen else 0,
    }
    error = hypot(
        WEIGHTS["strength"] * (stability.mean_error if stability else 0),
        WEIGHTS["jaccard"] * (measured.jaccards.error if measured else 0),
    )
    score = sum(WEIGHTS[name] * value for name, value in parts.items())
    return replace(evaluation, score=float(score), score_error=error)


def choose(evaluations: Iterable[Evaluation], settings: SegmentSettings) -> Evaluation | None:
    """Return the candidate to publish, or None if nothing stable was found.

    Of the candidates that pass every gate, the one of the best score; of those within one standard
    error of it the fewest segments, then the better score.

    Tibshirani and Walther's own rule, the largest k of sufficient strength, presumes that strength
    falls off beyond the truth. Averaged over segments it hardly does: with seven planted groups a
    mixture of ten kept .83 to .88 and passed.
    """
    passed = [each for each in evaluations if passes(each, settings)]
    if not passed:
        return None
    best = max(passed, key=score)
    tied = [each for each in passed if score(best) - score(each) <= best.score_error]
    return min(tied, key=lambda each: (each.k, -score(each)))


def score(evaluation: Evaluation) -> float:
    """Return the score; who has none comes last."""
    return float("-inf") if evaluation.score is None else evaluation.score


def selection_table(
    evaluations: Sequence[Evaluation], chosen: Evaluation | None, settings: SegmentSettings
) -> pl.DataFrame:
    """Return the `SegmentCandidates`, the baseline first, in the order they were tried."""
    rows = [row(each, settings, chosen=each is chosen) for each in evaluations]
    table = pl.DataFrame(rows, schema=SELECTION_SCHEMA, orient="row")
    is_told = pl.col("min_users") >= SMALLEST_CELL
    return table.with_columns(pl.when(is_told).then(pl.col("min_users", "min_share")))


def row(evaluation: Evaluation, settings: SegmentSettings, *, chosen: bool) -> tuple[object, ...]:
    """Return a candidate as a row of the table, in the order of its contract."""
    seen, known, measured = evaluation.screening, evaluation.stability, evaluation.measurement
    index, beyond = measured.jaccards if measured else None, evaluation.beyond
    return (
        evaluation.family.name,
        evaluation.k,
        known.mean if known else None,
        float(known.per_segment.min()) if known else None,
        evaluation.silhouette,
        known.gain if known else None,
        known.gain_error if known else None,
        seen.min_share if seen else 0.0,
        seen.users if seen else 0,
        seen.noise if seen else 0.0,
        index.mean if index else None,
        index.least if index else None,
        measured.in_time if measured else None,
        measured.under_attack if measured else None,
        measured.across_seeds if measured else None,
        measured.without_spenders if measured else None,
        beyond.agreement.real if beyond else None,
        beyond.agreement.by_chance if beyond else None,
        beyond.weakest.of_what_is_left if beyond else None,
        measured.eta_squared if measured else None,
        seen.fidelity if seen else None,
        evaluation.score,
        passes(evaluation, settings),
        ", ".join(failed_gates(evaluation, settings)) or None,
        ", ".join(unmeasured_gates(evaluation, settings)) or None,
        chosen,
        " ".join(evaluation.notes) or None,
    )
