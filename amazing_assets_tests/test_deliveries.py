"""Whatever is delivered: a month of which every row is accounted for, or one sentence."""

import re
import shutil

import dagster as dg
import pytest

from amazing_assets.defs.assets.events import landed_events
from amazing_assets_tests.builders import landed, line
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
    links = {name: home.lake.root / name / f"month={MONTH}" for name in TABLES}
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
    random = delivery(seed)
    random.land(home.landing)
    before = published(home)
    said = refused(home)
    after = published(home)
    left = [len(list((home.lake.root / name / ".versions").iterdir())) for name in TABLES]
    if said is not None:
        faults = [f"{fault}: {said!a}" for fault in faults_of_a_sentence(said)]
        faults += ["something was published"] if after != before else []
        return faults + (["a draft was left"] if any(left) and sum(left) > len(before) else [])
    kept, rejected = (home.table(name).height for name in TABLES)
    faults = ["one table was published without the other"] if after.keys() != set(TABLES) else []
    faults += ["nothing new was published"] if set(after.values()) & set(before.values()) else []
    if random.rows is not None and kept + rejected != random.rows:
        faults.append(f"{random.rows} rows in, {kept} kept, {rejected} rejected")
    return faults


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
