"""How rows reach a temporary table: through the connection, or for Redshift by way of S3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from amazing_assets.warehouse.described import literal

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.places import Server

# A text that reads so is written within quotation marks, and stays a text.
_NULL = "\\N"


class Loading(Protocol):
    """Puts rows into a table."""

    def write(self, frame: pl.DataFrame, file: IO[bytes]) -> None:
        """Write the rows to a file, as `load` takes it."""
        ...

    def load(self, cursor: Any, table: str, file: IO[bytes]) -> None:  # noqa: ANN401  psycopg2 is untyped
        """Have the database read the file into a table with the same columns in the same order."""
        ...


@dataclass(frozen=True)
class ByConnection:
    """PostgreSQL reads CSV from who is connected."""

    def write(self, frame: pl.DataFrame, file: IO[bytes]) -> None:
        """Write CSV."""
        frame.write_csv(file, include_header=False, null_value=_NULL, quote_style="non_numeric")

    def load(self, cursor: Any, table: str, file: IO[bytes]) -> None:  # noqa: ANN401  as above
        """Send the file."""
        statement = f"copy {table} from stdin with (format csv, null {literal(_NULL)})"
        cursor.copy_expert(statement, file)


@dataclass(frozen=True)
class ByS3:
    """Redshift reads Parquet from a bucket, with a role of its own.

    Attributes:
        server: Where files are staged, and the role.
        client: Of S3; boto3's.
    """

    server: Server
    client: Any

    def write(self, frame: pl.DataFrame, file: IO[bytes]) -> None:
        """Write Parquet."""
        frame.write_parquet(file)

    def load(self, cursor: Any, table: str, file: IO[bytes]) -> None:  # noqa: ANN401  as above
        """Put the file into the bucket, have it read, and take it away."""
        bucket, _, prefix = self.server.stage.removeprefix("s3://").partition("/")
        key = "/".join(filter(None, (prefix, f"{uuid4().hex}.parquet")))
        # In parts, where it is large.
        self.client.upload_fileobj(file, bucket, key)
        try:
            cursor.execute(copy_from(table, f"s3://{bucket}/{key}", self.server.role))
        finally:
            self.client.delete_object(Bucket=bucket, Key=key)


def copy_from(table: str, address: str, role: str) -> str:
    """Return the statement with which Redshift reads a file, whose columns it takes in order."""
    return f"copy {table} from {literal(address)} iam_role {literal(role)} format as parquet"
