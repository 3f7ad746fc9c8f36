"""The same intake on each engine: SQLite and a folder, PostgreSQL, PostgreSQL and an S3 store, all on this machine."""

import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count as count_up
from pathlib import Path
from typing import Any

from benchmarks.material import write_submissions
from benchmarks.measure import Spent, call, in_turn
from benchmarks.report import Section, Table
from services.context import open_office
from services.intake import receive, receive_and_read
from services.settings import read_settings
from tests import postgres

ONE, POSTGRES, OBJECTS = "SQLite, folder", "PostgreSQL, folder", "PostgreSQL, S3"


def run(quick: bool = False) -> Section | None:
    """The engines in turn; None where PostgreSQL is not installed."""
    if not shutil.which("psql") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return None
    count, rounds = (10, 1) if quick else (100, 5)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        write_submissions(folder / "inbox", count)
        address = stack.enter_context(postgres.server())
        engines: dict[str, Callable[[], dict[str, Any]]] = {
            ONE: dict,
            POSTGRES: lambda: {"database": postgres.new_database(address)},
        }
        if bucket := _bucket(stack):
            # A prefix of its own every time: what is there already is not stored again.
            prefixes = (f"{bucket['files']}/{number}" for number in count_up())
            engines[OBJECTS] = lambda: bucket | {"database": postgres.new_database(address), "files": next(prefixes)}
        ways: dict[str, Callable[[], Spent]] = {}
        for name, settings in engines.items():
            ways[f"{name}: receive"] = _work(folder, settings, receive)
            ways[f"{name}: receive, read, judge, save"] = _work(folder, settings, receive_and_read)
        times = in_turn(ways, rounds)
    whole = times[f"{ONE}: receive, read, judge, save"].wall
    return Section(
        name="engines",
        title=f"{count} submissions taken in, engine by engine",
        about="The clock of one process, medians, the engines in turn; server and S3 store on the same machine, so without a network.",
        tables=[
            Table(
                ("engine", "seconds", "ms a submission", "of SQLite's whole"),
                tuple((n, s.wall, 1000 * s.wall / count, s.wall / whole) for n, s in times.items()),
            )
        ],
    )


def _work(folder: Path, settings: Callable[[], dict[str, Any]], work: Callable[..., object]) -> Callable[[], Spent]:
    def measured() -> Spent:
        with tempfile.TemporaryDirectory(dir=folder) as home:
            office = open_office(read_settings(Path(home), processes=1, **settings()))
            _ = office.classifier, office.lexicon
            try:
                return call(lambda: work(office, [str(folder / "inbox")], lambda *_: None))
            finally:
                office.store.close()

    return measured


def _bucket(stack: ExitStack) -> dict[str, Any]:
    """Settings of an empty bucket, fresh for every run; nothing where the libraries are missing."""
    try:
        import moto.server  # noqa: F401
        import s3fs  # noqa: F401
    except ImportError:
        return {}
    from tests.objectstores import object_store

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    bucket = stack.enter_context(object_store())
    return {"files": bucket.address, "files_options": bucket.options}
