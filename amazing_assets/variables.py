"""The names of the environment variables: all of ours, and those whose values no log may hold."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_OURS = "AMAZING_"


class SettingsError(PlainError):
    """An environment variable holds a value that the platform does not accept."""


# Every variable of ours and what it says, those included that only tests, or `deploy/dagster.yaml`,
# read.
NAMES = {
    "AMAZING_ALERT_WEBHOOK": "Address that is told of failed runs, as JSON; a secret.",
    "AMAZING_CALENDAR": "File of sales and holidays: name,first_day,last_day,market; the one "
    "that is shipped unless set.",
    "AMAZING_CLUSTER": "Address of a Dask scheduler, as tcp://scheduler:8786, whose workers take "
    "over the work on shards; it is done here unless set.",
    "AMAZING_COLUMNS": "Other names of a shop's columns, as "
    "session_id:user_session,action:event_type.",
    "AMAZING_CONTACT_BUDGET": "Customers of a week who can be contacted, of each list; 1000 unless "
    "set.",
    "AMAZING_DAGSTER_POSTGRES": "Of `deploy/dagster.yaml`: the database of Dagster; a secret.",
    "AMAZING_FIRST_MONTH": "First monthly partition; 2019-10 unless set.",
    "AMAZING_HOLDOUT": "Share of the customers who are held out of campaigns; 0.05 unless set.",
    "AMAZING_HOME": "Folder of everything the platform keeps; ./.amazing unless set.",
    "AMAZING_LAKE": "Where the customer-sharded tables are: a folder, or s3://bucket/prefix; in "
    "the home unless set.",
    "AMAZING_LANDING": "Where event files land: a folder, or s3://bucket/prefix; in the home "
    "unless set.",
    "AMAZING_LISTS": "Where lists for campaigns are written: a folder, or s3://bucket/prefix; "
    "contact_lists in the reports unless set.",
    "AMAZING_LOG_BUCKET": "Of `deploy/dagster.yaml`: bucket of the runs' logs.",
    "AMAZING_MARKET": "The market of a process, one of AMAZING_MARKETS; `--market` of a command.",
    "AMAZING_MARKETS": "Names of markets, as US,DE: each has a home of its own below the home, and "
    "folders of its own below those that are set.",
    "AMAZING_PSEUDONYM_KEY": "Makes pseudonyms of customers; a secret. In the home, made at first "
    "use, unless set; a lake keeps to the key of its first customers.",
    "AMAZING_REAL_DATA": "Of the tests: folder of real event files.",
    "AMAZING_REPORTS_URL": "Address at which the folder of the reports can be read, which pages of "
    "Dagster link to; that of `amazing dev` unless set.",
    "AMAZING_REDSHIFT_ROLE": "Of a warehouse on Redshift: ARN of the role with which it reads what "
    "is staged.",
    "AMAZING_REDSHIFT_STAGE": "Of a warehouse on Redshift: s3://bucket/prefix where files lie "
    "until they are loaded.",
    "AMAZING_REQUESTS": "Where files of customers who ask to be forgotten lie, one id a line: a "
    "folder, or s3://bucket/prefix; requests in the home unless set.",
    "AMAZING_RETENTION": "Months that what is kept lives, as raw_events=24,runs=12, of raw_events, "
    "clean_events, features, scores, models, reports, logs and runs; what is not named is never "
    "removed.",
    "AMAZING_RETRAIN": "When models that had seen an erased customer are trained again: schedule, "
    "by their calendar, or at_once; schedule unless set.",
    "AMAZING_SENSOR_SECONDS": "How often sensors look; 30 unless set.",
    "AMAZING_SETTLE_SECONDS": "How long files must stay the same before they are read; 180 unless "
    "set.",
    "AMAZING_SHARDS": "Parts by customer of a new lake, 1 to 256; by the size of its first month "
    "unless set.",
    "AMAZING_TIME_ZONE": "Whose hours and days the features have, as Europe/Paris; UTC unless set. "
    "Events and statistics stay in UTC.",
    "AMAZING_WAREHOUSE": "Warehouse: a DuckDB file, or postgresql://user:password@host/database or "
    "redshift://user:password@host/database, a secret; a file in the home unless set.",
    "AMAZING_WAREHOUSE_READERS": "Role of the database that may read the tables of a warehouse on "
    "a server; nobody is granted anything unless set.",
    "AMAZING_WEB_UI": "Address of Dagster's web UI, which alerts link to.",
}

# What opens a door, ours and those of the libraries that read it themselves; of the address of a
# warehouse only its password does.
SECRETS = (
    "AMAZING_PSEUDONYM_KEY",
    "AMAZING_ALERT_WEBHOOK",
    "AMAZING_DAGSTER_POSTGRES",
    "PGPASSWORD",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_TOKEN",
)

# What may lead out of a home: a demo has all of it in its own.
OUTSIDE = (
    "AMAZING_MARKETS",
    "AMAZING_MARKET",
    "AMAZING_LANDING",
    "AMAZING_LAKE",
    "AMAZING_WAREHOUSE",
    "AMAZING_WAREHOUSE_READERS",
    "AMAZING_PSEUDONYM_KEY",
    "AMAZING_LISTS",
    # Its workers may not reach a folder of this machine.
    "AMAZING_CLUSTER",
    "AMAZING_REQUESTS",
    "MLFLOW_TRACKING_URI",
    "DAGSTER_HOME",
)


def unknown_name(environment: Iterable[str]) -> str | None:
    """Return the sentence that refuses a misspelled name; None: there is none.

    Its value would be ignored without a word.
    """
    names = sorted(name for name in environment if name.startswith(_OURS) and name not in NAMES)
    if not names:
        return None
    known = [name.removeprefix(_OURS) for name in sorted(NAMES)]
    near = get_close_matches(names[0].removeprefix(_OURS), known, 1)
    meant = (
        f"set {_OURS}{near[0]} instead"
        if near
        else "unset it; docs/settings.md lists those there are"
    )
    return f"{quoted(names[0])} is no setting; {meant}."
