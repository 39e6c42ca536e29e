"""Features straight from landed files, without a lake: what tests compare."""

import polars as pl

from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import (
    combine_prices,
    combine_sessions,
    combine_user_products,
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.events.clean import clean_shard
from amazing_assets.landing.names import month_of_file
from amazing_assets_tests.builders import read

# Two ways of adding floats differ in the last bits; entropies and sines near 0 only absolutely.
INCREMENTAL, INDEPENDENT = 1e-12, 1e-9


def clean_events(*files):
    """Clean events of landed files, month by month."""
    months = {}
    for file in files:
        months.setdefault(month_of_file(file.name), []).append(file)
    return [
        clean_shard(pl.concat(read(file, month)[0] for file in parts).lazy()).collect()
        for month, parts in months.items()
    ]


def features(parts, as_of, months, zone="UTC"):
    """Features of clean events that come in any parts; the parts are summarised one by one."""
    lazy = [part.lazy() for part in parts]
    sessions = combine_sessions([summarise_sessions(part) for part in lazy]).collect()
    products = combine_user_products([summarise_user_products(part) for part in lazy]).collect()
    book = combine_prices([summarise_prices(part) for part in lazy]).collect()
    prices = price_reference(book.lazy(), as_of)
    return build_features(History(sessions.lazy(), products.lazy(), prices, as_of, zone), months)


def differences(one, other, tolerance):
    """Columns in which two tables differ: floats by more than the tolerance, others at all."""
    assert one.schema == other.schema
    assert one["user_id"].equals(other["user_id"])
    found = {}
    for name, dtype in one.schema.items():
        pair = pl.DataFrame({"one": one[name], "other": other[name]})
        same = pl.col("one").eq_missing(pl.col("other"))
        if dtype == pl.Float64:
            size = pl.max_horizontal(1.0, pl.col("one").abs())
            close = (pl.col("one") - pl.col("other")).abs() <= tolerance * size
            same |= close.fill_null(value=False)
        rows = pair.filter(~same)
        if rows.height:
            found[name] = (rows.height, *rows.row(0))
    return found
