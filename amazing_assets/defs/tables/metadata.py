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


def columns(contract: type[pa.DataFrameModel]) -> Metadata:
    """Return the metadata that shows a contract's columns on the asset's page."""
    described = contract.to_schema().columns.items()
    return {
        "dagster/column_schema": dg.TableSchema(
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
    """Return a small table."""
    records = [dg.TableRecord(row) for row in frame.to_dicts()]
    # Dagster refuses a table without rows.
    return dg.MetadataValue.table(records) if records else "none"


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
