from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, found


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
        f"amazing: The pseudonym key {tmp_path}/pseudonym.key is empty; restore it, for without it "
        "no customer of the lake can be recognised, or delete it together with the lake to begin "
        "anew.\n"
    )
