"""The command `amazing`: it registers commands by name, calls one, and says what went wrong.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage.

A command's module is imported once the command is called. Its help is therefore written here, for
`amazing --help` would otherwise import Dagster, Polars and MLflow to read it: seconds.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError
from rich.console import Console

from amazing_assets import __version__
from amazing_assets.errors import PlainError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "generate:generate": (
        "Write a small world's landing files and, beside them in `truth`, what is true in it."
    ),
    "run:run": (
        "Materialize months through Dagster: all that have landed, or those given.\n\n"
        "With --new only what its files or inputs changed for.\n\n"
        "The segment model is trained where there is none, or when it is selected by name."
    ),
    "rejects:rejects": (
        "Print why rows of a month were rejected, or write their lines to a file for correction."
    ),
    "demo:demo": (
        "Generate a small world in a home of its own, run everything on it, say what was found.\n\n"
        "Its home is the folder `demo` of the home. A demo made before gives way to the new one."
    ),
    "dev:dev": (
        "Run the web UI, the daemon and the sensors until Ctrl-C: files that land are processed."
    ),
    "report:report": (
        "Write the report on the segments of a month, as a page on the web and a document."
    ),
    "models:models": (
        "Print every version of the segment model: which assigns customers, what was decided, why."
    ),
    "models:approve": (
        "Let a version that waits for a person assign customers, although many change segment."
    ),
    "models:rollback": "Let an older version of the segment model assign customers again.",
    "customers:pseudonym": "Print the key that customers have in the lake and the warehouse.",
}

app = App(
    name="amazing",
    help="From a marketplace's event files to customer knowledge.",
    version=__version__,
)
for place, text in COMMANDS.items():
    app.command(f"amazing_assets.commands.{place}", help=text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    errors = Console(stderr=True, soft_wrap=True)
    # Dagster's remarks on its own parameters help nobody who runs a command.
    warnings.filterwarnings("ignore", message=".* is currently in (beta|preview)")
    try:
        app(arguments, exit_on_error=False, print_error=True, error_console=errors)
    except CycloptsError:
        sys.exit(2)
    except PlainError as error:
        errors.print(f"amazing: {error}", style="red", markup=False, highlight=False)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    sys.exit(0)
