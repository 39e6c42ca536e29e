"""What all tables have in common on the graph, whichever asset makes them.

Three kinds: a table of the lake and one of the warehouse, made as often as their cadence says, and
a table about a model, made again with every new one.
"""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg
import pandera.polars as pa

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.freshness import EVERY_QUARTER, FRESHNESS
from amazing_assets.defs.partitions import PARTITIONS
from amazing_assets.defs.tables.checks import blocking_check
from amazing_assets.defs.tables.metadata import columns
from amazing_assets.defs.tables.publish import failing_plainly
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.places import Server

ENGINEERS, SCIENTISTS, MARKETING = "team:data-engineering", "team:data-science", "team:marketing"

# A writer's slot, of which there is one: without it two runs would wait for the file in turns.
WRITER = "duckdb"

Declare = Callable[[Callable[..., Any]], dg.AssetsDefinition]


def database() -> str:
    """Return which database holds the warehouse, as its tables' pages show it."""
    place = SETTINGS.warehouse
    return place.kind if isinstance(place, Server) else "duckdb"


def in_lake(
    contract: type[pa.DataFrameModel], group: str, owner: str, cadence: Cadence = MONTHLY
) -> dict[str, Any]:
    """Return where a lake table stands on the graph, and its columns."""
    return {
        "group_name": group,
        "kinds": {"polars", "parquet"},
        "owners": [owner],
        "freshness_policy": FRESHNESS[cadence],
        "metadata": columns(contract),
    }


def lake_table(
    name: str,
    contract: type[pa.DataFrameModel],
    group: str,
    owner: str,
    *more_checks: dg.AssetCheckSpec,
    cadence: Cadence = MONTHLY,
    **more: Any,  # noqa: ANN401  as of `dagster.asset`
) -> Declare:
    """Declare an asset that is one month, or week, of a lake table."""
    declare: Declare = dg.asset(
        **in_lake(contract, group, owner, cadence),
        partitions_def=PARTITIONS[cadence],
        check_specs=[blocking_check(name, cadence=cadence), *more_checks],
        **more,
    )
    return lambda body: declare(failing_plainly(body))


def warehouse_table(
    name: str,
    contract: type[pa.DataFrameModel],
    group: str,
    owner: str,
    *more_checks: dg.AssetCheckSpec,
    cadence: Cadence = MONTHLY,
    **more: Any,  # noqa: ANN401  as above
) -> Declare:
    """Declare an asset that is one month, or week, of a warehouse table."""
    declare: Declare = dg.asset(
        group_name=group,
        kinds={"polars", database()},
        owners=[owner],
        freshness_policy=FRESHNESS[cadence],
        metadata={"partition_expr": cadence.name, **columns(contract)},
        partitions_def=PARTITIONS[cadence],
        check_specs=[blocking_check(name, cadence=cadence), *more_checks],
        io_manager_key="warehouse",
        pool=WRITER,
        **more,
    )
    return lambda body: declare(failing_plainly(body))


def model_tables(
    model: str,
    contracts: Mapping[str, type[pa.DataFrameModel]],
    descriptions: Mapping[str, str],
    group: str,
    owner: str,
) -> Declare:
    """Declare warehouse tables about a model, made by one step and again with every new model."""
    declare: Declare = dg.multi_asset(
        outs={
            name: dg.AssetOut(
                io_manager_key="warehouse",
                group_name=group,
                kinds={"scikitlearn", database()},
                owners=[owner],
                metadata=columns(contract),
                description=descriptions[name],
                automation_condition=follow(),
                freshness_policy=EVERY_QUARTER,
            )
            for name, contract in contracts.items()
        },
        deps=[model],
        check_specs=[blocking_check(name, cadence=None) for name in contracts],
        pool=WRITER,
    )
    return lambda body: declare(failing_plainly(body))
