import shutil

import duckdb
import pytest

from amazing_assets.warehouse.warehouse import copy_of
from amazing_assets_tests.commands import amazing


@pytest.fixture
def home(home_with_segments, tmp_path):
    shutil.copy(home_with_segments.warehouse, tmp_path / "warehouse.duckdb")
    return tmp_path


def names(home):
    with duckdb.connect(str(copy_of(home / "warehouse.duckdb")), read_only=True) as copy:
        return dict(
            copy.execute(
                "select distinct segment, segment_name_fr from amazing.segment_profiles "
                "where segment is not null"
            ).fetchall()
        )


def test_a_person_calls_a_segment_by_a_name_and_takes_it_back(home):
    by = ("--by", "Ada Lovelace")
    ran = amazing(home, "name", 2, "Curieux", "--english", "Browsers", *by)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == (
        "Segment 2 is called Curieux, in English Browsers. "
        "`amazing report` writes the report with it."
    )
    assert names(home) == {1: "Renards", 2: "Curieux", 3: "Lion", 4: "Loup (économe, fidèle)"}
    assert amazing(home, "name", 2, "--remove").returncode == 0
    assert names(home)[2] == "Castors"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((9, "Curieux", "--by", "Ada"), 1, "There is no segment 9; there are 1 Foxes (provisional"),
        ((2, "Curieux"), 1, "Say with --by who calls segment 2 Curieux."),
        ((2,), 2, "Give the name, as in `amazing name 2 Curieux --english Browsers --by"),
    ],
    ids=["a segment that is not there", "nobody", "no name"],
)
def test_what_cannot_be_done_is_told_in_one_sentence(home, arguments, status, said):
    ran = amazing(home, "name", *arguments)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert ran.stderr.startswith(f"amazing: {said}")
    assert len(ran.stderr.splitlines()) == 1


def test_before_there_are_segments_none_is_named(tmp_path):
    ran = amazing(tmp_path, "name", 1, "Curieux", "--by", "Ada")
    assert ran.stderr.strip() == "amazing: There are no segments yet; `amazing run` finds them."
