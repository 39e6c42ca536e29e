import shutil

import pytest

from amazing_assets_tests.commands import amazing, found


@pytest.mark.slow
def test_a_report_is_written_where_the_command_says(home_with_segments, tmp_path):
    shutil.copy(home_with_segments.warehouse, tmp_path / "warehouse.duckdb")
    ran = amazing(tmp_path, "report", "--language", "en", "--json")
    page, document = found(ran)["Report"]
    assert (page["month"], page["language"], page["kind"]) == ("2019-11", "en", "html")
    assert document["pages"] > 12
    folder = tmp_path / "reports" / "2019-11"
    assert {str(file) for file in folder.iterdir()} == {page["path"], document["path"]}
