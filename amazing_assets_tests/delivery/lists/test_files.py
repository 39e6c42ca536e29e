import stat
from pathlib import Path

import polars as pl
import pytest

from amazing_assets.delivery.lists.files import ListError, write_list

LIST = pl.DataFrame({"rank": [1, 2], "user_id": [5, 6]})


def test_a_list_is_written_as_csv_and_parquet_for_its_owner_alone(tmp_path):
    csv, parquet = map(Path, write_list(str(tmp_path), "2019-10-22/pause", LIST))
    assert pl.read_csv(csv).equals(LIST)
    assert pl.read_parquet(parquet).equals(LIST)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (csv, parquet)} == {0o600}
    assert write_list(str(tmp_path), "2019-10-22/pause", LIST.head(1))
    assert pl.read_csv(csv).height == 1
    assert sorted(file.name for file in csv.parent.iterdir()) == ["pause.csv", "pause.parquet"]


def test_a_list_is_written_under_a_prefix_of_a_bucket(bucket):
    csv, parquet = write_list(f"{bucket.root}/lists", "2019-10-22/pause", LIST)
    assert csv == f"{bucket.root}/lists/2019-10-22/pause.csv"
    client = bucket.server.client
    body = client.get_object(**bucket.object("lists/2019-10-22/pause.parquet"))["Body"].read()
    assert pl.read_parquet(body).equals(LIST)
    assert parquet.endswith("/pause.parquet")


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ListError, match="lies where a folder is needed"):
        write_list(str(tmp_path / "file"), "pause", LIST)
