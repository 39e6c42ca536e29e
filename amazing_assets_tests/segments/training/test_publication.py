import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlparse

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.cli import main
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.library import mlflow, quietly
from amazing_assets.models.promotion import (
    MAJOR,
    PROMOTED,
    REFUSED,
    Decision,
    PromotionError,
    Reason,
)
from amazing_assets.models.store import STORED_AS, ModelStore
from amazing_assets.models.versions import approve, promote, versions
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.drift.month import score
from amazing_assets.segments.drift.reference import describe
from amazing_assets.segments.explanation.surrogate import explain
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.given import Given, give_name, given_names
from amazing_assets.segments.registered import FACTS, SEGMENT_MODEL
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training.card import model_card
from amazing_assets.segments.training.comparison import SegmentComparison
from amazing_assets.segments.training.publication import (
    champion,
    highest_number,
    publish,
    read,
    readable_champion,
    release,
    write,
)
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.refit import Refit
from amazing_assets_tests.segments.personas import AS_OF, personas, user_features

MONTH = date(2020, 2, 1)
FATES = pl.DataFrame({"segment": [8], "fate": ["new"]})
FEW_KEPT = Reason("kept_share", {"share": 0.09, "least_share": 0.75})
BAD_RULES = Reason("fidelity", {"share": 0.1, "least_share": 0.9})
ONLY_9 = "Only 9.0% of the common customers keep their segment, 75.0% are wanted: a person decides."
RULES_10 = "Its rules place 10.0% as it does, 90.0% are wanted."


def store_in(folder):
    """A real MLflow: its database, and where its artefacts go."""
    artifacts = (folder / "artifacts").as_uri()
    return ModelStore(f"sqlite:///{folder / 'mlflow.db'}", artifacts, SEGMENT_MODEL)


def test_names_that_people_gave_follow_the_numbers_and_go_where_those_begin_anew(fitted, tmp_path):
    ada = Given("Curieux", "Browsers", "Ada Lovelace", "2020-02-03")
    store = store_in(tmp_path)
    give_name(store.folder, 1, ada)
    publish(fitted, store)
    assert given_names(store.folder) == {}
    give_name(store.folder, 1, ada)
    publish(fitted, store)
    assert given_names(tmp_path / "artifacts") == {1: ada}
    assert "| 1 | Browsers |" in model_card(fitted.model, UNTESTED, given_names(store.folder))


@pytest.fixture(scope="module")
def fitted(model, planted):
    """The model with everything that is published beside it."""
    reference = describe(score(model, planted[0]), AS_OF, model.numbers)
    return Published(model, UNTESTED, reference, explain(model, planted[0]))


@pytest.fixture(scope="module")
def fallback(grid):
    return Published(grid, UNTESTED)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, fitted, fallback):
    """The fallback and the model, published one after the other; read-only."""
    store = store_in(tmp_path_factory.mktemp("mlflow"))
    assert [publish(each, store) for each in (fallback, fitted)] == ["1", "2"]
    promote("2", store)
    return store


@pytest.fixture
def store(tmp_path):
    return store_in(tmp_path)


def refit_of(published, outcome, *reasons, succession=None, is_published=True):
    decision = Decision(outcome, reasons, is_published=is_published)
    return Refit(published, succession, decision, SegmentComparison(None))


@pytest.fixture
def four(store, fitted, fallback):
    """What four refits became: promoted, waiting for a person, refused, not even published."""
    other = tuple(each._replace(number=each.number + 7) for each in fitted.model.segments)
    renumbered = replace(fitted, model=replace(fitted.model, segments=other))
    refits = (
        refit_of(fitted, PROMOTED),
        refit_of(renumbered, MAJOR, FEW_KEPT, succession=FATES),
        refit_of(fitted, REFUSED, BAD_RULES),
        refit_of(fallback, REFUSED, is_published=False),
    )
    return [release(refit, store).version for refit in refits]


def test_an_empty_store_has_no_champion_and_gave_no_number(store):
    assert champion(store) is None
    assert highest_number(store) == 0


def test_the_champion_assigns_as_the_model_did(shared, fitted, planted):
    restored = champion(shared)
    assert restored.version == "2"
    assert_frame_equal(restored.model.place(planted[0]), fitted.model.place(planted[0]))
    assert_frame_equal(
        restored.assign(planted[0], MONTH), replace(fitted, version="2").assign(planted[0], MONTH)
    )


def test_what_is_published_beside_the_model_is_read_with_it(shared, fitted):
    restored = champion(shared)
    assert restored.reference == fitted.reference
    assert restored.choice == fitted.choice
    assert restored.model.provenance == fitted.model.provenance
    assert restored.model.segments == fitted.model.segments
    for name in ("figures", "confusion", "roc", "rules"):
        assert_frame_equal(getattr(restored.surrogate, name), getattr(fitted.surrogate, name))
    for name, table in fitted.model.search_tables.items():
        assert_frame_equal(restored.model.search_tables[name], table)


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_a_model_of_every_family_can_be_stored(family, planted, quick, tmp_path, model):
    features = planted[0].head(1_500)
    known = {each.name: each for each in FAMILIES}[family]
    representation = {
        "scaled": model.found.representation,
        "pca95": model.found.representation.with_components(
            model.found.representation.matrix(features)
        ),
    }[known.representation]
    # HDBSCAN finds its own number of groups: in three clouds far apart, three.
    traits = personas(1_500, separation=6)[0]
    matrix = (
        representation.matrix(features)
        if not known.finds_k
        else representation.matrix(user_features(traits))
    )
    clustering = known.fit(matrix, 0 if known.finds_k else 3, 0, 3).clustering
    found = replace(model.found, representation=representation, clustering=clustering)
    stored = Published(replace(model, found=found), UNTESTED)
    write(stored, tmp_path / "archive")
    again = read(tmp_path / "archive").model.found
    assert again.groups(features).tolist() == found.groups(features).tolist()


def test_the_fallback_and_one_segment_of_everybody_can_be_stored(grid, tmp_path):
    for number, each in enumerate((grid, SegmentModel.fit(user_features(personas(10)[0]).head(0)))):
        folder = tmp_path / str(number)
        write(Published(each, UNTESTED), folder)
        assert read(folder).model.segments == each.segments


def test_rolling_back_moves_the_alias(store, fallback, fitted):
    versions = [publish(each, store) for each in (fallback, fitted)]
    for version, candidate in ((versions[1], "gmm_tied"), (versions[0], "rfm")):
        promote(version, store)
        assert champion(store).model.found.candidate == candidate


def test_a_version_says_what_it_is(shared, fitted):
    tags = shared.client().get_model_version("segments", "2").tags
    assert tags["k"] == "7"
    assert tags["threshold"] == "20"
    assert tags["feature_version"] == "2"
    assert tags[STORED_AS] == "1"
    assert tags["data_hash"] == fitted.model.provenance.data_hash


def test_artefacts_are_where_they_should_be_and_none_is_a_pickle(shared):
    source = shared.client().get_model_version("segments", "1").source
    assert source.startswith(shared.artifacts)
    with quietly():
        folder = mlflow().artifacts.download_artifacts(source, tracking_uri=shared.tracking_uri)
    names = {path.name for path in sorted(Path(folder).rglob("*"))}
    assert {"MLmodel", "serving.py", "model.json"} <= names
    assert not {name for name in names if name.endswith(".pkl")}


def test_it_can_be_served(shared, fitted, planted):
    source = shared.client().get_model_version("segments", "2").source
    with quietly():
        served = mlflow().pyfunc.load_model(source)
        features = planted[0].head(3).with_columns(n_events_history=pl.Series([5, 50, 50]))
        answers = served.predict(features.select(fitted.model.columns).to_pandas())
    assert list(answers.columns) == ["segment", "segment_name", "margin", "reason"]
    assert answers["reason"].tolist() == ["insufficient_events", None, None]
    assert json.loads(answers.to_json(orient="records"))[0]["segment"] is None


UNREADABLE = (
    "Version {} of the segment model cannot be read by this version of the platform; materialize "
    "segment_model to train another."
)


@pytest.mark.parametrize("harm", ["stored by an earlier version", "gone", "damaged"])
def test_a_champion_that_cannot_be_read_is_one_sentence_and_counts_as_none(harm, store, fallback):
    version = publish(fallback, store)
    promote(version, store)
    found = store.client().get_model_version("segments", version)
    archive = Path(urlparse(found.source).path) / "artifacts" / "archive"
    if harm == "stored by an earlier version":
        store.client().delete_model_version_tag("segments", version, STORED_AS)
    elif harm == "gone":
        shutil.rmtree(archive)
    else:
        (archive / "model" / "model.json").write_text("{")
    with pytest.raises(UnreadableModelError) as unreadable:
        champion(store)
    assert str(unreadable.value) == UNREADABLE.format(version)
    assert readable_champion(store) == (None, UNREADABLE.format(version))


def test_only_what_is_promoted_becomes_the_champion(store, four):
    promoted, waiting, refused, unpublished = four
    assert (promoted, waiting, refused, unpublished) == ("1", "2", "3", None)
    assert champion(store).version == promoted
    challenger = store.client().get_model_version_by_alias("segments", "challenger")
    assert str(challenger.version) == waiting
    assert challenger.tags["decision"] == "major"
    assert challenger.tags["reasons"] == ONLY_9


def test_numbers_of_versions_that_never_were_champion_are_taken(store, four):
    assert len(four) == 4
    assert highest_number(store) == 14


def test_what_became_of_the_segments_is_kept_with_the_version(store, four):
    run = store.client().get_model_version("segments", four[1]).run_id
    with quietly():
        folder = store.client().get_run(run).info.artifact_uri
        assert mlflow().artifacts.load_text(f"{folder}/succession.csv") == FATES.write_csv()


@pytest.mark.parametrize(
    ("act", "which", "message"),
    [
        (promote, 1, f"Version {{}} awaits approval by a person: {ONLY_9}"),
        (promote, 2, f"Version {{}} was refused: {RULES_10}"),
        (
            lambda version, store: approve(version, "Ada", store),
            2,
            f"Version {{}} was refused: {RULES_10}",
        ),
        (lambda version, store: approve(version, " ", store), 1, "Say who approves version {}."),
    ],
)
def test_what_may_not_be_champion_says_why(store, four, act, which, message):
    with pytest.raises(PromotionError) as refused:
        act(four[which], store)
    assert str(refused.value) == message.format(four[which])
    assert champion(store).version == four[0]
    told = versions(store, FACTS)
    assert [each.version for each in told] == ["3", "2", "1"]
    # To be told that it was refused is not to be approved.
    assert {each.approved_by for each in told} == {""}
    assert {each.version: each.alias for each in told if each.alias} == {
        four[0]: "champion",
        four[1]: "challenger",
    }
    assert told[1].row == {
        "version": four[1],
        "alias": "challenger",
        "candidate": "gmm_tied",
        "segments": 7,
        "customers": 4_000,
        "threshold": 20,
        "decision": "major",
        "approved_by": "",
        "reasons": ONLY_9,
    }


def test_a_version_that_does_not_exist_is_answered_with_those_that_do(shared):
    with pytest.raises(PromotionError) as unknown:
        promote("99", shared)
    assert str(unknown.value) == "There is no version 99 of the segment model; known: 1, 2."


def test_a_person_approves_and_a_rollback_needs_nobody(store, four):
    promoted, waiting, *_ = four
    approve(waiting, "Ada", store)
    assert champion(store).model.numbers.tolist() == [8, 9, 10, 11, 12, 13, 14]
    assert store.client().get_model_version("segments", waiting).tags["approved_by"] == "Ada"
    for version in (promoted, waiting, promoted):
        promote(version, store)
        assert champion(store).version == version


@pytest.fixture
def amazing(store, four, monkeypatch, capsys):
    """Run a command in the home of the store: its status, and what it printed."""
    home = store.tracking_uri.removeprefix("sqlite:///").removesuffix("mlflow.db")
    monkeypatch.setenv("AMAZING_HOME", home)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return ended.value.code, capsys.readouterr()

    return run


def test_versions_are_listed_approved_and_rolled_back_from_the_command_line(amazing, store, four):
    promoted, waiting, *_ = four
    status, said = amazing("models", "--json")
    listed = json.loads(said.out)["Versions of the segment model"]
    assert status == 0
    assert {row["version"]: row["alias"] for row in listed if row["alias"]} == {
        promoted: "champion",
        waiting: "challenger",
    }
    assert amazing("approve", waiting, "--by", "Ada Lovelace")[0] == 0
    assert champion(store).version == waiting
    assert "Ada Lovelace" in amazing("models")[1].out
    status, said = amazing("rollback", promoted)
    assert status == 0
    assert f"Version {promoted} assigns customers from now on." in said.out
    assert champion(store).version == promoted


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rollback", "99"), "There is no version 99 of the segment model; known: 1, 2, 3."),
        (("rollback", "3"), f"Version 3 was refused: {RULES_10}"),
        (("approve", "3", "--by", "Ada"), f"Version 3 was refused: {RULES_10}"),
        (("approve", "2", "--by", " "), "Say who approves version 2."),
    ],
)
def test_a_version_that_may_not_be_champion_is_one_sentence(amazing, arguments, sentence):
    status, said = amazing(*arguments)
    assert (status, said.out, said.err.strip()) == (1, "", f"amazing: {sentence}")
