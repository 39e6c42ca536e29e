import inspect
import subprocess
import sys

import pytest

from amazing_assets.cli import COMMANDS, app
from amazing_assets_tests.commands import amazing, command, environment

HELP = """
import sys
from amazing_assets.cli import main
try:
    main(["--help"])
except SystemExit as ended:
    assert ended.code in (None, 0), ended.code
print("imported", *sys.modules)
"""
HEAVY = {"dagster", "polars", "mlflow", "altair", "numpy", "sklearn", "duckdb"}


def test_help_names_every_command_and_imports_nothing_heavy(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", HELP],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, imported = ran.stdout.rpartition("imported ")
    assert set(imported.split()) & HEAVY == set()
    named = {line.split()[1] for line in said.splitlines() if line.startswith("│ ")}
    assert {place.partition(":")[2].rstrip("_").replace("_", "-") for place in COMMANDS} <= named


@pytest.mark.parametrize("place", COMMANDS)
def test_a_command_is_found_where_it_is_registered_and_its_help_is_its_own(place):
    found = app.resolved_commands()[place.partition(":")[2].rstrip("_").replace("_", "-")]
    assert inspect.getdoc(found.default_command) == COMMANDS[place]


def test_wrong_usage_is_status_2_and_says_what_was_wrong(tmp_path):
    ran = amazing(tmp_path, "run", "--month", "2019-10")
    assert ran.returncode == 2
    assert "--month" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_wrong_setting_is_one_sentence(tmp_path):
    ran = amazing(tmp_path, "run", AMAZING_SHARDS="none")
    assert ran.returncode == 1
    assert "AMAZING_SHARDS=none is not accepted; use a number from 1 to 256." in ran.stderr


SELECTION = "is not understood; write it as in the web UI, like key:user_features"


@pytest.mark.parametrize(
    ("status", "arguments", "sentence"),
    [
        (1, ["run"], "No event file has landed in"),
        (2, ["run", "--months", "October"], "October is no range of months; write it like"),
        (2, ["run", "--months", "2019-11:2019-10"], "2019-11:2019-10 is no range of months"),
        (2, ["run", "--months", "2019-09"], "lies before 2019-10, the first month of this home"),
        (2, ["run", "--months", "2999-01"], "2999-01 has not begun"),
        (1, ["run", "--months", "2019-10"], "No event file has landed in"),
        (2, ["run", "--months", "2019-10", "--select", "key:nothing_of_ours"], "selects no asset"),
        (2, ["run", "--months", "2019-10", "--select", "+user_features"], SELECTION),
        (2, ["demo", "--months", "2019-13"], "2019-13 is no range of months"),
        (2, ["pseudonym"], "Name at least one customer id"),
        (1, ["models"], "There is no segment model yet; `amazing run` trains the first."),
        (1, ["rollback", "1"], "There is no segment model yet"),
        (1, ["report"], "Nobody has been assigned to a segment yet"),
        (1, ["report", "--month", "2019-10"], "Nobody has been assigned to a segment in 2019-10"),
        (2, ["report", "--month", "October"], "October is no month; write it like 2019-10."),
        (1, ["dev", "--demo"], "There is no demo in"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_what_cannot_be_meant_is_status_2(
    tmp_path, status, arguments, sentence
):
    ran = amazing(tmp_path, *arguments)
    said = ran.stderr.strip().splitlines()[-1]
    assert said.startswith("amazing: ")
    assert sentence in said
    assert ran.returncode == status
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("status", "arguments", "sentence"),
    [
        (1, ["pseudonym", "7"], "There are the markets US, DE; say which, as `--market US`."),
        (2, ["pseudonym", "7", "--market", "FR"], "takes the name of a market; there are US, DE."),
        (2, ["pseudonym", "7", "--market"], "takes the name of a market; there are US, DE."),
        (1, ["--market", "US", "models"], "There is no segment model yet"),
    ],
)
def test_of_several_markets_a_command_is_told_which(tmp_path, status, arguments, sentence):
    ran = amazing(tmp_path, *arguments, AMAZING_MARKETS="US,DE")
    assert ran.returncode == status
    assert sentence in ran.stderr


# Of Polars, as far as Python sees it: words past every stream of its own, then a `BaseException`.
UNFORESEEN = """
import os, sys
import polars as pl
from amazing_assets.cli import app, main

@app.command
def panic():
    os.write(2, b"thread 'polars-1' panicked at src/lib.rs")
    raise pl.exceptions.PanicException("index out of bounds")

@app.command
def stop():
    raise KeyboardInterrupt

main(sys.argv[1:])
"""


def ran_with(home, *arguments):
    return subprocess.run(
        [sys.executable, "-c", UNFORESEEN, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_nobody_foresaw_is_one_sentence_and_a_file_whatever_libraries_print(tmp_path):
    ran = ran_with(tmp_path, "panic")
    (file,) = (tmp_path / "logs").iterdir()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"amazing: Something unforeseen went wrong (PanicException); its traceback is in {file}: "
        f"send that file to who maintains this platform.\n"
    )
    assert "thread 'polars-1' panicked at src/lib.rs" in file.read_text()


def test_who_stops_a_command_is_told_so(tmp_path):
    ran = ran_with(tmp_path, "stop")
    assert (ran.returncode, ran.stderr) == (130, "amazing: Stopped.\n")


def test_output_that_nobody_takes_is_no_fault(tmp_path):
    with subprocess.Popen(
        command("--help"),
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_what_is_quoted_does_nothing_to_a_terminal(tmp_path):
    ran = amazing(tmp_path, "run", "--months", "2019-10", "--select", "\x1b[2Jall\n")
    assert ran.returncode == 2
    assert r"\x1b[2Jall\n" in ran.stderr
    assert "\x1b" not in ran.stderr
