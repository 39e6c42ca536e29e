"""Tables of two homes, so that they can be told to be the same."""

from amazing_assets.cadence import CADENCES
from amazing_assets.lake import storage


def cells(lake):
    """Every partition of a lake that is published: table and key."""
    return sorted(
        (table, key)
        for table in storage.tables(lake.root)
        for cadence in CADENCES
        for key in lake.partitions(table, cadence)
    )


def ordered(frame):
    """The rows in an order that does not depend on how they came, nor on a float's last digit."""
    plain = [n for n, kind in frame.schema.items() if not kind.is_nested() and not kind.is_float()]
    return frame.sort(plain, nulls_last=True)
