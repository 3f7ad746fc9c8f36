"""Who sent a mail, and whether an answer may go there.

The address is kept in the origin of what the mail held (imap://...;UID=5#from=name@host!file), because
it belongs to one arrival: the same file can be sent by two units.
"""

import re
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from bulletin.model import Submission

_MARK = "#from="
_FROM = re.compile(r"#from=([^!\s]+)")
_ADDRESS = re.compile(r"[^@\s!<>,;:\"]+@[^@\s!<>,;:\"]+")
_ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|no-?_?reply|do-?not-?reply|bounces?)\b", re.IGNORECASE)
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})


def reply_address(content: bytes) -> str:
    """The address that an answer to this mail goes to; empty where none should (RFC 3834: no robot answers a robot)."""
    headers = message_from_bytes(content)
    if _is_automatic(headers):
        return ""
    for name in ("Reply-To", "From"):
        address = parseaddr(str(headers.get(name, "")))[1]
        if _ADDRESS.fullmatch(address) and not _ROBOTS.match(address):
            return address
    return ""


def _is_automatic(headers: Message) -> bool:
    said = str(headers.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    bulk = str(headers.get("Precedence", "")).strip().lower() in _BULK
    return said != "no" or bulk or "List-Id" in headers or str(headers.get("Return-Path", "")).strip() == "<>"


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent there, as far as one can see."""
    return _ADDRESS.fullmatch(text) is not None


def with_sender(mail: Submission) -> Submission:
    """The mail with its sender's address in the origin, where an answer may go there."""
    address = reply_address(mail.content)
    return mail.model_copy(update={"origin": f"{mail.origin}{_MARK}{address}"}) if address else mail


def sender_of(origin: str) -> str:
    """The address in an origin; empty where there is none."""
    found = _FROM.search(origin)
    return found[1] if found else ""


def mail_of(origin: str) -> str:
    """The mail (or container) that something came in: its origin without the member's name."""
    return origin.partition("!")[0]
