import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.cli import main
from amazing_assets.models.promotion import MAJOR, PROMOTED, REFUSED, PromotionError, Verdict
from amazing_assets.models.store import client, mlflow, quietly
from amazing_assets.models.versions import approve, promote
from amazing_assets.models.versions import versions as registered_versions
from amazing_assets.segments.training.publication import champion, highest_number, publish, release
from amazing_assets.segments.training.refit import Refit

MONTH = date(2020, 2, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A real MLflow: its database, and where its artefacts go."""
    folder = tmp_path_factory.mktemp("mlflow")
    return f"sqlite:///{folder / 'mlflow.db'}", (folder / "artifacts").as_uri()


@pytest.fixture(scope="module")
def versions(store, model, grid):
    """The fallback, published first, and the model."""
    tags = {"feature_version": "7"}
    return publish(grid, *store), publish(model, *store, tags)


def test_an_empty_store_has_no_champion_and_gave_no_number(tmp_path):
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert champion(uri) is None
    assert highest_number(uri) == 0


def test_the_champion_assigns_as_the_model_did(store, versions, model, planted):
    promote(versions[1], store[0])
    restored = champion(store[0])
    assert restored.version == versions[1]
    assert_frame_equal(
        restored.assign(planted[0], MONTH).drop("model_version"),
        model.assign(planted[0], MONTH).drop("model_version"),
    )


def test_rolling_back_moves_the_alias(store, versions):
    promote(versions[1], store[0])
    promote(versions[0], store[0])
    assert champion(store[0]).found.candidate == "rfm"


def test_a_version_says_what_it_is(store, versions, model):
    tags = client(store[0]).get_model_version("segments", versions[1]).tags
    assert tags["k"] == "7"
    assert tags["threshold"] == "20"
    assert tags["feature_version"] == "7"
    assert tags["data_hash"] == model.provenance.data_hash


def test_artefacts_are_where_they_should_be(store, versions):
    source = client(store[0]).get_model_version("segments", versions[0]).source
    assert source.startswith(store[1])


def test_it_can_be_served(store, versions, model, planted):
    source = client(store[0]).get_model_version("segments", versions[1]).source
    with quietly():
        served = mlflow().pyfunc.load_model(source)
        features = planted[0].head(3).with_columns(n_events_history=pl.Series([5, 50, 50]))
        answers = served.predict(features.select(model.columns).to_pandas())
    assert list(answers.columns) == ["segment", "segment_name", "margin", "reason"]
    assert answers["reason"].tolist() == ["insufficient_events", None, None]
    assert json.loads(answers.to_json(orient="records"))[0]["segment"] is None


@pytest.fixture(scope="module")
def released(store, versions, model, grid):
    """What four refits became: promoted, waiting for a person, refused, not even published."""
    other = tuple(each._replace(number=each.number + 7) for each in model.segments)
    return [
        release(Refit(each, fates, Verdict(decision, reasons)), *store)
        for each, fates, decision, reasons in (
            (model, None, PROMOTED, ()),
            (replace(model, segments=other), FATES, MAJOR, ("Only 9% keep theirs.",)),
            (model, None, REFUSED, ("Its rules place 10% as it does.",)),
            (grid, None, REFUSED, ("It raised the alert too_few_users.",)),
        )
    ]


FATES = pl.DataFrame({"segment": [8], "fate": ["new"]})


def test_only_what_is_promoted_becomes_the_champion(store, released):
    uri, (promoted, waiting, _, unpublished) = store[0], released
    assert unpublished is None
    assert champion(uri).version == promoted
    challenger = client(uri).get_model_version_by_alias("segments", "challenger")
    assert str(challenger.version) == waiting
    assert challenger.tags["decision"] == "major"
    assert challenger.tags["reasons"] == "Only 9% keep theirs."


def test_numbers_of_versions_that_never_were_champion_are_taken(store, released):
    assert highest_number(store[0]) == 14


def test_what_became_of_the_segments_is_kept_with_the_version(store, released):
    run = client(store[0]).get_model_version("segments", released[1]).run_id
    with quietly():
        folder = client(store[0]).get_run(run).info.artifact_uri
        assert mlflow().artifacts.load_text(f"{folder}/succession.csv") == FATES.write_csv()


@pytest.mark.parametrize(
    ("act", "which", "message"),
    [
        (promote, 1, "Version {} awaits approval by a person: Only 9% keep theirs."),
        (promote, 2, "Version {} was refused: Its rules place 10% as it does."),
        (
            lambda version, uri: approve(version, "Ada", uri),
            2,
            "Version {} was refused: Its rules place 10% as it does.",
        ),
        (lambda version, uri: approve(version, " ", uri), 1, "Say who approves version {}."),
    ],
)
def test_what_may_not_be_champion_says_why(store, released, act, which, message):
    promote(released[0], store[0])
    with pytest.raises(PromotionError) as refused:
        act(released[which], store[0])
    assert str(refused.value) == message.format(released[which])
    assert champion(store[0]).version == released[0]
    told = registered_versions(store[0])
    assert [each.version for each in told] == ["5", "4", "3", "2", "1"]
    # To be told that it was refused is not to be approved.
    assert {each.approved_by for each in told} == {""}
    assert {each.version: each.alias for each in told if each.alias} == {
        released[0]: "champion",
        released[1]: "challenger",
    }
    waiting = next(each for each in told if each.version == released[1])
    assert waiting[2:] == ("gmm_tied", 7, 4_000, 20, "major", "", "Only 9% keep theirs.")


def test_a_version_that_does_not_exist_is_answered_with_those_that_do(store, released):
    with pytest.raises(PromotionError) as unknown:
        promote("99", store[0])
    assert str(unknown.value) == (
        "There is no version 99 of the segment model; known: 1, 2, 3, 4, 5."
    )


def test_a_person_approves_and_a_rollback_needs_nobody(store, released):
    uri, (promoted, waiting, *_) = store[0], released
    approve(waiting, "Ada", uri)
    assert champion(uri).numbers.tolist() == [8, 9, 10, 11, 12, 13, 14]
    assert client(uri).get_model_version("segments", waiting).tags["approved_by"] == "Ada"
    for version in (promoted, waiting, promoted):
        promote(version, uri)
        assert champion(uri).version == version


@pytest.fixture
def amazing(store, released, monkeypatch, capsys):
    """Run a command in the home of the store: its status, and what it printed."""
    monkeypatch.setenv(
        "AMAZING_HOME", store[0].removeprefix("sqlite:///").removesuffix("mlflow.db")
    )

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return ended.value.code, capsys.readouterr()

    return run


def test_versions_are_listed_approved_and_rolled_back_from_the_command_line(
    amazing, store, released
):
    promoted, waiting, *_ = released
    promote(promoted, store[0])
    status, said = amazing("models", "--json")
    listed = json.loads(said.out)["Versions of the segment model"]
    assert status == 0
    assert {row["version"]: row["alias"] for row in listed if row["alias"]} == {
        promoted: "champion",
        waiting: "challenger",
    }
    assert amazing("approve", waiting, "--by", "Ada Lovelace")[0] == 0
    assert champion(store[0]).version == waiting
    assert "Ada Lovelace" in amazing("models")[1].out
    status, said = amazing("rollback", promoted)
    assert status == 0
    assert f"Version {promoted} assigns customers from now on." in said.out
    assert champion(store[0]).version == promoted


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rollback", "99"), "There is no version 99 of the segment model; known: 1, 2, 3, 4, 5."),
        (("rollback", "5"), "Version 5 was refused: Its rules place 10% as it does."),
        (("approve", "5", "--by", "Ada"), "Version 5 was refused: Its rules place 10% as it does."),
        (("approve", "4", "--by", " "), "Say who approves version 4."),
    ],
)
def test_a_version_that_may_not_be_champion_is_one_sentence(amazing, arguments, sentence):
    status, said = amazing(*arguments)
    assert (status, said.out, said.err.strip()) == (1, "", f"amazing: {sentence}")
