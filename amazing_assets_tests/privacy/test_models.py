import pytest

from amazing_assets.models.library import quietly
from amazing_assets.models.store import ModelStore, RegisteredModel
from amazing_assets.privacy.models import models_that_saw


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A version with material until October, one until December, one that says nothing."""
    folder = tmp_path_factory.mktemp("models")
    made = ModelStore(
        f"sqlite:///{folder}/mlflow.db",
        (folder / "artifacts").as_uri(),
        RegisteredModel("churn_pause", "model of who will pause", "churn_models"),
    )
    with quietly():
        client = made.client()
        client.create_registered_model(made.model.name)
        for tags in ({"reference_date": "2019-10-15"}, {"reference_date": "2019-12-31"}, {}):
            client.create_model_version(made.model.name, made.artifacts, tags=tags)
    return made


@pytest.mark.parametrize(
    ("months", "versions"),
    [
        (["2019-10", "2019-12"], ["1", "2", "3"]),
        (["2019-11"], ["2", "3"]),
        (["2020-02"], ["3"]),
    ],
)
def test_a_model_may_have_learnt_from_who_came_before_its_material_ends(store, months, versions):
    assert models_that_saw([store], months) == {"churn_pause": versions}


def test_of_who_was_never_there_no_model_learnt(store):
    assert models_that_saw([store], []) == {}
