"""What the terminal of `amazing dev` shows of Dagster's log: a failed run once, in one sentence.

Dagster tells of every step that failed, of each that waited for it, and of the run, twice with the
traceback. All of it is on the run's page; a sensor says the one sentence.
"""

import re
from collections.abc import Iterable, Iterator

_RECORD = re.compile(
    r"\d{4}-\d\d-\d\d (?P<time>\d\d:\d\d):\d\d [+-]\d{4} - dagster[\w.]* - [A-Z]+ - (?P<said>.*)"
)

# Of a run: the record names it, and its process where one has begun.
_OF_A_RUN = re.compile(r"\S+ - [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} - ")

_OF_A_SENSOR = re.compile(r"__repository__ - \w+ - (?P<sentence>.*)")


def shown(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that a person should see, as soon as they come.

    Args:
        lines: Of Dagster's log; those that begin no record belong to the record before.
    """
    is_of_a_run = False
    for line in lines:
        record = _RECORD.match(line)
        if record:
            is_of_a_run = bool(_OF_A_RUN.match(record["said"]))
            told = _OF_A_SENSOR.match(record["said"])
            if told:
                yield f"{record['time']} {told['sentence']}\n"
                continue
        if not is_of_a_run:
            yield line
