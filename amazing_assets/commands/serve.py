"""`amazing serve`: the HTTP service of a home."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from amazing_assets.commands.classify import champion_stores
from amazing_assets.commands.terminal import print_line
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.delivery.serving.keys import read_keys
from amazing_assets.lake.key import key_of_lake
from amazing_assets.settings import Settings, load_settings, pseudonym_key
from amazing_assets.warehouse.warehouse import WarehouseError, read_month

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.delivery.serving.app import Service

# Beyond what waits for answers, connections are refused at the door.
_CONNECTIONS = 1_000

# The thread that computes needs the interpreter for moments only, between queries: it is not to
# wait the usual 5 ms for each while bodies are read.
_SWITCH_SECONDS = 0.0005

# A reader of profiles does not wait for a run: it goes without.
_PATIENCE_SECONDS = 0.5


def serve(
    *,
    port: Annotated[int, Parameter(help="On which it listens.")] = 8000,
    host: Annotated[str, Parameter(help="0.0.0.0 behind a proxy that ends TLS.")] = "127.0.0.1",
) -> None:
    """Answer over HTTP: any customer classified now, the customer view, the segments."""
    import uvicorn  # noqa: PLC0415  with the service, half a second

    from amazing_assets.delivery.serving.app import create_app  # noqa: PLC0415  as above

    settings = load_settings()
    service = service_of(settings)
    sys.setswitchinterval(_SWITCH_SECONDS)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if not read_keys(settings.api_keys):
        print_line("Nobody has a key yet; `amazing api-key NAME --scope classify` makes one.")
    print_line(f"http://{host}:{port}/docs")
    uvicorn.run(
        create_app(service),
        host=host,
        port=port,
        # Its lines show addresses, in which customers stand; the service writes its own.
        access_log=False,
        log_config=None,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=10,
    )


def service_of(settings: Settings) -> Service:
    """Return the service of a home.

    Raises:
        CommandError: There is no segment model yet.
    """
    from amazing_assets.delivery.serving.app import Service  # noqa: PLC0415  as above
    from amazing_assets.delivery.serving.keys import KeyRing  # noqa: PLC0415
    from amazing_assets.delivery.serving.state import Serving  # noqa: PLC0415

    return Service(
        Serving(
            champion_stores(settings),
            open_lake(settings),
            lambda: key_of_lake(settings.lake, settings.key_file, pseudonym_key()),
        ),
        KeyRing(settings.api_keys),
        profiles=lambda version: profiles_of(settings, version),
    )


def profiles_of(settings: Settings, version: str) -> pl.DataFrame | None:
    """Return the newest profiles, if a version of the model made them and nobody is writing."""
    warehouse = open_warehouse(settings.warehouse, _PATIENCE_SECONDS)
    try:
        newest = warehouse.latest("segment_profiles")
        found = read_month(warehouse, "segment_profiles", newest) if newest else None
    except WarehouseError:
        return None
    if found is None or found["model_version"].first() != version:
        return None
    return found
