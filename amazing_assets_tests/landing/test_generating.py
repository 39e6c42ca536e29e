"""Nobody's files are overwritten by generated ones, whatever lies there and whenever."""

import signal
import subprocess
import sys

import pytest

from amazing_assets.landing.generated import MANIFEST, manifest_of
from amazing_assets.landing.generating import generating
from amazing_assets.landing.zone import LandingError
from amazing_assets_tests.builders import content, landed, line
from amazing_assets_tests.landing.test_generated import NOV, OCT, put

DEC = "2019-Dec.csv"


@pytest.fixture
def to(tmp_path):
    return tmp_path / "landing"


def everything(folder):
    return {path: path.is_file() and path.read_bytes() for path in sorted(folder.rglob("*"))}


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_world_gives_way_to_the_next_one_and_leaves_what_is_not_its_own(to):
    put(to, OCT, NOV, "truth/dirt.json")
    (to / "notes.txt").write_text("mine")
    put(to, DEC, "truth/dirt.json")
    assert names(to) == {DEC, "truth", "notes.txt"}
    assert set(manifest_of(to).files) == {DEC, "truth/dirt.json"}
    assert names(to / "truth") == {"files.json", "generator.lock", "dirt.json"}


def lay(path, text="theirs"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


@pytest.mark.parametrize(
    ("theirs", "sentence"),
    [
        (lambda to: landed(to, line(), name=OCT), f"event files .* such as {OCT}"),
        (lambda to: landed(to, line(), name="2021-Jan-2.csv.gz"), "such as 2021-Jan-2.csv.gz"),
        (lambda to: link(to / OCT, "/dev/null"), f"event files .* such as {OCT}"),
        (lambda to: lay(to / "thesis.txt"), "not generated, such as thesis.txt"),
        (lambda to: lay(to / "truth" / "customers.parquet"), "not generated, such as truth"),
        (lambda to: lay(to / MANIFEST), "not generated, such as truth"),
        (lambda to: link(to / "truth", "/dev"), "not generated, such as truth"),
        (lay, "is a file; name a folder"),
        (lambda to: link(to, "nowhere"), "leads nowhere; name a folder"),
    ],
)
def test_what_others_put_there_is_refused_and_stays(to, tmp_path, theirs, sentence):
    theirs(to)
    before = everything(tmp_path)
    with pytest.raises(LandingError, match=sentence):
        put(to, OCT)
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda to: landed(to, line(price="9.99"), name=NOV), f"{NOV} of .* is not what was gen"),
        (
            lambda to: lay(to / "truth/dirt.json"),
            r"truth/dirt\.json of .* is not what was generated",
        ),
        (lambda to: landed(to, line(), name=DEC), f"event files .* such as {DEC}"),
        (lambda to: ((to / OCT).unlink(), link(to / OCT, NOV)), f"{OCT} of .* is not what was"),
        (lambda to: ((to / OCT).unlink(), (to / OCT).mkdir()), f"{OCT} of .* is not what was"),
    ],
)
def test_what_was_changed_after_it_was_generated_is_refused_and_stays(to, edit, sentence):
    put(to, OCT, NOV, "truth/dirt.json")
    edit(to)
    before = everything(to)
    with pytest.raises(LandingError, match=sentence):
        put(to, OCT)
    assert everything(to) == before


def put_while_another_lands(to, name):
    with generating(to) as unfinished:
        landed(unfinished, line(), name=NOV)
        landed(to, line(price="9.99"), name=name)


@pytest.mark.parametrize("name", [OCT, DEC])
def test_a_file_that_lands_meanwhile_stays(to, name):
    put(to, OCT)
    with pytest.raises(LandingError, match=name):
        put_while_another_lands(to, name)
    assert (to / name).read_bytes() == content(line(price="9.99"))
    assert not (to / NOV).exists()


def test_a_second_generator_is_refused_while_the_first_is_at_work(to):
    with generating(to) as unfinished:
        landed(unfinished, line(), name=OCT)
        with pytest.raises(LandingError, match="Another process is generating into"):
            put(to, NOV)
    assert names(to) == {OCT, "truth"}


KILLED = """
import os, signal, sys
from pathlib import Path
from amazing_assets.landing import generating as module
from amazing_assets_tests.landing.test_generated import put

# Killed before its n-th call of the system that changes a folder.
left = int(sys.argv[2])

def watch(event, _):
    global left
    if event in {"os.link", "os.remove", "os.rename", "os.mkdir", "os.rmdir"}:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
put(Path(sys.argv[1]), "2019-Oct.csv", "2019-Dec.csv")
"""


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.parametrize("before", [(), (OCT, NOV)], ids=["empty", "another world"])
def test_a_generator_that_is_killed_anywhere_is_simply_run_again(tmp_path, before):
    killed = 0
    for moment in range(1, 30):
        to = tmp_path / str(moment)
        if before:
            put(to, *before)
        program = [sys.executable, "-c", KILLED, str(to), str(moment)]
        ended = subprocess.run(program, check=False).returncode
        put(to, NOV)
        assert names(to) == {NOV, "truth"}
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        killed += 1
    assert ended == 0
    assert killed >= 6
