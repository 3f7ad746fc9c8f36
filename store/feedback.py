"""What editors decided against the machine, for it to learn from."""

from datetime import datetime

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

    def latest(self, publication: str, kind: str, *, since: int = 0) -> tuple[tuple[Correction, ...], int]:
        """The last correction of each article, and a mark; with `since` only what came after that mark."""
        where = (feedback.c.publication == publication, feedback.c.kind == kind, feedback.c.row > since)
        last = select(func.max(feedback.c.row)).where(*where).group_by(feedback.c.article)
        rows = (
            self._connection.execute(select(feedback).where(feedback.c.row.in_(last)).order_by(feedback.c.row))
            .mappings()
            .all()
        )
        names = ("article", "was", "now", "who", "at")
        corrections = tuple(Correction(**{name: row[name] for name in names}) for row in rows)
        return corrections, rows[-1]["row"] if rows else since
