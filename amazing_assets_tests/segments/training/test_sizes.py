from dataclasses import replace

import pytest

from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training.card import model_card
from amazing_assets.segments.training.publication import described
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.sizes import sizes


def of(model, users, **reasons):
    """A model whose segments have so many customers, and so many have none."""
    segments = tuple(
        each._replace(number=number, users=count, share=count / max(sum(users), 1))
        for number, (each, count) in enumerate(zip(model.segments, users, strict=False), start=1)
    )
    counts = {"eligible": sum(users), **reasons}
    return replace(model, segments=segments, provenance=model.provenance._replace(counts=counts))


def test_numbers_of_many_customers_are_told(grid):
    told = sizes(of(grid, [40, 30], bot_suspect=25))
    assert told == (70, (40, 30), {"bot_suspect": 25})


def test_a_small_segment_takes_the_next_with_it(grid):
    assert sizes(of(grid, [40, 30, 7], bot_suspect=25)).segments == (40, None, None)


def test_a_few_without_a_segment_cannot_be_computed_from_those_with_one(grid):
    told = sizes(of(grid, [40, 30], bot_suspect=7))
    assert told.reasons == {"bot_suspect": None}
    assert told.eligible is None


def test_a_few_with_a_segment_are_not_told(grid):
    assert sizes(of(grid, [7], insufficient_events=60)) == (
        None,
        (None,),
        {"insufficient_events": None},
    )


def test_that_nobody_has_a_segment_is_told(grid):
    assert sizes(of(grid, [0], insufficient_events=60)).eligible == 0


@pytest.mark.parametrize("few", [7, 13])
def test_neither_card_nor_tags_tell_of_a_few_customers(grid, few):
    model = of(grid, [400, 300, few], bot_suspect=250)
    card = model_card(model, UNTESTED)
    assert f"| {few} |" not in card
    assert "| hidden | hidden |" in card
    assert described(Published(of(grid, [few], bot_suspect=250), UNTESTED)).get("customers") is None
