"""Sending what waits in the outbox: mail and messages to chat robots, each at most once.

A message is claimed in one transaction, sent, and noted as sent in another. What surely did not leave
is tried again later; what may have left (the line broke before the answer came) is left 'sending',
is shown as stuck and never sent again by itself: a person decides. Where it is an issue people are told.
"""

import logging
from datetime import timedelta

from bulletin.errors import BulletinError
from bulletin.model import Frozen
from services.context import Office
from services.distribution import ISSUE
from services.mailing import Mailer, NotSentError, UnsureError, compose
from services.queueing import MAIL, queue_for_all
from services.robots import post
from services.service import Webhook
from store.records import Message, MessageRecord

log = logging.getLogger(__name__)

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360))
"""How long to wait after each failure: a mail server's greylisting takes minutes, its repair a night."""
PATIENCE = timedelta(days=5)
"""How long a message is tried: mail servers give up after 4 to 5 days (RFC 5321, 4.5.4.1)."""
UNCONFIGURED = timedelta(hours=1)
"""A message that nothing is set up to send waits without its attempts being counted."""
INTERRUPTED = "stuck/"
"""The keys of the letters about such messages begin so."""
MOST = 10_000
SILENCE = timedelta(minutes=10)
"""A sender not heard of for so long is dead: one message takes a minute at the most."""


class Delivery(Frozen):
    """What became of the messages that were due."""

    sent: int = 0
    later: int = 0
    """Did not leave, and will be tried again."""
    failed: int = 0
    """Did not leave, and will not be tried again."""
    unsure: int = 0
    """May have left."""

    def __add__(self, other: "Delivery") -> "Delivery":
        return Delivery(**{name: getattr(self, name) + getattr(other, name) for name in Delivery.model_fields})


def deliver(office: Office) -> Delivery:
    """Sends everything that is due, one after the other; can be run at any time, by any number of processes."""
    counts = dict.fromkeys(Delivery.model_fields, 0)
    _tell_of_interrupted(office)
    with Mailer(office.settings.smtp) as mailer:
        while record := _claim(office):
            what = _send(office, mailer, record)
            counts[what] += 1
    return Delivery(**counts)


def _claim(office: Office) -> MessageRecord | None:
    """One message: whoever dies while sending leaves no more than one in doubt."""
    with office.store.transaction() as unit:
        return next(iter(unit.outbox.claim(1, publication=office.publication.key)), None)


def _send(office: Office, mailer: Mailer, record: MessageRecord) -> str:
    note = {"publication": record.publication, "outbox": record.key, "recipient": record.message.recipient}
    try:
        if record.message.channel == MAIL:
            mailer.send(compose(record, mailer.sender, office.store.files, office.now()))
        else:
            post(_robot(office, record.message.recipient), record.message, office.now())
    except UnsureError as error:
        log.error("消息可能已发出，也可能没有：%s", error, extra=note)
        return "unsure"
    except BulletinError as error:
        return _not_sent(office, record, error, note)
    with office.store.transaction() as unit:
        unit.outbox.sent(record.id)
    log.info("已发送：%s", record.message.subject, extra=note)
    return "sent"


def _not_sent(office: Office, record: MessageRecord, error: BulletinError, note: dict[str, str]) -> str:
    delay = None
    if isinstance(error, NotSentError) and error.unconfigured:
        delay = UNCONFIGURED
    elif isinstance(error, NotSentError) and error.again and office.now() - record.created < PATIENCE:
        delay = RETRIES[min(record.attempts, len(RETRIES)) - 1]
    with office.store.transaction() as unit:
        unit.outbox.failed(record.id, error.message, retry=unit.now + delay if delay else None)
    log.warning("没有发出：%s", error, extra=note)
    return "later" if delay else "failed"


def _robot(office: Office, name: str) -> Webhook:
    for hook in office.service.webhooks:
        if hook.name == name:
            return hook
    raise NotSentError("设置里已没有这个群机器人", subject=name)


def stuck(office: Office) -> tuple[MessageRecord, ...]:
    """Messages of the publication whose sender died while sending: they may or may not have left."""
    with office.store.reading() as unit:
        found = unit.outbox.stuck(unit.now - SILENCE)
    return tuple(record for record in found if record.publication == office.publication.key)


def _tell_of_interrupted(office: Office) -> None:
    """Queues word, once, of recipients who may be without their issue. Of other messages none: a notice of a notice."""
    doubtful = {f"{one.id}/{one.attempts}": one for one in stuck(office) if one.key.startswith(ISSUE)}
    if not doubtful:
        return
    with office.store.transaction() as unit:
        found = unit.outbox.find(office.publication.key, prefix=INTERRUPTED, limit=MOST)
        told = {about for letter in found for about in letter.message.about}
        new = {mark: one for mark, one in doubtful.items() if mark not in told}
        if not new:
            return
        lines = [
            f"有 {len(new)} 处没有确认送达：发送到一半中断（断电、断网或程序被终止），对方可能已收到，程序不会自行重发。",
            *(f"  · {one.message.recipient}：{one.message.subject}（编号 {one.id}）" for one in new.values()),
            "请向收件人核实；没有收到的，在服务器上运行 bulletin outbox again 编号 重发，已收到的不用理会。",
        ]
        subject = f"【发送中断】{office.publication.name.replace(' ', '')}"
        message = Message(channel="", recipient="", subject=subject, text="\n".join(lines), about=tuple(new))
        to = dict.fromkeys((*office.settings.admins, *office.service.editors))
        queue_for_all(office, unit, f"{INTERRUPTED}{next(iter(new))}", to, message)


def send_again(office: Office, id: int, who: str) -> None:
    """Puts a failed or stuck message back, because a person said so; the audit log keeps it."""
    with office.store.transaction() as unit:
        unit.outbox.again(id)
        unit.audit.write(office.publication.key, who, "重发消息", str(id))
