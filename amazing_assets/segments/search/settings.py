"""Every number that the segment model is told and does not learn, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass

from amazing_assets.segments.behaviour.columns import DESIGN_COLUMNS
from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD, POPULATION_COLUMNS
from amazing_assets.segments.naming.names import NAMING_COLUMNS

FIT_COLUMNS = tuple(dict.fromkeys((*POPULATION_COLUMNS, *DESIGN_COLUMNS, *NAMING_COLUMNS)))

# One seed for every training, so that the same features make the same model.
SEED = 0


@dataclass(frozen=True)
class SegmentSettings:
    """How much is fitted on, how hard is searched, and what a candidate must reach.

    Attributes:
        event_threshold: Fewest events in a customer's history for a segment to be claimed.
        min_eligible: Fewest eligible customers for a clustering to be tried at all.
        ks: Numbers of segments that are tried.
        families: Names of the ways of grouping that compete; None is all of them.
        min_share: Gate G1, share of the smallest segment.
        min_users: Gate G1, customers in the smallest segment.
        max_noise: Gate G1, share of the customers that a family may call noise.
        min_strength: Gate G2, prediction strength, mean over segments and splits.
        min_segment_strength: Gate G2, prediction strength of the weakest segment.
        min_gain: Gate `structure`, held-out likelihood beyond one cloud, nats per customer.
        min_jaccard: Gate G3, bootstrap Jaccard index, mean over segments and resamples.
        min_segment_jaccard: Gate G3, bootstrap Jaccard index of the weakest segment.
        min_agreement_in_time: Gate G4, adjusted Rand index with the segments of a month before.
        min_agreement: Gates G5, G6 and `spenders`, adjusted Rand index after the disturbance.
        min_agreement_beyond: Gate G7, kappa of odd and even visits beyond null worlds, as a share
            of what these leave to 1; of all segments and of each.
        min_explained_beyond: Gate G7, variance of even visits between groups of odd ones, beyond
            null worlds.
        max_error_rate: Gate G7, how likely a null world may reach any of the real figures.
        train_rows: Customers the final fit sees at most, stratified by events.
        sweep_rows: Customers the search over candidates sees at most.
        splits: Random halvings behind a prediction strength.
        resamples: Bootstrap resamples behind a Jaccard index.
        seeds: Random seeds whose segments are compared.
        restarts: Random starts of every fit.
        finalists: Candidates on which the costly gates are measured, and more while none passes.
        folds: Parts of the customers in the cross-validation.
    """

    event_threshold: int = EVENT_THRESHOLD
    min_eligible: int = 500
    ks: tuple[int, ...] = tuple(range(3, 13))
    families: tuple[str, ...] | None = None
    min_share: float = 0.02
    min_users: int = 200
    max_noise: float = 0.10
    min_strength: float = 0.80
    min_segment_strength: float = 0.60
    # Between single clouds of odd forms (at most .02) and the coarsest true clustering of seven
    # overlapping personas into three (.42); a gain of .019, ten standard errors, was still noise.
    min_gain: float = 0.10
    min_jaccard: float = 0.80
    min_segment_jaccard: float = 0.60
    min_agreement_in_time: float = 0.70
    min_agreement: float = 0.90
    # Where all customers follow one law it is -.03 to .03, of the weakest of seven personas .86.
    min_agreement_beyond: float = 0.15
    min_explained_beyond: float = 0.02
    max_error_rate: float = 0.01
    train_rows: int = 300_000
    sweep_rows: int = 20_000
    splits: int = 5
    resamples: int = 20
    seeds: int = 5
    restarts: int = 10
    finalists: int = 6
    folds: int = 5
