"""Which models the commands know, and what they print of a version."""

import typing

import pytest

from amazing_assets.commands.models import TOLD, Of, tell_versions
from amazing_assets.models.store import ModelStore
from amazing_assets.settings import load_settings
from amazing_assets_tests.commands import amazing

ROW = {
    "version": "2",
    "alias": "champion",
    "model": "lightgbm",
    "customers": 812,
    "decision": "promoted",
    "approved_by": "Ada Lovelace",
    "reasons": "It is better.",
}


def test_every_model_can_be_named():
    literal, _ = typing.get_args(Of)
    assert set(typing.get_args(literal)) == set(TOLD)


def test_the_versions_of_every_model_are_told_under_its_name(capsys):
    tell_versions({"Versions of this": [ROW], "Versions of that": [ROW]}, as_json=False)
    told = capsys.readouterr().out
    assert told.index("Versions of this") < told.index("Versions of that")
    assert told.count("Version 2: It is better. approved by Ada Lovelace.") == 2


@pytest.mark.parametrize("of", ["next_actions", "churn_pause"])
def test_a_model_without_versions_says_so_by_its_name(tmp_path, of):
    settings = load_settings({"AMAZING_HOME": str(tmp_path)})
    model = TOLD[of].model
    store = ModelStore(settings.mlflow_tracking_uri, settings.artifacts.as_uri(), model)
    assert store.versions() == []
    refused = amazing(tmp_path, "rollback", "1", "--of", of)
    assert refused.returncode == 1
    assert refused.stderr == (f"amazing: There is no version 1 of the {model.noun}; known: none.\n")


def test_an_unknown_model_is_refused_with_those_there_are(tmp_path):
    refused = amazing(tmp_path, "rollback", "1", "--of", "churn")
    assert refused.returncode == 2
    assert "churn_pause" in refused.stderr
