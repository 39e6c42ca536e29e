"""How rows reach Redshift, on a real S3 server; who reads them there stands in for Redshift."""

import io
import re
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import psycopg2
import pytest

from amazing_assets.places import Server
from amazing_assets.s3_client import s3_client
from amazing_assets.warehouse.loading import ByS3
from amazing_assets_tests.places import BUCKET

ROLE = "arn:aws:iam::123456789012:role/redshift"
ROWS = pl.DataFrame(
    {"user_id": [1, 2], "segment": pl.Series([3, None], dtype=pl.Int16), "name": ["a", None]}
)


@dataclass
class Reader:
    """Reads with each COPY what lies at its address, as Redshift does."""

    client: Any
    statements: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def execute(self, statement):
        self.statements.append(statement)
        bucket, key = re.search(r"from 's3://([^/]+)/([^']+)'", statement).groups()
        body = self.client.get_object(Bucket=bucket, Key=key)["Body"].read()
        self.rows.append(pl.read_parquet(io.BytesIO(body)))


@pytest.fixture
def loading(bucket):
    server = Server("redshift://u@h:5439/d", stage=f"{bucket.root}/stage", role=ROLE)
    return ByS3(server, s3_client())


def staged(bucket, loading):
    found = loading.client.list_objects_v2(Bucket=BUCKET, Prefix=f"{bucket.prefix}/stage")
    return found["KeyCount"]


def written(loading):
    file = io.BytesIO()
    loading.write(ROWS, file)
    file.seek(0)
    return file


def test_rows_lie_in_the_bucket_until_they_are_loaded(bucket, loading):
    reader = Reader(loading.client)
    loading.load(reader, '"stage_figures"', written(loading))
    assert reader.rows[0].equals(ROWS)
    (statement,) = reader.statements
    assert re.fullmatch(
        rf"copy \"stage_figures\" from '{bucket.root}/stage/[0-9a-f]{{32}}\.parquet' "
        rf"iam_role '{ROLE}' format as parquet",
        statement,
    )
    assert staged(bucket, loading) == 0


def test_rows_that_are_not_taken_leave_nothing_in_the_bucket(bucket, loading, database):
    connection = psycopg2.connect(database.address)
    with connection, connection.cursor() as cursor, pytest.raises(psycopg2.errors.SyntaxError):
        loading.load(cursor, "t", written(loading))
    connection.close()
    assert staged(bucket, loading) == 0
