"""The command `amazing`: it registers commands by name, calls one, and says what went wrong.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage, 130 stopped by Ctrl-C.
Nothing else is ever said of an error: what a library writes of it, traces of Rust included, is kept
with the traceback.

A command's module is imported once the command is called. Its help is therefore written here, for
`amazing --help` would otherwise import Dagster, Polars and MLflow to read it: seconds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError
from rich.console import Console

from amazing_assets import __version__
from amazing_assets.errors import UsageError, is_stop, quoted
from amazing_assets.fault_log import told
from amazing_assets.loading import uncollected, without_pandas
from amazing_assets.settings import all_markets, is_market_chosen, set_for_children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130

# Of a sentence: longer than any of ours, and no screenful.
_LONGEST = 2_000

# Of every command, where there are several markets; and the one that writes those of all.
_MARKET, _OF_SEVERAL = "--market", "view"

COMMANDS = {
    "generate:generate": (
        "Write a small world's landing files and, beside them in `truth`, what is true in it."
    ),
    "run:run": (
        "Materialize months through Dagster: all that have landed, or those given.\n\n"
        "With --new only what its files or inputs changed for.\n\n"
        "A model is trained where there is none, or when it is selected by name."
    ),
    "rejects:rejects": (
        "Print why rows of a month were rejected, or write their lines to a file for correction."
    ),
    "demo:demo": (
        "Generate a small world in a home of its own, run everything on it, say what was found.\n\n"
        "Its home is the folder `demo` of the home. A demo made before gives way to the new one. "
        "What is\nmade every week is made of the newest nine weeks."
    ),
    "dev:dev": (
        "Run the web UI, the daemon and the sensors until Ctrl-C: files that land are processed."
    ),
    "report:report": (
        "Write the report on the segments of a month, as a page on the web and a document."
    ),
    "view:view": (
        "Write all that is known of every customer at any dates: the single customer view."
    ),
    "classify:classify": (
        "Tell segment and next action of the customers of any events, by the models in use."
    ),
    "serve:serve": (
        "Answer over HTTP: any customer classified now, the customer view, the segments."
    ),
    "package:package": (
        "Register all that classifies raw events as one model of MLflow, to be served there."
    ),
    "keys:api_key": (
        "Make a key for the HTTP service, or take keys away; a running service knows at once."
    ),
    "models:models": (
        "Print every version of every model: which is in use, what was decided, why."
    ),
    "models:approve": (
        "Let a version that waits for a person be used, although much changes by it."
    ),
    "models:rollback": "Let an older version of a model be used again.",
    "names:name": "Call a segment by a name of your own, everywhere and through every training.",
    "audience:audience": (
        "Write a segment's customers for a campaign, with a lasting hold-out; tell what came of it."
    ),
    "forget:forget": (
        "Make customers disappear from every table, list and log, for good, and prove it.\n\n"
        "By the shop's own ids. Arguments can be seen in a list of processes: `--file -` reads ids "
        "from\nstandard input, one a line. Whoever waits in the folder of requests is forgotten as "
        "well."
    ),
    "export:export": (
        "Write everything that is held on a customer: a page to read, and JSON for programs."
    ),
    "object:object_": (
        "Stop making profiles of customers: no features, segment, scores, lists or next action."
    ),
    "retention:retention": (
        "Remove what is older than AMAZING_RETENTION lets it be kept; --dry-run shows what that is."
    ),
    "rotate_key:rotate_key": (
        "Replace the pseudonym key: every table, list and log has new numbers, and the old key "
        "none.\n\nKilled, it is finished by being started again."
    ),
    "papers:papers": (
        "Write record of processing, impact assessment, dictionary, model cards and procedure."
    ),
    "backup:backup": "Write all of this home but its key and its event files into one file.",
    "backup:restore": (
        "Put a backup back into a home that holds nothing but its key and its event files."
    ),
    "warehouse:warehouse": (
        "Try the warehouse that is set: write, read, replace and remove a table of its own."
    ),
    "customers:pseudonym": "Print the key that customers have in the lake and the warehouse.",
}

app = App(
    name="amazing",
    help=(
        "From a marketplace's event files to customer knowledge.\n\n"
        "Where AMAZING_MARKETS names several markets, every command takes --market."
    ),
    version=__version__,
    suppress_keyboard_interrupt=False,
)
for place, text in COMMANDS.items():
    # A word of Python's own is followed by an underscore there.
    name = place.partition(":")[2].rstrip("_").replace("_", "-")
    app.command(f"amazing_assets.commands.{place}", name=name, help=text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    # Remarks of libraries on each other help nobody who runs a command.
    warnings.simplefilter("ignore")
    with _libraries_unheard() as said:
        sys.exit(_call(sys.argv[1:] if arguments is None else arguments, said))


def _call(arguments: Sequence[str], said: Callable[[], str]) -> int:
    """Call a command and say what went wrong; returns the exit status."""
    try:
        with uncollected(), without_pandas():
            command, bound, _ = app.parse_args(
                _in_market(arguments), exit_on_error=False, print_error=False
            )
        command(*bound.args, **bound.kwargs)
        sys.stdout.flush()
    except CycloptsError as error:
        _tell(_usage(error))
        return WRONG_USAGE
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  a panic of Polars is no `Exception`
        _give_up_output()
        # Who reads what is printed has seen enough, as `head` has; nobody is left to be told.
        if not isinstance(error, BrokenPipeError):
            _tell(told(error, said()))
        return _status(error)
    return DONE


def _in_market(arguments: Sequence[str]) -> list[str]:
    """Make the market that `--market` names that of this process; returns the other arguments.

    Raises:
        UsageError: It is no market.
    """
    rest = list(arguments)
    if (place := next((n for n, each in enumerate(rest) if each == _MARKET), None)) is not None:
        named = rest[place + 1 : place + 2]
        if not named or named[0] not in all_markets():
            known = ", ".join(all_markets()) or "none: AMAZING_MARKETS names them"
            raise UsageError(f"{_MARKET} takes the name of a market; there are {known}.")
        set_for_children(AMAZING_MARKET=named[0])
        del rest[place : place + 2]
    elif rest[:1] == [_OF_SEVERAL] and not is_market_chosen():
        # What its code takes from the settings as it is loaded, all markets have in common.
        set_for_children(AMAZING_MARKET=all_markets()[0])
    return rest


def _give_up_output() -> None:
    """Forget what can no longer be printed: Python would try again on its way out, and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _status(error: BaseException) -> int:
    if is_stop(error):
        return STOPPED
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def _usage(error: CycloptsError) -> str:
    said = str(error)
    if said.endswith("?"):
        return said
    called = " ".join(("amazing", *(error.command_chain or ())))
    return f"{said.rstrip('.')}; `{called} --help` says what it takes."


def _tell(sentence: str) -> None:
    """Print the one sentence; whoever put it together, it does nothing to a terminal."""
    console = Console(stderr=True, soft_wrap=True)
    text = f"amazing: {quoted(sentence, _LONGEST)}"
    # The terminal may be gone as well, or know fewer letters.
    with suppress(OSError, UnicodeError):
        console.print(text, style="red", markup=False, highlight=False)


@contextmanager
def _libraries_unheard() -> Iterator[Callable[[], str]]:
    """Keep from the terminal what is written past Python's own stream; yields what reads it.

    A panic within Polars prints its trace from Rust, before anybody can catch it.
    """
    shown = sys.stderr
    try:
        terminal = os.dup(shown.fileno())
        kept = tempfile.TemporaryFile()  # noqa: SIM115  closed below
    except (OSError, AttributeError):  # no terminal, or a full disk: this matters less
        yield lambda: ""
        return
    # The descriptor stays open: whoever was handed the stream may write to it to the last.
    sys.stderr = open(  # noqa: SIM115  a descriptor
        terminal, "w", 1, encoding=shown.encoding, errors="backslashreplace", closefd=False
    )
    with kept:
        os.dup2(kept.fileno(), 2)

        def read() -> str:
            kept.seek(0)
            return kept.read(_LONGEST * 10).decode(errors="replace")

        try:
            yield read
        finally:
            os.dup2(terminal, 2)
            sys.stderr = shown
