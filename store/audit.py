"""Who did what and when, and which runs there were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bulletin.errors import NotFoundError
from store.records import AuditEntry, Run, RunState
from store.schema import audit, runs


class Audit:
    """The log of acts: written, never changed."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def write(self, publication: str, who: str, act: str, subject: str = "", detail: str = "") -> None:
        """Notes an act; `publication` is empty for one that concerns the whole installation."""
        values = {"publication": publication, "who": who, "act": act, "subject": subject, "detail": detail}
        self._connection.execute(insert(audit), values | {"at": self._now})

    def find(
        self, publication: str, *, subject: str | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[AuditEntry, ...]:
        """The acts, newest first; on one subject where given."""
        query = select(*(audit.c[name] for name in AuditEntry.model_fields)).where(audit.c.publication == publication)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        rows = self._connection.execute(query.order_by(audit.c.row.desc()).limit(limit).offset(offset)).mappings()
        return tuple(AuditEntry.model_validate(dict(row)) for row in rows)


class Runs:
    """The runs of intake, compiling and distribution, by kind and period."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def start(self, publication: str, kind: str, period: str = "") -> int:
        """The id of a run that begins now."""
        values = {"publication": publication, "kind": kind, "period": period, "state": RunState.RUNNING.value}
        query = insert(runs).returning(runs.c.id)
        return int(self._connection.execute(query, values | {"started": self._now, "note": ""}).scalar_one())

    def end(self, id: int, state: RunState, note: str = "") -> None:
        """Notes how a run ended."""
        query = update(runs).where(runs.c.id == id)
        if not self._connection.execute(query.values(state=state.value, ended=self._now, note=note)).rowcount:
            raise NotFoundError("没有这次运行", subject=str(id))

    def find(
        self, publication: str, *, kind: str | None = None, period: str | None = None, limit: int = 50
    ) -> tuple[Run, ...]:
        """The runs, newest first; of one kind or period where given."""
        query = select(runs).where(runs.c.publication == publication)
        if kind is not None:
            query = query.where(runs.c.kind == kind)
        if period is not None:
            query = query.where(runs.c.period == period)
        rows = self._connection.execute(query.order_by(runs.c.id.desc()).limit(limit)).mappings()
        return tuple(_run(row) for row in rows)


def _run(row: Mapping[Any, Any]) -> Run:
    return Run.model_validate(dict(row))
