from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found

SMALL = ("--customers", "50", "--months", "2019-10")


def test_generated_files_can_be_told_to_programs(tmp_path):
    ran = amazing(tmp_path, "generate", "--to", tmp_path / "w", *SMALL, "--json")
    assert found(ran)["2019-10"]["rows_kept"] > 0
    assert (tmp_path / "w" / "2019-Oct.csv.gz").is_file()


def test_a_world_is_never_generated_among_other_files(tmp_path):
    theirs = landed(tmp_path / "landing", line(), name="2019-Nov.csv")
    before = theirs.read_bytes()
    ran = amazing(tmp_path, "generate", "--to", tmp_path / "landing", *SMALL)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == (
        f"amazing: {tmp_path}/landing holds event files that were not generated, such as "
        "2019-Nov.csv; give the generated ones another folder."
    )
    assert [file.name for file in (tmp_path / "landing").iterdir()] == ["2019-Nov.csv"]
    assert theirs.read_bytes() == before
