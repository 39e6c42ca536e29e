"""`amazing dev`: the web UI, the daemon and the sensors."""

from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.commands.arguments import CommandError
from amazing_assets.runs.dev import serve
from amazing_assets.runs.markets import serve_markets
from amazing_assets.settings import (
    Settings,
    all_markets,
    enter_demo_home,
    is_market_chosen,
    load_settings,
)


def dev(
    *,
    demo: Annotated[bool, Parameter(help="On the home of the demo.", negative="")] = False,
    port: Annotated[int, Parameter(help="Of the web UI, on this machine only.")] = 3000,
) -> None:
    """Run the web UI, the daemon and the sensors until Ctrl-C: files that land are processed."""
    if not demo and not is_market_chosen():
        serve_markets(all_markets(), port)
        return
    settings, console = demo_settings() if demo else load_settings(), Console(soft_wrap=True)

    def tell(address: str, reports: str | None) -> None:
        console.print(
            f"Web UI [bold]{address}[/bold]   files land in {settings.landing}", highlight=False
        )
        where = reports or f"only in {settings.reports}, for port {port + 1} is taken"
        console.print(f"Reports {where}", highlight=False)
        console.print("Ctrl-C ends the web UI, the daemon and all runs.")

    console.print("Starting the web UI, the daemon and the sensors: some ten seconds.")
    serve(settings, port, tell)
    console.print("All of it has ended.")


def demo_settings() -> Settings:
    """Return the settings of the demo's home, which becomes that of this process.

    Raises:
        CommandError: There is no demo.
    """
    enter_demo_home()
    settings = load_settings()
    if not settings.home.is_dir():
        raise CommandError(f"There is no demo in {settings.home} yet; `amazing demo` makes it.")
    return settings
