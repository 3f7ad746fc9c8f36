"""The store on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Store, open_store
from tests import postgres
from tests.store.samples import Place


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own, without the database's name."""
    with postgres.server() as address:
        yield address


def _empty_place(request: pytest.FixtureRequest, home: Path) -> Place:
    """Where an empty store can be opened, on the database that the fixture is asked for."""
    if request.param == "sqlite":
        return Place(home, "")
    return Place(home, postgres.new_database(request.getfixturevalue("postgres_server")))


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
