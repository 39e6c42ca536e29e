"""What every peer makes: the 24 columns with which a customer's features once began.

Peers read only the dirt that these files hold, and each reads it in its own way; that favours them.
"""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from amazing_assets.dates import WINDOWS, as_of, first_day, window_start
from amazing_assets.landing.names import month_of_file

FIELDS = (
    "event_time",
    "event_type",
    "product_id",
    "category_id",
    "category_code",
    "brand",
    "price",
    "user_id",
    "user_session",
)
TYPES_OF_EVENT = ("view", "cart", "remove_from_cart", "purchase")
NOTHING = ("null", "NaN", "None", r"\N")
PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

OF_A_WINDOW = (
    "number_of_views",
    "number_of_carts",
    "number_of_sessions",
    "count_products",
    "avg_price",
)
OF_THE_HISTORY = (
    "last_purchase",
    "days_since_last_purchase",
    "total_purchase_value",
    "cart_abandonments",
    "preferred_brand",
    "preferred_category",
    "most_active_time",
    "most_active_day",
)
COLUMNS = (
    "user_id",
    *(f"{name}_{months}m" for months in WINDOWS for name in OF_A_WINDOW),
    *OF_THE_HISTORY,
)


@dataclass(frozen=True)
class Order:
    """What a peer is asked for.

    Attributes:
        files: Of every month, named as they land.
        out: Where the columns go, as Parquet; `user_id` is the shop's own.
        reference: Only events before it count.
        starts: The first day of each window, by its months.
    """

    files: tuple[Path, ...]
    out: Path
    reference: date
    starts: dict[int, date]


def ordered() -> Order:
    """Return what the command line asks for: OUT FILE..., the last file being the last month's."""
    out, *files = map(Path, sys.argv[1:])
    reference = max(span_of(file)[1] for file in files)
    starts = {months: window_start(reference, months) for months in WINDOWS}
    return Order(tuple(files), out, reference, starts)


def span_of(file: Path) -> tuple[date, date]:
    """Return the first day of a file's month, and the first after it."""
    month = month_of_file(file.name)
    if month is None:
        sys.exit(f"{file} is no event file")
    return first_day(month), as_of(month)
