"""The service over a home, and what a shop sends to it."""

import gzip
import json
import threading
import time
from contextlib import contextmanager

import httpx
import polars as pl
import uvicorn

from amazing_assets.delivery.serving.app import Service, create_app
from amazing_assets.delivery.serving.keys import SCOPES, KeyRing, add_key
from amazing_assets.delivery.serving.state import Serving
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import read_lines
from amazing_assets.landing.names import month_of_file
from amazing_assets.landing.zone import LandedFile
from amazing_assets.pseudonym import read_key
from amazing_assets_tests.builders import LINE
from amazing_assets_tests.classified import MONTHS, stores_of


def serving_of(home):
    """What the service of a home answers from."""
    folder = home.warehouse.parent
    return Serving(stores_of(folder), home.lake, lambda: read_key(folder / "pseudonym.key"))


def service_of(home, folder, **how):
    """The service of a home whose keys lie in a folder of the test, and a key of every scope."""
    ring = KeyRing(folder / "api-keys.json")
    secret = add_key(ring.file, "a shop", SCOPES)
    service = Service(
        serving_of(home),
        ring,
        profiles=lambda version: None if version else pl.DataFrame(),
        **how,
    )
    return service, {"Authorization": f"Bearer {secret}"}


def sent(**fields):
    """An event as JSON has it."""
    kinds = {"product_id": int, "category_id": int, "user_id": int, "price": float}
    plain = {name: kinds.get(name, str)(value) for name, value in LINE.items()}
    return {**plain, **fields}


def shop_events(world):
    """The readable rows of the world's files by the shop's own ids, as JSON has them."""
    blocks = [
        block for file in world.files[: len(MONTHS)] for block in read_blocks(LandedFile.at(file))
    ]
    # What lies outside its file's month is no event of the lake.
    months = [month_of_file(block.file) for block in blocks]
    rows = [read_lines(*each).kept for each in zip(blocks, months, strict=True)]
    return pl.concat(rows).select(
        pl.col("event_time").dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "event_type",
        "product_id",
        "category_id",
        "category_code",
        "brand",
        (pl.col("price_cents") / 100).alias("price"),
        "user_id",
        "user_session",
    )


def packed(events):
    return gzip.compress(json.dumps({"events": events}).encode())


@contextmanager
def running(service):
    """The service on a port of this machine, and a client of it."""
    config = uvicorn.Config(
        create_app(service), port=0, access_log=False, log_config=None, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.01)
    (port,) = [socket.getsockname()[1] for each in server.servers for socket in each.sockets]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
