"""A real PostgreSQL on this machine, in a folder of its own, for the tests that want one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from tests.processes import START, free_port
from tests.tools import require

_numbers = count()


def program(name: str) -> str:
    """A server program: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else require(name)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server of our own, without the database's name."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    # The server refuses to run as root; its folder must be short, for the socket's name, and its user's own.
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else None
    folder, port = Path(mkdtemp(prefix="pg")), free_port()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "bulletin", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        user=user, cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    started = [pg_ctl, "-D", data, "-w", "-t", str(START), "-l", folder / "log", "-o", options, "start"]
    subprocess.run(started, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql://bulletin@127.0.0.1:{port}"
    finally:
        stopped = [pg_ctl, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stopped, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)


def new_database(address: str, *, extensions: tuple[str, ...] = ()) -> str:
    """The URL of an empty database on the server."""
    name = f"test{next(_numbers)}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"{address}/{name}", autocommit=True) as connection:
        for extension in extensions:
            connection.execute(f"CREATE EXTENSION {extension}")
    return f"{address}/{name}"
