"""Gate G7: do the groups exceed what chance and activity alone would make?

Every other gate asks whether groups come back. Counting noise does: a month in which all customers
followed one law gave three segments with a prediction strength of .97, Lions being those who had
happened to remove something once. So the same is asked of null worlds, in which every customer
keeps the days and lengths of all visits and gets the contents of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import rankdata, t

from amazing_assets.models.measures import eta_squared, kappas
from amazing_assets.segments.behaviour.columns import CONTENT_FEATURES
from amazing_assets.segments.behaviour.preprocessing import BehaviourRepresentation
from amazing_assets.segments.search.likelihood import log_densities, normal_scores

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.segments.behaviour.preprocessing import Representation
    from amazing_assets.segments.clustering.family import Clustering
    from amazing_assets.segments.visits.chance import Chance, Halves


# Of a correlation between odd and even visits: by less nobody would be recognised.
LEAST_REPEATED = 0.05
MOST_DOUBT = 0.01


@dataclass(frozen=True)
class Surplus:
    """A figure of the real customers beside the same in every null world."""

    real: float
    dealt: tuple[float, ...]

    @property
    def by_chance(self) -> float:
        """The figure that chance and activity make, mean over null worlds."""
        return float(np.mean(self.dealt))

    @property
    def beyond(self) -> float:
        """By how much the real figure is larger."""
        return self.real - self.by_chance

    @property
    def of_what_is_left(self) -> float:
        """The same as a share of what chance leaves to be explained; of figures whose best is 1.

        A segment of those who come once a season agrees with itself to .9 in any null world: what
        else it is can then add .1 at most.
        """
        return self.beyond / max(1 - self.by_chance, 1e-9)

    @property
    def error_rate(self) -> float:
        """How likely a null world more would reach the real figure (Student's t, one-sided)."""
        spread = float(np.std(self.dealt, ddof=1)) * np.sqrt(1 + 1 / len(self.dealt))
        if spread == 0:
            return float(self.beyond <= 0)
        return float(t.sf(self.beyond / spread, len(self.dealt) - 1))


class BeyondChance(NamedTuple):
    """What a candidate shows of real customers and of null worlds.

    Attributes:
        customers: How many were watched on odd and on even visits.
        agreement: Cohen's kappa of the groups found on odd and on even visits.
        groups: The same of each group against all others.
        explained: Share of the variance of what customers do on even visits (ranks, mean over
            features that no skeleton of visits decides) that lies between groups of odd ones.
        gain: Likelihood of even visits, given the groups found on odd ones, beyond that of one
            single cloud; nats per customer.
    """

    customers: int
    agreement: Surplus
    groups: tuple[Surplus, ...]
    explained: Surplus
    gain: Surplus

    @property
    def weakest(self) -> Surplus:
        """The segment that chance makes best."""
        return min(self.groups, key=lambda group: group.of_what_is_left)


class Figures(NamedTuple):
    """The figures of one world."""

    agreement: float
    groups: Matrix
    explained: float
    gain: float


@dataclass(frozen=True)
class Candidate:
    """A fitted way of grouping, as the worlds are shown to it."""

    k: int
    clustering: Clustering
    representation: Representation

    def groups(self, customers: pl.DataFrame) -> Labels:
        """Return the group of each customer."""
        return self.clustering.assign(self.representation.matrix(customers)).labels


def beyond_chance(candidate: Candidate, chance: Chance) -> BeyondChance:
    """Return what the groups of a candidate are worth beyond chance."""
    lens = BehaviourRepresentation.fit(chance.real.even)
    real = figures(candidate, chance.real, lens)
    dealt = [figures(candidate, world, lens) for world in chance.worlds]
    return BeyondChance(
        chance.real.odd.height,
        Surplus(real.agreement, tuple(each.agreement for each in dealt)),
        tuple(
            Surplus(float(real.groups[g]), tuple(float(each.groups[g]) for each in dealt))
            for g in range(candidate.k)
        ),
        Surplus(real.explained, tuple(each.explained for each in dealt)),
        Surplus(real.gain, tuple(each.gain for each in dealt)),
    )


def no_habits(chance: Chance) -> tuple[str, ...]:
    """Return the features that customers repeat from visit to visit no more than chance does.

    A rare event that happened once is no habit. Where .4 % of all events are removals, who happened
    to remove something stands so far from all others that a mixture sees nothing else: of two
    groups of different taste, which a classifier tells apart to .93, it found none.
    """
    lens = BehaviourRepresentation.fit(chance.real.even)
    real = repeated(chance.real, lens)
    dealt = [repeated(world, lens) for world in chance.worlds]
    return tuple(
        name
        for name, correlation in real.items()
        if not is_habit(Surplus(correlation, tuple(each[name] for each in dealt)))
    )


def is_habit(repeated: Surplus) -> bool:
    """Whether a correlation between odd and even visits is more than chance would make."""
    return repeated.beyond >= LEAST_REPEATED and repeated.error_rate <= MOST_DOUBT


def repeated(halves: Halves, lens: BehaviourRepresentation) -> dict[str, float]:
    """Return Spearman's correlation between odd and even visits of each feature of content."""
    odd, even = lens.readable(halves.odd), lens.readable(halves.even)
    told = [name for name in CONTENT_FEATURES if name in odd.columns]
    return {name: correlation(rankdata(odd[name]), rankdata(even[name])) for name in told}


def correlation(one: Matrix, other: Matrix) -> float:
    """Return Pearson's correlation, 0 with a constant."""
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def figures(candidate: Candidate, halves: Halves, lens: BehaviourRepresentation) -> Figures:
    """Return the figures of one world."""
    odd, even = candidate.groups(halves.odd), candidate.groups(halves.even)
    return Figures(
        kappa(odd, even),
        np.array([kappa(odd == group, even == group) for group in range(candidate.k)]),
        explained(odd, lens.readable(halves.even)),
        gain_on_other_visits(odd, lens.matrix(halves.odd), lens.matrix(halves.even)),
    )


def kappa(one: Labels, other: Labels) -> float:
    """Return Cohen's kappa of two labellings; 0 where both know one group only."""
    kinds = int(max(one.max(), other.max())) + 1
    table = np.bincount(one * kinds + other, minlength=kinds**2).reshape(1, kinds, kinds)
    return float(np.nan_to_num(kappas(table.astype(float))[0]))


def gain_on_other_visits(groups: Labels, odd: Matrix, even: Matrix) -> float:
    """Return by how much groups foretell a customer's even visits better than one cloud does.

    Means, and covariances within and over groups, are those of odd visits. Every feature is given
    the form of a bell first, as in `likelihood_gain`. That figure itself, of a candidate fitted
    anew on odd visits, decides nothing: thin histories are lumpy, so that mixtures fitted on null
    worlds gained .27 to .48, and once more than the true segments did.
    """
    known, held_out = normal_scores(odd, odd), normal_scores(odd, even)
    members = np.eye(int(groups.max()) + 1)[groups]
    means = (members.T @ known) / np.maximum(members.sum(axis=0), 1)[:, None]
    within = log_densities(held_out, means, known - means[groups])
    single = log_densities(held_out, known.mean(axis=0)[None], known - known.mean(axis=0))
    return float((within[np.arange(len(groups)), groups] - single[:, 0]).mean())


def explained(groups: Labels, behaviour: pl.DataFrame) -> float:
    """Return the share of the variance of ranks between groups, mean over features of content."""
    told = [name for name in CONTENT_FEATURES if name in behaviour.columns]
    shares = [eta_squared(rankdata(behaviour[name]), groups) for name in told]
    return mean(shares)


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    known = list(values)
    return float(np.mean(known)) if known else 0.0
