"""The weeks of the models of risk through Dagster: trained, scored, held against what happened."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import polars as pl
import pytest

from amazing_assets.churn.risk.material import TrainingSettings
from amazing_assets.churn.risk.publication import known_at, read_version
from amazing_assets.churn.risk.reasons import CODES
from amazing_assets.churn.risk.registered import CHURN_MODELS, MATERIAL
from amazing_assets.churn.risk.search import Budget
from amazing_assets.churn.risk.week import WeekPlan, train_week
from amazing_assets.customers.contacts.contract import Contacts
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.defs.assets.churn.models import NO_LEAKAGE, SearchConfig, churn_models
from amazing_assets.defs.assets.churn.weeks import churn_feedback, churn_scores
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.library import quietly
from amazing_assets.places import Server
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets_tests.defs.assets.churn.shop import lived, write
from amazing_assets_tests.defs.homes import checks, failure, made, materialize, on_server
from amazing_assets_tests.warehouse.equal import assert_same_table

# Its reference date is the 4th of February; four weeks later it is known what happened.
WEEK, LATER = "2020-01-28", "2020-02-25"
AS_OF = date(2020, 2, 4)
ALL = [churn_models, churn_scores, churn_feedback]
QUICK = SearchConfig(trials=0, fewest=15)


def make(home, week, assets=ALL, config=QUICK):
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            assets,
            partition_key=week,
            resources=home.resources,
            instance=instance,
            run_config=dg.RunConfig({"churn_models": config}) if churn_models in assets else None,
            raise_on_error=False,
        )


def store(home, task="pause"):
    return home.resources["models"].of(CHURN_MODELS[task])


def table(home, name):
    return DuckDBWarehouse(home.warehouse).read_table(name)


def metadata(run, asset):
    (event,) = run.asset_materializations_for_node(asset)
    return {name: entry.value for name, entry in event.metadata.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    found = lived(tmp_path_factory.mktemp("shop"))
    write(found, "contacts", "2020-02", (Contacts, contacted()))
    return found


def contacted():
    """Every other customer in the four weeks after the scores, and one before them."""
    rows = [(user, datetime(2020, 2, 10, tzinfo=UTC), "spring") for user in range(0, 1_200, 2)]
    return pl.DataFrame(
        [*rows, (1, datetime(2020, 2, 3, tzinfo=UTC), "winter")],
        schema=schema_of(Contacts),
        orient="row",
    )


@pytest.fixture(scope="module")
def trained(home):
    run = make(home, WEEK)
    assert run.success
    return run


@pytest.fixture(scope="module")
def matured(home, trained):
    run = make(home, LATER, [churn_feedback])
    assert run.success
    return run


@pytest.fixture
def scores(home, trained):
    return table(home, "churn_scores").filter(week=date.fromisoformat(WEEK))


def test_models_are_trained_told_of_and_kept(home, trained):
    told = metadata(trained, "churn_models")
    assert told["pause"].startswith("promoted, version 1")
    assert told["pause: model card"].startswith("# Who will pause")
    assert told["pause: reliability"].startswith("![](data:image/png;base64,")
    model = read_version(store(home), "1")
    assert (model.task, model.as_of) == ("pause", AS_OF)
    assert told["cancel"].startswith("too little, version none: 2020-02-04 has no model of who")
    assert checks(trained)["churn_models", NO_LEAKAGE].passed


def test_everybody_who_is_asked_about_has_a_probability_and_reasons(scores):
    assert set(scores["task"]) == {"pause", "reactivate"}
    assert scores["probability"].is_between(0, 1).all()
    assert set(scores["reason_1"].drop_nulls()) <= set(CODES)
    assert scores["reason_1"].null_count() < scores.height / 2
    assert scores["reference_date"].unique().to_list() == [AS_OF]
    assert 0.02 < scores["is_holdout"].mean() < 0.08


def test_tenths_are_of_equal_size_and_the_first_is_the_likeliest(scores):
    of_pause = scores.filter(task="pause").group_by("decile").agg(pl.len(), pl.mean("probability"))
    told = of_pause.sort("decile")
    assert told["decile"].to_list() == list(range(1, 11))
    assert told["len"].max() - told["len"].min() <= 1
    assert told["probability"].is_sorted(descending=True)


def test_a_week_made_again_is_the_same_and_no_version_more(home, trained, scores):
    run = make(home, WEEK)
    assert metadata(run, "churn_models")["pause"].startswith("same, version 1")
    again = table(home, "churn_scores").filter(week=date.fromisoformat(WEEK))
    keys = ["task", "user_id"]
    assert again.sort(keys).equals(scores.sort(keys))
    with quietly():
        assert len(store(home).versions()) == 1


def test_what_happens_from_the_reference_date_on_is_in_no_training(home, trained, tmp_path):
    other = lived(tmp_path / "until", until=AS_OF)
    assert make(other, WEEK, [churn_models]).success
    with quietly():
        (one,), (same,) = store(home).versions(), store(other).versions()
    assert one.tags[MATERIAL] == same.tags[MATERIAL]
    first, second = (read_version(store(each), "1") for each in (home, other))
    assert first.evaluation.equals(second.evaluation)
    assert first.provenance.last_date + timedelta(days=28) <= AS_OF


def test_weeks_made_on_a_server_are_those_made_in_the_file(home, matured, database):
    server = Server(database.address)
    resources = on_server(home, server)
    for asset, week in ((churn_scores, WEEK), (churn_feedback, LATER)):
        assert materialize([asset], week, resources).success
    for table_name in ("churn_scores", "churn_feedback"):
        file = DuckDBWarehouse(home.warehouse)
        assert_same_table(table_name, file, ServerWarehouse(server, None))


def test_scores_are_held_against_what_happened(home, matured):
    told = table(home, "churn_feedback").filter(task="pause")
    assert told["scored_date"].unique().to_list() == [AS_OF]
    whole = told.filter(population="everybody").filter(pl.col("item").is_null())
    assert set(whole["model"]) >= {"served", "prevalence", "recency", "overdue", "rfm"}
    (auc,) = whole.filter(model="served", figure="roc_auc").rows(named=True)
    assert auc["low"] < auc["value"] < auc["high"]
    assert auc["value"] > 0.7
    tenths = told.filter(figure="happened")
    assert tenths["customers"].sum() == auc["customers"]
    assert tenths.sort(pl.col("item").cast(int))["value"][0] > 0.3


def test_of_few_customers_held_out_nothing_is_told(home, matured):
    told = table(home, "churn_feedback").filter(task="pause", figure="uplift")
    assert told["population"].to_list() == ["likeliest_tenth"]
    assert told["value"].to_list() == [None]


def test_whom_a_campaign_contacted_stands_apart(home, matured, scores):
    told = table(home, "churn_feedback").filter(task="pause", model="served", figure="prevalence")
    customers = dict(told.select("population", "customers").iter_rows())
    scores = scores.filter(task="pause")
    assert customers["contacted"] == scores.filter(pl.col("user_id") % 2 == 0).height
    assert customers["not_contacted"] == scores.filter(pl.col("user_id") % 2 == 1).height
    raised = table(home, "churn_feedback").filter(figure="alert")["item"].to_list()
    assert "holdout_reached" in raised


def left_alone(home, weeks):
    """What becomes of the models of a week that is not the newest, and that nobody asks for."""
    stores = {task: store(home, task) for task in CHURN_MODELS}
    settings = TrainingSettings(Budget(), fewest=15)
    plan = WeekPlan(AS_OF + timedelta(weeks=weeks), "2", settings, is_thorough=False)
    return {each.task: each.outcome for each in train_week(home.lake, stores, plan)}


def test_a_past_week_goes_on_with_the_model_of_before_until_that_is_eight_weeks_old(tmp_path):
    home = lived(tmp_path / "shop")
    assert make(home, WEEK, [churn_models]).success
    assert left_alone(home, 7)["pause"] == "kept"
    assert left_alone(home, 8)["pause"] != "kept"
    assert known_at(store(home), AS_OF - timedelta(weeks=1)) is None


def test_a_model_of_an_earlier_week_serves_that_and_replaces_nothing(tmp_path):
    home = lived(tmp_path / "shop")
    assert make(home, LATER, [churn_models]).success
    assert make(home, WEEK, [churn_models]).success
    assert store(home).champion() == known_at(store(home), date(2020, 3, 3)) == "1"
    assert known_at(store(home), AS_OF) == "2"


def test_too_little_history_is_told_and_no_scores_are_made(home):
    run = make(home, "2019-11-05")
    assert run.success
    assert "too little, version none" in metadata(run, "churn_models")["pause"]
    assert metadata(run, "churn_scores")["dagster/row_count"] == 0
    assert not checks(run)["churn_scores", "covers_every_task"].passed


def test_a_feature_from_the_future_stops_the_training(tmp_path):
    home = lived(tmp_path / "shop")
    assert make(home, WEEK, [churn_models]).success
    visits = home.lake.scan("sessions", "2019-11", "2019-12", "2020-01", "2020-02").collect()
    for week in home.lake.root.glob("customer_view/week=*"):
        key = week.name.removeprefix("week=")
        view = home.lake.scan("customer_view", key).collect()
        as_of = date.fromisoformat(key) + timedelta(days=7)
        later = visits.filter(
            pl.col("quarter_hour").dt.date().is_between(as_of, as_of + timedelta(days=27))
        )
        knows = pl.col("user_id").is_in(later["user_id"].unique().implode()).cast(pl.Float64)
        write(home, "customer_view", key, (CustomerView, view.with_columns(holiday_lift_2m=knows)))
    run = make(home, WEEK, [churn_models])
    assert not run.success
    assert failure(run).startswith("holiday_lift_2m alone tells")
    assert not checks(run)["churn_models", NO_LEAKAGE].passed
    assert known_at(store(home), AS_OF) == "1"


def test_when_customers_stop_coming_the_first_week_of_which_it_is_known_says_so(tmp_path):
    home = lived(tmp_path / "shop", stop=AS_OF)
    assert make(home, WEEK, [churn_models, churn_scores]).success
    run = make(home, LATER, [churn_feedback])
    found = checks(run)["churn_feedback", "as_told"]
    assert not found.passed
    assert "pause: level" in found.description


def test_scores_of_a_model_that_is_gone_are_left_and_nothing_fails(home, matured, tmp_path):
    others = {**home.resources, "models": lived(tmp_path / "other", 5).resources["models"]}
    run = materialize([churn_feedback], LATER, others)
    assert run.success
    assert metadata(run, "churn_feedback")["dagster/row_count"] == 0


def test_a_week_of_which_nothing_landed_is_left_empty(home):
    assert made(make(home, "2020-04-07")) == {"churn_models", "churn_scores", "churn_feedback"}
