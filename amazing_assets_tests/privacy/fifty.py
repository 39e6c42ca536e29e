"""Fifty unmistakable customers of a small shop, and everything that a home makes of them."""

import gzip
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.landing.names import month_of_file
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.commands import command

MONTHS = ("2019-10", "2019-11", "2019-12")
CUSTOMERS = 400

# Ids that no other customer, figure or moment looks like: shares of 81 begin with 987654321.
FIFTY = tuple(range(6173904801, 6173904851))

# How the ids of their visits begin, which are those of anybody else but for that.
VISIT = "5e551017-"

HEADER = (
    b"event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
)

# Tables with a row, or more, of each of them.
OF_THE_LAKE = (
    "action_sequences",
    "clean_events",
    "contacts",
    "customer_view",
    "next_action_vectors",
    "raw_events",
    "sessions",
    "user_features",
    "user_products",
)
OF_THE_WAREHOUSE = (
    "churn_scores",
    "customer_value",
    "next_action_probabilities",
    "segment_assignments",
)

# Small models, and what is said of customers each week of six weeks, as in a demo: what is found is
# not what is tested.
PROGRAM = """
from amazing_assets.commands.run import run_months
from amazing_assets.runs.plan import only_newest_weeks
from amazing_assets.settings import load_settings
quick = {
    "next_action_model": {"most_actions": 5_000, "epochs": 1},
    "churn_models": {"trials": 1, "most_rows": 4_000, "fewest": 5},
}
def quickly(runs):
    return [run.configured(quick) for run in only_newest_weeks(runs, 6, {"customer_view"})]
if __name__ == "__main__":
    run_months(load_settings(), %r, "*", retrain=%r, adapted=quickly)
"""


def deliver(folder):
    """Three months of a shop, fifty of whose customers are called as nobody else is."""
    months = tuple(date.fromisoformat(f"{month}-01") for month in MONTHS)
    with tempfile.TemporaryDirectory() as plain:
        settings = WorldSettings(customers=CUSTOMERS, months=months, seed=5)
        files = generate(Path(plain), settings).files
        lines = {file: gzip.decompress(file.read_bytes()).split(b"\n") for file in files}
    known = sorted({each for rows in lines.values() for row in rows for each in ids_of(row)})
    chosen = dict(zip(known[:: len(known) // 50], FIFTY, strict=False))
    for file, rows in lines.items():
        planted = b"\n".join(renamed(row, chosen) for row in rows)
        (folder / file.name).write_bytes(gzip.compress(planted, 1))
        contacts(folder, month_of_file(file.name), file.name.split(".")[0], known[:90])


def ids_of(row):
    fields = row.split(b",")
    return fields[7:8] if len(fields) == 9 and fields[7].isdigit() else []


def renamed(row, chosen):
    """A line of one of them under the new id, with a visit of the new name."""
    fields = row.split(b",")
    for place, each in enumerate(fields):
        if each.strip() in chosen:
            own = str(chosen[each.strip()]).encode()
            fields[place] = each.replace(each.strip(), own)
            for visit in (found for found in fields[place + 1 : place + 2] if found.strip()):
                fields[place + 1] = VISIT.encode() + visit[len(VISIT) :]
    return b",".join(fields)


def contacts(folder, month, name, others):
    people = [*map(str, FIFTY[::2]), *(each.decode() for each in others)]
    rows = [f"{each},{month}-15 09:00:00 UTC,autumn" for each in people]
    text = "\n".join(["user_id,contacted_at,campaign", *rows])
    (folder / f"{name}.contacts.csv").write_text(f"{text}\n")


def make_everything(variables, *, retrain=True):
    """Run every asset of every month in a process of its own, as `amazing run` does."""
    program = PROGRAM % (MONTHS, retrain)
    ran = subprocess.run(
        [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def forget(variables):
    """All fifty at once, by standard input: no list of processes shows who they are."""
    return subprocess.run(
        command("forget", "--file", "-", "--json"),
        env=variables,
        input="".join(f"{each}\n" for each in FIFTY),
        capture_output=True,
        text=True,
        check=False,
    )


def sought(key):
    """Texts and numbers by which any of them, or of their visits, may be known."""
    pseudonyms = [pseudonym_of(each, key) for each in FIFTY]
    return [VISIT, *map(str, (*FIFTY, *pseudonyms))], (*FIFTY, *pseudonyms)


def events_of(folder):
    """The good lines of all files that are theirs."""
    own = {str(each).encode() for each in FIFTY}
    rows = (
        row
        for file in sorted(folder.glob("*.csv.gz"))
        for row in gzip.decompress(file.read_bytes()).split(b"\n")
    )
    return [row for row in rows if own.intersection(ids_of(row))]
