"""The store on SQLite and on a real PostgreSQL."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from store.database import Store, open_store
from tests.store.samples import Place
from tests.tools import require


def _postgres(program: str) -> str:
    """A server program: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(found[-1]) if found else require(program)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own, without the database's name."""
    initdb, pg_ctl = _postgres("initdb"), _postgres("pg_ctl")
    # The server refuses to run as root; its folder must be short, for the socket's name, and its user's own.
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else None
    folder, port = Path(mkdtemp(prefix="pg")), _free_port()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "bulletin", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        user=user, cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    started = [pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(started, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    yield f"postgresql://bulletin@127.0.0.1:{port}"
    stopped = [pg_ctl, "-D", data, "-m", "immediate", "stop"]
    subprocess.run(stopped, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)


_count = iter(range(1_000_000))


def _empty_place(request: pytest.FixtureRequest, home: Path) -> Place:
    """Where an empty store can be opened, on the database that the fixture is asked for."""
    if request.param == "sqlite":
        return Place(home, "")
    server = request.getfixturevalue("postgres_server")
    name = f"test{next(_count)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return Place(home, f"{server}/{name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return _empty_place(request, tmp_path / "home")


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A second one, to move to."""
    return _empty_place(request, tmp_path / "elsewhere")


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    opened = open_store(place.home, place.url)
    yield opened
    opened.close()
