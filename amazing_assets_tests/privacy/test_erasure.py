"""Customers are forgotten: in every byte, for good, whenever a pass is killed."""

import random
import subprocess
import sys
import time

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.customers.contract import Sessions
from amazing_assets.defs.resources.stores import LakeResource, LandingResource
from amazing_assets.lake.left_out import add_objectors, objectors
from amazing_assets.privacy.alone import ErasureError
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets.privacy.ledger import Kind, Ledger
from amazing_assets.privacy.request import file_of
from amazing_assets_tests.defs.homes import SHARDS, materialize
from amazing_assets_tests.privacy.homes import (
    ASSETS,
    MONTH,
    built,
    copy_of,
    key_of,
    stores_of,
    table,
)
from amazing_assets_tests.privacy.planted import IDS, found_in, places_of

ASKED = IDS[:2]
TABLES = (
    "raw_events",
    "rejected_events",
    "clean_events",
    "sessions",
    "user_products",
    "price_book",
    "user_features",
    "contacts",
    "action_sequences",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return built(tmp_path_factory.mktemp("built") / "home")


@pytest.fixture
def asked(home, tmp_path):
    """A copy in which two of three customers asked."""
    folder = copy_of(home, tmp_path / "home")
    ask(stores_of(folder), ASKED, key_of(folder))
    return folder


def nothing_else(_done):
    return {}


def forget(folder):
    return erase(stores_of(folder), key_of(folder), nothing_else)


def test_they_are_in_every_store_before(home):
    places = {place.split("/")[0] for place in found_in(home, ASKED, key_of(home))}
    assert places >= {"lake", "landing", "logs", "reports"}
    assert any("warehouse" in place for place in places)


def test_no_byte_of_a_home_names_who_is_forgotten(asked):
    done = forget(asked)
    assert found_in(asked, ASKED, key_of(asked), asked / "landing") == []
    assert found_in(asked, IDS[2:], key_of(asked), asked / "landing")
    # Two events on each of three days; two lists, and a log that named the first.
    assert done.by_table["raw_events"] == done.by_table["clean_events"] == 2 * 2 * 3
    assert done.by_table["user_features"] == done.by_table["churn_scores"] == 2
    assert done.files == 2 * 2 + 1


def test_files_that_are_read_again_do_not_bring_them_back(asked):
    forget(asked)
    resources = {
        "lake": LakeResource(root=str(asked / "lake"), shards=SHARDS),
        "landing": LandingResource(
            root=str(asked / "landing"), key_file=str(asked / "pseudonym.key")
        ),
    }
    run = materialize(ASSETS, MONTH, resources)
    assert run.success
    (check,) = [
        each
        for each in run.get_asset_check_evaluations()
        if each.check_name == "every_row_is_accounted_for"
    ]
    assert check.passed
    assert check.metadata["suppressed"].value == 2 * 2 * 3
    assert found_in(asked, ASKED, key_of(asked), asked / "landing") == []


def test_to_build_and_forget_is_to_suppress_and_build(asked, tmp_path):
    forget(asked)
    other = tmp_path / "other"
    other.mkdir()
    (other / "pseudonym.key").write_text(key_of(asked))
    ask(stores_of(other), ASKED, key_of(asked))
    assert forget(other).rows == {}
    built(other)
    # Features tell prices apart by what everybody paid, and are made again of what is left.
    for name in TABLES:
        if name != "user_features":
            assert_frame_equal(table(asked, name), table(other, name))
    assert table(asked, "user_features")["user_id"].equals(table(other, "user_features")["user_id"])


def test_a_request_is_pending_until_it_is_proven_and_its_ids_go_with_the_proof(asked):
    ledger, marks = Ledger.of(asked), set(stores_of(asked).people(ASKED, key_of(asked)).marks)
    assert ledger.pending(Kind.ERASURE) == marks
    assert str(ASKED[0]) in file_of(asked).read_text()
    forget(asked)
    assert ledger.pending(Kind.ERASURE) == frozenset()
    assert not file_of(asked).exists()
    assert erase(stores_of(asked), key_of(asked), nothing_else) is None


def test_what_cannot_be_settled_stays_open_and_is_taken_up_again(asked):
    def busy(_done):
        raise ErasureError("a run is under way")

    with pytest.raises(ErasureError, match="under way"):
        erase(stores_of(asked), key_of(asked), busy)
    assert Ledger.of(asked).pending(Kind.ERASURE)
    # The rows are gone by then, and the account has them all the same.
    assert forget(asked).by_table["raw_events"] == 2 * 2 * 3


def test_a_table_that_is_being_written_keeps_the_request_open(asked):
    lake = stores_of(asked).lake
    with (
        lake.draft("sessions", MONTH, Sessions),
        pytest.raises(ErasureError, match="sessions, being written"),
    ):
        forget(asked)
    assert forget(asked).customers == 2


def test_who_is_forgotten_objects_no_longer(asked):
    people = stores_of(asked).people(ASKED, key_of(asked))
    add_objectors(stores_of(asked).lake.root, people.pseudonyms)
    forget(asked)
    assert objectors(stores_of(asked).lake.root).is_empty()


@pytest.mark.evaluate
def test_thirty_customers_of_a_home_with_models_views_and_segments(classified_home, tmp_path):
    folder = copy_of(classified_home.landing.parent, tmp_path / "home")
    landing = folder / "landing"
    landed = pl.concat([read_landed(file) for file in sorted(landing.iterdir())])
    ids = landed["user_id"].unique().sort().sample(30, seed=2)
    is_theirs = landed["user_id"].is_in(ids.implode())
    # A visit that others share stays theirs.
    visits = {*landed.filter(is_theirs)["user_session"]} - {
        *landed.filter(~is_theirs)["user_session"]
    }
    stores, key = stores_of(folder), key_of(folder)
    pseudonyms = stores.people(ids, key).pseudonyms.to_list()
    sought = ([*map(str, pseudonyms), *visits], pseudonyms, [landing])
    assert len(places_of(folder, *sought)) > 50
    ask(stores, ids, key)
    done = forget(folder)
    assert done.by_table.keys() >= {"segment_assignments", "customer_view", "next_action_vectors"}
    assert places_of(folder, *sought) == []


def read_landed(file):
    """Customers and visits of a generated file, its planted dirt left out."""
    rows = pl.read_csv(
        file,
        infer_schema=False,
        truncate_ragged_lines=True,
        quote_char=None,
        encoding="utf8-lossy",
    )
    known = rows.select(pl.col("user_id").cast(pl.Int64, strict=False), "user_session")
    return known.drop_nulls().filter(pl.col("user_session").str.len_chars() > 8)


PROGRAM = """
import sys
from amazing_assets.privacy.erasure import erase
from amazing_assets_tests.killing import dies_after
from amazing_assets_tests.privacy.homes import key_of, stores_of
home, last = sys.argv[1], int(sys.argv[2])
print("begun", flush=True)
erase(stores_of(home), key_of(home), lambda done: {}, dies_after(last))
"""


def begin(folder, last):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(last)], stdout=subprocess.PIPE
    )


@pytest.mark.parametrize("steps", [1, 6])
def test_a_pass_that_is_killed_is_finished_by_the_next(asked, steps):
    with begin(asked, steps) as process:
        assert process.wait() == -9
    assert Ledger.of(asked).pending(Kind.ERASURE)
    done = forget(asked)
    assert done.by_table["raw_events"] == 2 * 2 * 3
    assert done.rows.keys() == set(TABLES) - {"price_book", "rejected_events"}
    assert found_in(asked, ASKED, key_of(asked), asked / "landing") == []


@pytest.mark.evaluate
@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_the_next_pass_finishes_it(asked, seed):
    with begin(asked, 1_000) as process:
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 1.0))  # noqa: S311  moments, no secrets
        process.kill()
    forget(asked)
    assert Ledger.of(asked).pending(Kind.ERASURE) == frozenset()
    assert found_in(asked, ASKED, key_of(asked), asked / "landing") == []
