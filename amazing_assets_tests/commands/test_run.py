import shutil

import duckdb
import pytest

from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found

RAW = ("--months", "2019-10", "--select", "key:raw_events")


def test_a_bucket_is_run_like_a_folder(bucket, tmp_path):
    bucket.deliver(line(), line(price="2.00"), line(price="x"))
    keys = ("raw_events", "clean_events", "sessions", "user_products", "price_book")
    select = " or ".join(f"key:{key}" for key in keys)
    ran = amazing(tmp_path, "run", "--select", select, "--json", AMAZING_LANDING=bucket.root)
    (month,) = found(ran)["Months"]
    assert (month["month"], month["kept"], month["rejected"]) == ("2019-10", 2, 1)


def test_a_bucket_that_gives_nothing_is_one_sentence(bucket, tmp_path):
    wrong = {"AMAZING_LANDING": bucket.root, "AWS_SECRET_ACCESS_KEY": "wrong"}
    sentence = "is refused (SignatureDoesNotMatch); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    ran = amazing(tmp_path, "run", **wrong)
    assert ran.returncode == 1
    (said,) = ran.stderr.strip().splitlines()
    assert said.startswith("amazing: ")
    assert sentence in said


def test_an_empty_key_file_fails_a_run_with_its_sentence(tmp_path):
    landed(tmp_path / "landing", line())
    (tmp_path / "pseudonym.key").touch()
    ran = amazing(tmp_path, "run", *RAW, AMAZING_PSEUDONYM_KEY="")
    assert ran.returncode == 1
    said = ran.stderr.strip().splitlines()[-1]
    assert said.startswith(f"amazing: The pseudonym key {tmp_path}/pseudonym.key is empty;")
    assert not (tmp_path / "lake" / "raw_events" / "month=2019-10").exists()


@pytest.mark.parametrize(
    ("lose", "later", "sentence"),
    [
        (
            True,
            "",
            "amazing: The pseudonym key of the lake {home}/lake is gone: there is no {home}",
        ),
        (False, "other", "amazing: The lake {home}/lake was made with another pseudonym key than "),
    ],
)
def test_a_month_is_read_with_the_key_of_the_months_before(tmp_path, lose, later, sentence):
    landed(tmp_path / "landing", line())
    november = line(event_time="2019-11-01 00:00:00 UTC")
    landed(tmp_path / "landing", november, name="2019-Nov.csv")
    found(amazing(tmp_path, "run", *RAW, "--json", AMAZING_PSEUDONYM_KEY=""))
    key = (tmp_path / "pseudonym.key").read_text()
    if lose:
        (tmp_path / "pseudonym.key").unlink()
    before = {str(path) for path in tmp_path.rglob("*") if "dagster" not in path.parts}
    following = ("--months", "2019-11", "--select", "key:raw_events")
    ran = amazing(tmp_path, "run", *following, AMAZING_PSEUDONYM_KEY=later)
    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1].startswith(sentence.format(home=tmp_path))
    assert before == {str(path) for path in tmp_path.rglob("*") if "dagster" not in path.parts}
    found(amazing(tmp_path, "run", *following, "--json", AMAZING_PSEUDONYM_KEY=key))


def test_real_files_among_generated_ones_are_refused_before_anything_is_written(tmp_path):
    world = ("--customers", "50", "--months", "2019-10")
    found(amazing(tmp_path, "generate", "--to", tmp_path / "landing", *world, "--json"))
    landed(tmp_path / "landing", line(), name="2019-Nov.csv")
    ran = amazing(tmp_path, "run", *RAW)
    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1] == (
        f"amazing: {tmp_path}/landing holds generated files and others, such as 2019-Nov.csv; "
        "invented customers and real ones never share a home: give each a home of its own with "
        "AMAZING_HOME."
    )
    assert not (tmp_path / "lake" / "raw_events" / "month=2019-10").exists()


def test_a_home_of_real_customers_reads_no_generated_ones_after_its_files_were_moved_away(tmp_path):
    theirs = landed(tmp_path / "landing", line())
    found(amazing(tmp_path, "run", *RAW, "--json"))
    before = sorted((tmp_path / "lake" / "raw_events").rglob("*"))
    theirs.unlink()
    world = ("--customers", "50", "--months", "2019-10", "--json")
    refused = amazing(tmp_path, "generate", "--to", tmp_path / "landing", *world)
    assert refused.stderr == (
        f"amazing: The home {tmp_path} holds real customers; give the generated ones a folder "
        "outside of it.\n"
    )
    found(amazing(tmp_path / "other", "generate", "--to", tmp_path.with_suffix(".world"), *world))
    shutil.copytree(tmp_path.with_suffix(".world"), tmp_path / "landing", dirs_exist_ok=True)
    ran = amazing(tmp_path, "run", *RAW)
    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1] == (
        f"amazing: {tmp_path}/landing holds generated customers and the home {tmp_path} real ones, "
        "which never share a lake, a key or a model; set AMAZING_HOME to another folder."
    )
    assert sorted((tmp_path / "lake" / "raw_events").rglob("*")) == before


REAL = {
    "multicat_2019-10-01_0000-0250.csv": (17_434, 5, 4_504, 5_067),
    "cosmetics_2019-10-01_first20k.csv": (20_000, 1_100, 3_003, 4_194),
}


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_real_files_go_from_landing_to_segments_in_one_command(real_data, tmp_path, name):
    (tmp_path / "landing").mkdir()
    shutil.copy(real_data / name, tmp_path / "landing" / "2019-Oct.csv")
    wanted = ("--select", "+key:segment_assignments")
    outcome = found(
        amazing(tmp_path, "run", "--months", "2019-10", *wanted, "--json", AMAZING_SHARDS="4")
    )
    (month,) = outcome["Months"]
    kept, duplicates, customers, sessions = REAL[name]
    assert month == {
        "month": "2019-10",
        "kept": kept,
        "rejected": 0,
        "duplicates": duplicates,
        "events": kept - duplicates,
        "customers": customers,
        # One session of the multi-category file is shared by two customers: 5 066 ids.
        "sessions": sessions,
        "bot_suspects": 0,
    }
    # A segment of fewer than 20 is not told, and neither is another that would give it away.
    assert 0 < sum(segment["customers"] or 0 for segment in outcome["Segments"]) <= customers
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute("select count(*) from amazing.segment_assignments").fetchone()
    assert rows == (customers,)
