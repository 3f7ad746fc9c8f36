"""What editors decided against the machine, for it to learn from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from store.records import Correction
from store.schema import feedback


class Feedback:
    """The corrections of every publication; of one article and kind the last word counts."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, publication: str, kind: str, article: str, *, was: str, now: str, who: str = "") -> None:
        """Remembers a decision: `kind` is what it was about (section, duplicate, hint)."""
        values = {"publication": publication, "kind": kind, "article": article, "was": was, "now": now}
        self._connection.execute(insert(feedback), values | {"who": who, "at": self._now})

    def last(self, publication: str, kind: str, article: str) -> Correction | None:
        """The last decision of this kind on one article."""
        where = (feedback.c.publication == publication, feedback.c.kind == kind, feedback.c.article == article)
        query = select(feedback).where(*where).order_by(feedback.c.row.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return _correction(row) if row else None

    def latest(self, publication: str, kind: str, *, since: int = 0) -> tuple[tuple[Correction, ...], int]:
        """The last correction of each article, and a mark; with `since` only what came after that mark."""
        where = (feedback.c.publication == publication, feedback.c.kind == kind, feedback.c.row > since)
        last = select(func.max(feedback.c.row)).where(*where).group_by(feedback.c.article)
        rows = (
            self._connection.execute(select(feedback).where(feedback.c.row.in_(last)).order_by(feedback.c.row))
            .mappings()
            .all()
        )
        return tuple(map(_correction, rows)), rows[-1]["row"] if rows else since


def _correction(row: Mapping[Any, Any]) -> Correction:
    return Correction(**{name: row[name] for name in ("article", "was", "now", "who", "at")})
