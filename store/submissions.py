"""What arrived: each file once, each arrival of it on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from bulletin.errors import BulletinError, NotFoundError
from bulletin.model import Submission
from store.ground import hold_arrivals, insert_all_new
from store.records import Receipt, SubmissionRecord, SubmissionState
from store.schema import articles, receipts, submissions

BATCH = 500
"""Values in one IN (...): far below the limit of either database."""
SAME = ("publication", "sha256", "channel", "unit", "origin")
"""What two arrivals have in common that are one: a folder that is read twice."""


class Submissions:
    """The submissions of every publication; their bytes are in `Store.files`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def receive(self, publication: str, submission: Submission, parent: str = "") -> bool:
        """True where these bytes are new to the publication."""
        return bool(self.receive_all(publication, [submission], parent))

    def receive_all(self, publication: str, arrived: Sequence[Submission], parent: str = "") -> frozenset[str]:
        """The SHA-256 of those whose bytes are new to the publication.

        The arrivals are recorded in any case, except when the same file at the same origin is only
        met again (a folder that is read twice).
        """
        hold_arrivals(self._connection, publication)
        rows = [self._arrival(publication, submission) for submission in arrived]
        first = {"state": SubmissionState.RECEIVED.value, "parent": parent}
        files = [
            row | first | {"media_type": submission.media_type, "size": len(submission.content)}
            for row, submission in zip(rows, arrived, strict=True)
        ]
        new = frozenset(insert_all_new(self._connection, submissions, files, "sha256"))
        once: dict[tuple[object, ...], dict[str, Any]] = {}
        for at, row in enumerate(rows):
            once.setdefault((*(row[name] for name in SAME), "" if row["origin"] else at), row)
        recorded = [row for row in once.values() if row["sha256"] in new or not self._known_receipt(row)]
        insert_all_new(self._connection, receipts, recorded)
        return new

    def _arrival(self, publication: str, submission: Submission) -> dict[str, Any]:
        return {
            "publication": publication,
            "sha256": submission.sha256,
            "name": submission.name,
            "channel": submission.channel.value,
            "unit": submission.unit,
            "origin": submission.origin,
            "received": submission.received or self._now,
        }

    def _known_receipt(self, values: Mapping[str, Any]) -> bool:
        if not values["origin"]:
            return False
        same = [receipts.c[name] == values[name] for name in SAME]
        return self._connection.execute(select(receipts.c.row).where(*same).limit(1)).first() is not None

    def read(self, publication: str, names: Sequence[str]) -> None:
        """Notes that the submissions of these SHA-256 were read."""
        self._set(publication, names, state=SubmissionState.READ.value, code="", message="", advice="")

    def refuse(self, publication: str, sha256: str, error: BulletinError) -> None:
        """Notes that the submission was refused, and why."""
        self._set(
            publication,
            [sha256],
            state=SubmissionState.REFUSED.value,
            code=error.code,
            message=error.message,
            advice=error.advice,
        )

    def _set(self, publication: str, names: Sequence[str], **values: str) -> None:
        table = submissions.c
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            where = (table.publication == publication, table.sha256.in_(batch))
            if self._connection.execute(update(submissions).where(*where).values(values)).rowcount < len(set(batch)):
                raise NotFoundError("没有这份来稿", subject="、".join(batch))

    def get(self, publication: str, sha256: str) -> SubmissionRecord:
        """The submission; NotFoundError where the publication has none such."""
        table = submissions.c
        query = select(submissions).where(table.publication == publication, table.sha256 == sha256)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("没有这份来稿", subject=sha256)
        return _record(dict(row))

    def known(self, publication: str, hashes: Sequence[str]) -> dict[str, SubmissionRecord]:
        """Those of the hashes that the publication has, by hash."""
        found: dict[str, SubmissionRecord] = {}
        for start in range(0, len(hashes), BATCH):
            query = select(submissions).where(
                submissions.c.publication == publication, submissions.c.sha256.in_(hashes[start : start + BATCH])
            )
            for row in self._connection.execute(query).mappings():
                found[row["sha256"]] = _record(dict(row))
        return found

    def find(
        self,
        publication: str,
        *,
        state: SubmissionState | None = None,
        unit: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[SubmissionRecord, ...]:
        """The submissions, newest first; of one state or unit where given."""
        table = submissions.c
        query = select(submissions).where(table.publication == publication)
        if state is not None:
            query = query.where(table.state == state.value)
        if unit is not None:
            query = query.where(table.unit == unit)
        rows = self._connection.execute(query.order_by(table.row.desc()).limit(limit).offset(offset)).mappings()
        return tuple(_record(dict(row)) for row in rows)

    def counts(self, publication: str) -> dict[SubmissionState, int]:
        """How many submissions there are of each state."""
        table = submissions.c
        query = select(table.state, func.count()).where(table.publication == publication).group_by(table.state)
        return {SubmissionState(state): count for state, count in self._connection.execute(query)}

    def receipts(
        self,
        publication: str,
        sha256: str | None = None,
        *,
        unit: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Receipt, ...]:
        """Every arrival in order of time; of one file or unit, from `since` on and before `until`, where given."""
        table = receipts.c
        query = select(table.sha256, table.name, table.channel, table.unit, table.origin, table.received).where(
            table.publication == publication
        )
        if sha256 is not None:
            query = query.where(table.sha256 == sha256)
        if unit is not None:
            query = query.where(table.unit == unit)
        if since is not None:
            query = query.where(table.received >= since)
        if until is not None:
            query = query.where(table.received < until)
        rows = self._connection.execute(query.order_by(table.received, table.row)).mappings()
        return tuple(Receipt.model_validate(dict(row)) for row in rows)

    def refused(self, publication: str, since: datetime) -> tuple[Receipt, ...]:
        """Every arrival since a moment of what could not be read: few, and found without the others."""
        known = submissions.c
        # First which: SQLite would rather go through all that came since.
        query = select(known.sha256).where(
            known.publication == publication, known.state == SubmissionState.REFUSED.value
        )
        hashes = list(self._connection.execute(query).scalars())
        table, found = receipts.c, []
        for start in range(0, len(hashes), BATCH):
            some = table.sha256.in_(hashes[start : start + BATCH])
            arrived = select(*(table[name] for name in Receipt.model_fields)).where(
                table.publication == publication, some, table.received >= since
            )
            found += [Receipt.model_validate(dict(row)) for row in self._connection.execute(arrived).mappings()]
        return tuple(sorted(found, key=lambda receipt: receipt.received))

    def arrivals(self, publication: str, since: datetime, until: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """Piece, unit and moment of every arrival from `since` on and before `until`; a file without pieces is one.

        The unit is the one that sent it, else the one that the piece itself names.
        """
        table = receipts.c
        same = (articles.c.publication == publication) & (articles.c.source == table.sha256)
        unit = case((table.unit != "", table.unit), else_=func.coalesce(articles.c.unit, ""))
        query = (
            select(func.coalesce(articles.c.id, table.sha256), unit, table.received)
            .select_from(receipts.outerjoin(articles, same))
            .where(table.publication == publication, table.received >= since, table.received < until)
            .order_by(table.received, table.row, articles.c.part)
        )
        return tuple((piece, name, moment) for piece, name, moment in self._connection.execute(query))

    def mark(self, publication: str) -> int:
        """A number that grows with every arrival."""
        query = select(func.max(receipts.c.row)).where(receipts.c.publication == publication)
        return self._connection.execute(query).scalar() or 0


def _record(row: dict[str, object]) -> SubmissionRecord:
    del row["row"], row["publication"]
    return SubmissionRecord.model_validate(row)
