from amazing_assets.pseudonym import pseudonym_of, read_key
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.lake.test_key import begun


def test_a_pseudonym_is_the_one_of_the_lake(tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("7\n8\n")
    ran = amazing(tmp_path, "pseudonym", "541312140", "--file", ids, "--json")
    assert found(ran) == {str(i): pseudonym_of(i, KEY) for i in (541312140, 7, 8)}


def test_an_empty_key_file_is_one_sentence(tmp_path):
    (tmp_path / "pseudonym.key").touch()
    ran = amazing(tmp_path, "pseudonym", "7", AMAZING_PSEUDONYM_KEY="")
    assert ran.returncode == 1
    assert ran.stderr == (
        f"amazing: The pseudonym key {tmp_path}/pseudonym.key is empty; restore it from a backup, "
        "for without it no customer of the lake can be recognised, or set AMAZING_HOME to a new "
        "folder to begin anew.\n"
    )


def test_no_pseudonym_is_told_that_the_lake_does_not_know(lake, tmp_path):
    begun(lake, KEY)
    (known,) = found(amazing(tmp_path, "pseudonym", "7", "--json")).values()
    assert known == pseudonym_of(7, KEY)
    for key, sentence in (("other", "was made with another"), ("", "is gone")):
        ran = amazing(tmp_path, "pseudonym", "7", AMAZING_PSEUDONYM_KEY=key)
        assert ran.returncode == 1
        assert sentence in ran.stderr
        assert ran.stdout == ""
    assert not (tmp_path / "pseudonym.key").exists()


def test_a_key_is_made_for_a_home_that_holds_nobody(tmp_path):
    ran = amazing(tmp_path, "pseudonym", "7", "--json", AMAZING_PSEUDONYM_KEY="")
    key = read_key(tmp_path / "pseudonym.key")
    assert found(ran) == {"7": pseudonym_of(7, key)}
    assert not (tmp_path / "lake").exists()
