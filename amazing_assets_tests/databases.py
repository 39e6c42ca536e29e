"""A real PostgreSQL, for as long as it is needed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

PATIENCE = 60


@dataclass(frozen=True)
class Database:
    """A database of a running server, whose user is asked for no password."""

    port: int
    log: Path
    name: str = "postgres"

    @property
    def place(self):
        return f"lab@127.0.0.1:{self.port}/{self.name}"

    @property
    def address(self):
        return f"postgresql://{self.place}"

    def another(self, name):
        """A database of its own, in which nothing is yet."""
        self.execute(f'create database "{name}"')
        return Database(self.port, self.log, name)

    def execute(self, statement):
        """Run a statement that is no part of what is tested; returns its rows, if it has any."""
        with closing(psycopg2.connect(self.address)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    @contextmanager
    def overheard(self):
        """Yields a list that holds, after the block, every statement that it was given in it."""
        self.execute(f"alter database \"{self.name}\" set log_statement = 'all'")
        before, said = self.log.stat().st_size, []
        yield said
        told = self.log.read_bytes()[before:].decode()
        said += re.findall(r"LOG:  statement: (.*(?:\n\t.*)*)", told)


def program(name):
    places = [shutil.which(name), *map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))]
    found = next(filter(None, places), None)
    return found or pytest.skip(f"PostgreSQL's {name} is not installed")


@contextmanager
def postgresql():
    """A server of its own; it refuses to run as root, who becomes `postgres` here."""
    initdb, server = program("initdb"), program("postgres")
    own = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    folder = Path("/tmp") / f"amazing-postgres-{os.getpid()}"  # noqa: S108  pytest's own is not for other users
    folder.mkdir(mode=0o700)
    if own:
        shutil.chown(folder, **own)
    quick = ["--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = [initdb, "-D", folder / "data", "-U", "lab", *quick]
    subprocess.run(made, check=True, capture_output=True, cwd="/", **own)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [server, "-D", folder / "data", "-p", str(port), *(f"-c{each}" for each in options)],
            stdout=log,
            stderr=log,
            cwd="/",
            **own,
        )
    try:
        wait_for(Database(port, folder / "log"))
        yield Database(port, folder / "log")
    finally:
        # Nobody needs what a polite end would write down first.
        running.send_signal(signal.SIGQUIT)
        running.wait(PATIENCE)
        shutil.rmtree(folder)


def wait_for(database):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            database.execute("select 1")
        except psycopg2.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
