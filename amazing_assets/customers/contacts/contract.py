"""The table of contacts, and what every column of it promises."""

from __future__ import annotations

import pandera.polars as pa

from amazing_assets.events.contract import UTC_TIME
from amazing_assets.lake.contract import Table


class Contacts(Table):
    """One row per contact of a customer by a campaign; copies of a row count once."""

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym.")
    contacted_at: UTC_TIME = pa.Field(description="When the customer was contacted, UTC.")
    campaign: str = pa.Field(description="The campaign, as the file calls it.")
