import shutil

import pytest

from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.warehouse.sessions import held_open


@pytest.mark.slow
def test_a_report_is_written_where_the_command_says(home_with_segments, tmp_path):
    shutil.copy(home_with_segments.warehouse, tmp_path / "warehouse.duckdb")
    ran = amazing(tmp_path, "report", "--language", "en", "--json")
    files = found(ran)["Report"]
    told = [(each["month"], each["language"], each["document"], each["kind"]) for each in files]
    both = [(document, kind) for document in ("segments", "evidence") for kind in ("html", "pdf")]
    assert told == [("2019-11", "en", *each) for each in both]
    assert [each["pages"] is None for each in files] == [True, False, True, False]
    folder = tmp_path / "reports" / "2019-11"
    assert {str(file) for file in folder.iterdir()} == {each["path"] for each in files}


@pytest.mark.slow
def test_a_report_is_opened_in_the_browser(home_with_segments, tmp_path):
    shutil.copy(home_with_segments.warehouse, tmp_path / "warehouse.duckdb")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    ran = amazing(tmp_path, "report", "--language", "fr", "--open", BROWSER=f"{browser} %s")
    assert ran.returncode == 0, ran.stderr
    page = tmp_path / "reports" / "2019-11" / "segments-2019-11-fr.html"
    assert (tmp_path / "opened").read_text().strip() == page.as_uri()


def test_a_language_that_nobody_wrote_is_wrong_usage(tmp_path):
    ran = amazing(tmp_path, "report", "--language", "tlh")
    assert ran.returncode == 2
    assert ran.stderr.strip() == "amazing: The report is not written in tlh; use fr, en."


@pytest.mark.end_to_end
@pytest.mark.slow
def test_who_holds_the_warehouse_is_told_in_the_terminal_while_a_command_waits(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    with held_open(file) as process:
        ran = amazing(tmp_path, "report")
    waiting, refused = ran.stderr.splitlines()
    holder = f"process {process} (python)"
    assert f"Waiting for the warehouse {file}, which is held by {holder}; close" in waiting
    assert f"The warehouse {file} is held by {holder}, which has not let go" in refused
    assert ran.returncode == 1
