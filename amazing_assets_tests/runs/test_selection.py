import pytest

from amazing_assets.definitions import defs
from amazing_assets.errors import UsageError
from amazing_assets.runs.selection import selected


@pytest.fixture(scope="module")
def graph():
    return defs().resolve_asset_graph()


def names(found):
    return {key.to_user_string() for key in found}


def test_a_plus_means_all_ancestors_as_on_the_page(graph):
    everything = names(selected("+key:user_features", graph))
    assert {"raw_events", "clean_events", "sessions", "user_products"} < everything
    assert names(selected("1+key:user_features", graph)) < everything
    assert "raw_events" not in names(selected("1+key:user_features", graph))


def test_what_is_made_in_one_step_comes_together(graph):
    assert names(selected("key:raw_events", graph)) == {"raw_events", "rejected_events"}


def test_a_star_is_everything_that_can_be_made(graph):
    assert selected("*", graph) == graph.materializable_asset_keys


@pytest.mark.parametrize(
    "selection",
    [
        "user_features",
        "+user_features",  # the older grammar: one layer
        "*user_features",
        "key:user_features or",
        "tag:a=b,c",
        "status:failed",  # understood, but only Dagster+ can answer it
        "",
    ],
)
def test_any_other_grammar_is_answered_with_an_example(graph, selection):
    with pytest.raises(UsageError) as refused:
        selected(selection, graph)
    assert str(refused.value) == (
        f"The selection {selection!r} is not understood; write it as in the web UI, like "
        "key:user_features, +key:user_features for all it is made of, or group:events."
    )


@pytest.mark.parametrize("selection", ["key:nothing_of_ours", "key:landing_zone", "not *"])
def test_a_selection_of_nothing_that_can_be_made_is_refused(graph, selection):
    with pytest.raises(UsageError, match="selects no asset that can be made; write it as in"):
        selected(selection, graph)
