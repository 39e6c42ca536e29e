"""The 24 columns in one DuckDB script, which may use what memory and disk DuckDB takes.

python -m benchmarks.peers.duckdb_script OUT FILE...
"""

import duckdb

from benchmarks.peers.columns import (
    COLUMNS,
    FIELDS,
    NOTHING,
    PARTS_OF_DAY,
    TYPES_OF_EVENT,
    WEEKDAYS,
    Order,
    ordered,
)

MODES = {
    "preferred_brand": "brand",
    "preferred_category": "split_part(category_code, '.', 1)",
    "most_active_time": "hour(event_time) // 6",
    "most_active_day": "isodow(event_time) - 1",
}
WORDS = {"most_active_time": PARTS_OF_DAY, "most_active_day": WEEKDAYS}

READ = f"""
    CREATE TEMP TABLE events AS
    WITH lines AS (
        SELECT DISTINCT
            * EXCLUDE (event_time, product_id, category_id, price, user_id, filename),
            try_strptime(event_time, '%Y-%m-%d %H:%M:%S UTC') AS event_time,
            try_cast(product_id AS BIGINT) AS product_id,
            try_cast(category_id AS BIGINT) AS category_id,
            try_cast(price AS DOUBLE) AS price,
            try_cast(user_id AS BIGINT) AS user_id,
            parse_filename(filename)[:8] AS month
        FROM read_csv(
            $files, columns = {{{", ".join(f"'{name}': 'VARCHAR'" for name in FIELDS)}}},
            header = true, auto_detect = false, ignore_errors = true, filename = true,
            nullstr = {["", *NOTHING]}
        )
    )
    SELECT
        *,
        event_type = 'purchase' AND price >= 0 AS is_bought,
        CASE WHEN price > 0 THEN round(price * 100)::BIGINT END AS cents,
        coalesce(user_session, event_time::DATE::VARCHAR) AS session
    FROM lines
    WHERE strftime(event_time, '%Y-%b') = month
        AND event_type IN {TYPES_OF_EVENT}
        AND product_id IS NOT NULL AND user_id IS NOT NULL AND price IS NOT NULL
"""


def main() -> None:
    """Write the columns."""
    order = ordered()
    with duckdb.connect() as connection:
        spill = str(order.out.with_suffix(".spill"))
        connection.execute("SET temp_directory = $spill", {"spill": spill})
        connection.execute(READ, {"files": [str(file) for file in order.files]})
        connection.sql(features(order)).write_parquet(str(order.out))


def features(order: Order) -> str:
    """Return the query of all customers."""
    favourites = ", ".join(f"of_{name} AS ({mode(value, name)})" for name, value in MODES.items())
    joins = " ".join(f"LEFT JOIN of_{name} USING (user_id)" for name in MODES)
    return f"""
        WITH counted AS ({counts(order)}), abandoned AS ({ABANDONED}), {favourites}
        SELECT {", ".join(COLUMNS)} FROM counted LEFT JOIN abandoned USING (user_id) {joins}
    """


def counts(order: Order) -> str:
    """Return the query of what is counted, in each window and in all."""
    windows = []
    for months, start in order.starts.items():
        inside = f"FILTER (event_time >= DATE '{start}')"
        windows += [
            f"countif(event_type = 'view') {inside} AS number_of_views_{months}m",
            f"countif(event_type = 'cart') {inside} AS number_of_carts_{months}m",
            f"count(DISTINCT session) {inside} AS number_of_sessions_{months}m",
            f"count(DISTINCT product_id) {inside} AS count_products_{months}m",
            f"avg(cents) {inside} / 100 AS avg_price_{months}m",
        ]
    return f"""
        SELECT
            user_id,
            {", ".join(windows)},
            max(event_time) FILTER (is_bought) AS last_purchase,
            date_diff('day', last_purchase::DATE, DATE '{order.reference}')
                AS days_since_last_purchase,
            coalesce(sum(cents) FILTER (is_bought), 0) / 100 AS total_purchase_value
        FROM events GROUP BY user_id
    """


ABANDONED = """
    SELECT user_id, count(*) FILTER (is_left) AS cart_abandonments
    FROM (
        SELECT user_id, bool_or(event_type = 'cart') AND NOT bool_or(is_bought) AS is_left
        FROM events GROUP BY user_id, session
    )
    GROUP BY user_id
"""


def mode(value: str, name: str) -> str:
    """Return the query of the most frequent value; ties: purchases, last event, the value."""
    found = "first(value ORDER BY n DESC, bought DESC, last DESC, value)"
    shown = f"{list(WORDS[name])}[{found} + 1]" if name in WORDS else found
    return f"""
        SELECT user_id, {shown} AS {name}
        FROM (
            SELECT
                user_id, {value} AS value, count(*) AS n,
                count(*) FILTER (is_bought) AS bought, max(event_time) AS last
            FROM events WHERE {value} IS NOT NULL GROUP BY ALL
        )
        GROUP BY user_id
    """


if __name__ == "__main__":
    main()
