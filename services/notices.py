"""Receipts: every submitter is told, once, what became of its piece.

What cannot be read is told at once, so that it can be sent again; 采用, 备用, 未采用 and 重复 are told
when an issue is signed, because until then an editor may change them. Whom: the sender of the mail it
came in, else the contributor who uploaded it, else the address that the publication's file gives for its
unit, else the contributor of that unit.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from bulletin.model import Channel, Frozen
from services.context import Office
from services.queueing import MAIL, queue
from services.senders import mail_of, sender_of
from store.account_records import Role
from store.database import Transaction
from store.records import (
    ArticleFilter,
    ArticleRecord,
    ArticleState,
    Message,
    Receipt,
    SubmissionRecord,
    SubmissionState,
)

log = logging.getLogger(__name__)

WINDOW = timedelta(days=90)
"""A piece that has waited longer is printed or forgotten; nobody expects word of it."""
PREFIX = "receipt/"
MOST = 1_000_000


class Word(Frozen):
    """One thing to tell: `about` names piece and state, `text` says it."""

    about: str
    text: str


def queue_receipts(office: Office, *, final: bool) -> int:
    """How many letters were queued. `final` after an issue is signed; else only what could not be read is told.

    Can be called at any time and any number of times: who has been told of a piece and its state is not
    told again.
    """
    if not (office.service.receipts and office.settings.smtp):
        return 0
    count = 0
    with office.store.transaction() as unit:
        letters = _by_letter(office, unit, final)
        told = _told(office, unit) if letters else {}
        for (address, _), receipts in letters.items():
            words = [word for word in _words(office, unit, receipts, final) if word.about not in told.get(address, ())]
            count += bool(words) and _queue(office, unit, address, words)
    log.info("回告投稿单位 %d 封", count, extra={"publication": office.publication.key})
    return count


def _told(office: Office, unit: Transaction) -> defaultdict[str, set[str]]:
    told: defaultdict[str, set[str]] = defaultdict(set)
    # What was told before the window was of an arrival before it.
    for record in unit.outbox.find(office.publication.key, prefix=PREFIX, since=unit.now - WINDOW, limit=MOST):
        told[record.message.recipient].update(record.message.about)
    return told


def _by_letter(office: Office, unit: Transaction, final: bool) -> dict[tuple[str, str], list[Receipt]]:
    """The arrivals by address and mail: one mail in, one mail out. Unless `final`, of what could not be read."""
    key, since = office.publication.key, unit.now - WINDOW
    arrived = unit.submissions.receipts(key, since=since) if final else unit.submissions.refused(key, since)
    # Not old material that the office itself brought in.
    arrived = tuple(receipt for receipt in arrived if receipt.channel is not Channel.ARCHIVE)
    if not arrived:
        return {}
    found: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    addresses = _Addresses(office, unit, arrived)
    for receipt in arrived:
        if sender := sender_of(receipt.origin):
            found[sender, mail_of(receipt.origin)].append(receipt)
            continue
        for address in addresses.of(receipt):
            found[address, receipt.unit].append(receipt)
    return found


class _Addresses:
    """Where to write about what came without a mail: through the desk, or in the folder of a unit."""

    def __init__(self, office: Office, unit: Transaction, arrived: Iterable[Receipt]) -> None:
        key = office.publication.key
        known = [one for one in unit.accounts.find() if one.role is Role.CONTRIBUTOR and one.mail and not one.disabled]
        self._accounts = {one.name: one for one in known if not one.publications or key in one.publications}
        self._units = {one.unit: one.mail for one in reversed(self._accounts.values())} | office.service.addresses
        hashes = list(dict.fromkeys(receipt.sha256 for receipt in arrived))
        self._uploads = unit.uploads.senders(key, hashes) if self._accounts else {}

    def of(self, receipt: Receipt) -> tuple[str, ...]:
        """Of those who uploaded the file for this unit, else the unit's own; empty where nobody is known."""
        by = [self._accounts.get(upload.account) for upload in self._uploads.get(receipt.sha256, ())]
        own = dict.fromkeys(account.mail for account in by if account and account.unit == receipt.unit)
        unit = self._units.get(receipt.unit, "")
        return tuple(own) or ((unit,) if unit else ())


def _words(office: Office, unit: Transaction, receipts: Iterable[Receipt], final: bool) -> Iterator[Word]:
    key = office.publication.key
    hashes = list(dict.fromkeys(receipt.sha256 for receipt in receipts))
    known = unit.submissions.known(key, hashes)
    for sha256 in hashes:
        if known[sha256].state is SubmissionState.REFUSED:
            yield _refusal(known[sha256])
    if final:
        ids = unit.articles.ids(key, ArticleFilter(sources=tuple(hashes)))
        for record in unit.articles.records(key, ids):
            yield from _word(office, unit, record)


def _refusal(record: SubmissionRecord) -> Word:
    advice = f"；{record.advice}" if record.advice else ""
    return Word(about=f"{record.sha256[:12]}:refused", text=f"{record.name}：未能读取（{record.message}{advice}）")


def _word(office: Office, unit: Transaction, record: ArticleRecord) -> Iterator[Word]:
    """What is to be said of an article now; nothing while it waits for its first issue or stands in a draft."""
    said = ""
    match record.state:
        case ArticleState.PUBLISHED:
            issue = unit.issues.get(office.publication.key, record.issue or 0)
            section = next((s.name for s in issue.issue.sections for e in s.entries if e.article == record.id), "")
            said = f"采用，刊于{issue.number.label}" + (f"“{section}”" if section else "")
        case ArticleState.SPARE:
            said = "备用，留待以后各期"
        case ArticleState.REJECTED:
            said = f"未采用（{_why(record)}）"
        case ArticleState.DUPLICATE:
            said = "与已收到的稿件重复，不另刊登"
    if said:
        yield Word(about=f"{record.id}:{record.state.value}", text=f"《{record.title or '无标题'}》：{said}")


def _why(record: ArticleRecord) -> str:
    verdict = record.verdict
    if verdict is None or verdict.by_editor or not verdict.reasons:
        return "编辑决定"
    return verdict.reasons[0].text


def _queue(office: Office, unit: Transaction, address: str, words: list[Word]) -> bool:
    about = tuple(word.about for word in words)
    # The key follows from what is told, so that two processes with the same news queue one letter.
    digest = hashlib.sha256("\n".join(sorted(about)).encode()).hexdigest()[:32]
    lines = ["您好！您报送的稿件处理情况如下：", "", *(f"· {word.text}" for word in words)]
    message = Message(
        channel=MAIL,
        recipient=address,
        subject=f"{office.publication.name.replace(' ', '')}来稿处理情况",
        text="\n".join([*lines, "", "感谢支持，欢迎继续来稿。", office.publication.issuer]),
        about=about,
    )
    return queue(office, unit, f"{PREFIX}{digest}/{address}", message)
