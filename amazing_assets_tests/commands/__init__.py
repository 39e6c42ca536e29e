"""The command line as a person runs it: a process of its own in a home of its own."""

import json
import os
import subprocess
import sys

from amazing_assets_tests.builders import KEY

OURS = ("AMAZING", "DAGSTER", "MLFLOW")


def environment(home, **more):
    inherited = os.environ.items()  # noqa: TID251  handed on to the process
    kept = {name: value for name, value in inherited if not name.startswith(OURS)}
    return kept | {"AMAZING_HOME": str(home), "AMAZING_PSEUDONYM_KEY": KEY} | more


def command(*arguments):
    return [sys.executable, "-m", "amazing_assets", *map(str, arguments)]


def amazing(home, *arguments, **more):
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def found(ran):
    """What a command that succeeded says to programs."""
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
