"""From the bytes of a page to its text: charset first, and the parts of a page saved as MHTML."""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from types import MappingProxyType
from typing import NamedTuple

from bulletin.errors import FormatError
from extractors import encoding

HEAD = 8192
"""A charset is declared within this many bytes of the start."""
PAGES_HEADER = "X-Bulletin-Pages"
"""Marks an MHTML message whose HTML parts are the pages of one article in order, as fetching bundles them."""
WESTERN = frozenset({"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"})
"""Charsets that a server sends by default; on a Chinese page they are never the truth."""
WIDE = ("utf-16", "utf16", "utf-32", "utf32", "utf-7", "utf7", "ucs", "unicode")
"""A page that can be searched for its declaration is in none of these, whatever it declares."""

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_GB = re.compile(r"^(?:x-)?(?:gb_?2312(?:-80)?|gbk|gb18030|cp936|euc-cn|ms936|windows-936)$")
_MIME = re.compile(
    rb"^(?:from:|mime-version:|content-type:\s*multipart/related|snapshot-content-location:)", re.IGNORECASE
)
_HTML = re.compile(rb"<\s*(?:!doctype|html|head|body|meta)\b", re.IGNORECASE)


class Page(NamedTuple):
    html: str
    address: str = ""
    resources: Mapping[str, bytes] = MappingProxyType({})
    """The bytes of the pictures saved with the page, by address and by content id."""
    warnings: tuple[str, ...] = ()
    format: str = "html"


def open_pages(content: bytes, media_type: str = "", name: str = "") -> list[Page]:
    """The page as text, with what was saved beside it; several where the pages of one article came bundled.

    Raises FormatError for MHTML that holds no page.
    """
    if _is_mhtml(content, media_type):
        return _open_mhtml(content, name)
    html = decode(content, media_type)
    return [Page(html, warnings=_warnings(html))]


def decode(content: bytes, media_type: str = "") -> str:
    """The text of a page's bytes.

    In this order: byte order mark; UTF-8 where it is valid (no Chinese text in GB18030 is); the charset that the
    server, then the page declares, GB2312 and GBK read as their superset GB18030; then what the bytes look like.
    """
    if not content.startswith(tuple(mark for mark, _ in encoding.BOMS)):
        for name in ("utf-8", *_declared(media_type.encode("ascii", "ignore")), *_declared(content[:HEAD])):
            try:
                return content.decode(name)
            except (UnicodeError, LookupError):
                continue
    return encoding.decode(content).text


def _declared(head: bytes) -> Iterator[str]:
    """The charsets named in a header or in the page, those that fit any bytes and so prove nothing left out."""
    for match in _DECLARED.finditer(head):
        name = match.group(1).decode("ascii", "ignore").lower()
        if _GB.match(name):
            yield "gb18030"
        elif name not in WESTERN and not name.startswith(WIDE):
            yield name


def _warnings(html: str) -> tuple[str, ...]:
    broken = html.count("\ufffd")
    return (f"网页中有 {broken} 个字符无法解码，已用 \ufffd 代替",) if broken else ()


def _is_mhtml(content: bytes, media_type: str) -> bool:
    if media_type.partition(";")[0].strip().lower() in (
        "multipart/related",
        "message/rfc822",
        "application/x-mimearchive",
    ):
        return True
    head = content[:HEAD].lstrip()
    page = _HTML.search(head)
    before = head[: page.start()] if page else head
    return _MIME.match(head) is not None and b"content-type:" in before.lower()


def _open_mhtml(content: bytes, name: str) -> list[Page]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    saved_from = str(message.get("Snapshot-Content-Location", "") or "")
    pages: list[tuple[str, str]] = []
    resources: dict[str, bytes] = {}
    for part in message.walk():
        if part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        location = str(part.get("Content-Location", "") or "")
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            address = location if location.startswith("http") else saved_from
            pages.append((decode(data, str(part.get("Content-Type", ""))), address))
        elif part.get_content_maintype() == "image":
            resources.update(_names(part, location, data))
    if not pages:
        raise FormatError("存成单个文件的网页（MHTML）里没有正文", subject=name)
    if PAGES_HEADER not in message:
        # Browsers put the page first; what follows are its frames.
        pages = [(pages[0][0], saved_from or pages[0][1])]
    return [Page(html, address, resources, _warnings(html), "mhtml") for html, address in pages]


def _names(part: EmailMessage, location: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if location:
        yield location, data
    content_id = str(part.get("Content-ID", "") or "").strip("<> ")
    if content_id:
        yield f"cid:{content_id}", data
