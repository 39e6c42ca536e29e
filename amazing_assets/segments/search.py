"""From eligible customers to the groups that will be published, or to an honest fallback."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from amazing_assets.segments.candidates import (
    FAMILIES,
    Family,
    Labels,
    Matrix,
    Memberships,
    Partition,
    RejectedError,
)
from amazing_assets.segments.evaluation import SELECTION_SCHEMA, Evaluation, Ruler
from amazing_assets.segments.names import SETTLED, Name, named, signatures
from amazing_assets.segments.population import stratified
from amazing_assets.segments.preprocessing import BehaviourView, NothingDiffersError, View
from amazing_assets.segments.rfm import RFM, RFM_GROUPS, RULES, RfmView
from amazing_assets.segments.selection import choose, selection_table
from amazing_assets.segments.settings import Progress, SegmentSettings
from amazing_assets.segments.stability import Halves, matched, stability


@dataclass(frozen=True)
class Found:
    """The groups to publish, how they were found, and what somebody should know at once.

    Attributes:
        strengths: Prediction strength per segment; empty if none was measured.
        alert: None, `too_few_users`, `segmentation_not_stable` or `undifferentiated`.
        dropped: Features that were not worth keeping, and why.
        gaps: Features often unknown, and the share of customers; they count as the median.
    """

    candidate: str
    view: View
    partition: Partition
    names: tuple[Name, ...]
    table: pl.DataFrame
    strengths: tuple[float, ...] = ()
    alert: str | None = None
    dropped: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Everybody:
    """One group of all customers: what is left when nothing tells them apart."""

    def assign(self, matrix: Matrix) -> Memberships:
        """Return group 0 for every row, without a margin."""
        return Memberships(np.zeros(len(matrix), dtype=np.int64), np.full(len(matrix), np.nan))


def find_groups(
    customers: pl.DataFrame, settings: SegmentSettings, seed: int, progress: Progress
) -> Found:
    """Return the best groups of the eligible customers that hold what is promised of them."""
    if customers.height < RFM_GROUPS:
        return undifferentiated("too_few_users")
    train = stratified(customers, settings.train_rows, seed)
    try:
        scaled = BehaviourView.fit(train)
    except NothingDiffersError:
        return undifferentiated("undifferentiated")
    if customers.height < settings.min_eligible:
        return fallback(train, selection_table([], None, settings), "too_few_users", scaled)
    sweep = Sweep.over(train, scaled, customers.height, settings, seed)
    evaluations = list(sweep.evaluations(progress))
    chosen = choose(evaluations[1:], settings)
    table = selection_table(evaluations, chosen, settings)
    if chosen is None:
        strengths = evaluations[0].strengths
        return fallback(train, table, "segmentation_not_stable", scaled, strengths)
    return sweep.refitted(chosen, train, scaled, table)


def undifferentiated(alert: str) -> Found:
    """Return one group of everybody."""
    name = Name("undifferentiated", SETTLED, english="undifferentiated")
    empty = pl.DataFrame(schema=SELECTION_SCHEMA)
    return Found("everybody", RfmView(), Everybody(), (name,), empty, alert=alert)


def fallback(
    train: pl.DataFrame,
    table: pl.DataFrame,
    alert: str,
    scaled: BehaviourView,
    strengths: tuple[float, ...] = (),
) -> Found:
    """Return the RFM grid, which exists whether or not clusters do."""
    view = RfmView()
    grid = RFM.fit(view.matrix(train), RFM_GROUPS, 0, 0).partition
    names = tuple(Name(rule.name, SETTLED, english=rule.english) for rule in RULES)
    dropped, gaps = tuple(scaled.dropped.items()), tuple(scaled.gaps.items())
    return Found("rfm", view, grid, names, table, strengths, alert, dropped, gaps)


@dataclass(frozen=True)
class Sweep:
    """The candidates' common ground: the same customers, halves and ruler for all of them."""

    views: dict[str, View]
    matrices: dict[str, Matrix]
    ruler: Ruler
    halves: Halves
    population: int
    settings: SegmentSettings

    @classmethod
    def over(
        cls,
        train: pl.DataFrame,
        scaled: BehaviourView,
        population: int,
        settings: SegmentSettings,
        seed: int,
    ) -> "Sweep":
        """Return the common ground made of at most `sweep_rows` of the train customers."""
        customers = stratified(train, settings.sweep_rows, seed)
        components = scaled.with_components(scaled.matrix(train))
        views: dict[str, View] = {"scaled": scaled, "pca95": components, "rfm": RfmView()}
        matrices = {name: view.matrix(customers) for name, view in views.items()}
        ruler = Ruler.of(matrices["scaled"], settings.silhouette_rows, seed)
        halves = Halves(settings.splits, settings.restarts, seed, settings.min_strength)
        return cls(views, matrices, ruler, halves, population, settings)

    def evaluations(self, progress: Progress) -> Iterator[Evaluation]:
        """Yield the baseline, then every candidate."""
        tried = [(RFM, RFM_GROUPS), *((f, k) for f in FAMILIES for k in self.settings.ks)]
        for done, (family, k) in enumerate(tried):
            progress(done, len(tried), f"{family.name}, {k} segments")
            yield self.evaluate(family, k)
        progress(len(tried), len(tried), "candidates compared")

    def evaluate(self, family: Family, k: int) -> Evaluation:
        """Return what is known of one candidate; one that breaks down is known to be rejected."""
        matrix = self.matrices[family.view]
        try:
            partition, notes = family.fit(matrix, k, self.halves.seed, self.halves.restarts)
            known = stability(family, k, partition, (matrix, self.matrices["scaled"]), self.halves)
        except RejectedError as error:
            return Evaluation(family, k, notes=(str(error),))
        labels = partition.assign(matrix).labels
        share = float(np.bincount(labels, minlength=k).min() / len(labels))
        users = round(share * self.population)
        silhouette = self.ruler.silhouette(labels)
        return Evaluation(family, k, share, users, silhouette, known, partition, notes)

    def refitted(
        self, chosen: Evaluation, train: pl.DataFrame, scaled: BehaviourView, table: pl.DataFrame
    ) -> Found:
        """Return the chosen candidate fitted on all train customers and named."""
        family, k, view = chosen.family, chosen.k, self.views[chosen.family.view]
        matrix = view.matrix(train)
        partition = family.fit(matrix, k, self.halves.seed, self.halves.restarts).partition
        names = named(signatures(scaled.rates(train), partition.assign(matrix).labels))
        strengths = self.strengths_of(chosen, partition)
        dropped, gaps = tuple(scaled.dropped.items()), tuple(scaled.gaps.items())
        return Found(family.name, view, partition, names, table, strengths, None, dropped, gaps)

    def strengths_of(self, chosen: Evaluation, partition: Partition) -> tuple[float, ...]:
        """Return the strengths in the order of the refitted segments."""
        matrix = self.matrices[chosen.family.view]
        old = self.labels(chosen.partition, matrix)
        order = matched(partition.assign(matrix).labels, old, chosen.k)
        return tuple(chosen.strengths[i] for i in order)

    @staticmethod
    def labels(partition: Partition | None, matrix: Matrix) -> Labels:
        """Return the groups of a candidate that passed the gates, which has a partition."""
        if partition is None:
            raise RejectedError("A candidate without a partition cannot be published.")
        return partition.assign(matrix).labels
