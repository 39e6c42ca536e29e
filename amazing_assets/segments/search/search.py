"""From eligible customers to the groups that will be published, or to an honest fallback."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.progress import Progress
from amazing_assets.segments.behaviour.population import stratified
from amazing_assets.segments.behaviour.preprocessing import (
    BehaviourRepresentation,
    NothingDiffersError,
    Representation,
)
from amazing_assets.segments.behaviour.representations import Representations, RfmRepresentation
from amazing_assets.segments.behaviour.steps import Dropped
from amazing_assets.segments.clustering.family import Clustering, Memberships
from amazing_assets.segments.clustering.rfm import RFM, RFM_GROUPS, RULES
from amazing_assets.segments.contract import UNDIFFERENTIATED
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.naming.names import named, signatures
from amazing_assets.segments.search.assigners import assigner_table
from amazing_assets.segments.search.beyond import no_habits
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.search.crossvalidation import chance_table, validation_table
from amazing_assets.segments.search.evaluation import Evaluation
from amazing_assets.segments.search.gates import CHANCE, failed_gates
from amazing_assets.segments.search.importance import feature_table
from amazing_assets.segments.search.past import Evidence
from amazing_assets.segments.search.selection import SELECTION_SCHEMA, choose, selection_table
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.search.stability import matched
from amazing_assets.segments.search.sweep import Sweep
from amazing_assets.segments.visits.chance import Chance

# Why a model is not the best that could be; each is shown to whoever looks at the model.
ALERTS = {
    "too_few_users": "too few customers can be segmented for a clustering to be tried",
    "undifferentiated": "no feature tells two customers apart",
    "segmentation_not_stable": "no candidate passes every gate: the RFM grid is all that holds",
    "made_by_chance": "what looks like segments is there without habits too, for some customers "
    "simply come more often: the RFM grid is all that holds",
}

NOTHING_ELSE = Evidence()


def empty(contract: type) -> pl.DataFrame:
    """Return a table without rows."""
    return pl.DataFrame(schema=unversioned(contract))


@dataclass(frozen=True)
class SearchResult:
    """The groups to publish, how they were found, and what somebody should know at once.

    Attributes:
        table: `SegmentCandidates`.
        strengths: Prediction strength per segment; empty if none was measured.
        alert: None or one of `ALERTS`.
        dropped: Features that were not worth keeping, and why.
        gaps: Features often unknown, and the share of customers; they count as the median.
        validation: `SegmentValidation` of the chosen candidate.
        features: `SegmentFeatures` of the chosen candidate.
        assigners: `SegmentAssigners` of the chosen candidate.
        unseen: Traits of each group on visits that placed nobody, as `signatures`; None: not known.
    """

    candidate: str
    representation: Representation
    clustering: Clustering
    names: tuple[Name, ...]
    table: pl.DataFrame
    strengths: tuple[float, ...] = ()
    alert: str | None = None
    dropped: tuple[tuple[str, Dropped], ...] = ()
    gaps: tuple[tuple[str, float], ...] = ()
    validation: pl.DataFrame = field(default_factory=lambda: empty(SegmentValidation))
    features: pl.DataFrame = field(default_factory=lambda: empty(SegmentFeatures))
    assigners: pl.DataFrame = field(default_factory=lambda: empty(SegmentAssigners))
    unseen: Matrix | None = None

    def groups(self, customers: pl.DataFrame) -> Labels:
        """Return the group of each customer, from 0."""
        return self.clustering.assign(self.representation.matrix(customers)).labels


@dataclass(frozen=True)
class OneGroup:
    """One group of all customers: what is left when nothing tells them apart."""

    def assign(self, matrix: Matrix) -> Memberships:
        """Return group 0 for every row, without a margin."""
        return Memberships(np.zeros(len(matrix), dtype=np.int64), np.full(len(matrix), np.nan))


# Two threads that wait for each other on busy cores take ten times as long as one.
@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def find_groups(
    customers: pl.DataFrame,
    settings: SegmentSettings,
    seed: int,
    progress: Progress,
    evidence: Evidence = NOTHING_ELSE,
) -> SearchResult:
    """Return the best groups of the eligible customers that hold what is promised of them."""
    if customers.height < RFM_GROUPS:
        return undifferentiated("too_few_users")
    train = stratified(customers, settings.train_rows, seed)
    if evidence.chance is not None and customers.height >= settings.min_eligible:
        progress(0, 1, "what chance would make: null worlds")
        evidence = evidence._replace(without=no_habits(evidence.chance))
    try:
        trained = Representations.learn(train, evidence.without)
    except NothingDiffersError:
        return undifferentiated("undifferentiated")
    if customers.height < settings.min_eligible:
        return fallback(train, selection_table([], None, settings), "too_few_users", trained.scaled)
    sweep = Sweep.over(train, customers.height, settings, seed, evidence)
    evaluations = sweep.run(progress)
    chosen = choose(evaluations[1:], settings)
    table = selection_table(evaluations, chosen, settings)
    if chosen is None:
        strengths = evaluations[0].strengths
        return fallback(train, table, alert_of(evaluations, settings), trained.scaled, strengths)
    return refitted(chosen, sweep, trained, table)


def alert_of(evaluations: Sequence[Evaluation], settings: SegmentSettings) -> str:
    """Return why no candidate is published: chance alone refused some, or nothing was stable."""
    by_chance = any(failed_gates(each, settings, (CHANCE,)) for each in evaluations)
    return "made_by_chance" if by_chance else "segmentation_not_stable"


def undifferentiated(alert: str) -> SearchResult:
    """Return one group of everybody."""
    table = pl.DataFrame(schema=SELECTION_SCHEMA)
    return SearchResult(
        "everybody",
        RfmRepresentation(),
        OneGroup(),
        (Name(UNDIFFERENTIATED),),
        table,
        alert=alert,
    )


def fallback(
    train: pl.DataFrame,
    table: pl.DataFrame,
    alert: str,
    scaled: BehaviourRepresentation,
    strengths: tuple[float, ...] = (),
) -> SearchResult:
    """Return the RFM grid, which exists whether or not clusters do."""
    representation = RfmRepresentation()
    grid = RFM.fit(representation.matrix(train), RFM_GROUPS, 0, 0).clustering
    names = tuple(Name(rule.code) for rule in RULES)
    dropped, gaps = tuple(scaled.dropped.items()), tuple(scaled.gaps.items())
    return SearchResult("rfm", representation, grid, names, table, strengths, alert, dropped, gaps)


def refitted(
    chosen: Evaluation, sweep: Sweep, trained: Representations, table: pl.DataFrame
) -> SearchResult:
    """Return the chosen candidate fitted on all train customers, named, validated, explained."""
    family, k, scaled = chosen.family, chosen.k, trained.scaled
    representation, matrix = (
        trained.representations[family.representation],
        trained.matrices[family.representation],
    )
    clustering = family.fit(matrix, k, sweep.seed, sweep.settings.restarts).clustering
    signature = signatures(scaled.rates(trained.customers), clustering.assign(matrix).labels)
    unseen = held_out_signature(representation, clustering, scaled, sweep.chance)
    trial = sweep.trial(chosen)
    refit = clustering.assign(representation.matrix(sweep.customers)).labels
    # Of the groups as evaluated, which is the first, the second and so on of those refitted.
    order = matched(refit, trial.labels, chosen.k)
    return SearchResult(
        family.name,
        representation,
        clustering,
        named(signature, unseen),
        table,
        tuple(chosen.strengths[group] for group in order),
        None,
        tuple(scaled.dropped.items()),
        tuple(scaled.gaps.items()),
        pl.concat(
            [
                validation_table(trial, sweep.settings),
                chance_table(chosen.beyond, order, sweep.settings),
            ]
        ),
        feature_table(trial, scaled, sweep.seen, sweep.clustering(chosen)),
        assigner_table(sweep.matrices["scaled"], trial.labels, sweep.seed),
        unseen,
    )


def held_out_signature(
    representation: Representation,
    clustering: Clustering,
    scaled: BehaviourRepresentation,
    chance: Chance | None,
) -> Matrix | None:
    """Return the traits of each segment on visits that did not place anybody; None: not known."""
    if chance is None:
        return None
    labels = clustering.assign(representation.matrix(chance.real.odd)).labels
    return signatures(scaled.rates(chance.real.even), labels)
