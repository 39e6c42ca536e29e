import numpy as np
import polars as pl
import pytest

from amazing_assets.segments.clustering.rfm import RULES
from amazing_assets.segments.naming.names import (
    ENGLISH,
    PROTOTYPES,
    RESERVE,
    in_english,
    named,
    signatures,
)
from amazing_assets_tests.segments.personas import personas, user_features

SIGNATURES = np.array(list(PROTOTYPES.values()))


def test_segments_like_the_prototypes_get_their_names_in_any_order():
    order = [3, 6, 0, 2, 5, 1, 4]
    names = named(SIGNATURES[order])
    assert [name.name for name in names] == [list(PROTOTYPES)[i] for i in order]
    assert {name.status for name in names} == {"settled"}


def test_fewer_segments_leave_names_free():
    assert [name.name for name in named(SIGNATURES[[6, 0]])] == ["Tortues", "Lion"]


def test_a_segment_too_many_comes_from_the_reserve():
    stranger = np.array([[0, 0, -4.0, 0, 0, 0, 3]])
    names = named(np.vstack([stranger, SIGNATURES]))
    assert names[0].name == "Loup (économe, fidèle)"
    assert names[0].english == "Wolves (thrifty, loyal)"
    assert names[0].animal == "Loup"
    assert names[0].status == "reserve"
    assert [name.name for name in names[1:]] == list(PROTOTYPES)


def test_a_segment_far_from_its_animal_waits_for_a_person():
    signature = SIGNATURES.astype(float)
    # Money weighs double: 1.7 further is a distance of 2.4, 1.8 one of 2.55.
    signature[0, 2] += 1.7
    assert named(signature)[0].name == "Lion"
    signature[0, 2] += 0.1
    name = named(signature)[0]
    assert (name.name, name.status) == ("provisional (Lion)", "provisional")
    assert (name.english, name.animal) == ("provisional (Lions)", "Lion")


@pytest.mark.parametrize("k", [1, 7, 8, 12, 18])
def test_any_number_of_segments_gets_as_many_names_in_both_languages(k):
    signature = np.random.default_rng(k).normal(size=(k, len(PROTOTYPES)))
    names = named(signature)
    animals = [name.animal for name in names]
    assert len(set(animals)) == len({name.english for name in names}) == k
    assert sum(name.status == "reserve" for name in names) == max(0, k - 7)
    if k <= len(ENGLISH):
        assert set(animals) <= set(PROTOTYPES) | set(RESERVE)


def test_an_animal_that_is_taken_is_not_given_again():
    taken = ["Lion", "Tortues", "Loup"]
    names = named(SIGNATURES, taken)
    animals = {name.animal for name in names}
    assert animals == set(PROTOTYPES) - set(taken) | {"Cerf", "Hérisson"}


def test_all_animals_taken_leave_the_reserve():
    names = named(SIGNATURES[:2], list(PROTOTYPES))
    assert [name.animal for name in names] == ["Loup", "Cerf"]


def test_an_unknown_trait_is_an_ordinary_one():
    features = user_features(
        personas(100)[0], view_to_purchase_7m=pl.lit(0.1), gap_log_cv_7m=pl.lit(None, pl.Float64)
    )
    signature = signatures(features, np.arange(100) % 4)
    assert signature.shape == (4, 7)
    assert (signature[:, [3, 5]] == 0).all()
    assert np.allclose(signature[:, 0].std(), 1)


def test_whatever_name_is_given_has_its_english_read_off_the_table():
    crowd = np.random.default_rng(0).normal(scale=4, size=(12, 7))
    names = named(np.vstack([SIGNATURES[:3], crowd]))
    assert {name.status for name in names} == {"settled", "provisional", "reserve"}
    assert [in_english(name.name) for name in names] == [name.english for name in names]
    assert [in_english(rule.name) for rule in RULES] == [rule.english for rule in RULES]
    assert in_english("Les fidèles du samedi") == "Les fidèles du samedi"
