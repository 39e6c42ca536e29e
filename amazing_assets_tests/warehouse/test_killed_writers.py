"""Writers to a real PostgreSQL that are killed at any moment, as the machine or a person does."""

import random
import subprocess
import sys
import time

import pytest

from amazing_assets.places import Server
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets_tests.daemon.platform import eventually

MONTHS, ROWS = ("2019-10", "2019-11", "2019-12"), 400

# Writes month after month, each run another number into all rows of a month.
WRITER = f"""
import itertools, sys
import polars as pl
from amazing_assets.dates import first_day
from amazing_assets.places import Server
from amazing_assets.warehouse.loading import ByConnection
from amazing_assets.warehouse.publication import ServerWriter
from amazing_assets.warehouse.warehouse import Replacement
writer = ServerWriter(Server(sys.argv[1]), None, ByConnection())
for number in itertools.count(int(sys.argv[2])):
    month = {MONTHS}[number % {len(MONTHS)}]
    rows = pl.DataFrame({{"month": first_day(month), "number": [number] * {ROWS}}})
    writer.write(Replacement("figures", rows, str(number), month))
    print(number, flush=True)
"""

EVERY_MONTH = (
    "select month::text, count(*), min(number), max(number) from amazing.figures group by 1"
)
RECORDED = "select partition_key || '-01', max(run_id::bigint) from amazing.publications group by 1"

OTHERS = (
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.evaluate)])
def test_a_killed_writer_leaves_every_month_whole_and_recorded(database, kills):
    chance, number = random.Random(kills), 0  # noqa: S311  moments to kill at
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, database.address, str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        # Only then are all tables there, and it is about to write again.
        done = [int(writer.stdout.readline()) for _ in MONTHS]
        time.sleep(chance.uniform(0, 0.1))
        writer.kill()
        done += [int(line) for line in writer.communicate()[0].split()]
        # The server may be at its last words to who is gone.
        eventually(lambda: database.execute(OTHERS) == [(0,)])
        months = database.execute(EVERY_MONTH)
        assert [(count, low) for _, count, low, _ in months] == [
            (ROWS, high) for _, _, _, high in months
        ]
        assert {month: high for month, _, _, high in months} == dict(database.execute(RECORDED))
        written = max(high for _, _, _, high in months)
        # What was said to be written is; what was about to be said may be as well.
        assert done[-1] <= written <= done[-1] + 1
        number = written + 1
    assert ServerWarehouse(Server(database.address), None).read_table("figures").height == 3 * ROWS
