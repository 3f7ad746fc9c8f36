"""The query that a search comes down to, as one would type it at the database's own prompt (SQLite)."""

from typing import Any

from store.database import Transaction
from store.schema import texts
from store.search import MOST, fold

_FOUND = f"""
    SELECT t.row, t.date FROM {texts.name} t JOIN text_index i ON t.row = i.rowid
    WHERE t.publication = ? AND text_index MATCH ? ORDER BY i.rowid DESC LIMIT {MOST}
"""
_COUNT = f"SELECT count(*) FROM ({_FOUND})"
_PAGE = f"""
    SELECT t.* FROM ({_FOUND}) f JOIN {texts.name} t ON t.row = f.row ORDER BY f.date DESC, t.row DESC LIMIT ?
"""


def raw_search(unit: Transaction, publication: str, query: str, limit: int) -> tuple[int, list[Any]]:
    """How many texts hold every word, and the newest of them, as the driver gives them."""
    match = " AND ".join(f'"{" ".join(fold(word))}"' for word in query.split())
    raw = unit.connection.connection.driver_connection
    assert raw is not None
    [(total,)] = raw.execute(_COUNT, (publication, match)).fetchall()
    return total, raw.execute(_PAGE, (publication, match, limit)).fetchall()
