"""Where models are kept, as versions in MLflow; it knows none of ours."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from amazing_assets.models import moved
from amazing_assets.models.archive import FORMAT, UnreadableModelError
from amazing_assets.models.library import ModelsAwayError, is_away, mlflow, quietly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHAMPION, CHALLENGER = "champion", "challenger"

# Tag of a version: how its files are written.
STORED_AS = "stored_as"

# Name of the model's own files among those that MLflow keeps.
ARCHIVE = "archive"

# Given, because MLflow otherwise starts a process that loads the model to find them out: 20 s.
REQUIREMENTS = ("amazing-assets",)


@dataclass(frozen=True)
class RegisteredModel:
    """Under which name the versions of a model are kept, and what sentences call it.

    Attributes:
        name: In the registry, as `segments`.
        noun: As `segment model`.
        asset: What is materialized to make a version, as `segment_model`.
    """

    name: str
    noun: str
    asset: str


@dataclass(frozen=True)
class NewVersion:
    """What is kept of a model that becomes a version.

    Attributes:
        write: Writes the model's own files into a folder that it makes.
        figures: Its metrics.
        texts: Further files, by name.
        tags: What one asks before trusting it.
        card: The model card, as Markdown.
        curves: Figures of each step of a training, by name.
    """

    write: Callable[[Path], None]
    figures: Mapping[str, float]
    texts: Mapping[str, str]
    tags: Mapping[str, str]
    card: str
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Serving:
    """How MLflow serves a model.

    Attributes:
        code: File of Python that hands a `PythonModel` to `mlflow.models.set_model`.
        inputs: Types of the columns read, as MLflow names them.
        outputs: Types of the columns answered.
        required: Of the columns answered, those that are never null.
    """

    code: Path
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    required: frozenset[str]


@dataclass(frozen=True)
class ModelStore:
    """The versions of one registered model, in an MLflow store.

    Attributes:
        tracking_uri: Of the store, as in `sqlite:///mlflow.db`.
        artifacts: URI of the folder for artefacts, used when the store is first written; a server
            says itself where they lie.
        model: Whose versions.
    """

    tracking_uri: str
    artifacts: str
    model: RegisteredModel

    @property
    def folder(self) -> Path:
        """The folder of the artefacts."""
        return Path(url2pathname(urlsplit(self.artifacts).path))

    @property
    def _is_served(self) -> bool:
        """Whether a server keeps the files."""
        return self.tracking_uri.startswith("http")

    def client(self) -> Any:  # noqa: ANN401 - mlflow is imported late
        """Return a client of the store, without touching MLflow's global state."""
        moved.follow(self.tracking_uri, self.artifacts, self.model.name)
        return mlflow().MlflowClient(self.tracking_uri, registry_uri=self.tracking_uri)

    @quietly()
    def champion(self) -> str | None:
        """Return the version that is in use; None if none was promoted yet."""
        # Asked of the model, for MLflow answers an unknown alias with an error like any other.
        version = self.aliases().get(CHAMPION)
        return None if version is None else str(version)

    @quietly()
    def can_read(self, version: str) -> bool:
        """Whether a version is stored as this version of the platform stores models."""
        return stored_readably(self.client().get_model_version(self.model.name, version))

    @quietly()
    def aliases(self) -> dict[str, str]:
        """Return which version is called what."""
        known = self._registered()
        return dict(known.aliases) if known else {}

    @quietly()
    def tag(self, name: str) -> str | None:
        """Return a tag of the registered model, beside all versions; None if it has none."""
        known = self._registered()
        return known.tags.get(name) if known else None

    @quietly()
    def set_tag(self, name: str, value: str) -> None:
        """Set a tag of the registered model."""
        self.client().set_registered_model_tag(self.model.name, name, value)

    @quietly()
    def versions(self) -> list[Any]:
        """Return every version as MLflow knows it."""
        return list(self.client().search_model_versions(f"name = '{self.model.name}'"))

    @quietly()
    def facts(self, version: str) -> dict[str, str]:
        """Return the tags of a version."""
        return dict(self.client().get_model_version(self.model.name, version).tags)

    @quietly()
    def figures(self, version: str) -> dict[str, float]:
        """Return what was measured of a version."""
        client = self.client()
        run = client.get_model_version(self.model.name, version).run_id
        return dict(client.get_run(run).data.metrics)

    @quietly()
    def remove(self, version: str) -> None:
        """Delete a version and its files; in a database elsewhere `mlflow gc` deletes the files."""
        client = self.client()
        run = client.get_model_version(self.model.name, version).run_id
        if self._is_served:
            place = client.get_run(run).info.artifact_uri
            repositories = mlflow().store.artifact.artifact_repository_registry
            files = repositories.get_artifact_repository(place, tracking_uri=self.tracking_uri)
            files.delete_artifacts()
        client.delete_model_version(self.model.name, version)
        client.delete_run(run)
        shutil.rmtree(self.folder / run, ignore_errors=True)

    @quietly()
    def add(self, new: NewVersion, served: Serving) -> str:
        """Store a model and return its version; nobody uses it before it is promoted."""
        client, name = self.client(), self.model.name
        run = client.create_run(self._experiment(client)).info
        for figure, value in new.figures.items():
            client.log_metric(run.run_id, figure, value)
        for curve, values in new.curves.items():
            for step, value in enumerate(values, start=1):
                client.log_metric(run.run_id, curve, value, step=step)
        for file, text in {"model_card.md": new.card, **new.texts}.items():
            client.log_text(run.run_id, text, file)
        with TemporaryDirectory() as folder:
            client.log_artifacts(run.run_id, _written(new, served, Path(folder)), "model")
        client.set_terminated(run.run_id)
        if self._registered() is None:
            client.create_registered_model(name)
        tags = {**new.tags, STORED_AS: FORMAT}
        source = f"{run.artifact_uri}/model"
        made = client.create_model_version(
            name, source, run.run_id, tags=tags, description=new.card
        )
        return str(made.version)

    def read(self, version: str, reader: Callable[[Path], Any]) -> Any:  # noqa: ANN401 - any model
        """Return what a reader makes of the files of a version.

        Raises:
            UnreadableModelError: The files are of another format, gone, or damaged.
            ModelsAwayError: The server does not answer, and nothing is known of the files.
        """
        try:
            return self._read(version, reader)
        except (UnreadableModelError, OSError, mlflow().MlflowException) as error:
            if is_away(error):
                raise ModelsAwayError from error
            raise UnreadableModelError(self.unreadable(version)) from error

    def unreadable(self, version: str) -> str:
        """Return the sentence on a version that cannot be read."""
        return (
            f"Version {version} of the {self.model.noun} cannot be read by this version of the "
            f"platform; materialize {self.model.asset} to train another."
        )

    @quietly()
    def _read(self, version: str, reader: Callable[[Path], Any]) -> Any:  # noqa: ANN401 - as above
        found = self.client().get_model_version(self.model.name, version)
        if not stored_readably(found):
            raise UnreadableModelError(f"It is stored as {found.tags.get(STORED_AS)}.")
        # None, unless the home was moved to where nobody can write.
        before = moved.follow(self.tracking_uri, self.artifacts, self.model.name)
        source = found.source.replace(before, self.artifacts, 1) if before else found.source
        with TemporaryDirectory() as folder:
            files = mlflow().artifacts.download_artifacts(
                f"{source}/artifacts/{ARCHIVE}",
                dst_path=folder,
                tracking_uri=self.tracking_uri,
            )
            return reader(Path(files))

    def _registered(self) -> Any:  # noqa: ANN401 - mlflow is imported late
        known = self.client().search_registered_models(f"name = '{self.model.name}'")
        return known[0] if known else None

    def _experiment(self, client: Any) -> str:  # noqa: ANN401 - mlflow is imported late
        known = client.get_experiment_by_name(self.model.name)
        if known is not None:
            return str(known.experiment_id)
        # What others reach only by way of the server must not lie in the home of one of them.
        place = None if self._is_served else self.artifacts
        return str(client.create_experiment(self.model.name, place))


def stored_readably(registered: Any) -> bool:  # noqa: ANN401 - mlflow is imported late
    """Whether a version, as MLflow knows it, is stored as models are today."""
    return bool(registered.tags.get(STORED_AS) == FORMAT)


def _written(new: NewVersion, served: Serving, folder: Path) -> str:
    """Write a model in MLflow's layout and return the folder."""
    new.write(folder / ARCHIVE)
    target = folder / "model"
    mlflow().pyfunc.save_model(
        str(target),
        # The code itself, not a pickle of it: a pickle would hold the path of its module.
        python_model=str(served.code),
        artifacts={ARCHIVE: str(folder / ARCHIVE)},
        signature=_signature(served),
        pip_requirements=list(REQUIREMENTS),
    )
    _forget_machine(target, served.code.name)
    return str(target)


def _forget_machine(target: Path, code: str) -> None:
    """Take out of a model's description where this machine had its parts: they lie beside it."""
    file = target / mlflow().models.model.MLMODEL_FILE_NAME
    described = mlflow().models.Model.load(str(file))
    flavour = described.flavors[mlflow().pyfunc.FLAVOR_NAME]
    flavour["model_code_path"] = code
    for part in flavour["artifacts"].values():
        part["uri"] = part["path"]
    described.save(str(file))


def _signature(served: Serving) -> Any:  # noqa: ANN401 - mlflow is untyped
    types, models = mlflow().types, mlflow().models
    inputs = [types.ColSpec(kind, name) for name, kind in served.inputs.items()]
    outputs = [
        types.ColSpec(kind, name, required=name in served.required)
        for name, kind in served.outputs.items()
    ]
    return models.ModelSignature(types.Schema(inputs), types.Schema(outputs))
