"""Customers in what a server of models keeps of ours, where it is reached by `http` alone.

What may name somebody are descriptions, tags, parameters and files, which are read and written as
any client does. Models of others on the same server are none of ours.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from amazing_assets.models.library import ModelsAwayError, is_away, mlflow, quietly
from amazing_assets.privacy.files import files_below, look, look_at_text
from amazing_assets.privacy.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amazing_assets.privacy.databases import Naming
    from amazing_assets.privacy.files import Found

# Of one answer; versions and runs come in pages.
_AT_ONCE = 200


class _Text(NamedTuple):
    """A text of the server, and what replaces it; None: nobody can, not even its owner."""

    text: str
    replace: Callable[[str], object] | None


@dataclass(frozen=True)
class Registry:
    """The models of ours on a server.

    Attributes:
        address: Of the server, which may hold a password.
        models: Names of the registered models, which are those of their experiments.
        name: What a sentence calls it.
    """

    address: str = field(repr=False)
    models: tuple[str, ...]
    name: str = "MLflow"

    def count(self, people: Naming) -> int:
        """Return how often what the server keeps names some customers."""
        with _reached():
            texts = sum(people.count_in(each.text) for each in self._texts())
            return texts + sum(self._in_files(run, people) for run in self._runs())

    def take_out(self, people: Naming) -> int:
        """Mask some customers in every text and file; return how often they were named."""
        number = 0
        with _reached():
            # All are read before the first is written, which may change their order.
            for each in list(self._texts()):
                if found := people.count_in(each.text):
                    number += found
                    if each.replace:
                        each.replace(people.masked(each.text))
            return number + sum(self._in_files(run, people, is_masked=True) for run in self._runs())

    @property
    def _client(self) -> Any:  # noqa: ANN401  MLflow is imported late
        return mlflow().MlflowClient(self.address, registry_uri=self.address)

    def _texts(self) -> Iterator[_Text]:
        client = self._client
        for name in self.models:
            for model in client.search_registered_models(f"name = '{name}'"):
                yield from _of_model(client, model)
            for version in _pages(client.search_model_versions, f"name = '{name}'"):
                yield from _of_version(client, version)
        for run in self._runs():
            yield from _of_run(client, run)

    def _runs(self) -> Iterator[Any]:
        client = self._client
        found = (client.get_experiment_by_name(name) for name in self.models)
        known = [each.experiment_id for each in found if each is not None]
        if known:
            yield from _pages(client.search_runs, known)

    def _in_files(self, run: Any, people: Naming, *, is_masked: bool = False) -> int:  # noqa: ANN401  as above
        """Count, and mask if that is wanted, in the files of a run."""
        number = 0
        with TemporaryDirectory() as folder:
            below = mlflow().artifacts.download_artifacts(
                run.info.artifact_uri, dst_path=folder, tracking_uri=self.address
            )
            for file in files_below(Path(below)):
                found = _looked_at(file, people)
                number += found.number
                if is_masked and found.number and found.without is not None:
                    file.write_bytes(found.without)
                    place = file.parent.relative_to(below)
                    self._client.log_artifact(
                        run.info.run_id, str(file), None if place == Path() else str(place)
                    )
        return number


def _looked_at(file: Path, people: Naming) -> Found:
    # A new key leaves visits as they are: the one list there may be of these has no customer.
    if isinstance(people, People):
        return look(file.name, file.read_bytes(), people)
    return look_at_text(file.read_bytes(), people)


def _of_model(client: Any, model: Any) -> Iterator[_Text]:  # noqa: ANN401  as above
    yield _Text(model.description or "", partial(client.update_registered_model, model.name))
    for key, value in model.tags.items():
        yield _Text(value, partial(client.set_registered_model_tag, model.name, key))


def _of_version(client: Any, version: Any) -> Iterator[_Text]:  # noqa: ANN401  as above
    named = (version.name, version.version)
    yield _Text(version.description or "", partial(client.update_model_version, *named))
    for key, value in version.tags.items():
        yield _Text(value, partial(client.set_model_version_tag, *named, key))


def _of_run(client: Any, run: Any) -> Iterator[_Text]:  # noqa: ANN401  as above
    for key, value in run.data.tags.items():
        yield _Text(value, partial(client.set_tag, run.info.run_id, key))
    # MLflow changes none that was logged.
    yield from (_Text(value, None) for value in run.data.params.values())


def _pages(search: Callable[..., Any], wanted: str | Sequence[str]) -> Iterator[Any]:
    token = None
    while True:
        found = search(wanted, max_results=_AT_ONCE, page_token=token)
        yield from found
        token = found.token
        if not token:
            return


@contextmanager
def _reached() -> Iterator[None]:
    """Have a server that is away be one sentence.

    Raises:
        ModelsAwayError: It is.
    """
    with quietly():
        try:
            yield
        except (OSError, mlflow().MlflowException) as error:
            if is_away(error):
                raise ModelsAwayError from None
            raise
