"""Another process that has a warehouse open, as a run or a person's session has."""

import subprocess
import sys
from contextlib import contextmanager

_PROGRAM = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[3] == "True")
print("open", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held_open(file, seconds=60.0, *, read_only=False):
    """Hold a DuckDB file open in a process of its own; yields the number of the process."""
    arguments = [sys.executable, "-c", _PROGRAM, str(file), str(seconds), str(read_only)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout.readline() == b"open\n"
            yield holder.pid
        finally:
            holder.kill()
