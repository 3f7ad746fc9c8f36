"""Submissions by mail: fetched, stored, and only then marked on the server.

Whoever dies between storing and marking meets the same mail again: it has the same bytes and the
same origin, so nothing is recorded twice.
"""

import hashlib
import logging

from bulletin.errors import BulletinError, FetchError, SettingsError
from bulletin.model import Submission
from services.context import Office
from services.intake import Advance
from services.outcomes import Outcome
from services.queueing import MAIL, queue
from services.reading import unpack
from services.senders import sender_of, with_sender
from store.records import Message

log = logging.getLogger(__name__)


def collect_mail(office: Office, advance: Advance) -> tuple[Outcome, ...]:
    """What could not be had from the mailbox, or that it was out of reach; what could be had waits to be read."""
    settings = office.service.mailbox
    if settings is None:
        return ()
    from collectors.mailbox import Mailbox

    outcomes: list[Outcome] = []
    try:
        with Mailbox(settings) as mailbox:
            for count, (uid, found) in enumerate(mailbox.fetch_mail(), 1):
                advance(count, count, "收取邮件")
                if isinstance(found, BulletinError):
                    outcomes.append(Outcome.refused(found.subject, found))
                else:
                    outcomes += store_mail(office, found)
                # What the server did not hand over is asked for again next time.
                if not isinstance(found, FetchError):
                    mailbox.mark(uid)
    except (FetchError, SettingsError) as error:
        # The folder and the pages do not wait for the mailbox's repair.
        name = f"收稿邮箱 {settings.user}@{settings.host}"
        log.error("%s：%s", name, error, extra={"publication": office.publication.key})
        outcomes.append(Outcome.refused(name, error, lost=True))
    return tuple(outcomes)


def store_mail(office: Office, mail: Submission) -> list[Outcome]:
    """What in the mail could not be had; the mail and everything in it is on the disk when this returns."""
    mail = with_sender(mail)
    files = office.store.files
    files.put(mail.content)
    members: list[Submission] = []
    errors: list[BulletinError] = []
    for found in unpack(mail, office.settings):
        if isinstance(found, BulletinError):
            errors.append(found)
        else:
            files.put(found.content)
            members.append(found)
    with office.store.transaction() as unit:
        for member in members:
            unit.submissions.receive(office.publication.key, member, parent=mail.sha256)
        address = sender_of(mail.origin)
        if errors and address and office.service.receipts and office.settings.smtp:
            queue(office, unit, f"refused/{mail.sha256[:32]}/{address}", _letter(office, errors, address))
    log.info("收到邮件，内有来稿 %d 件", len(members), extra={"submission": mail.sha256, "origin": mail.origin})
    return [Outcome.refused(error.subject, error) for error in errors]


def _letter(office: Office, errors: list[BulletinError], address: str) -> Message:
    lines = ["您好！您报送的邮件中，下列内容没有读出：", "", *(f"· {error}" for error in errors)]
    about = tuple(hashlib.sha256(str(error).encode()).hexdigest()[:12] for error in errors)
    return Message(
        channel=MAIL,
        recipient=address,
        subject="来稿未能读取，请重新报送",
        text="\n".join([*lines, "", office.publication.issuer]),
        about=about,
    )
