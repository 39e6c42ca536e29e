"""The documented GraphQL call, asked of the definitions as `amazing dev` serves them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets_tests.commands import environment
from amazing_assets_tests.instances import instance_of

PAGE = Path(__file__).parents[2] / "docs" / "customer-view.md"


def documented(kind):
    (block,) = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return block


def asked(home, variables):
    """What the API answers."""
    dagster_home = home / "dagster"
    dagster_home.mkdir(exist_ok=True)
    (dagster_home / "dagster.yaml").touch()
    ran = subprocess.run(
        [
            *(sys.executable, "-c", "from dagster_graphql.cli import main; main()"),
            *("-m", "amazing_assets.definitions"),
            *("-t", documented("graphql"), "-v", json.dumps(variables)),
        ],
        env=environment(home, DAGSTER_HOME=str(dagster_home)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    # Between what the code server says of itself.
    (answer,) = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    return json.loads(answer)["data"]["launchPartitionBackfill"]


@pytest.mark.evaluate
def test_the_documented_call_asks_for_weeks_of_the_view(tmp_path):
    variables = json.loads(documented("json"))
    launched = asked(tmp_path, variables)
    assert launched["__typename"] == "LaunchBackfillSuccess"
    with instance_of(tmp_path / "dagster") as instance:
        (backfill,) = instance.get_backfills()
        assert backfill.backfill_id == launched["backfillId"]
        assert backfill.asset_selection == [dg.AssetKey("customer_view")]
        data = backfill.asset_backfill_data.target_subset
        weeks = data.get_partitions_subset(dg.AssetKey("customer_view")).get_partition_keys()
    assert set(weeks) == set(variables["params"]["partitionNames"])
