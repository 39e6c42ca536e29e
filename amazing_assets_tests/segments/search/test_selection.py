from dataclasses import replace

import numpy as np
import pytest

from amazing_assets.segments.clustering.centres import Centroids
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.search.beyond import BeyondChance, Surplus
from amazing_assets.segments.search.evaluation import Evaluation, Measurement, Screening
from amazing_assets.segments.search.gates import failed_gates, passes, unmeasured_gates
from amazing_assets.segments.search.perturbations import Jaccards
from amazing_assets.segments.search.selection import choose, scored, selection_table
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.search.stability import Stability

SETTINGS = SegmentSettings()


# A candidate that was no finalist.
NOT_MEASURED = {"jaccards": None}


def stable(strength=0.95, gain=1.0):
    return Stability(np.full((10, 3), strength), np.full(10, gain))


GOOD_AT_ONCE = Screening(
    Centroids(np.zeros((3, 1))),
    min_share=0.1,
    users=1_000,
    noise=0.0,
    fidelity=0.9,
    stability=stable(),
)
GOOD_IN_FULL = Measurement(
    Jaccards(np.full((20, 3), 0.9)),
    under_attack=0.95,
    across_seeds=0.95,
    without_spenders=0.95,
    in_time=0.9,
)


def surplus(real=0.8, dealt=0.3):
    """A figure beside those of twenty null worlds, which waver by a hundredth."""
    return Surplus(real, tuple(dealt + 0.01 * (-1) ** n for n in range(20)))


def beyond(agreement=0.8, group=0.8, explained=0.4, gain=0.9):
    groups = (surplus(), surplus(group), surplus())
    return BeyondChance(
        2_500, surplus(agreement), groups, surplus(explained, 0.02), surplus(gain, 0.3)
    )


BEYOND = beyond()


def candidate(k=7, *, silhouette=0.3, **figures):
    """A candidate that passes everything; a test names only what differs."""
    at_once = {n: figures.pop(n) for n in vars(GOOD_AT_ONCE) if n in figures}
    screened = replace(GOOD_AT_ONCE, **at_once)
    beyond = figures.pop("beyond", BEYOND)
    measured = None if figures == NOT_MEASURED else replace(GOOD_IN_FULL, **figures)
    return Evaluation(FAMILIES[0], k, screened, measured, silhouette, beyond=beyond)


@pytest.mark.parametrize(
    ("figures", "gate"),
    [
        ({"stability": None}, "fit"),
        ({"min_share": 0.019}, "G1"),
        ({"users": 199}, "G1"),
        ({"noise": 0.10}, "G1"),
        ({"stability": stable(0.79)}, "G2"),
        ({"stability": stable(0.95, gain=0.09)}, "structure"),
        ({"stability": Stability(np.tile([0.59, 1, 1], (10, 1)), np.ones(10))}, "G2"),
        ({"jaccards": Jaccards(np.full((20, 3), 0.79))}, "G3"),
        ({"jaccards": Jaccards(np.tile([0.59, 1, 1], (20, 1)))}, "G3"),
        ({"in_time": 0.69}, "G4"),
        ({"under_attack": 0.89}, "G5"),
        ({"across_seeds": 0.89}, "G6"),
        ({"without_spenders": 0.89}, "spenders"),
        ({"beyond": beyond(agreement=0.40)}, "G7"),
        ({"beyond": beyond(group=0.40)}, "G7"),
        ({"beyond": beyond(explained=0.039)}, "G7"),
        ({"beyond": beyond(gain=0.31)}, "G7"),
    ],
)
def test_each_gate_alone_stops_a_candidate(figures, gate):
    assert passes(candidate(), SETTINGS)
    stopped = candidate(**figures)
    assert gate in failed_gates(stopped, SETTINGS)
    assert not passes(stopped, SETTINGS)
    assert choose(scored([stopped], SETTINGS), SETTINGS) is None


@pytest.mark.parametrize(
    ("figures", "gates", "may_pass"),
    [
        ({"in_time": None}, ("G4",), True),
        ({"beyond": None}, ("G7",), True),
        (NOT_MEASURED, ("G3", "G4", "G5", "G6", "spenders"), False),
    ],
)
def test_only_stability_in_time_and_chance_may_stay_unmeasured(figures, gates, may_pass):
    young = candidate(**figures)
    assert unmeasured_gates(young, SETTINGS) == gates
    assert passes(young, SETTINGS) is may_pass


def test_good_from_both_sides_of_separation_wins():
    merged = candidate(5, silhouette=0.74, stability=stable(gain=5.7))
    true = candidate(7, silhouette=0.67, stability=stable(gain=6.8))
    split = candidate(8, silhouette=0.46, stability=stable(gain=6.9))
    others = [candidate(k, silhouette=0.5, stability=stable(gain=5.9)) for k in (4, 6)]
    assert choose(scored([merged, true, split, *others], SETTINGS), SETTINGS).k == 7


def test_a_tie_goes_to_fewer_segments():
    shaky = Jaccards(np.array([[0.85], [0.95]] * 10))
    many = replace(candidate(8, jaccards=shaky), score=0.90, score_error=0.01)
    few, fewer = (replace(candidate(k), score=score) for k, score in ((6, 0.895), (5, 0.88)))
    assert choose([many, few, fewer], SETTINGS).k == 6


def test_a_gate_that_was_not_measured_is_told(model):
    table = model.selection_table
    chosen = table.filter("chosen").row(0, named=True)
    assert chosen["unmeasured_gates"] == "G7, G4"
    assert chosen["agreement_in_time"] is None
    nothing = candidate(stability=None, jaccards=None, beyond=None)
    eliminated = selection_table([nothing], None, SETTINGS)
    assert eliminated["failed_gates"].item() == "fit, G2, structure"
    assert eliminated["unmeasured_gates"].item() == "G7, G3, G4, G5, G6, spenders"


def test_what_could_not_be_fitted_fails_every_cheap_gate():
    rejected = Evaluation(FAMILIES[0], 7, notes=("it broke down",))
    row = selection_table([rejected], None, SETTINGS).row(0, named=True)
    assert row["failed_gates"] == "fit, G1, G2, structure"
    assert (row["min_share"], row["min_users"], row["score"]) == (None, None, None)
    assert row["notes"] == "it broke down"


@pytest.mark.parametrize(("users", "told"), [(19, (None, None)), (20, (0.1, 20))])
def test_the_smallest_segment_is_told_from_twenty_customers_on(users, told):
    seen = candidate()
    few = replace(seen, screening=replace(seen.screening, users=users))
    row = selection_table([few], None, SETTINGS).row(0, named=True)
    assert (row["min_share"], row["min_users"]) == told
