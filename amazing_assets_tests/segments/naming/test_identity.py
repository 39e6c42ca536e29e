import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amazing_assets.segments.naming.identity import CommonCustomers, centres, succeed

KNOWN = (2, 5, 9)
HIGHEST = 9


def placed(before, after, matrix=None):
    """Customers in the old and the new model, all in one place unless told otherwise."""
    flat = np.zeros((len(before), 1)) if matrix is None else np.asarray(matrix, dtype=float)
    groups = np.array(after, dtype=int)
    members = np.array([groups == group for group in range(6)])
    return CommonCustomers(np.array(before, dtype=int), groups, flat, centres(members, flat))


@st.composite
def refits(draw):
    """Any customers of any two models, on one feature."""
    groups = draw(st.integers(1, 6))
    rows = draw(st.lists(st.tuples(st.sampled_from(KNOWN), st.integers(0, groups - 1))))
    places = draw(st.lists(st.floats(-3, 3), min_size=len(rows), max_size=len(rows)))
    before, after = zip(*rows, strict=True) if rows else ((), ())
    return placed(before, after, np.reshape(places, (-1, 1))), groups


@given(refits(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_how_a_fit_orders_its_groups_changes_no_customers_number(refit, dice):
    customers, groups = refit
    order = list(range(groups))
    dice.shuffle(order)
    again = np.array(order, dtype=int)[customers.after]
    shuffled = placed(customers.before, again, customers.matrix)
    one = succeed(customers, KNOWN, groups, HIGHEST)
    other = succeed(shuffled, KNOWN, groups, HIGHEST)
    filled = np.unique(customers.after)
    assert [one.numbers[g] for g in filled] == [other.numbers[order[g]] for g in filled]
    assert (one.retired, one.kept_share) == (other.retired, other.kept_share)


@given(refits())
@settings(max_examples=60, deadline=None)
def test_a_number_names_one_segment_and_is_never_given_again(refit):
    customers, groups = refit
    found = succeed(customers, KNOWN, groups, HIGHEST)
    assert len(set(found.numbers)) == groups
    assert all(number in KNOWN or number > HIGHEST for number in found.numbers)
    assert set(found.retired) == set(KNOWN) - set(found.numbers)
    assert found.highest == max(HIGHEST, *found.numbers)
    assert 0 <= found.kept_share <= 1


def test_the_same_groups_in_another_order_keep_their_numbers():
    found = succeed(placed([2, 2, 2, 5, 5, 9], [2, 2, 2, 0, 0, 1]), KNOWN, 3, HIGHEST)
    assert found.numbers == (5, 9, 2)
    assert found.kept_share == 1
    assert not (found.retired)
    assert not (found.splits)
    assert not (found.merges)


def test_a_retired_number_stays_retired():
    # 5 and 9 are gone; 12 was the highest even though no segment of the champion bears it.
    found = succeed(placed([2] * 8, [0] * 4 + [1] * 4), (2,), 2, highest=12)
    assert sorted(found.numbers) == [2, 13]
    assert found.highest == 13


def test_too_few_common_customers_make_a_new_segment():
    # A third of the group and a third of the segment: Jaccard 2 / 8, below .30.
    before = [2] * 5 + [5] * 3
    after = [0, 0, 1, 1, 1, 0, 0, 0]
    found = succeed(placed(before, after), (2, 5), 2, HIGHEST)
    assert {(p.before, p.after, round(p.jaccard, 3)) for p in found.kept} == {
        (2, 1, 0.6),
        (5, 0, 0.6),
    }
    lone = succeed(placed([2, 2, 5, 5, 5, 5, 5, 5], [0] * 8), (2, 5), 1, HIGHEST)
    assert lone.numbers == (5,)
    weak = succeed(placed([2] * 2 + [5] * 6 + [9] * 6, [0] * 14), (2,), 1, HIGHEST)
    assert weak.numbers == (10,)
    assert weak.retired == (2,)


@pytest.mark.parametrize(("moved", "number"), [(0.9, 2), (1.1, 10)])
def test_a_segment_that_moved_a_standard_deviation_is_another(moved, number):
    # Six customers in both, six more that pull the centre of the group away.
    before, after = [2] * 6 + [5] * 6, [0] * 12
    places = [[0.0]] * 6 + [[2 * moved]] * 6
    found = succeed(placed(before, after, places), (2,), 1, HIGHEST)
    assert found.numbers == (number,)


def test_a_crowd_of_new_customers_makes_another_segment():
    one = placed([2] * 6, [0] * 6)
    assert succeed(one, (2,), 1, HIGHEST).numbers == (2,)
    crowded = one._replace(centres=one.centres + 1.2)
    assert succeed(crowded, (2,), 1, HIGHEST).numbers == (10,)


def test_splits_and_merges_are_told():
    split = succeed(placed([2] * 8, [0] * 5 + [1] * 3), (2,), 2, HIGHEST)
    assert split.numbers == (2, 10)
    assert [(p.before, p.after, p.jaccard) for p in split.splits] == [(2, 0, 5 / 8), (2, 1, 3 / 8)]
    merge = succeed(placed([2] * 5 + [5] * 3, [0] * 8), (2, 5), 1, HIGHEST)
    assert merge.numbers == (2,)
    assert merge.retired == (5,)
    assert {p.before for p in merge.merges} == {2, 5}
    assert merge.kept_share == 5 / 8


def test_no_common_customer_means_all_is_new():
    found = succeed(placed([], [], np.zeros((0, 1))), KNOWN, 2, HIGHEST)
    assert found.numbers == (10, 11)
    assert (found.retired, found.common, found.kept_share) == (KNOWN, 0, 0)
