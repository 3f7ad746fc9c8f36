"""The statements that a search comes down to, as one would type them at the database's own prompt (SQLite)."""

from typing import Any

from store.database import Transaction
from store.schema import texts
from store.search import fold

_MATCH = f"""
    SELECT t.kind, t.owner, t.position, t.title, t.unit, t.date, t.body
    FROM text_index i JOIN {texts.name} t ON t.row = i.rowid
    WHERE text_index MATCH ? AND t.publication = ?
"""
STORED = f"{_MATCH} ORDER BY i.rowid DESC LIMIT ?"
"""The texts stored last: no order but the index's own, and no count."""
DATED = f"{_MATCH} ORDER BY t.date DESC LIMIT ?"
"""The newest texts: the same page that our search shows, still without the count."""


def raw_search(unit: Transaction, statement: str, publication: str, query: str, limit: int) -> list[Any]:
    """The rows of a statement for texts that hold every word, as the driver gives them."""
    match = " AND ".join(f'"{" ".join(fold(word))}"' for word in query.split())
    raw = unit.connection.connection.driver_connection
    assert raw is not None
    rows: list[Any] = raw.execute(statement, (match, publication, limit)).fetchall()
    return rows
