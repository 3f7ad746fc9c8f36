"""Messages to send, each at most once to each recipient.

A message is marked as being sent, and that is committed, before it leaves; afterwards it is marked
as sent. Whoever dies in between leaves it 'sending': it may or may not have left, so nobody sends
it again by itself; `stuck` shows it, and a person decides.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bulletin.errors import StateError
from store.ground import insert_new
from store.records import Message, MessageRecord, MessageState
from store.schema import outbox

PENDING, SENDING = MessageState.PENDING.value, MessageState.SENDING.value


class Outbox:
    """The messages of every publication."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, publication: str, key: str, message: Message, *, due: datetime | None = None) -> bool:
        """True where the message is new; the same key (issue-455-r0/name@host) is the same message."""
        values = {
            "publication": publication,
            "key": key,
            "state": PENDING,
            "recipient": message.recipient,
            "attempts": 0,
            "error": "",
            "due": due or self._now,
            "created": self._now,
            "updated": self._now,
            "data": message.model_dump_json(),
        }
        return insert_new(self._connection, outbox, values)

    def claim(self, limit: int = 20, publication: str | None = None) -> tuple[MessageRecord, ...]:
        """Messages that are due, marked 'sending' for the caller alone; commit before sending them."""
        due = select(outbox.c.id).where(outbox.c.state == PENDING, outbox.c.due <= self._now)
        if publication is not None:
            due = due.where(outbox.c.publication == publication)
        # Two senders take different messages instead of waiting for each other.
        due = due.order_by(outbox.c.due, outbox.c.id).limit(limit).with_for_update(skip_locked=True)
        ids = list(self._connection.execute(due).scalars())
        values = {"state": SENDING, "attempts": outbox.c.attempts + 1, "updated": self._now}
        self._connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))
        rows = self._connection.execute(select(outbox).where(outbox.c.id.in_(ids)).order_by(outbox.c.id)).mappings()
        return tuple(_record(row) for row in rows)

    def sent(self, id: int) -> None:
        """Notes that a claimed message has left."""
        self._move(id, SENDING, state=MessageState.SENT.value, error="")

    def failed(self, id: int, error: str, *, retry: datetime | None = None) -> None:
        """Notes that a claimed message surely did not leave: to be tried again at `retry`, or not at all."""
        if retry is None:
            self._move(id, SENDING, state=MessageState.FAILED.value, error=error)
        else:
            self._move(id, SENDING, state=PENDING, error=error, due=retry)

    def again(self, id: int) -> None:
        """Puts a failed or stuck message back, because a person said so."""
        row = self._connection.execute(select(outbox.c.state).where(outbox.c.id == id)).scalar()
        if row not in (SENDING, MessageState.FAILED.value):
            raise StateError("只有失败或中断的消息可以重发", subject=str(id))
        self._move(id, row, state=PENDING, due=self._now)

    def stuck(self, before: datetime) -> tuple[MessageRecord, ...]:
        """Messages whose sender has not been heard of since a moment: they may or may not have left."""
        query = select(outbox).where(outbox.c.state == SENDING, outbox.c.updated < before).order_by(outbox.c.id)
        return tuple(_record(row) for row in self._connection.execute(query).mappings())

    def find(
        self,
        publication: str,
        *,
        state: MessageState | None = None,
        prefix: str = "",
        since: datetime | None = None,
        limit: int = 200,
    ) -> tuple[MessageRecord, ...]:
        """The messages, newest first; of one state, with keys that begin with `prefix`, or queued since a moment."""
        query = select(outbox).where(outbox.c.publication == publication)
        if state is not None:
            query = query.where(outbox.c.state == state.value)
        if prefix:
            query = query.where(outbox.c.key.startswith(prefix, autoescape=True))
        if since is not None:
            query = query.where(outbox.c.created >= since)
        rows = self._connection.execute(query.order_by(outbox.c.id.desc()).limit(limit)).mappings()
        return tuple(_record(row) for row in rows)

    def _move(self, id: int, source: str, **values: Any) -> None:
        query = update(outbox).where(outbox.c.id == id, outbox.c.state == source)
        if not self._connection.execute(query.values(updated=self._now, **values)).rowcount:
            raise StateError("这条消息不在发送中", subject=str(id))


def _record(row: Mapping[Any, Any]) -> MessageRecord:
    fields = {name: row[name] for name in MessageRecord.model_fields if name != "message"}
    return MessageRecord(**fields, message=Message.model_validate_json(row["data"]))
