"""A signed issue goes to its recipients, once each: the mails are queued in the transaction that signs."""

from services.context import Office
from services.files import file_name
from services.queueing import queue_for_all
from store.database import Transaction
from store.records import IssueRecord, IssueState, Message, MessageRecord, MessageState

STATES = {
    MessageState.PENDING: "待发",
    MessageState.SENDING: "发送中断，不知是否送达",
    MessageState.SENT: "已发",
    MessageState.FAILED: "未能发出",
}

ISSUE = "issue/"
"""The keys of all messages that bring an issue begin so."""


def issue_key(record: IssueRecord) -> str:
    """The first part of the keys of an issue's messages: one set for each printing."""
    return f"{ISSUE}{record.id}/r{record.revision}"


def distribute(office: Office, unit: Transaction, record: IssueRecord, reason: str = "") -> int:
    """How many messages were queued: the DOCX to every recipient, word of it to the robots.

    Called in the transaction that signs or corrects, so that an issue is never signed without its
    mails nor mailed without its signature; called again it queues nothing.
    """
    if record.state is not IssueState.ISSUED or record.docx is None or record.imported:
        return 0
    what = f"{record.issue.publication.replace(' ', '')}{record.number.label}"
    subject = f"{what}（更正）" if record.revision else what
    lines = [f"{'更正后的' if record.revision else ''}{what}已签发，请查收附件。"]
    lines += [f"更正原因：{reason}"] if reason else []
    lines += ["", *(f"【{section.name}】{len(section.entries)} 篇" for section in record.issue.sections)]
    lines += ["", record.issue.issuer, record.issue.date.isoformat()]
    attachment = (file_name(record.issue), record.docx)
    message = Message(channel="", recipient="", subject=subject, text="\n".join(lines), attachments=(attachment,))
    return queue_for_all(office, unit, issue_key(record), office.service.recipients, message)


def complete(office: Office, issue_id: int) -> int:
    """How many messages were missing for an issued issue and are queued now: to recipients added since."""
    with office.store.transaction() as unit:
        return distribute(office, unit, unit.issues.get(office.publication.key, issue_id))


def delivery(office: Office, record: IssueRecord) -> tuple[MessageRecord, ...]:
    """The messages of an issue, all printings, with their state: what the desk and `outbox list` show."""
    with office.store.reading() as unit:
        return unit.outbox.find(office.publication.key, prefix=f"{ISSUE}{record.id}/", limit=100_000)
