"""A home whose customers came at known rates for half a year: visits, and views of its weeks."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from amazing_assets.customers.contract import Sessions
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.dates import WEEK, month_of
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.events.contract import CleanEvents
from amazing_assets.lake.contract import schema_of
from amazing_assets_tests.defs.homes import Home

FIRST, DAYS = date(2019, 10, 1), 183
MONTHS = ("2019-10", "2019-11", "2019-12", "2020-01", "2020-02", "2020-03")

# The view of a week is that of the Tuesday after it.
FIRST_VIEW, LAST_VIEW = date(2019, 11, 5), date(2020, 3, 31)

_DAILY = np.array([0.4, 0.15, 0.05, 0.02])
_LEAVES = np.array([0.004, 0.004, 0.004, 0.002])


def lived(folder, customers=1_200, until=None, stop=None):
    """Return a home; events from `until` on never landed, from `stop` on few come any more."""
    home = Home(folder)
    home.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder}/mlflow.db", artifacts=str(folder / "artifacts")
    )
    came, bought = _simulated(customers, stop)
    if until is not None:
        came[:, (until - FIRST).days :] = False
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    for month in MONTHS:
        chosen = np.array([month_of(day) == month for day in days])
        where = came & chosen[None, :]
        write(home, "sessions", month, (Sessions, _visits(where, bought)))
        events = pl.DataFrame(schema=schema_of(CleanEvents))
        write(home, "clean_events", month, (CleanEvents, events))
    view = FIRST_VIEW
    while view <= LAST_VIEW:
        rows = _view(came, bought, view)
        write(home, "customer_view", (view - WEEK).isoformat(), (CustomerView, rows))
        view += WEEK
    return home


def write(home, table, key, told):
    contract, rows = told
    with home.lake.draft(table, key, contract) as draft:
        draft.add(rows, "rows")
        draft.complete()
        draft.publish()


def _simulated(customers, stop):
    random = np.random.default_rng(1)
    kind = random.integers(0, 4, customers)
    daily = np.clip(_DAILY[kind] * random.lognormal(0, 0.3, customers), 0.01, 0.9)
    began = random.integers(0, 60, customers)
    gone = began + random.geometric(_LEAVES[kind])
    day = np.arange(DAYS)[None, :]
    chance = np.where((day >= began[:, None]) & (day < gone[:, None]), daily[:, None], 0.002)
    chance = np.where(day >= began[:, None], chance, 0.0)
    if stop is not None:
        chance[:, (stop - FIRST).days :] *= 0.05
    came = random.uniform(size=chance.shape) < chance
    return came, came & (random.uniform(size=chance.shape) < 0.3)


def _visits(where, bought):
    users, days = np.nonzero(where)
    at = [datetime(2019, 10, 1, 12, tzinfo=UTC) + timedelta(days=int(day)) for day in days]
    told = pl.DataFrame(
        {
            "user_id": users,
            "quarter_hour": at,
            "views": 1,
            "purchases": bought[users, days].astype(int),
            "priced_purchases": bought[users, days].astype(int),
            "purchase_cents": 1_000 * bought[users, days],
        },
        schema_overrides={"quarter_hour": pl.Datetime("us", "UTC")},
    )
    return completed(told, Sessions)


def _view(came, bought, as_of):
    now = (as_of - FIRST).days
    seen = came[:, :now]
    users = np.flatnonzero(seen.any(axis=1))
    seen, paid = seen[users], bought[users, :now]
    number, purchases = seen.sum(axis=1), paid.sum(axis=1)
    recency = 1 + seen[:, ::-1].argmax(axis=1)
    since = 1 + paid[:, ::-1].argmax(axis=1)
    tenure = now - seen.argmax(axis=1)
    gap = (tenure - recency) / np.maximum(number - 1, 1)
    weeks = {
        f"events_wk_{n}": seen[:, now - 7 * n : now - 7 * (n - 1)].sum(axis=1)
        for n in range(1, min(7, now // 7 + 1))
    }
    told = pl.DataFrame(
        {
            "user_id": users,
            "recency_days": recency,
            "tenure_days": tenure,
            "days_active_7m": number,
            "n_events_history": number + 3,
            "frequency": number / np.maximum(tenure, 14) * 30,
            "gap_days_mean_7m": gap,
            "overdue_ratio": recency / np.maximum(gap, 1),
            "number_of_purchases_7m": purchases,
            "purchase_days_7m": purchases,
            "total_purchase_value": purchases * 10.0,
            "has_purchased": purchases > 0,
            "days_since_last_purchase": pl.Series(np.where(purchases > 0, since, -1)),
            **weeks,
        }
    ).with_columns(
        pl.when(pl.col("days_since_last_purchase") >= 0).then("days_since_last_purchase"),
        reference_date=pl.lit(as_of),
        market=pl.lit("main"),
        feature_version=pl.lit("2"),
    )
    return completed(told, CustomerView)


def completed(told, contract):
    """Return rows with every column of a contract: null where it may be, else nothing."""
    blank = {
        name: None if column.nullable else _NOTHING.get(str(column.dtype), 0)
        for name, column in contract.to_schema().columns.items()
        if name not in told.columns
    }
    schema = schema_of(contract)
    filled = told.with_columns(
        **{name: pl.lit(value, dtype=schema[name]) for name, value in blank.items()}
    )
    return filled.select(pl.col(name).cast(kind) for name, kind in schema.items())


_NOTHING = {
    "String": "none",
    "Boolean": False,
    "Datetime(time_unit='us', time_zone='UTC')": datetime(2019, 10, 1, tzinfo=UTC),
    "List(Int64)": [],
}
