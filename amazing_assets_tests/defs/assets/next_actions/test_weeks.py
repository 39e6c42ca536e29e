from datetime import date

import dagster as dg
import polars as pl
import pytest

from amazing_assets.defs.assets.next_actions.evidence import next_action_evidence
from amazing_assets.defs.assets.next_actions.model import TrainingConfig, next_action_model
from amazing_assets.defs.assets.next_actions.weeks import (
    NO_CHAMPION,
    next_action_probabilities,
    next_action_vectors,
)
from amazing_assets.lake.shard import Shard
from amazing_assets.lake.storage import partition_folder
from amazing_assets.models.library import mlflow, quietly
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets.next_actions.gathering import Part, steps_of
from amazing_assets.next_actions.publication import champion
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.defs.assets.next_actions.lived import MONTHS, lived, write
from amazing_assets_tests.defs.homes import failure, made, materialize

WEEK = "2019-12-17"
WEEKLY = [next_action_vectors, next_action_probabilities]
QUICK = TrainingConfig(epochs=1, hidden=8, fewest_places=0)


def train(home, config=QUICK):
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [next_action_model],
            resources=home.resources,
            instance=instance,
            run_config=dg.RunConfig({"next_action_model": config}),
            raise_on_error=False,
        )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    home = lived(tmp_path_factory.mktemp("home"))
    return home, train(home)


@pytest.fixture(scope="module")
def week(trained):
    home, _ = trained
    assert home.materialize(WEEK, WEEKLY).success
    return home


def store(home):
    models = home.resources["models"]
    return models.of(NEXT_ACTION_MODEL)


def test_a_model_is_trained_told_of_and_kept(trained):
    home, run = trained
    assert run.success
    (event,) = run.asset_materializations_for_node("next_action_model")
    told = {name: entry.value for name, entry in event.metadata.items()}
    assert (told["version"], told["decision"]) == ("1", "promoted")
    assert told["model card"].startswith("# Next-action model")
    for picture in ("reliability", "mixed up", "top 3 by category", "loss curves"):
        assert told[picture].startswith("![](data:image/png;base64,")
    model, version = champion(store(home))
    assert (model.name, version) == (told["answers"], "1")
    assert not list((home.lake.root.parent / "unfinished").glob("*"))


def test_the_loss_of_every_epoch_is_kept_beside_the_version(trained):
    home, _ = trained
    with quietly():
        client = store(home).client()
        (version,) = client.search_model_versions("name = 'next_actions'")
        losses = client.get_metric_history(version.run_id, "lstm_context_0_validate_loss")
    assert [loss.step for loss in losses] == [1]
    assert losses[0].value > 1


def test_every_customer_of_a_week_is_answered_for(week):
    vectors = week.lake.scan("next_action_vectors", WEEK).collect()
    known = week.lake.scan("action_sequences", *MONTHS).select("user_id").unique().collect()
    assert set(vectors["user_id"]) <= set(known["user_id"])
    assert vectors.height > 60
    assert vectors["model_version"].unique().to_list() == ["1"]
    rows = DuckDBWarehouse(week.warehouse).read_table("next_action_probabilities")
    assert rows["week"].unique().to_list() == [date(2019, 12, 17)]
    assert rows.group_by("user_id").len()["len"].unique().to_list() == [10]
    assert rows["user_id"].n_unique() == vectors.height


def test_a_week_is_the_same_whatever_is_known_of_later(week, tmp_path):
    before = week.lake.scan("next_action_vectors", WEEK).collect()
    other = lived(tmp_path / "other")
    other.resources["models"] = week.resources["models"]
    later = other.lake.scan("action_sequences", "2019-12").collect()
    cut = 23 * 86_400
    known = pl.col("seconds").list.eval(pl.element() < cut).list.sum()
    columns = ("actions", "seconds", "repeats")
    rows = later.with_columns(pl.col(*columns).list.head(known)).filter(
        pl.col("actions").list.len() > 0
    )
    write(other, "action_sequences", "2019-12", (ActionSequences, rows))
    assert other.materialize(WEEK, [next_action_vectors]).success
    after = other.lake.scan("next_action_vectors", WEEK).collect()
    assert after.sort("user_id").equals(before.sort("user_id"))


def test_a_customer_is_answered_alike_however_a_shard_is_cut(week):
    shard = Shard(week.lake.root, 1)
    whole = steps_of(shard, MONTHS, Part(0, 1))
    parts = [steps_of(shard, MONTHS, Part(number, 3)) for number in range(3)]
    assert pl.concat(parts).sort("user_id", maintain_order=True).equals(whole)


def test_mlflow_serves_it(week):
    home = week
    steps = pl.DataFrame({"user_id": [7] * 4, "action": [3, 3, 17, 56], "at": [0, 60, 90, 90]})
    with quietly():
        registry = store(home)
        client = registry.client()
        (version,) = client.search_model_versions("name = 'next_actions'")
        served = mlflow().pyfunc.load_model(version.source)
        told = served.predict(steps.with_columns(repeats=1).to_pandas())
    assert told.loc[0, list(ACTIONS)].sum() == pytest.approx(1, abs=1e-5)
    assert told.loc[0, "n_context"] == 4


def test_without_a_champion_a_week_is_refused_in_one_sentence(tmp_path):
    assert failure(lived(tmp_path / "home", 5).materialize(WEEK, WEEKLY)) == NO_CHAMPION


def test_without_sequences_a_training_is_refused_in_one_sentence(tmp_path):
    home = lived(tmp_path / "home", 5)
    for month in MONTHS:
        partition_folder(home.lake.root / "action_sequences", month).unlink()
    assert failure(train(home)) == (
        "The lake has no month of action_sequences; materialize action_sequences first."
    )


def test_a_week_of_which_nothing_landed_is_left_empty(tmp_path):
    home = lived(tmp_path / "home", 5)
    assert made(materialize(WEEKLY, "2020-02-04", home.resources)) == {
        "next_action_vectors",
        "next_action_probabilities",
    }


def test_what_was_measured_of_every_model_is_told_of_the_one_in_use(week):
    assert materialize([next_action_evidence], None, week.resources).success
    told = DuckDBWarehouse(week.warehouse).read_table("next_action_evaluation")
    assert told["model"].n_unique() == 8
    assert told.filter("serves")["model"].n_unique() == 1
    few = told.filter(pl.col("customers").is_null())
    assert few["population"].unique().to_list() == ["strangers"]
    assert few["value"].null_count() == few.height > 0
