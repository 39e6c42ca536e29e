"""A month through everything at home, with the searches of a demo: as a program of its own.

python -m amazing_assets_tests.stack.at_home 2019-10
"""

import sys

from amazing_assets.commands.demo import QUICK
from amazing_assets.commands.run import run_months
from amazing_assets.settings import load_settings


def quickly(runs):
    return [run.configured(QUICK) for run in runs]


if __name__ == "__main__":
    run_months(load_settings(), sys.argv[1:], "*", adapted=quickly)
