"""A month at home with the searches of a demo, and all of its weeks or their views alone.

python -m amazing_assets_tests.stack.at_home 2019-10 views
python -m amazing_assets_tests.stack.at_home 2019-12 everything
"""

import sys
from dataclasses import replace

from amazing_assets.commands.demo import QUICK
from amazing_assets.commands.run import run_months
from amazing_assets.settings import load_settings

VIEW = "customer_view"
OF_A_WEEK = (
    VIEW,
    "churn_models",
    "churn_scores",
    "churn_feedback",
    "customer_value",
    "contact_lists",
    "next_action_vectors",
    "next_action_probabilities",
)

VIEWS, EVERYTHING = "views", "everything"


def quickly(runs):
    return [run.configured(QUICK) for run in runs]


def views(runs):
    """The runs without what is made of a week beside its view."""
    made = [replace(run, assets=tuple(filter(is_early, run.assets))) for run in runs]
    return quickly([run for run in made if run.assets])


def is_early(asset):
    return asset.to_user_string() not in OF_A_WEEK[1:]


if __name__ == "__main__":
    month, how = sys.argv[1:]
    run_months(load_settings(), [month], "*", adapted=views if how == VIEWS else quickly)
