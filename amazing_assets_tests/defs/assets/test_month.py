import gzip
import shutil

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.customers.snapshot import fill_features
from amazing_assets.dates import first_day
from amazing_assets.defs.assets import customers, events
from amazing_assets.events.clean import tidy
from amazing_assets.events.contract import TOPICS
from amazing_assets.events.statistics.monitors import MONITORS
from amazing_assets.lake.storage import LakeError
from amazing_assets_tests.builders import event, landed, line, raw
from amazing_assets_tests.defs.homes import MONTH, Home, checks, failure, made
from amazing_assets_tests.demo.broken import BROKEN

TABLES = ("raw_events", "clean_events", "sessions", "user_products", "price_book", "user_features")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_month_goes_from_landing_to_features_in_one_run(october):
    home, run = october
    assert made(run) == {*TABLES, "rejected_events", "event_statistics"}
    assert all(check.passed for check in checks(run).values())
    assert {name for _, name in checks(run)} == {
        "keeps_contract",
        "every_row_is_accounted_for",
        "every_file_is_mostly_readable",
        "few_rows_are_rejected",
        "every_file_of_the_month_is_read",
        *MONITORS,
    }
    assert home.table("user_features")["user_id"].is_unique().all()


def test_a_month_shows_its_rows_its_customers_and_where_its_columns_come_from(october):
    home, run = october
    (event,) = run.asset_materializations_for_node("user_features")
    assert event.metadata["dagster/row_count"].value == home.table("user_features").height
    figures = {
        row.data["figure"]: row.data["value"]
        for row in event.metadata["customers in figures"].records
    }
    assert figures["customers"] == home.table("user_features").height
    assert event.metadata["last visits"].value.startswith("![](data:image/png;base64,")
    lineage = event.metadata["dagster/column_lineage"].value.deps_by_column
    assert dg.TableColumnDep(dg.AssetKey("sessions"), "last_event_at") in lineage["recency_days"]


def test_an_unusual_month_is_looked_at_and_goes_through(tmp_path):
    home = Home(tmp_path)
    landed(home.landing, line())
    run = home.materialize()
    assert run.success
    gap = checks(run)["event_statistics", "no_day_is_missing"]
    assert (gap.passed, gap.severity, gap.blocking) == (False, dg.AssetCheckSeverity.WARN, False)
    assert gap.description == "2019-10-02; 2019-10-03; 2019-10-04"
    assert len(gap.metadata["findings"].records) == 30


def test_every_planted_fault_is_found_and_counted(october, world):
    home, _ = october
    planted = world.dirt["2019-10"]
    before, after = home.table("raw_events"), home.table("clean_events")
    reasons = home.table("rejected_events")["reason"].cast(pl.String).value_counts()
    assert dict(reasons.iter_rows()) == {k: n for k, n in planted["rejected"].items() if n}
    assert before.height == planted["rows_kept"]
    for kind, extra in planted["exact_duplicates"].items():
        rows = [(frame["event_type"] == kind).sum() for frame in (before, after)]
        returned = planted["returns"]["events"] if kind == "purchase" else 0
        assert rows[0] - rows[1] == extra + returned, kind
        assert rows[0] == planted["events"][kind], kind
    assert (
        before.select(tidy("user_session"))["user_session"].null_count()
        == (planted["null_sessions"])
    )
    returns, bought = after.filter(event_type="return"), after.filter(event_type="purchase")
    assert returns.height == planted["returns"]["events"]
    assert after["returned_cents"].sum() == planted["returns"]["cents"]
    assert bought["price_cents"].null_count() == planted["unpriced_purchases"]
    assert (before["price_cents"] == 0).sum() == planted["zero_prices"]
    bots = after.filter("is_bot_suspect")
    assert bots["user_id"].n_unique() == planted["bots"]["users"]


def test_a_session_of_many_customers_is_flagged_in_every_table_and_told(tmp_path):
    home = Home(tmp_path)
    crowd = [line(user_id=str(700 + n), user_session="no cookies") for n in range(25)]
    bought = line(user_id="1", user_session="own", event_type="purchase")
    landed(home.landing, *crowd, bought)
    run = home.materialize()
    assert run.success
    told = checks(run)["event_statistics", "sessions_are_of_few"]
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert told.description == (
        "sessions of more than 20 customers each: 1; their customers, 25, are flagged like bots "
        "and get no segment"
    )
    assert home.table("clean_events")["is_crowded_session"].sum() == 25
    suspects = home.table("user_features").filter("is_bot_suspect")
    assert (suspects.height, suspects["has_purchased"].sum()) == (25, 0)


def test_the_warehouse_has_the_statistics(october):
    home, _ = october
    statistics = home.figures("event_statistics")
    rows = statistics.filter(topic="quality", measure="rows").select("item", "value")
    tables = {"raw_rows": "raw_events", "clean_rows": "clean_events"}
    counted = {item: home.table(table).height for item, table in tables.items()}
    counted["rejected_rows"] = home.table("rejected_events").height
    assert counted.items() <= dict(rows.iter_rows()).items()
    # A sound month may have none of these.
    odd = {"missing_day", "outage", "spike", "warning", "change"}
    assert set(TOPICS) - odd <= set(statistics["topic"])


def test_the_same_month_again_is_the_same_tables(october, world, tmp_path):
    home, _ = october
    again = Home(tmp_path / "again")
    shutil.copy(home.key_file, again.key_file)
    for name in (world.files[0].name,):
        shutil.copy(world.folder / name, again.landing)
    for _ in range(2):
        assert again.materialize().success
    for table in TABLES:
        assert_frame_equal(again.table(table), home.table(table), abs_tol=1e-12, rel_tol=1e-12)


def test_parts_of_a_month_are_the_month(october, world, tmp_path):
    home, _ = october
    parted = Home(tmp_path / "parted")
    shutil.copy(home.key_file, parted.key_file)
    header, *lines = gzip.decompress(world.files[0].read_bytes()).split(b"\n")
    half = len(lines) // 2
    for number, part in enumerate((lines[:half], lines[half:]), 1):
        text = b"\n".join([header, *part])
        (parted.landing / f"2019-Oct.part{number}.csv").write_bytes(text)
    assert parted.materialize().success
    for table in TABLES[1:]:
        assert_frame_equal(parted.table(table), home.table(table), abs_tol=1e-12, rel_tol=1e-12)


def test_a_month_landed_in_a_bucket_is_the_month(october, world, bucket, tmp_path):
    home, run = october
    other = Home(tmp_path / "other", bucket.root)
    shutil.copy(home.key_file, other.key_file)
    bucket.write(world.files[0].name, world.files[0].read_bytes())
    again = other.materialize(assets=[events.landed_events])
    assert again.success
    for table in ("raw_events", "rejected_events"):
        assert other.table(table).equals(home.table(table))
    for figure in ("rows in files", "rows rejected", "files", "warnings", "dagster/row_count"):
        assert counted(again)[figure] == counted(run)[figure]


def counted(run):
    (made, *_) = run.asset_materializations_for_node("landed_events")
    return made.metadata


def test_a_bucket_that_refuses_fails_the_month_in_one_sentence(bucket, tmp_path, monkeypatch):
    home = Home(tmp_path, bucket.root)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    said = failure(home.materialize(assets=[events.landed_events]))
    assert said.startswith(f"{bucket.root} is refused (InvalidAccessKeyId); set AWS_ACCESS_KEY_ID")


def test_a_corrected_file_replaces_the_month(home):
    landed(home.landing, line(), line(product_id="1"))
    assert home.materialize().success
    landed(home.landing, line(product_id="2"))
    assert home.materialize().success
    for table in ("raw_events", "clean_events"):
        assert home.table(table)["product_id"].to_list() == [2]


def test_the_next_month_changes_nothing_that_was_known_before_it(home):
    landed(home.landing, line(), line(product_id="1", event_time="2019-10-31 23:59:59 UTC"))
    home.materialize()
    known = home.table("user_features")
    november = [line(event_time=f"2019-11-01 00:0{n}:00 UTC", price="9.99") for n in range(9)]
    landed(home.landing, *november, name="2019-Nov.csv")
    assert home.materialize("2019-11").success
    assert home.materialize("2019-10", [customers.user_features]).success
    assert home.table("user_features").equals(known)
    later = home.table("user_features", "2019-11")
    assert later["number_of_events_2m"].to_list() == [11]
    assert later["window_months_available_7m"].to_list() == [2]


class Anything(pa.DataFrameModel):
    """What a careless program would write."""

    user_id: int
    product_id: int = pa.Field(nullable=True)


def plant(home, *broken):
    """Put raw events into the lake that no reader of ours would have let in."""
    rows = raw(*broken)
    contract = type("Careless", (Anything,), {})
    with home.lake.draft("raw_events", "2019-10", contract) as draft:
        draft.complete()
        draft.publish()
    # Past the audit, on purpose.
    for shard in range(home.lake.shards):
        part = rows.filter(pl.col("user_id") % home.lake.shards == shard)
        folder = home.lake.root / "raw_events" / "month=2019-10" / f"shard={shard:02d}"
        part.write_parquet(folder / "empty.parquet")


def test_a_month_that_breaks_its_contract_leaves_the_good_one(home):
    landed(home.landing, line())
    assert home.materialize().success
    good = {table: home.table(table) for table in TABLES[1:]}
    plant(home, event(product_id=None), event(), event(product_id=None, user_id=1))
    run = home.materialize(assets=MONTH_AFTER_RAW)
    assert not run.success
    check = checks(run)["clean_events", "keeps_contract"]
    assert not check.passed
    (fault,) = check.metadata["faults"].records
    assert (fault.data["column"], fault.data["rows"]) == ("product_id", 2)
    assert "clean_events 2019-10 breaks its contract: 2 rows of column product_id" in failure(run)
    assert made(run) == set()
    for table, before in good.items():
        assert home.table(table).equals(before)


MONTH_AFTER_RAW = [
    events.clean_events,
    customers.sessions,
    customers.user_products,
    customers.price_book,
    customers.user_features,
]


def test_a_month_of_mostly_rejects_leaves_the_good_one(home):
    landed(home.landing, line())
    assert home.materialize().success
    wrong = [line(event_time="2019-12-01 00:00:00 UTC")] * 2
    landed(home.landing, line(), *wrong)
    run = home.materialize()
    assert not checks(run)["raw_events", "every_file_is_mostly_readable"].passed
    assert failure(run).startswith(
        "2019-10: 2 of 3 rows of 2019-Oct.csv were rejected, most as outside_month, such as line 3 "
        "with the event_time 2019-12-01 00:00:00 UTC; a file holds the month that its name says"
    )
    assert made(run) == set()
    assert home.table("raw_events").height == 1


# Kept and rejected rows of files that circulate and can be read.
READ = {
    "all_fields_quoted": (400, 0),
    "cart_spelled_otherwise": (360, 40),
    "last_line_cut_off": (399, 1),
    "long_users_short_sessions": (400, 0),
    "no_final_newline": (400, 0),
    "random_sample_of_rows": (50, 0),
    "reordered_columns": (400, 0),
    "rounded_ids": (400, 0),
    "unknown_type": (360, 40),
    "utc_offset_times": (400, 0),
    "windows_newlines": (400, 0),
}

REFUSED = {
    "empty": "is empty",
    "extra_index_column": "has a wrong header",
    "float_ids": "is no whole number any more",
    "header_only": "holds a header and no event",
    "no_header": "has no header",
    "other_offset_times": "400 of 400 rows of 2019-Oct.csv were rejected, most as unparsable_time",
    "scientific_ids": "is no whole number any more",
    "truncated_gzip": "is cut off",
    "wrong_columns": "has a wrong header",
    "wrong_month_in_the_name": "400 of 400 rows of 2019-Oct.csv were rejected, most as outside",
}


def test_every_broken_file_is_either_read_or_refused():
    assert sorted([*READ, *REFUSED]) == sorted(BROKEN)


@pytest.mark.parametrize("kind", READ)
def test_files_that_circulate_are_read(home, kind):
    BROKEN[kind](home.landing, first_day("2019-10"))
    assert home.materialize(assets=[events.landed_events]).success
    rows = [home.table(table).height for table in ("raw_events", "rejected_events")]
    assert tuple(rows) == READ[kind]


@pytest.mark.parametrize("kind", REFUSED)
def test_files_that_nobody_can_read_are_refused_in_one_sentence(home, kind):
    file = BROKEN[kind](home.landing, first_day("2019-10"))
    sentence = failure(home.materialize(assets=[events.landed_events]))
    assert file.name in sentence
    assert "\n" not in sentence
    assert REFUSED[kind] in sentence
    assert home.lake.months("raw_events") == ()


def test_a_month_without_files_is_refused_in_one_sentence(home):
    assert "No file of 2019-10 has landed" in failure(home.materialize())


def test_a_month_of_which_nothing_landed_is_left_empty_and_fails_no_backfill(home):
    run = home.materialize(assets=[events.event_statistics, customers.user_features])
    assert run.success
    assert made(run) == {"event_statistics", "user_features"}
    (features,) = run.asset_materializations_for_node("user_features")
    assert features.metadata["empty"].value.startswith("What it is made of has not landed yet")
    assert home.lake.months("user_features") == ()
    assert home.figures("event_statistics") is None


def test_a_month_is_described_alike_whichever_of_two_came_first(october, world, tmp_path):
    home, _ = october
    late = Home(tmp_path / "late")
    shutil.copy(home.key_file, late.key_file)
    for file in world.files[:2]:
        shutil.copy(file, late.landing)
    without = [asset for asset in MONTH if asset is not events.event_statistics]
    for month in ("2019-11", "2019-10"):
        assert late.materialize(month, without).success
    for month in ("2019-11", "2019-10"):
        assert late.materialize(month, [events.event_statistics]).success
    november = late.figures("event_statistics", "2019-11")
    assert november.filter(pl.col("topic") == "change")["value"].is_not_null().any()


def test_no_shop_id_survives_in_the_lake(october, world):
    home, _ = october
    ids = pl.read_parquet(world.folder / "truth" / "customers.parquet")["user_id"]
    for table in (name for name in TABLES if name != "price_book"):
        assert not home.table(table)["user_id"].is_in(ids.implode()).any(), table
    rejected = home.table("rejected_events")["line"].str.join("\n").item()
    assert not [i for i in ids if str(i) in rejected]


def test_features_of_a_month_that_was_not_summarised_are_refused(october):
    home, _ = october
    sentence = "The lake has no 2019-12 of price_book; materialize price_book for 2019-12 first."
    with (
        pytest.raises(LakeError, match=sentence),
        home.lake.draft("user_features", "2019-12", UserFeatures) as draft,
    ):
        fill_features(draft, home.lake, "2019-12", "UTC")
    assert home.lake.months("user_features") == ("2019-10",)
