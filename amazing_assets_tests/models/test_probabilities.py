import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from amazing_assets.models.probabilities import Told, difference, figures


def told(rows=4_000, seed=1, sharper=1.0):
    """Probabilities that are true, or told with more certainty than there is."""
    random = np.random.default_rng(seed)
    logits = random.normal(-1.5, 1.2, rows)
    happened = (random.uniform(size=rows) < 1 / (1 + np.exp(-logits))).astype(float)
    probability = 1 / (1 + np.exp(-sharper * logits))
    return Told(probability, happened, np.arange(rows) // 2)


def test_ranking_measures_are_those_of_scikit_learn_ties_included():
    made = told()
    rounded = made._replace(probability=made.probability.round(1))
    found = figures(rounded)
    assert found["roc_auc"].value == pytest.approx(
        roc_auc_score(rounded.happened, rounded.probability)
    )
    assert found["pr_auc"].value == pytest.approx(
        average_precision_score(rounded.happened, rounded.probability)
    )


def test_true_probabilities_are_calibrated_and_sharper_ones_are_not():
    true, sharper = figures(told()), figures(told(sharper=3.0))
    assert true["slope"].value == pytest.approx(1, abs=0.1)
    assert true["told_to_happened"].value == pytest.approx(1, abs=0.06)
    assert true["ece"].value < 0.03
    assert sharper["slope"].value == pytest.approx(1 / 3, abs=0.05)
    assert sharper["ece"].value > 0.06
    assert sharper["roc_auc"].value == pytest.approx(true["roc_auc"].value)


def test_lift_and_recall_are_counted_at_a_tenth_and_ties_count_in_part():
    happened = np.array([1.0] * 5 + [0.0] * 95)
    first = Told(np.linspace(1, 0, 100), happened, np.arange(100))
    assert figures(first)["recall_10"].value == 1
    assert figures(first)["lift_10"].value == 10
    everybody = first._replace(probability=np.full(100, 0.05))
    assert figures(everybody)["lift_10"].value == pytest.approx(1)
    assert figures(everybody)["roc_auc"].value == 0.5
    assert figures(everybody)["brier_skill"].value == pytest.approx(0)


def test_intervals_hold_the_figure_and_are_wider_where_rows_share_a_customer():
    made = told()
    alone = figures(made._replace(owners=np.arange(4_000)))["roc_auc"]
    # Every row five times, of the same customer: no more is known than of one.
    often = Told(*(np.repeat(each, 5) for each in made))
    together = figures(often._replace(owners=np.repeat(np.arange(4_000), 5)))["roc_auc"]
    assert alone.low < alone.value < alone.high
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.3)


def test_a_difference_beyond_chance_excludes_0_and_of_one_model_with_itself_is_0():
    made = told()
    random = np.random.default_rng(2).uniform(size=4_000)
    better = difference(made, made._replace(probability=random), "pr_auc")
    assert 0 < better.low < better.value < better.high
    assert difference(made, made, "brier") == (0, 0, 0)
