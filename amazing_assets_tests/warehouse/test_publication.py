"""Partitions written to a real PostgreSQL, and what is left when something comes between."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import pandera.polars as pa
import polars as pl
import psycopg2
import pytest

from amazing_assets.lake.contract import Table
from amazing_assets.places import Server
from amazing_assets.warehouse.loading import ByConnection
from amazing_assets.warehouse.publication import ServerWriter
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import Replacement, WarehouseError, read_month

OCTOBER, NOVEMBER = date(2019, 10, 1), date(2019, 11, 1)
TEXTS = ["plain", "", "\\N", 'a "quoted", text', "two\nlines", "%s", None]


class Figures(Table):
    """What was counted: a 'table' of tests."""

    month: date = pa.Field(description="First day of the month.")
    user_id: int = pa.Field(description="Who; 100 % real.", unique=False)
    share: float = pa.Field(nullable=True)

    class Config:
        unique = ["month", "user_id"]  # noqa: RUF012  as of Pandera


def figures(*customers, month=OCTOBER, share=1 / 3):
    return pl.DataFrame(
        {"month": month, "user_id": customers, "share": share},
        schema={"month": pl.Date, "user_id": pl.Int64, "share": pl.Float64},
    )


def replacement(*customers, run="one", **how):
    key = str(how.get("month", OCTOBER))[:7]
    return Replacement("figures", figures(*customers, **how), run, key, Figures)


@pytest.fixture
def writer(database):
    return ServerWriter(Server(database.address), None, ByConnection(), pauses=())


@pytest.fixture
def warehouse(database):
    return ServerWarehouse(Server(database.address), None)


def customers(warehouse, month=OCTOBER):
    found = read_month(warehouse, "figures", month)
    return None if found is None else found["user_id"].sort().to_list()


def test_a_month_is_replaced_and_others_stay(writer, warehouse):
    assert writer.write(replacement(1, 2))
    assert writer.write(replacement(3, month=NOVEMBER))
    assert writer.write(replacement(4))
    assert customers(warehouse) == [4]
    assert customers(warehouse, NOVEMBER) == [3]
    assert warehouse.latest("figures") == NOVEMBER


def test_a_month_that_is_left_without_rows_is_empty(writer, warehouse):
    writer.write(replacement(1))
    writer.write(replacement())
    assert customers(warehouse) is None
    assert warehouse.latest("figures") is None
    assert warehouse.read_table("another") is None


def test_a_table_without_partitions_is_replaced_as_a_whole(writer, warehouse):
    for run in ("one", "two"):
        writer.write(Replacement("rules", pl.DataFrame({"rule": [run]}), run))
    assert warehouse.read_table("rules").rows() == [("two",)]


def test_every_value_is_read_as_it_was_written(writer, warehouse):
    count = len(TEXTS)
    frame = pl.DataFrame(
        {
            "week": [date(2019, 10, 1)] * count,
            "text": TEXTS,
            "share": [0.1, 1 / 3, float("nan"), float("inf"), -0.0, 5e-324, None],
            "long": [2**63 - 1, -(2**63), 0, 1, 2, 3, None],
            "short": pl.Series([1, 2, 3, 4, 5, 6, None], dtype=pl.Int16),
            "number": pl.Series([1, 2, 3, 4, 5, 6, None], dtype=pl.Int32),
            "is_so": [True, False, None, True, False, True, False],
        }
    )
    writer.write(Replacement("values", frame, "one", "2019-10-01"))
    read = warehouse.read_table("values")
    assert read.schema == frame.schema
    assert read.sort("long").equals(frame.sort("long"))


def test_the_same_rows_of_the_same_run_are_written_once(writer, warehouse, database):
    assert writer.write(replacement(1))
    assert writer.write(replacement(2, run="two"))
    # What was done once is not done again over what came after it.
    assert not writer.write(replacement(1))
    assert customers(warehouse) == [2]
    assert writer.write(replacement(1, run="three"))
    recorded = "select partition_key, run_id, row_count from amazing.publications order by run_id"
    assert database.execute(recorded) == [("2019-10", run, 1) for run in ("one", "three", "two")]


CUT = """
create sequence cuts;
create function cut() returns trigger language plpgsql as $$ begin
    if nextval('cuts') <= {times} then perform pg_terminate_backend(pg_backend_pid()); end if;
    return new; end $$;
create trigger cut before insert on amazing.publications for each row execute function cut()
"""


def test_a_connection_cut_between_delete_and_commit_leaves_the_month_as_it_was(
    writer, warehouse, database
):
    writer.write(replacement(1, 2))
    database.execute(CUT.format(times=1))
    with pytest.raises(WarehouseError, match=r"let go of us at figures: .*; nothing was changed"):
        writer.write(replacement(3, run="two"))
    assert customers(warehouse) == [1, 2]
    assert writer.write(replacement(3, run="two"))
    assert not writer.write(replacement(3, run="two"))
    assert customers(warehouse) == [3]


def test_a_writer_tries_again_by_itself_and_says_so(warehouse, database):
    said = []
    server = Server(database.address)
    writer = ServerWriter(server, None, ByConnection(), said.append, pauses=(0.01, 0.01, 0.01))
    writer.write(replacement(1))
    database.execute(CUT.format(times=2))
    assert writer.write(replacement(3, run="two"))
    assert customers(warehouse) == [3]
    assert [sentence.endswith("Another attempt follows in 0.01 s.") for sentence in said] == [
        True,
        True,
    ]


def test_writers_at_the_same_time_on_the_same_month_leave_the_rows_of_one(writer, warehouse):
    with ThreadPoolExecutor(8) as pool:
        patient = ServerWriter(writer.server, None, writer.loading, pauses=(0.1,) * 8)
        written = [replacement(*range(n, n + 50), run=str(n)) for n in range(8)]
        assert list(pool.map(patient.write, written)) == [True] * 8
    left = customers(warehouse)
    assert left in [list(range(n, n + 50)) for n in range(8)]


def test_a_table_that_somebody_holds_is_told(writer, warehouse, database):
    writer.write(replacement(1))
    with closing(psycopg2.connect(database.address)) as person, person.cursor() as cursor:
        cursor.execute("update amazing.figures set share = 0")
        with pytest.raises(
            WarehouseError, match=r"^Another session holds figures in the warehouse "
        ):
            replace(writer, patience=0.1).write(replacement(2, run="two"))
        # Who only reads waits for nobody.
        assert customers(warehouse) == [1]
    assert writer.write(replacement(2, run="two"))


def test_a_column_that_the_table_lacks_is_added(writer, warehouse):
    writer.write(replacement(1))
    more = figures(2, month=NOVEMBER).with_columns(rank=pl.lit(1, pl.Int16))
    writer.write(Replacement("figures", more, "two", "2019-11"))
    assert warehouse.read_table("figures").sort("month")["rank"].to_list() == [None, 1]


def test_a_column_that_is_no_longer_made_is_not_read(writer, database):
    more = figures(1).with_columns(rank=pl.lit(1, pl.Int16))
    writer.write(Replacement("figures", more, "one", "2019-10"))
    writer.write(replacement(2, month=NOVEMBER))
    warehouse = ServerWarehouse(Server(database.address), None, {"figures": Figures})
    assert warehouse.read_table("figures").columns == ["month", "user_id", "share"]


def test_a_column_of_another_type_is_refused_and_nothing_is_changed(writer, warehouse):
    writer.write(replacement(1))
    other = figures(2).with_columns(pl.col("user_id").cast(pl.String))
    with pytest.raises(
        WarehouseError, match=r"The column user_id of figures is bigint .* would be text; rename"
    ):
        writer.write(Replacement("figures", other, "two", "2019-10"))
    assert customers(warehouse) == [1]


def test_a_column_of_a_kind_that_no_table_has_is_refused(writer):
    frame = pl.DataFrame({"listed": [[1, 2]]})
    with pytest.raises(WarehouseError, match="The column listed of odd is List"):
        writer.write(Replacement("odd", frame, "one"))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.concat([figures(1), figures(2, month=NOVEMBER)]), "1 belong to another month"),
        (figures(1, 1, 2), "1 have the key of another"),
    ],
    ids=["another month", "the same key"],
)
def test_rows_that_do_not_keep_their_place_change_nothing(writer, warehouse, frame, said):
    writer.write(replacement(7))
    with pytest.raises(WarehouseError, match=said):
        writer.write(Replacement("figures", frame, "two", "2019-10", Figures))
    assert customers(warehouse) == [7]


def test_tables_and_columns_are_described(writer, database):
    writer.write(replacement(1))
    described = database.execute(
        "select objsubid, description from pg_description "
        "where objoid = 'amazing.figures'::regclass order by objsubid"
    )
    assert described == [
        (0, "What was counted: a 'table' of tests."),
        (1, "First day of the month."),
        (2, "Who; 100 % real."),
    ]


def test_readers_may_read_and_nothing_else(writer, database):
    readers = f"readers_{database.name[:8]}"
    database.execute(f"create role {readers} login")
    allowed = Server(database.address, readers=readers)
    ServerWriter(allowed, None, ByConnection(), pauses=()).write(replacement(1))
    reader = Server(database.address.replace("lab@", f"{readers}@"))
    assert customers(ServerWarehouse(reader, None)) == [1]
    with pytest.raises(WarehouseError, match="does not take figures: permission denied"):
        ServerWriter(reader, None, ByConnection(), pauses=()).write(replacement(2))
    assert customers(ServerWarehouse(allowed, None)) == [1]


def test_a_table_that_is_dropped_can_be_written_by_the_same_run_again(writer, warehouse):
    writer.write(replacement(1))
    assert "figures" in warehouse.tables()
    writer.drop("figures")
    assert "figures" not in warehouse.tables()
    assert writer.write(replacement(1))


def test_a_server_that_is_away_is_told_in_one_sentence(database):
    away = Server("postgresql://lab@127.0.0.1:9/nowhere")
    with pytest.raises(
        WarehouseError,
        match=r"^The warehouse postgresql://lab@127.0.0.1:9/nowhere "
        "does not answer: .*; start it, or correct AMAZING_WAREHOUSE and the network.$",
    ):
        ServerWarehouse(away, None).latest("figures")
    unknown = Server(f"{database.address}-unknown")
    with pytest.raises(
        WarehouseError, match=r"refuses us: .*does not exist; correct AMAZING_WAREHOU"
    ):
        ServerWarehouse(unknown, None).latest("figures")
