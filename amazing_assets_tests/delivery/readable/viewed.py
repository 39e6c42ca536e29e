"""A lake with the view of two weeks; the third customer came in the second."""

from datetime import UTC, datetime

from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.customers.view.history import history_task, past_of
from amazing_assets.customers.view.view import fill_view, segments_for
from amazing_assets.dates import WEEK
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.events.clean import clean_shard
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.customers.lakes import put_events
from amazing_assets_tests.delivery.lists.scored import WEEK_OF

CONTRACTS = Contracts(LAKE, WAREHOUSE, WEEKLY_TABLES)


def viewed(lake):
    lake = Lake(lake.root, 4, LocalEngine(), CONTRACTS.lake)
    days = {1: 2, 2: 2, 3: 16}
    seen = (
        event(user_id=user, event_time=datetime(2019, 10, day, tzinfo=UTC))
        for user, day in days.items()
    )
    put_events(lake, {"2019-10": clean_shard(raw(*seen).lazy()).collect()})
    for week in (WEEK_OF - WEEK, WEEK_OF):
        with lake.draft("customer_view", week.isoformat(), CustomerView) as draft:
            history = history_task(lake, past_of(lake, week + WEEK), "UTC")
            fill_view(draft, lake, history, segments_for(None))
            draft.publish()
    return lake
