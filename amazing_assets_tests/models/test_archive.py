import json
import pickle
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn.preprocessing import StandardScaler

from amazing_assets.models.archive import FORMAT, UnreadableModelError, read, write


class Part(NamedTuple):
    name: str
    borders: dict[int, tuple[float, ...]]
    seen: date | None = None


@dataclass(frozen=True)
class Whole:
    part: Part
    weights: np.ndarray
    table: pl.DataFrame
    scale: StandardScaler
    notes: tuple[str, ...] = ()


KINDS = (Whole, Part, StandardScaler)


@pytest.fixture
def whole():
    return Whole(
        Part("\u00e9t\u00e9", {3: (0.1, float("inf")), 4: ()}, date(2020, 2, 29)),
        np.array([[1.5, np.nan], [0.0, -2.0]]),
        pl.DataFrame(
            {"k": [1, None], "name": ["a", "b"]}, schema={"k": pl.Int16, "name": pl.String}
        ),
        StandardScaler().fit(np.array([[1.0], [3.0]])),
        ("one", "two"),
    )


def test_what_is_written_is_read_again(whole, tmp_path):
    write(whole, tmp_path / "model")
    found = read(tmp_path / "model", KINDS)
    assert found.part == whole.part
    assert found.notes == whole.notes
    np.testing.assert_array_equal(found.weights, whole.weights)
    assert_frame_equal(found.table, whole.table)
    assert found.scale.transform([[5.0]]).tolist() == [[3.0]]


def test_no_file_holds_the_path_of_a_module_or_a_pickle(whole, tmp_path):
    write(whole, tmp_path / "model")
    files = sorted((tmp_path / "model").iterdir())
    assert [file.name for file in files] == ["arrays.npz", "model.json", "table0.parquet"]
    for file in files:
        assert b"amazing_assets" not in file.read_bytes()
        assert not file.read_bytes().startswith(pickle.PROTO)


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / "model.json").unlink(),
        lambda folder: (folder / "model.json").write_text("{"),
        lambda folder: (folder / "arrays.npz").write_bytes(b"PK\x03\x04half"),
        lambda folder: (folder / "table0.parquet").write_bytes(b""),
        lambda folder: edit(folder, "format", "0"),
        lambda folder: edit(folder, "model", {"kind": "Stranger", "parts": {}}),
        lambda folder: edit(folder, "model", {"kind": "Part", "parts": {"nom": "x"}}),
        lambda folder: edit(folder, "model", {"array": "a99"}),
        lambda folder: edit(folder, "model", {"eval": "x"}),
    ],
    ids=[
        "no structure",
        "half a structure",
        "half the arrays",
        "an empty table",
        "another format",
        "an unknown class",
        "another field",
        "an array that is not there",
        "another kind of value",
    ],
)
def test_what_cannot_be_read_is_one_kind_of_error(harm, whole, tmp_path):
    write(whole, tmp_path / "model")
    harm(tmp_path / "model")
    with pytest.raises(UnreadableModelError):
        read(tmp_path / "model", KINDS)


def edit(folder, name, value):
    file = folder / "model.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), name: value}))


def test_the_format_is_said_in_the_file(whole, tmp_path):
    write(whole, tmp_path / "model")
    assert json.loads((tmp_path / "model" / "model.json").read_text())["format"] == FORMAT


@pytest.mark.parametrize("strange", [object(), np.array([object()])], ids=["an object", "objects"])
def test_what_cannot_be_stored_is_refused_when_it_is_written(strange, tmp_path):
    with pytest.raises(TypeError, match="stored"):
        write((strange,), tmp_path / "model")
