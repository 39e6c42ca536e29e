"""The comparison of candidates: all are screened, the finalists evaluated in full."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import polars as pl

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.spread import spread
from amazing_assets.progress import Progress
from amazing_assets.segments.behaviour.population import stratified
from amazing_assets.segments.behaviour.representations import Representations
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.clustering.family import Clustering, Family, RejectedError
from amazing_assets.segments.clustering.rfm import RFM, RFM_GROUPS
from amazing_assets.segments.search.beyond import Candidate, beyond_chance
from amazing_assets.segments.search.evaluation import Evaluation, Measurement, Screening, fidelity
from amazing_assets.segments.search.gates import CHANCE, EARLY_GATES, failed_gates, passes
from amazing_assets.segments.search.likelihood import within_whitening
from amazing_assets.segments.search.past import Evidence, Past
from amazing_assets.segments.search.perturbations import (
    Perturbed,
    across_seeds,
    over_time,
    under_attack,
    under_resampling,
    without_spenders,
)
from amazing_assets.segments.search.selection import score, scored
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.search.silhouettes import silhouettes
from amazing_assets.segments.search.stability import Halves, halve, stability
from amazing_assets.segments.visits.chance import Chance

T = TypeVar("T")

# Customers from which on candidates are tried by several processes, which take two seconds to
# begin: of 5,000 customers a search takes twenty.
SPREAD_FROM = 4_000


@dataclass(frozen=True)
class Sweep:
    """The candidates' common ground: the same customers and halves for all of them.

    Attributes:
        seen: The customers on whom all figures are measured.
        population: Eligible customers, of whom these are a sample.
        past: The customers of a month earlier, if there are any.
        chance: Some of the customers by their visits, if these are known.
    """

    seen: Representations
    population: int
    settings: SegmentSettings
    seed: int
    past: Past | None
    chance: Chance | None = None

    @classmethod
    def over(
        cls,
        train: pl.DataFrame,
        population: int,
        settings: SegmentSettings,
        seed: int,
        evidence: Evidence,
    ) -> "Sweep":
        """Return the common ground made of at most `sweep_rows` of the train customers."""
        seen = Representations.learn(stratified(train, settings.sweep_rows, seed), evidence.without)
        return cls(seen, population, settings, seed, evidence.past, evidence.chance)

    @property
    def customers(self) -> pl.DataFrame:
        """Those on whom all figures are measured."""
        return self.seen.customers

    @property
    def matrices(self) -> dict[str, Matrix]:
        """The customers as each way of seeing them shows them."""
        return self.seen.matrices

    @cached_property
    def readable(self) -> Matrix:
        """The features of the customers as a person reads them."""
        return self.seen.scaled.readable(self.customers).to_numpy()

    @cached_property
    def halves(self) -> Halves:
        """The halves on which every candidate is tried."""
        each = self.settings
        splits = tuple(halve(self.matrices["scaled"], each.splits, self.seed))
        return Halves(splits, each.restarts, self.seed, each.min_strength)

    def run(self, progress: Progress) -> list[Evaluation]:
        """Return the baseline and then every candidate, the finalists evaluated in full."""
        tried = self.candidates()
        total = len(tried) + self.settings.finalists
        screened: list[Evaluation] = []
        progress(0, total, "candidates on halves of the customers")
        for found in self.each(_screened, tried):
            screened.append(found)
            text = f"{found.family.name}, {found.k or 'any number of'} segments"
            progress(len(screened), total, text)
        baseline, *others = self.with_silhouettes(screened)
        final = self.evaluate_finalists(scored(others, self.settings), progress, len(tried))
        progress(total, total, "candidates compared")
        return [self.evaluate_fully(baseline), *scored(final, self.settings)]

    def each(
        self, function: Callable[["Sweep", T], Evaluation], items: Sequence[T]
    ) -> Iterator[Evaluation]:
        """Yield what a function finds of every item, in order."""
        is_worth_it = self.customers.height >= SPREAD_FROM
        if is_worth_it:
            # Made before they are handed out: every process needs the same ones.
            _ = self.halves, self.readable
        return spread(function, self, items, is_worth_it=is_worth_it)

    def candidates(self) -> list[tuple[Family, int]]:
        """Return the baseline and every family with every number of groups."""
        wanted = self.settings.families
        families = [each for each in FAMILIES if wanted is None or each.name in wanted]
        return [
            (RFM, RFM_GROUPS),
            *((f, k) for f in families for k in ((0,) if f.finds_k else self.settings.ks)),
        ]

    def screen(self, family: Family, k: int) -> Evaluation:
        """Return what one fit and one halving tell; who breaks down is known to be rejected."""
        matrix = self.matrices[family.representation]
        try:
            fit = family.fit(matrix, k, self.seed, self.settings.restarts)
            labels = fit.clustering.assign(matrix).labels
            k = k or int(labels.max()) + 1
            smallest = float(np.bincount(labels, minlength=k).min() / len(labels))
            seen = Screening(
                fit.clustering,
                min_share=smallest,
                users=round(smallest * self.population),
                noise=fit.noise,
                fidelity=fidelity(self.readable, labels, self.seed),
                stability=stability(family, k, fit.clustering, matrix, self.halves.once()),
            )
        except RejectedError as error:
            return Evaluation(family, k, notes=(str(error),))
        return Evaluation(family, k, seen, notes=fit.warnings)

    def with_silhouettes(self, screened: Sequence[Evaluation]) -> list[Evaluation]:
        """Return the candidates with their silhouettes in one space for all of them.

        The features as scaled favour round groups and hence k-means: with seven planted personas
        it had .209 there (ARI .84) and the mixture .203 (ARI .97). So the space is that in which
        the groups of the candidate that explains held-out customers best are round; there the
        mixture of seven came first, k-means .02 behind and mixtures of six and eight as well.
        """
        fitted = [each for each in screened if each.screening is not None]
        if not fitted:
            return list(screened)
        shared = self.matrices["scaled"] @ self.rounding(fitted)
        known = zip(fitted, silhouettes(shared, [self.labels(e) for e in fitted]), strict=True)
        means = {each.key: float(values.mean()) for each, values in known}
        return [replace(each, silhouette=means.get(each.key)) for each in screened]

    def rounding(self, fitted: Sequence[Evaluation]) -> Matrix:
        """Return the matrix that makes the groups of the best explanation round."""
        scaled = self.matrices["scaled"]
        able = [e for e in fitted if not failed_gates(e, self.settings, EARLY_GATES)]
        gains = [each.stability.gain if each.stability else -np.inf for each in able]
        if not able:
            return np.eye(scaled.shape[1])
        return within_whitening(scaled, self.labels(able[int(np.argmax(gains))]))

    def labels(self, evaluation: Evaluation) -> Labels:
        """Return the group of each customer by a candidate that could be fitted."""
        return self.trial(evaluation).labels

    def evaluate_finalists(
        self, candidates: list[Evaluation], progress: Progress, done: int
    ) -> list[Evaluation]:
        """Return the candidates, those of the best provisional scores evaluated in full.

        The costly gates cost 40 fits each, so they are asked of the best few, and of the next only
        while none has passed.
        """
        running = [e for e in candidates if not failed_gates(e, self.settings, EARLY_GATES)]
        ranked, first = sorted(running, key=score, reverse=True), self.settings.finalists
        measured: dict[tuple[str, int], Evaluation] = {}
        for number, found in enumerate(self._examined(ranked)):
            measured[found.key] = found
            text = f"finalist {number + 1}: {found.family.name}, {found.k} segments"
            progress(done + min(number + 1, first), done + first, text)
            is_enough = number + 1 >= first
            if is_enough and any(passes(each, self.settings) for each in measured.values()):
                break
        return [measured.get(each.key, each) for each in candidates]

    def _examined(self, ranked: Sequence[Evaluation]) -> Iterator[Evaluation]:
        """Yield candidates evaluated in full: the first several at a time, the next one by one."""
        first = self.settings.finalists
        yield from self.each(_examined, ranked[:first])
        yield from (_examined(self, each) for each in ranked[first:])

    def against_chance(self, evaluation: Evaluation) -> Evaluation:
        """Return the candidate with what it shows beyond chance, where visits are known."""
        if self.chance is None:
            return evaluation
        representation = self.seen.representations[evaluation.family.representation]
        candidate = Candidate(evaluation.k, self.clustering(evaluation), representation)
        return replace(evaluation, beyond=beyond_chance(candidate, self.chance))

    def evaluate_fully(self, evaluation: Evaluation) -> Evaluation:
        """Return the candidate with everything that can be measured of it."""
        seen = evaluation.screening
        if seen is None:
            return evaluation
        family, k = evaluation.family, evaluation.k
        matrix = self.matrices[family.representation]
        try:
            halved = stability(family, k, seen.clustering, matrix, self.halves)
            return replace(
                evaluation,
                screening=replace(seen, stability=halved),
                measurement=self.measure(self.trial(evaluation)),
            )
        except RejectedError as error:
            notes = (*evaluation.notes, str(error))
            return replace(evaluation, screening=replace(seen, stability=None), notes=notes)

    def measure(self, trial: Perturbed) -> Measurement:
        """Return what the costly trials tell.

        Raises:
            RejectedError: Disturbed customers could not be grouped.
        """
        matrix = self.matrices[trial.family.representation]
        in_time = over_time(trial, self.past) if self.past else None
        return Measurement(
            jaccards=under_resampling(trial, matrix, self.settings.resamples),
            under_attack=under_attack(trial),
            across_seeds=across_seeds(trial, matrix, self.settings.seeds),
            without_spenders=without_spenders(trial),
            in_time=in_time.agreement if in_time else None,
            eta_squared=in_time.eta_squared if in_time else None,
        )

    def clustering(self, evaluation: Evaluation) -> Clustering:
        """Return the groups of a candidate that could be fitted."""
        if evaluation.screening is None:
            raise RejectedError("A candidate without a clustering cannot be published.")
        return evaluation.screening.clustering

    def trial(self, evaluation: Evaluation) -> Perturbed:
        """Return a fitted candidate as its trials need it."""
        family = evaluation.family
        labels = self.clustering(evaluation).assign(self.matrices[family.representation]).labels
        restarts = self.settings.restarts
        return Perturbed(
            family, evaluation.k, self.customers, labels, self.seed, restarts, self.seen.without
        )


def _screened(sweep: Sweep, candidate: tuple[Family, int]) -> Evaluation:
    return sweep.screen(*candidate)


def _examined(sweep: Sweep, candidate: Evaluation) -> Evaluation:
    seen = sweep.against_chance(candidate)
    # What chance makes as well is out, whatever the costly gates would say.
    out = failed_gates(seen, sweep.settings, (CHANCE,))
    return seen if out else sweep.evaluate_fully(seen)
