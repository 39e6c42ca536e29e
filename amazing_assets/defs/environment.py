"""The settings of the process that loads the definitions, read and checked once.

Partitions and the intervals of sensors are fixed when Dagster loads them, so these cannot wait
for a run. What depends on the home, a command may change after that: `resources` reads it anew.
"""

from amazing_assets.customers.calendar import Calendar, read_calendar
from amazing_assets.settings import load_settings

SETTINGS = load_settings()


def calendar_of(market: str) -> Calendar:
    """Return the sales and holidays of a market, read when they are needed.

    Raises:
        CalendarError: The file that the settings name holds something else.
    """
    return read_calendar(SETTINGS.calendar).of(market)
