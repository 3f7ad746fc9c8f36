"""What the repositories share: inserting what may already be there, one at a time, and JSON of lists."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Connection, Dialect, Executable, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bulletin.model import Hint

HINTS: TypeAdapter[tuple[Hint, ...]] = TypeAdapter(tuple[Hint, ...])
KEYS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
PAGES: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])
_ARRIVALS = 0x62756C6C
"""Number of a class of PostgreSQL's advisory locks; any that nobody else uses."""


def hold_arrivals(connection: Connection, publication: str) -> None:
    """From here to the end of the unit nobody else stores arrivals of the publication, or compares articles with its pool.

    Of two intakes at the same moment neither would see what the other one has written and not committed. SQLite has one
    writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ARRIVALS, func.hashtext(publication))))


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """True where the row was inserted, False where its key is already there (also by a rival, right now)."""
    # What is returned tells; the count of rows does not, with every driver.
    return bool(insert_all_new(connection, table, [values], next(iter(table.primary_key)).name))


def insert_all_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], told: str = ""
) -> dict[Any, int]:
    """Inserts the rows, of the same columns, whose keys are not there yet; tells which ones those were.

    Of each new row the value of its column `told` with its first column's (its number, in our tables); nothing
    where `told` is empty, which is quicker.
    """
    if not rows:
        return {}
    result = connection.execute(_insertion(connection.dialect, table, tuple(rows[0]), told), rows)
    return {row[0]: row[1] for row in result} if told else {}


@lru_cache(maxsize=64)
def _insertion(dialect: Dialect, table: Table, columns: tuple[str, ...], told: str) -> Executable:
    """INSERT ... ON CONFLICT DO NOTHING, which SQLAlchemy would put into SQL anew each time (0.3 ms)."""
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing()
    whole = statement.returning(table.c[told], next(iter(table.primary_key))) if told else statement
    # What is compiled can be executed; only the annotations of SQLAlchemy do not say so.
    return cast(Executable, whole.compile(dialect=dialect, column_keys=[*columns], for_executemany=True))
