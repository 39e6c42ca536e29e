"""`amazing rotate-key` through the real command: the same customers under other numbers."""

import subprocess

import polars as pl
import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.pseudonym import pseudonyms, read_key
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, command, environment, found
from amazing_assets_tests.privacy.planted import IDS, OTHERS, deliver, deliver_contacts

# Whole runs; the pass itself is tried by `amazing_assets_tests/privacy/rotation`.
pytestmark = pytest.mark.evaluate

OWN = {"AMAZING_SHARDS": "3"}


def test_a_key_that_the_environment_gives_is_replaced_by_a_file_alone(tmp_path):
    ran = amazing(tmp_path, "rotate-key")
    assert ran.returncode == 1
    assert ran.stderr.startswith("amazing: AMAZING_PSEUDONYM_KEY gives the key of this home")


def customers(home):
    lake = Lake(home / "lake", 3, LocalEngine())
    return set(lake.scan("user_features", "2019-10").collect()["user_id"])


def numbers(key):
    return set(pseudonyms(pl.Series("user_id", [*IDS, *OTHERS]), key)["pseudonym"])


def test_files_give_the_ids_and_the_home_goes_on_under_the_new_key(tmp_path):
    home = tmp_path / "home"
    (home / "landing").mkdir(parents=True)
    deliver(home / "landing", "2019-10")
    deliver_contacts(home / "landing", "2019-10")
    (home / "pseudonym.key").write_text(KEY)
    kept = {k: v for k, v in environment(home, **OWN).items() if k != "AMAZING_PSEUDONYM_KEY"}

    def called(*arguments):
        return subprocess.run(
            command(*arguments), env=kept, capture_output=True, text=True, check=False
        )

    select = ("--select", "+key:user_features or key:contacts")
    found(called("run", "--new", "--json", *select))
    assert customers(home) == numbers(KEY)
    rotated = called("rotate-key", "--json")
    (done,) = found(rotated)["Rotated"]
    new = read_key(home / "pseudonym.key")
    assert done["customers"] == len(IDS) + len(OTHERS)
    assert customers(home) == numbers(new)
    assert new not in rotated.stdout + rotated.stderr
    assert found(called("run", "--new", "--json", *select))["To make"] == []
    found(called("run", "--months", "2019-10", "--json", *select))
    assert customers(home) == numbers(new)
