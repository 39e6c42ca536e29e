"""What all monthly tables have in common on the graph, whichever asset makes them."""

from collections.abc import Callable
from typing import Any

import dagster as dg
import pandera.polars as pa

from amazing_assets.defs.freshness import BY_THE_FIFTH
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.tables.checks import blocking_check
from amazing_assets.defs.tables.metadata import columns

ENGINEERS, SCIENTISTS, MARKETING = "team:data-engineering", "team:data-science", "team:marketing"

Declare = Callable[[Callable[..., Any]], dg.AssetsDefinition]


def in_lake(contract: type[pa.DataFrameModel], group: str, owner: str) -> dict[str, Any]:
    """Return where a lake table stands on the graph, and its columns."""
    return {
        "group_name": group,
        "kinds": {"polars", "parquet"},
        "owners": [owner],
        "freshness_policy": BY_THE_FIFTH,
        "metadata": columns(contract),
    }


def lake_table(
    name: str,
    contract: type[pa.DataFrameModel],
    group: str,
    owner: str,
    **more: Any,  # noqa: ANN401  as of `dagster.asset`
) -> Declare:
    """Declare an asset that is one month of a lake table."""
    declare: Declare = dg.asset(
        **in_lake(contract, group, owner),
        partitions_def=MONTHS,
        check_specs=[blocking_check(name)],
        **more,
    )
    return declare


def warehouse_table(
    name: str,
    contract: type[pa.DataFrameModel],
    group: str,
    owner: str,
    *more_checks: dg.AssetCheckSpec,
    **more: Any,  # noqa: ANN401  as above
) -> Declare:
    """Declare an asset that is one month of a warehouse table."""
    declare: Declare = dg.asset(
        group_name=group,
        kinds={"polars", "duckdb"},
        owners=[owner],
        freshness_policy=BY_THE_FIFTH,
        metadata={"partition_expr": "month", **columns(contract)},
        partitions_def=MONTHS,
        check_specs=[blocking_check(name), *more_checks],
        io_manager_key="warehouse",
        pool="duckdb",
        **more,
    )
    return declare
