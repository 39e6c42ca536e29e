"""How results look on an asset's page: tables, pictures, and what columns are made of."""

import base64
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.lake.lineage import Lineage
from amazing_assets.pictures import png

if TYPE_CHECKING:
    import altair as alt

Metadata = dict[str, Any]


# Under which key Dagster shows the columns first, and under which it shows them as it shows others.
COLUMNS, WIDE = "dagster/column_schema", "columns"

# From so large on nobody reads what comes after the point.
_LARGE = 100

# A page shows the columns before all else: of more than fill a screen it shows the figures first.
_MOST_COLUMNS_FIRST = 60


def columns(contract: type[pa.DataFrameModel]) -> Metadata:
    """Return the metadata that shows a contract's columns on the asset's page."""
    described = contract.to_schema().columns.items()
    is_wide = len(described) > _MOST_COLUMNS_FIRST
    return {
        WIDE if is_wide else COLUMNS: dg.TableSchema(
            columns=[
                dg.TableColumn(
                    name=name,
                    type=str(column.dtype),
                    description=column.description,
                    constraints=dg.TableColumnConstraints(nullable=column.nullable),
                )
                for name, column in described
            ]
        )
    }


def table(frame: pl.DataFrame) -> dg.TableMetadataValue | str:
    """Return a small table, its numbers as people read them."""
    records = [dg.TableRecord(row) for row in frame.with_columns(_rounded()).to_dicts()]
    # Dagster refuses a table without rows.
    return dg.MetadataValue.table(records) if records else "none"


def _rounded() -> pl.Expr:
    """Return fractions with about three figures; nobody reads .5259365994236311."""
    number = pl.selectors.float()
    size = number.abs()
    return (
        pl.when(size >= _LARGE)
        .then(number.round(0))
        .when(size >= 1)
        .then(number.round(2))
        .otherwise(number.round_sig_figs(3))
    )


def picture(chart: "alt.TopLevelMixin") -> dg.MarkdownMetadataValue:
    """Return a chart as a picture that is shown in the page itself."""
    encoded = base64.b64encode(png(chart)).decode()
    return dg.MetadataValue.md(f"![](data:image/png;base64,{encoded})")


def made_of(lineage: Lineage) -> dict[str, dg.MetadataValue[Any]]:
    """Return the metadata that shows of each column the columns that it is made of.

    Twice: Dagster's own web UI leaves column lineage to the paid one, and shows a table.
    """
    known = {column: sorted(sources) for column, sources in lineage.items() if sources}
    deps = {
        column: [dg.TableColumnDep(dg.AssetKey(table), name) for table, name in sources]
        for column, sources in known.items()
    }
    rows = [
        dg.TableRecord({"column": column, "made of": ", ".join(map(".".join, sources))})
        for column, sources in known.items()
    ]
    return {
        "dagster/column_lineage": dg.MetadataValue.column_lineage(dg.TableColumnLineage(deps)),
        "where columns come from": dg.MetadataValue.table(rows),
    }
