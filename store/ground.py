"""What the repositories share: inserting what may already be there, and JSON of lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from bulletin.model import Hint

HINTS: TypeAdapter[tuple[Hint, ...]] = TypeAdapter(tuple[Hint, ...])
KEYS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
PAGES: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """True where the row was inserted, False where its key is already there (also by a rival, right now)."""
    dialect = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # What is returned tells; the count of rows does not, with every driver.
    statement = dialect(table).on_conflict_do_nothing().returning(next(iter(table.primary_key)))
    return connection.execute(statement, dict(values)).first() is not None


def insert_all_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the rows whose keys are not there yet."""
    if rows:
        dialect = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(dialect(table).on_conflict_do_nothing(), [dict(row) for row in rows])
