"""Customers in what a real server of models keeps, which is reached by `http` alone."""

from pathlib import Path

import polars as pl
import pytest

from amazing_assets.models.library import ModelsAwayError, mlflow, quietly
from amazing_assets.privacy.people import People
from amazing_assets.privacy.registry import Registry
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.model_servers import model_server_of_files

# A server takes ten seconds to begin.
pytestmark = pytest.mark.end_to_end

PEOPLE = People((987654321,), KEY, KEY, frozenset({"planted-visit-0001"}))
(PSEUDONYM,) = PEOPLE.pseudonyms
SAID = f"of {PSEUDONYM} in planted-visit-0001, and of 7"
NOBODY = "of 0 in ***, and of 7"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    with model_server_of_files(folder) as running:
        yield running


@pytest.fixture
def client(server):
    with quietly():
        return mlflow().MlflowClient(server.address, registry_uri=server.address)


@pytest.fixture
def registry(server, client, request):
    """A model, a version and a run that name a customer and a visit wherever a text can stand."""
    name = request.node.name[-40:]
    with quietly():
        run = client.create_run(client.create_experiment(name)).info
        client.set_tag(run.run_id, "note", SAID)
        client.log_text(run.run_id, SAID, "model/notes.txt")
        client.log_text(run.run_id, "nothing", "card.md")
        client.create_registered_model(name, {"note": SAID}, SAID)
        source = f"{run.artifact_uri}/model"
        client.create_model_version(name, source, run.run_id, {"note": SAID}, description=SAID)
    return Registry(server.address, (name, "never_trained")), name, run


def test_texts_and_files_are_masked_by_the_server_and_all_else_stays(registry, client, tmp_path):
    kept, name, run = registry
    assert kept.count(PEOPLE) == kept.take_out(PEOPLE) == 2 * 6
    assert kept.count(PEOPLE) == kept.take_out(PEOPLE) == 0
    with quietly():
        model, version = client.get_registered_model(name), client.get_model_version(name, "1")
        texts = [model.description, version.description, model.tags["note"], version.tags["note"]]
        assert texts == [NOBODY] * 4
        assert client.get_run(run.run_id).data.tags["note"] == NOBODY
        files = [
            client.download_artifacts(run.run_id, file, str(tmp_path))
            for file in ("model/notes.txt", "card.md")
        ]
    assert [Path(each).read_text() for each in files] == [NOBODY, "nothing"]


def test_a_list_of_visits_among_the_files_loses_theirs(registry, client, tmp_path):
    kept, _, run = registry
    kept.take_out(PEOPLE)
    file = tmp_path / "crowded_sessions.parquet"
    pl.DataFrame({"user_session": ["planted-visit-0001", "of others"]}).write_parquet(file)
    with quietly():
        client.log_artifact(run.run_id, str(file), "model")
        assert kept.take_out(PEOPLE) == 1
        place = client.download_artifacts(run.run_id, f"model/{file.name}", str(tmp_path))
    assert pl.read_parquet(place)["user_session"].to_list() == ["of others"]


def test_a_parameter_that_nobody_can_change_is_found_still(registry, client):
    kept, _, run = registry
    kept.take_out(PEOPLE)
    with quietly():
        client.log_param(run.run_id, "of", PSEUDONYM)
    assert kept.take_out(PEOPLE) == 1
    assert kept.count(PEOPLE) == 1


def test_models_of_others_are_left_as_they_are(registry, client):
    _, name, run = registry
    others = Registry(registry[0].address, ("another_of_ours",))
    assert others.take_out(PEOPLE) == 0
    with quietly():
        assert client.get_registered_model(name).description == SAID
        assert client.get_run(run.run_id).data.tags["note"] == SAID


def test_a_server_that_is_away_is_one_sentence(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(ModelsAwayError, match=r"^The server of models cannot be reached"):
        Registry("http://127.0.0.1:9", ("segments",)).count(PEOPLE)
