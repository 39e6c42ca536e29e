"""The fifty where nothing is on this machine: all on S3 and in PostgreSQL, requests as well."""

import json
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import yaml

from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, environment, found
from amazing_assets_tests.databases import Database
from amazing_assets_tests.places import BUCKET, BucketPlace
from amazing_assets_tests.privacy import fifty
from amazing_assets_tests.privacy.planted import holds, meanings, numbers_as_bytes, places_of

# Everything of three months.
pytestmark = pytest.mark.evaluate


@dataclass
class Servers:
    """A home that keeps nothing but the account of it, and the servers that keep the rest."""

    home: Path
    place: BucketPlace
    warehouse: Database
    dagster: Database
    mlflow: Database

    @property
    def variables(self):
        at = self.place.root
        return environment(
            self.home,
            AMAZING_SHARDS="2",
            AMAZING_LANDING=f"{at}/landing",
            AMAZING_LAKE=f"{at}/lake",
            AMAZING_LISTS=f"{at}/lists",
            AMAZING_REQUESTS=f"{at}/requests",
            AMAZING_WAREHOUSE=self.warehouse.address,
            MLFLOW_TRACKING_URI=f"postgresql+psycopg2://{self.mlflow.place}",
        )

    def configure(self):
        """Have Dagster keep its history and the logs of runs where production does."""
        folder = self.home / "dagster"
        folder.mkdir(parents=True)
        storage = {"postgres": {"postgres_url": f"postgresql+psycopg2://{self.dagster.place}"}}
        logs = {
            "module": "dagster_aws.s3.compute_log_manager",
            "class": "S3ComputeLogManager",
            "config": {
                "bucket": BUCKET,
                "prefix": f"{self.place.prefix}/logs",
                "endpoint_url": self.place.server.address,
            },
        }
        told = {"telemetry": {"enabled": False}, "storage": storage, "compute_logs": logs}
        (folder / "dagster.yaml").write_text(yaml.safe_dump(told))

    def land(self, folder):
        for file in folder.iterdir():
            self.place.write(f"landing/{file.name}", file.read_bytes())

    def places(self):
        """Where the fifty are found, but in the files that landed."""
        texts, numbers = fifty.sought(KEY)
        return [*places_of(self.home, texts, numbers, ()), *self._elsewhere(texts, numbers)]

    def _elsewhere(self, texts, numbers):
        patterns, forms = [text.encode() for text in texts], numbers_as_bytes(numbers)
        return sorted(
            {
                f"{where}: {how}"
                for where, data in (*self.objects(), *self._rows(), *self._files_of_tables())
                for how, content in meanings(data)
                if any(pattern in content for pattern in patterns) or holds(content, forms)
            }
        )

    def objects(self):
        """The objects but those that landed, by their keys."""
        client, prefix = self.place.server.client, f"{self.place.prefix}/"
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        for page in pages:
            for each in page["Contents"]:
                if not each["Key"].startswith(f"{prefix}landing/"):
                    body = client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"]
                    yield each["Key"].removeprefix(prefix), body.read()

    def _rows(self):
        for name in ("warehouse", "dagster", "mlflow"):
            with closing(psycopg2.connect(getattr(self, name).address)) as connection:
                for table in tables_in(connection):
                    yield f"{name}, {table}", rows_in(connection, table)

    def _files_of_tables(self):
        """What lies on the disk of the server: rows that were deleted, and are there still."""
        ((folder,),) = self.warehouse.execute("show data_directory")
        for name in ("warehouse", "dagster", "mlflow"):
            database = getattr(self, name)
            database.execute("checkpoint")
            ((number,),) = database.execute(
                "select oid from pg_database where datname = current_database()"
            )
            for file in Path(folder, "base", str(number)).iterdir():
                yield f"{name}, file", file.read_bytes()


def tables_in(connection):
    with connection.cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables "
            "where table_type = 'BASE TABLE' and table_schema not in "
            "('pg_catalog', 'information_schema')"
        )
        return [name for (name,) in cursor.fetchall()]


def rows_in(connection, table):
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {table}")
        return b"\n".join(told(value) for row in cursor.fetchall() for value in row)


def told(value):
    """The bytes of a value; Dagster packs some."""
    if isinstance(value, memoryview):
        with suppress(zlib.error):
            return zlib.decompress(value)
        return bytes(value)
    return json.dumps(value, default=str).encode()


@pytest.fixture(scope="module")
def servers(s3, postgres, tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    databases = (postgres.another(f"erased_{each}") for each in ("warehouse", "dagster", "mlflow"))
    made = Servers(folder / "home", BucketPlace(s3, "erased"), *databases)
    made.configure()
    (folder / "landing").mkdir()
    fifty.deliver(folder / "landing")
    made.land(folder / "landing")
    variables = made.variables | s3.variables
    fifty.make_everything(variables)
    return made, variables


@pytest.fixture(scope="module")
def story(servers):
    """Where they are before, after, and once every file was read again."""
    made, variables = servers
    (segment,), *_ = made.warehouse.execute(
        "select distinct segment from amazing.segment_assignments where segment is not null"
    )
    run(made, variables, "audience", segment, "--month", fifty.MONTHS[-1])
    before = made.places()
    # Half of them by the request that lies in the bucket, half by name.
    named = "\n".join(map(str, fifty.FIFTY[:25]))
    made.place.write("requests/november.txt", named.encode())
    run(made, variables, "run", "--months", fifty.MONTHS[0], "--select", "key:erasures")
    waiting = [key for key, _ in made.objects() if key.startswith("requests/")]
    found(fifty.forget(variables))
    after = made.places()
    again = "+key:user_features or key:contacts"
    run(made, variables, "run", "--select", again)
    return before, waiting, after, made.places()


def run(made, variables, *arguments):
    return found(amazing(made.home, *arguments, "--json", **variables))


def test_they_are_in_every_store_before(story):
    inside = "\n".join(story[0])
    expected = [
        *(f"lake/.store/{table}/" for table in fifty.OF_THE_LAKE),
        *(f"warehouse, amazing.{table}" for table in fifty.OF_THE_WAREHOUSE),
        "lists/audiences/",
        "lists/2019-12",
        "warehouse, file",
    ]
    assert [each for each in expected if each not in inside] == []


def test_a_request_in_the_bucket_is_done_by_a_run_and_its_file_goes(story):
    assert story[1] == []


def test_neither_id_nor_pseudonym_nor_visit_is_found_in_any_byte(story):
    assert story[2] == []


def test_nor_once_every_file_was_read_again(story):
    assert story[3] == []
