"""What a person or a program sees of a command: tables, JSON, progress."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@contextmanager
def progress() -> Iterator[Progress]:
    """Show how far a command is, on stderr."""
    columns = (
        TextColumn("{task.description:<42}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # The stream of this moment: while a run is under way, what others print goes elsewhere.
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False) as bar:
        yield bar


def program() -> str:
    """Return what this program is called by here, so that a command it names can be copied."""
    called = sys.argv[0]
    if Path(called).name != "amazing":
        return "python -m amazing_assets"
    return "amazing" if shutil.which("amazing") == called else called


# Of no terminal.
_WIDEST = 10_000


def print_rows(found: Mapping[str, Sequence[Mapping[str, object]]], *, as_json: bool) -> None:
    """Print tables under their titles; those without a row for programs alone."""
    if as_json:
        print_json(found)
        return
    for title, rows in found.items():
        if rows:
            print_table(title, tuple(rows[0]), [tuple(row.values()) for row in rows])


def print_json(found: Mapping[str, object]) -> None:
    """Print what was found for a program."""
    sys.stdout.write(json.dumps(found, indent=2, default=str) + "\n")


def print_line(text: str) -> None:
    """Print a line as it is, however long."""
    sys.stdout.write(f"{text}\n")
    # Before what follows on stderr, wherever stdout goes.
    sys.stdout.flush()


def tell(text: str) -> None:
    """Say what is waited for, beside what the command prints."""
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def print_table(title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for a person: words stand left, numbers right.

    Where the terminal is too narrow names of columns and sentences are folded between words, words
    and numbers never: if that does not do, each row is printed as lines of a name and its value.
    """
    console = Console()
    texts = [[_text(value) for value in row] for row in rows]
    # Measured without the bounds of the terminal, within which everything fits.
    unbounded = console.options.update(max_width=_WIDEST)
    whole, folded = (
        _table(title, [name.replace("_", between) for name in names], texts, rows)
        for between in (" ", "\n")
    )
    if console.measure(whole, options=unbounded).maximum <= console.width:
        console.print(whole)
        return
    if console.measure(folded, options=unbounded).minimum <= console.width:
        console.print(folded)
        return
    widest = max(len(name) for name in names)
    print_line(f"\n{title}")
    for row in texts:
        print_line("")
        for name, text in zip(names, row, strict=True):
            print_line(f"  {name.replace('_', ' '):<{widest}}  {text}")


def _table(
    title: str,
    heads: Sequence[str],
    texts: Sequence[Sequence[str]],
    rows: Sequence[Sequence[object]],
) -> Table:
    # Without borders eight columns of figures fit a terminal of 80.
    table = Table(
        title=f"\n{title}" if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for head, values in zip(heads, zip(*rows, strict=True) if rows else heads, strict=True):
        words = [value for value in values if isinstance(value, str)]
        table.add_column(
            head,
            justify="left" if words else "right",
            no_wrap=not any(" " in each for each in words),
            overflow="fold",
        )
    for row in texts:
        table.add_row(*row)
    return table


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else _shown(value)


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)
