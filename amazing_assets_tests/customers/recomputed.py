"""`user_features` a second way: DuckDB SQL over the landed files, one pass and no summaries.

Written from the definitions in `columns.py` alone, so that an error has to be made twice to be
missed. Every table below that has `months` holds a row per customer (or price) and window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from amazing_assets.customers.columns import (
    SNAPSHOT_COLUMNS,
    TIMES_OF_DAY,
    TOP_CATEGORIES,
    WEEKDAYS,
    WINDOW_COLUMNS,
)
from amazing_assets.customers.contract import UserFeatures
from amazing_assets.dates import HISTORY, WINDOWS, first_day, window_start
from amazing_assets.events.reading.header import HEADER
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path


def recomputed_features(
    files: Sequence[Path],
    as_of: date,
    key: str,
    months_available: Sequence[str],
    zone: str = "UTC",
) -> pl.DataFrame:
    """Return what `user_features` must hold.

    Args:
        files: The landed files of the history, named as `2019-Oct.csv.gz`.
        as_of: Only events before its 00:00 UTC count.
        key: The secret key of the pseudonyms.
        months_available: The months that the lake has, as `2019-10`.
        zone: The time zone of hours of the day and of days of activity.
    """
    with duckdb.connect() as connection:
        for name, query in (_windows(as_of, months_available, zone) | _TABLES).items():
            reads = {"files": [str(file) for file in files]} if "$files" in query else None
            connection.execute(f"CREATE TEMP TABLE {name} AS {query}", reads)
        features = connection.sql("FROM user_features").pl()
    schema = schema_of(UserFeatures)
    return (
        features.join(pseudonyms(features["user_id"], key), on="user_id", validate="1:1")
        .with_columns(pl.col("last_event_at", "last_purchase").dt.replace_time_zone("UTC"))
        .drop("user_id")
        .rename({"pseudonym": "user_id"})
        .select(schema.names())
        .cast(schema)
        .sort("user_id")
    )


def _windows(as_of: date, months_available: Sequence[str], zone: str) -> dict[str, str]:
    rows = []
    for months in WINDOWS:
        start = window_start(as_of, months)
        there = {month for month in months_available if start <= first_day(month) < as_of}
        rows.append(f"({months}, DATE '{start}', {len(there)})")
    version = "2" if zone == "UTC" else f"2+{zone}"
    return {
        "reference": f"SELECT DATE '{as_of}' AS as_of, '{zone}' AS zone, '{version}' AS "
        "feature_version",
        "windows": f"FROM (VALUES {', '.join(rows)}) "
        f"AS windows(months, window_start, window_months_available)",
    }


def _names(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _trimmed(field: str) -> str:
    text = rf"trim({field}, E' \t\r\n')"
    return rf"CASE WHEN lower({text}) NOT IN ('', 'null', 'nan', 'none', '\n') THEN {text} END"


def _whole(field: str) -> str:
    # The pattern, because DuckDB casts 1.5 and 1e3 to whole numbers too.
    is_whole = rf"regexp_full_match({field}, '\s*[+-]?\d+\s*')"
    return f"CASE WHEN {is_whole} THEN try_cast({field} AS BIGINT) END"


_LINES = f"""
    FROM read_csv(
        $files, columns = {{{", ".join(f"'{field}': 'VARCHAR'" for field in HEADER)}}},
        header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
        strict_mode = true, ignore_errors = true, null_padding = false, filename = true
    )
"""

_EVENTS = rf"""
    WITH read AS (
        SELECT
            try_strptime(event_time[:19], '%Y-%m-%d %H:%M:%S') AS event_time,
            event_type,
            {_whole("product_id")} AS product_id,
            {_whole("category_id")} AS category_id,
            lower({_trimmed("category_code")}) AS category_code,
            lower({_trimmed("brand")}) AS brand,
            try_cast(round(try_cast(price AS DOUBLE) * 100) AS BIGINT) AS price_cents,
            {_whole("user_id")} AS user_id,
            {_trimmed("user_session")} AS user_session,
            parse_filename(filename)[:8] AS month_of_file
        FROM lines
        WHERE regexp_matches(event_time, '^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d( UTC|\+00:00)$')
            AND event_type IN ('view', 'cart', 'remove_from_cart', 'purchase')
            AND ({_trimmed("category_id")} IS NULL OR {_whole("category_id")} IS NOT NULL)
            AND isfinite(try_cast(price AS DOUBLE))
    ),
    happened AS (
        SELECT DISTINCT
            read.* EXCLUDE (month_of_file)
            REPLACE (
                CASE WHEN event_type = 'purchase' AND price_cents < 0 THEN 'return'
                    ELSE event_type END AS event_type,
                CASE WHEN price_cents > 0 THEN price_cents END AS price_cents
            ),
            CASE WHEN event_type = 'purchase' AND price_cents < 0 THEN -price_cents END
                AS returned_cents
        FROM read, reference
        WHERE product_id IS NOT NULL
            AND user_id IS NOT NULL
            AND price_cents IS NOT NULL
            AND strftime(event_time, '%Y-%b') = month_of_file
            AND event_time < as_of
            AND event_time >= (SELECT min(window_start) FROM windows)
    )
    SELECT
        happened.*,
        event_type = 'purchase' AS is_purchase,
        coalesce(user_session, 'no session ' || event_time::DATE) AS session,
        split_part(category_code, '.', 1) AS category,
        timezone(zone, timezone('UTC', event_time)) AS local_time,
        local_time::DATE AS day,
        event_time::DATE AS utc_day,
        date_trunc('month', event_time)::DATE AS month,
        hour(local_time) AS hour,
        round(10000 * ln(price_cents))::BIGINT AS log_price,
        floor(100 * ln(price_cents)) AS price_bin
    FROM happened, reference
"""

_DAYS = """
    WITH dates AS (
        SELECT
            -- A day more at both ends: in other zones it is evening, or the next morning.
            unnest(range(
                (SELECT min(window_start) FROM windows) - 1, as_of + 1, INTERVAL 1 DAY
            ))::DATE AS day,
            (isodow(day) + 2) % 7 AS days_since_friday,
            day - days_since_friday::INTEGER AS friday,
            dayofmonth(day) AS number
        FROM reference
    ),
    calendar AS (
        SELECT
            day,
            (month(day) = 11 AND number = 11)
            OR day BETWEEN DATE '2019-11-14' AND DATE '2019-11-17'
            -- The fourth Thursday of November is the 22nd to the 28th.
            OR (
                days_since_friday <= 3
                AND month(friday) = 11
                AND dayofmonth(friday) BETWEEN 23 AND 29
            )
            OR (month(day) = 12 AND number >= 20)
            OR (month(day) = 2 AND number IN (14, 23))
            OR (month(day) = 3 AND number = 8) AS is_calendar
        FROM dates
    )
    SELECT
        day,
        is_calendar,
        count(*) FILTER (day < as_of) OVER rest AS days_left,
        count(*) FILTER (is_calendar AND day < as_of) OVER rest AS calendar_days_left
    FROM calendar, reference
    WINDOW rest AS (ORDER BY day DESC)
"""

_SHARES = ", ".join(
    f"count(*) FILTER (category = '{category}') / count(*) AS share_top_{category}"
    for category in TOP_CATEGORIES
)

_COUNTS = f"""
    SELECT
        months,
        user_id,
        count(*) AS number_of_events,
        count(*) FILTER (event_type = 'view') AS number_of_views,
        count(*) FILTER (event_type = 'cart') AS number_of_carts,
        count(*) FILTER (event_type = 'remove_from_cart') AS number_of_removes,
        count(*) FILTER (is_purchase) AS number_of_purchases,
        count(*) FILTER (event_type = 'return') AS number_of_returns,
        sum(price_cents) / nullif(count(price_cents), 0) / 100 AS avg_price,
        coalesce(sum(price_cents) FILTER (is_purchase), 0) / 100 AS monetary,
        coalesce(sum(returned_cents), 0) / 100 AS returned_value,
        monetary - returned_value AS net_value,
        count(log_price)::HUGEINT AS priced,
        sqrt(
            (priced * sum(log_price * log_price) - sum(log_price) * sum(log_price))::DOUBLE
            / nullif(priced * (priced - 1), 0)
        ) / 10000 AS log_price_sd,
        number_of_carts / nullif(number_of_views, 0) AS view_to_cart,
        number_of_purchases / nullif(number_of_carts, 0) AS cart_to_purchase,
        number_of_purchases / nullif(number_of_views, 0) AS view_to_purchase,
        number_of_removes / nullif(number_of_carts, 0) AS remove_per_cart,
        count(*) FILTER (is_calendar) / count(*) AS holiday_share,
        avg(sin(2 * pi() * hour / 24)) AS hour_sin,
        avg(cos(2 * pi() * hour / 24)) AS hour_cos,
        count(*) FILTER (isodow(day) >= 6) / count(*) AS weekend_share,
        count(*) FILTER (hour <= 5) / count(*) AS night_share,
        {_SHARES},
        count(*) FILTER (category IS NULL OR category NOT IN ({_names(TOP_CATEGORIES)})) / count(*)
            AS share_top_unknown
    FROM seen JOIN days USING (day)
    GROUP BY months, user_id
"""

# Every window ends at `as_of`: what was last seen since its start has an event in it.
_ACTIVE_DAYS = """
    SELECT
        months,
        user_id,
        count(*) AS days_active,
        count(*) FILTER (is_purchase_day) AS purchase_days
    FROM (
        SELECT months, user_id, day, bool_or(is_purchase) AS is_purchase_day
        FROM events JOIN windows ON event_time >= window_start
        GROUP BY ALL
    )
    GROUP BY months, user_id
"""

_ACTIVE_SESSIONS = """
    SELECT
        months,
        user_id,
        count(*) AS number_of_sessions,
        count(*) FILTER (last_priced_purchase_at >= window_start) AS orders
    FROM sessions JOIN windows ON last_at >= window_start
    GROUP BY months, user_id
"""

_PRODUCTS = """
    WITH per_product AS (
        SELECT
            months,
            user_id,
            count(*) AS events,
            max(utc_day) > min(utc_day) AS is_seen_again,
            count(*) FILTER (is_purchase) AS purchases,
            min(event_time) FILTER (is_purchase) AS first_in_window,
            any_value(first_purchase) AS first_in_history
        FROM seen
        LEFT JOIN (
            SELECT user_id, product_id, min(event_time) AS first_purchase
            FROM events WHERE is_purchase GROUP BY ALL
        ) USING (user_id, product_id)
        GROUP BY months, user_id, product_id
    )
    SELECT
        months,
        user_id,
        count(*) AS count_products,
        coalesce(sum(events) FILTER (is_seen_again), 0) / sum(events) AS repeat_product_share,
        (sum(purchases) - count(*) FILTER (first_in_window = first_in_history))
            / nullif(sum(purchases), 0) AS repurchase_share
    FROM per_product
    GROUP BY months, user_id
"""

_SESSIONS = """
    SELECT
        user_id,
        min(event_time) AS first_at,
        max(event_time) AS last_at,
        max(event_time) FILTER (is_purchase AND price_cents IS NOT NULL)
            AS last_priced_purchase_at,
        least(epoch(last_at) - epoch(first_at), 86400) AS seconds,
        count(*) AS events,
        count(DISTINCT product_id) AS products,
        bool_or(event_type = 'cart') AND NOT bool_or(is_purchase) AS is_abandoned
    FROM events
    GROUP BY user_id, session
"""

_OWNED_SESSIONS = """
    WITH owned AS (
        SELECT
            *,
            epoch(first_at - lag(first_at) OVER (PARTITION BY months, user_id ORDER BY first_at))
                / 86400 AS gap_days
        FROM sessions JOIN windows ON first_at >= window_start
    )
    SELECT
        months,
        user_id,
        avg(events) AS events_per_session,
        avg(products) AS products_per_session,
        avg(seconds) / 60 AS session_minutes_mean,
        count(*) FILTER (events = 1) / count(*) AS bounce_share,
        avg(gap_days) AS gap_days_mean,
        stddev_samp(ln(1 + gap_days)) / nullif(avg(ln(1 + gap_days)), 0) AS gap_log_cv
    FROM owned
    GROUP BY months, user_id
"""


def _variety(value: str, entropy: str, share: str, number: str) -> str:
    return f"""
        SELECT
            months,
            user_id,
            -- A single value's terms cancel to -4e-16 rather than to nothing.
            greatest(
                ln(sum(n)) - sum(n * ln(n)) / sum(n) + (count(*) - 1) / (2 * sum(n)), 0
            ) AS {entropy},
            max(n) / sum(n) AS {share},
            count(*) AS {number}
        FROM (
            SELECT months, user_id, count(*) AS n
            FROM seen WHERE {value} IS NOT NULL
            GROUP BY months, user_id, {value}
        )
        GROUP BY months, user_id
    """


def _mode(value: str, name: str) -> str:
    return f"""
        SELECT user_id, first(value ORDER BY n DESC, purchases DESC, last_at DESC, value) AS {name}
        FROM (
            SELECT
                user_id,
                {value} AS value,
                count(*) AS n,
                count(*) FILTER (is_purchase) AS purchases,
                max(event_time) AS last_at
            FROM events WHERE value IS NOT NULL
            GROUP BY ALL
        )
        GROUP BY user_id
    """


# A category's number and its top level are two keys of one book; the prefix keeps them apart.
_CATEGORY_BOOK = """
    SELECT
        *,
        sum(n) OVER (PARTITION BY months, shelf ORDER BY price_bin) - n AS cheaper,
        sum(n) OVER (PARTITION BY months, shelf) AS total
    FROM (
        SELECT months, shelf, price_bin, count(*) AS n
        FROM seen, unnest(['id ' || category_id, 'top ' || category]) AS shelves(shelf)
        WHERE price_cents IS NOT NULL AND shelf IS NOT NULL
        GROUP BY ALL
    )
"""

_PRODUCT_MEDIANS = """
    WITH book AS (
        SELECT
            *,
            sum(n) OVER (PARTITION BY months, product_id ORDER BY price_bin) AS up_to_here,
            sum(n) OVER (PARTITION BY months, product_id) AS total
        FROM (
            SELECT months, product_id, price_bin, count(*) AS n
            FROM seen WHERE price_cents IS NOT NULL
            GROUP BY ALL
        )
    )
    SELECT
        months,
        product_id,
        exp((price_bin + (total / 2 - (up_to_here - n)) / n) / 100) AS median_cents
    FROM book
    WHERE total >= 3 AND up_to_here >= total / 2 AND up_to_here - n < total / 2
"""

# What a customer saw of a product in a month, and what of it the customer paid.
_PRICES = """
    WITH monthly AS (
        SELECT
            user_id, product_id, category_id, category, month, is_paid,
            count(*) AS n,
            sum(price_cents) / count(*) AS cents
        FROM events, (VALUES (false), (true)) AS kinds(is_paid)
        WHERE price_cents IS NOT NULL AND (is_purchase OR NOT is_paid)
        GROUP BY
            user_id, product_id, category_id, category_code, category, brand, month, is_paid
    ),
    shelves AS (
        SELECT DISTINCT months, shelf, total FROM category_book WHERE total >= 3
    )
    SELECT
        windows.months, user_id, product_id, is_paid, monthly.n, cents,
        100 * ln(cents) AS place,
        floor(place) AS place_bin,
        coalesce(narrow.shelf, wide.shelf) AS shelf,
        coalesce(narrow.total, wide.total) AS total
    FROM monthly
    JOIN windows ON month >= window_start
    LEFT JOIN shelves AS narrow
        ON narrow.months = windows.months AND narrow.shelf = 'id ' || category_id
    LEFT JOIN shelves AS wide
        ON wide.months = windows.months AND wide.shelf = 'top ' || category
"""

_PRICE_FEATURES = """
    WITH neighbours AS (
        SELECT places.*, price_bin, n AS in_bin, cheaper
        FROM (SELECT DISTINCT months, shelf, place_bin FROM prices) AS places
        ASOF JOIN category_book
            ON places.months = category_book.months
            AND places.shelf = category_book.shelf
            AND places.place_bin >= category_book.price_bin
    ),
    placed AS (
        SELECT
            prices.*,
            CASE
                WHEN shelf IS NULL THEN NULL
                WHEN price_bin IS NULL THEN 0
                WHEN price_bin = place_bin THEN (cheaper + (place - place_bin) * in_bin) / total
                ELSE (cheaper + in_bin) / total
            END AS percentile
        FROM prices
        LEFT JOIN neighbours USING (months, shelf, place_bin)
    )
    SELECT
        months,
        user_id,
        sum(n * percentile) FILTER (NOT is_paid)
            / sum(n) FILTER (NOT is_paid AND percentile IS NOT NULL) AS price_position,
        sum(n * percentile) FILTER (is_paid)
            / sum(n) FILTER (is_paid AND percentile IS NOT NULL) AS purchase_price_position,
        sum(CASE WHEN cents <= 0.95 * median_cents THEN n ELSE 0 END)
            FILTER (NOT is_paid AND median_cents IS NOT NULL)
            / sum(n) FILTER (NOT is_paid AND median_cents IS NOT NULL) AS discount_share
    FROM placed
    LEFT JOIN product_medians USING (months, product_id)
    GROUP BY months, user_id
"""

_TOTALS = """
    SELECT
        user_id,
        count(*) AS n_events_history,
        max(event_time) AS last_event_at,
        min(day) AS first_day,
        date_diff('day', max(utc_day), any_value(as_of)) AS recency_days,
        date_diff('day', min(utc_day), any_value(as_of)) AS tenure_days,
        bool_or(is_purchase) AS has_purchased,
        max(event_time) FILTER (is_purchase) AS last_purchase,
        date_diff('day', max(utc_day) FILTER (is_purchase), any_value(as_of))
            AS days_since_last_purchase,
        coalesce(sum(price_cents) FILTER (is_purchase), 0) / 100 AS total_purchase_value,
        count(DISTINCT session) / greatest(tenure_days, 14) * 30 AS frequency,
        count(*) FILTER (event_time >= as_of - 28) AS events_28d,
        count(*) FILTER (event_time >= as_of - 56) - events_28d AS events_28d_before,
        ln((events_28d + 1) / (events_28d_before + 1)) AS event_trend_28d
    FROM events, reference
    GROUP BY user_id
"""

_SUSPECTS = """
    SELECT user_id FROM events GROUP BY user_id, utc_day HAVING count(*) > 500
    UNION
    SELECT user_id FROM events GROUP BY user_id, month, session HAVING count(*) > 500
    UNION
    SELECT user_id FROM events GROUP BY user_id, month HAVING count(DISTINCT session) > 300
    UNION
    SELECT user_id FROM events SEMI JOIN (
        SELECT month, user_session FROM events WHERE user_session IS NOT NULL
        GROUP BY ALL HAVING count(DISTINCT user_id) > 20
    ) USING (month, user_session)
"""

_MEASURES = ", ".join(
    f"{name if column.nullable else f'coalesce({name}, 0)'} AS {name}"
    for name, column in WINDOW_COLUMNS.items()
    if name not in {"avg_order_value", "holiday_lift"}
)

_WINDOWED = f"""
    SELECT
        months,
        user_id,
        {_MEASURES},
        monetary / nullif(orders, 0) AS avg_order_value,
        holiday_share / nullif(calendar_days_left / nullif(days_left, 0), 0) AS holiday_lift
    FROM totals
    CROSS JOIN windows
    LEFT JOIN counts USING (months, user_id)
    LEFT JOIN active_days USING (months, user_id)
    LEFT JOIN active_sessions USING (months, user_id)
    LEFT JOIN products USING (months, user_id)
    LEFT JOIN owned_sessions USING (months, user_id)
    LEFT JOIN brands USING (months, user_id)
    LEFT JOIN categories USING (months, user_id)
    LEFT JOIN price_features USING (months, user_id)
    JOIN days ON days.day = greatest(window_start, first_day)
"""

_SNAPSHOT = f"""
    SELECT
        totals.*,
        as_of,
        feature_version,
        cart_abandonments,
        user_id IN (FROM suspects) AS is_bot_suspect,
        preferred_brand,
        preferred_category,
        [{_names(TIMES_OF_DAY)}][part_of_day + 1] AS most_active_time,
        [{_names(WEEKDAYS)}][weekday] AS most_active_day
    FROM totals
    CROSS JOIN reference
    JOIN abandoned USING (user_id)
    JOIN favourite_time USING (user_id)
    JOIN favourite_day USING (user_id)
    LEFT JOIN favourite_brand USING (user_id)
    LEFT JOIN favourite_category USING (user_id)
"""

_OF_TWO_WINDOWS = ("overdue_ratio", "trend_2m_5m")
_TOTALS_ONLY = ", ".join(
    f"snapshot.{name}" for name in SNAPSHOT_COLUMNS if name not in _OF_TWO_WINDOWS
)
_SUFFIXED = ", ".join(
    f"w{months}.{name} AS {name}_{months}m" for months in WINDOWS for name in WINDOW_COLUMNS
)
_JOINED = " ".join(
    f"JOIN windowed AS w{months} ON w{months}.user_id = snapshot.user_id "
    f"AND w{months}.months = {months}"
    for months in WINDOWS
)

_USER_FEATURES = f"""
    SELECT
        {_TOTALS_ONLY},
        snapshot.recency_days / nullif(w{HISTORY}.gap_days_mean, 0) AS overdue_ratio,
        ln((w2.number_of_events / 2 + 1) / (w5.number_of_events / 5 + 1)) AS trend_2m_5m,
        {_SUFFIXED}
    FROM snapshot
    {_JOINED}
"""

_TABLES = {
    "lines": _LINES,
    "events": _EVENTS,
    "days": _DAYS,
    "seen": """
        SELECT months, events.* EXCLUDE (category_code, session, user_session)
        FROM events JOIN windows ON event_time >= window_start
    """,
    "counts": _COUNTS,
    "active_days": _ACTIVE_DAYS,
    "products": _PRODUCTS,
    "sessions": _SESSIONS,
    "active_sessions": _ACTIVE_SESSIONS,
    "owned_sessions": _OWNED_SESSIONS,
    "brands": _variety("brand", "brand_entropy", "top_brand_share", "n_brands"),
    "categories": _variety("category", "category_entropy", "top_category_share", "n_categories"),
    "category_book": _CATEGORY_BOOK,
    "product_medians": _PRODUCT_MEDIANS,
    "prices": _PRICES,
    "price_features": _PRICE_FEATURES,
    "totals": _TOTALS,
    "abandoned": """
        SELECT user_id, count(*) FILTER (is_abandoned) AS cart_abandonments
        FROM sessions GROUP BY user_id
    """,
    "suspects": _SUSPECTS,
    "favourite_brand": _mode("brand", "preferred_brand"),
    "favourite_category": _mode("category", "preferred_category"),
    "favourite_time": _mode("hour // 6", "part_of_day"),
    "favourite_day": _mode("isodow(day)", "weekday"),
    "windowed": _WINDOWED,
    "snapshot": _SNAPSHOT,
    "user_features": _USER_FEATURES,
}
