import numpy as np
import pytest

from amazing_assets.churn.value.likelihood import TooFewPurchasesError
from amazing_assets.churn.value.purchases import Orders
from amazing_assets.churn.value.spend import fit_spend
from amazing_assets_tests.churn.value.shoppers import SPEND, cdnow_orders, shop


def orders(count, mean):
    return Orders(np.array([float(count)]), np.array([float(mean)]))


def test_cdnow_has_the_parameters_that_were_published():
    found = fit_spend(cdnow_orders())
    assert [round(value, 2) for value in (found.p, found.q, found.v)] == [6.25, 3.74, 15.45]


def test_planted_parameters_are_found_in_any_currency():
    made = shop(customers=60_000).orders
    found = fit_spend(made)
    assert found.p == pytest.approx(SPEND.p, rel=0.05)
    assert found.q == pytest.approx(SPEND.q, rel=0.05)
    in_yen = fit_spend(made._replace(mean_value=made.mean_value * 150))
    assert in_yen.v == pytest.approx(150 * found.v, rel=1e-3)


def test_one_dear_purchase_is_drawn_towards_what_others_spend_and_many_are_not():
    usual = SPEND.expected(orders(0, 0))[0]
    assert usual == pytest.approx(SPEND.p * SPEND.v / (SPEND.q - 1))
    assert usual < SPEND.expected(orders(1, 1_000))[0] < 700
    assert SPEND.expected(orders(500, 1_000))[0] == pytest.approx(1_000, rel=0.01)


def test_values_that_are_unknown_are_not_fitted():
    made = shop(customers=5_000).orders
    unknown = Orders(np.append(made.number, 0.0), np.append(made.mean_value, 0.0))
    assert fit_spend(unknown) == fit_spend(made)


def test_too_few_values_are_said_in_a_sentence():
    with pytest.raises(TooFewPurchasesError, match="3 customers bought something of known"):
        fit_spend(Orders(np.ones(3), np.ones(3)))
