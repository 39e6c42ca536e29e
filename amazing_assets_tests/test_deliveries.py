"""Whatever is delivered: a month of which every row is accounted for, or one sentence."""

import random
import re
import shutil

import dagster as dg
import pytest

from amazing_assets.defs.assets.events import landed_events
from amazing_assets.lake.storage import partition_folder, store_of
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.defs.homes import Home
from amazing_assets_tests.deliveries import MONTH, delivery

TABLES = ("raw_events", "rejected_events")
LONGEST_SENTENCE = 1_500

# One for all: to make it takes five times as long as a landing.
INSTANCE = dg.DagsterInstance.ephemeral()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home in which the month was made before, of one good row."""
    folder = tmp_path_factory.mktemp("made") / "home"
    home = Home(folder)
    landed(home.landing, line())
    assert not refused(home)
    shutil.rmtree(home.landing)
    return folder


def refused(home):
    """Land the month; returns the sentence that refused it, None where it was made."""
    context = dg.build_asset_context(partition_key=MONTH, instance=INSTANCE)
    try:
        list(landed_events(context, lake=home.resources["lake"], landing=home.resources["landing"]))
    except dg.Failure as failure:
        return failure.description
    return None


def published(home):
    """Which version of each table is read."""
    links = {name: partition_folder(home.lake.root / name, MONTH) for name in TABLES}
    return {name: link.readlink() for name, link in links.items() if link.is_symlink()}


def faults_of_a_sentence(said):
    """What is wrong with what a person is told."""
    rules = {
        "is unforeseen": "unforeseen" in said,
        "holds a traceback": "Traceback" in said,
        "holds control characters": not said.isprintable(),
        "is no sentence": not re.search(r"[.?!]\Z", said),
        "is too long": len(said) > LONGEST_SENTENCE,
    }
    return [name for name, is_broken in rules.items() if is_broken]


def faults_of_landing(seed, home):
    """What is wrong with how a delivery ended."""
    delivered = delivery(seed)
    delivered.land(home.landing)
    before = published(home)
    said = refused(home)
    after = published(home)
    left = [len(list(store_of(home.lake.root / name).glob(".versions/*"))) for name in TABLES]
    if said is not None:
        faults = [f"{fault}: {said!a}" for fault in faults_of_a_sentence(said)]
        faults += ["something was published"] if after != before else []
        return faults + (["a draft was left"] if any(left) and sum(left) > len(before) else [])
    kept, rejected = (home.table(name).height for name in TABLES)
    faults = ["one table was published without the other"] if after.keys() != set(TABLES) else []
    faults += ["nothing new was published"] if set(after.values()) & set(before.values()) else []
    if delivered.rows is not None and kept + rejected != delivered.rows:
        faults.append(f"{delivered.rows} rows in, {kept} kept, {rejected} rejected")
    return faults


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.parametrize(
    "seeds", [range(1_000), pytest.param(range(1_000, 10_000), marks=pytest.mark.evaluate)]
)
def test_a_delivery_is_a_month_of_accounted_rows_or_one_sentence(seeds, made, tmp_path):
    found = {}
    for seed in seeds:
        folder = tmp_path / str(seed)
        if seed % 2:
            shutil.copytree(made, folder, symlinks=True)
        faults = faults_of_landing(seed, Home(folder))
        if faults:
            found[seed] = faults
        shutil.rmtree(folder)
    assert not found


SETTINGS = {
    "AMAZING_SHARDS": ("1", "3", "0", "many", "\x1b[31m", "9" * 5_000),
    "AMAZING_FIRST_MONTH": ("2019-10", "2019-11", "October", "2019-13"),
    "AMAZING_HOLDOUT": ("0.1", "5%", "0.51"),
    "AMAZING_SETTLE_SECONDS": ("0", "soon", "1e3"),
    "AMAZING_REPORTS_URL": ("https://example.com/r/", "s3://bucket", "http://[", "\x07"),
    "AMAZING_WEB_UI": ("https://example.com", "example", "http://[", "\x07"),
    "AMAZING_LAKE": ("/dev/null", "/proc/lake", "~/lake", "s3://lake/a?b", "/a?b", "/x" * 300),
    "AMAZING_WAREHOUSE": ("/dev/null/x", "/", "/a%20b"),
    "AMAZING_SHARD": ("3",),
    "AMAZING_PSEUDONYM_KEY": ("", " ", "k" * 5_000),
    "MLFLOW_TRACKING_URI": ("nonsense", "sqlite:////dev/null/x"),
}
ARGUMENTS = (
    ("--select", "key:raw_events"),
    ("--select", "key:raw_events", "--months", MONTH),
    ("--select", "key:raw_events", "--months", MONTH, "--json"),
    ("--select", "+key:event_statistics", "--months", "2019-09:2019-10"),
    ("--select", "\x1b[2J", "--months", MONTH),
    ("--months", "\n\x07"),
    ("--month\x1b", MONTH),
)


def faults_of_a_command(seed, folder):
    """What is wrong with how a whole command ended, in a home with a random delivery."""
    chance = random.Random(seed)  # noqa: S311  a test
    home = folder / chance.choice(("home", "ho me", "it's", "h[1]", "a?b", "été"))
    (home / "landing").mkdir(parents=True)
    delivery(seed).land(home / "landing")
    wrong = chance.sample(sorted(SETTINGS), chance.choice((0, 0, 1, 2)))
    more = {name: chance.choice(SETTINGS[name]) for name in wrong}
    ran = amazing(home, "run", *chance.choice(ARGUMENTS), **({"AMAZING_SHARDS": "2"} | more))
    faults = [] if ran.returncode in {0, 1, 2} else [f"status {ran.returncode}"]
    if ran.returncode:
        said = ran.stderr.strip().splitlines()[-1]
        faults += [f"{fault}: {said!a}" for fault in faults_of_a_sentence(said)]
        faults += [] if said.startswith("amazing: ") else [f"is not ours: {said!a}"]
    faults += ["a traceback"] if "Traceback" in ran.stderr + ran.stdout else []
    faults += ["control characters"] if "\x1b" in ran.stderr + ran.stdout else []
    return faults


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.parametrize(
    "seeds", [range(3), pytest.param(range(3, 60), marks=pytest.mark.evaluate)]
)
def test_a_command_ends_well_or_with_one_sentence_whatever_is_delivered_and_set(seeds, tmp_path):
    found = {seed: faults_of_a_command(seed, tmp_path / str(seed)) for seed in seeds}
    assert {seed: faults for seed, faults in found.items() if faults} == {}
