import numpy as np
import pytest

from amazing_assets.churn.value.likelihood import TooFewPurchasesError
from amazing_assets.churn.value.purchases import Purchases
from amazing_assets.churn.value.repurchase import Repurchase, fit_repurchase
from amazing_assets_tests.churn.value.shoppers import REPURCHASE, WEEKS, cdnow, shop

PUBLISHED = Repurchase(r=0.243, alpha=4.414, a=0.793, b=2.426)


def one(repeats, recency, age):
    return Purchases(*(np.array([float(value)]) for value in (repeats, recency, age)))


def test_cdnow_has_the_parameters_and_the_likelihood_that_were_published_in_2005():
    found = fit_repurchase(cdnow())
    told = [round(value, 3) for value in (found.r, found.alpha, found.a, found.b)]
    assert told == [0.243, 4.414, 0.793, 2.426]
    assert found.log_likelihood(cdnow()).sum() == pytest.approx(-9_582.4, abs=0.05)


def test_the_customer_of_the_published_example_is_expected_to_buy_as_often_as_there():
    example = one(repeats=2, recency=30.43, age=38.86)
    assert PUBLISHED.expected(example, 39)[0] == pytest.approx(1.226, abs=0.0005)
    assert PUBLISHED.p_alive(example)[0] == pytest.approx(0.7266, abs=0.0005)


def test_planted_parameters_are_found():
    found = fit_repurchase(shop(customers=60_000).bought)
    assert found.r == pytest.approx(REPURCHASE.r, rel=0.03)
    assert found.alpha == pytest.approx(REPURCHASE.alpha, rel=0.04)
    assert found.a / (found.a + found.b) == pytest.approx(0.8 / 3.3, rel=0.04)


def test_as_many_customers_are_alive_as_the_model_says_in_every_fifth_of_them():
    made = shop(customers=60_000)
    told = REPURCHASE.p_alive(made.bought)
    has_returned = made.bought.repeats > 0
    told, stayed = told[has_returned], made.stayed[has_returned]
    fifth = np.digitize(told, np.quantile(told, np.arange(1, 5) / 5))
    means = np.array([(told[fifth == n].mean(), stayed[fifth == n].mean()) for n in range(5)])
    assert np.abs(means[:, 0] - means[:, 1]).max() < 0.02


def test_who_never_returned_had_no_occasion_to_leave():
    assert PUBLISHED.p_alive(one(repeats=0, recency=0, age=30))[0] == 1


def test_silence_says_more_of_who_used_to_come_often():
    often, seldom = one(repeats=20, recency=10, age=30), one(repeats=1, recency=10, age=30)
    assert PUBLISHED.p_alive(often)[0] < 0.01
    assert PUBLISHED.p_alive(seldom)[0] > 0.4


def test_probabilities_add_up_and_their_mean_is_what_is_expected():
    bought = shop(customers=500).bought
    told = REPURCHASE.probabilities(bought, WEEKS, 64)
    assert told.min() >= 0
    assert told.sum(axis=1) == pytest.approx(np.ones(500), abs=1e-12)
    assert told @ np.arange(65) == pytest.approx(REPURCHASE.expected(bought, WEEKS), abs=1e-6)


def test_what_lies_above_the_last_number_of_purchases_counts_as_that():
    busy = one(repeats=100, recency=20, age=20)
    assert REPURCHASE.probabilities(busy, WEEKS, 4)[0, 4] > 0.9
    assert REPURCHASE.probabilities(busy, WEEKS, 4).sum() == pytest.approx(1)


@pytest.mark.parametrize("a", [1.0, 1 + 1e-9, 1 - 1e-9])
def test_a_chance_of_leaving_at_which_the_formula_divides_by_zero_is_told_all_the_same(a):
    here = Repurchase(r=0.4, alpha=5.0, a=a, b=2.5)
    near = Repurchase(r=0.4, alpha=5.0, a=1.001, b=2.5)
    customer = one(repeats=3, recency=10, age=12)
    assert here.expected(customer, WEEKS) == pytest.approx(near.expected(customer, WEEKS), rel=1e-3)


def test_a_customer_with_thousands_of_purchases_is_told_of():
    huge = one(repeats=5_000, recency=25, age=25)
    assert 500 < REPURCHASE.expected(huge, WEEKS)[0] < 1_700


def test_too_few_who_returned_are_said_in_a_sentence():
    nobody = Purchases(np.zeros(1_000), np.zeros(1_000), np.full(1_000, 5.0))
    with pytest.raises(TooFewPurchasesError) as refused:
        fit_repurchase(nobody)
    assert str(refused.value) == (
        "0 customers bought more than once, of which a model of purchases takes 50; wait for more "
        "months, or let more of them land."
    )
