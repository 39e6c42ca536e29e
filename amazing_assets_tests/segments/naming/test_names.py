import numpy as np
import polars as pl
import pytest

from amazing_assets.segments.naming.codes import RESERVE, Name
from amazing_assets.segments.naming.names import PROTOTYPES, named, signatures
from amazing_assets_tests.segments.personas import personas, user_features

SIGNATURES = np.array(list(PROTOTYPES.values()))


def test_segments_like_the_prototypes_get_their_names_in_any_order():
    order = [3, 6, 0, 2, 5, 1, 4]
    names = named(SIGNATURES[order])
    assert [name.code for name in names] == [list(PROTOTYPES)[i] for i in order]
    assert {name.status for name in names} == {"settled"}


def test_fewer_segments_leave_names_free():
    assert [name.code for name in named(SIGNATURES[[6, 0]])] == ["tortoises", "lion"]


def test_a_segment_too_many_comes_from_the_reserve():
    stranger = np.array([[0, 0, -4.0, 0, 0, 0, 3]])
    names = named(np.vstack([stranger, SIGNATURES]))
    assert names[0] == Name("wolves", ("thrifty", "loyal"), "reserve")
    assert [name.code for name in names[1:]] == list(PROTOTYPES)


def test_a_segment_far_from_its_animal_waits_for_a_person():
    signature = SIGNATURES.astype(float)
    # Money weighs double: 1.7 further is a distance of 2.4, 1.8 one of 2.55.
    signature[0, 2] += 1.7
    assert named(signature)[0].status == "settled"
    signature[0, 2] += 0.1
    name = named(signature)[0]
    assert (name.code, name.traits, name.status) == ("lion", (), "provisional")


@pytest.mark.parametrize("k", [1, 7, 8, 12, 18])
def test_any_number_of_segments_gets_as_many_names(k):
    signature = np.random.default_rng(k).normal(size=(k, len(PROTOTYPES)))
    names = named(signature)
    codes = [name.code for name in names]
    assert len(set(codes)) == k
    assert sum(name.status == "reserve" for name in names) == max(0, k - 7)
    assert len(set(codes) - set(PROTOTYPES) - set(RESERVE)) == max(0, k - 12)


def test_an_animal_that_is_taken_is_not_given_again():
    taken = ["lion", "tortoises", "wolves"]
    names = named(SIGNATURES, taken=taken)
    codes = {name.code for name in names}
    assert codes == set(PROTOTYPES) - set(taken) | {"stags", "hedgehogs"}


def test_all_animals_taken_leave_the_reserve():
    names = named(SIGNATURES[:2], taken=list(PROTOTYPES))
    assert [name.code for name in names] == ["wolves", "stags"]


def test_an_unknown_trait_is_an_ordinary_one():
    features = user_features(
        personas(100)[0], view_to_purchase_7m=pl.lit(0.1), gap_log_cv_7m=pl.lit(None, pl.Float64)
    )
    signature = signatures(features, np.arange(100) % 4)
    assert signature.shape == (4, 7)
    assert (signature[:, [3, 5]] == 0).all()
    assert np.allclose(signature[:, 0].std(), 1)
