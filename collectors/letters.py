"""A letter (mail) -> the submissions in it: its attachments, its own text, or both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import PurePosixPath

from bulletin.errors import BulletinError, UnsupportedError
from bulletin.formats import UNKNOWN, sniff
from bulletin.model import Submission
from collectors.names import is_noise, safe_path


@dataclass(frozen=True)
class Enclosure:
    """One attached file; `inline` for pictures that are part of the text or of the signature."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail of any format, decoded."""

    subject: str = ""
    sender: str = ""
    """Display name of the sender, not the address."""
    sent: datetime | None = None
    text: str = ""
    markup: str = ""
    """The body as HTML, where it has one."""
    enclosures: tuple[Enclosure, ...] = ()

    @cached_property
    def plain(self) -> str:
        """The words of the body, whichever way it is written."""
        return self.text if self.text.strip() else _words(self.markup)


COVER_LENGTH = 120
"""Characters up to which a body beside readable attachments is a cover letter whatever it says.

The shortest piece of news an office sends by mail runs to about 200.
"""
COVER_LENGTH_WITH_CUE = 400
"""The same for a body that speaks of its attachments: a polite cover letter with the disclaimer of a mail server."""

_CUE = re.compile(r"请查收|请查阅|请审阅|敬请|收悉|附件|附上|见附|随信|现报|现将|报送|报上|呈报|投稿|采用|采纳|请予")
# A reply's quotation and a signature are not what is sent: 在 2023年5月1日，某某写道：/ -- / 发自我的iPhone
_TAIL = re.compile(
    r"^\s*(?:--\s*$|-{2,}\s*(?:原始邮件|Original Message|转发邮件信息).*|_{10,}|发自我的.*|Sent from .*"
    r"|在.{4,60}写道[:：]\s*|(?:发件人|From)\s*[:：].*)",
    re.MULTILINE,
)
_IGNORED_SUFFIXES = frozenset({".ics", ".vcf", ".p7s", ".asc", ".sig"})
_IGNORED_NAMES = frozenset({"winmail.dat", "smime.p7s", "noname"})
# 从QQ邮箱发来的超大附件: a link to a share of the mail provider, which ends after some weeks.
_CLOUD_SHARE = re.compile(r"超大附件|文件中转站|云附件")
_PICTURE_ONLY = frozenset({"picture", UNKNOWN})
_META_CHARSET = re.compile(
    r"""<meta\b[^>]*charset\s*=[^>]*>"""  # <meta charset="gb2312">, <meta http-equiv=... content="...charset=...">
    r"""|<\?xml[^>]*encoding[^>]*\?>""",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"^\s*(?:(?:转发|回复|答复|投稿|来稿|Fw|Fwd|Re)\s*[:：]\s*)+", re.IGNORECASE)


def members(letter: Letter, mail: Submission) -> Iterator[Submission | BulletinError]:
    """The submissions in a letter, its own text first.

    Attachments in readable formats are the submission; the body beside them counts only when it is more than
    a cover letter. Without such attachments the body is the submission. Pictures of the text and signature,
    calendar entries, business cards and winmail.dat are left out.
    """
    files = [enclosure for enclosure in letter.enclosures if not _is_ignored(enclosure)]
    readable = [each for each in files if sniff(each.name, each.content, each.media_type) not in _PICTURE_ONLY]
    own, *tail = _TAIL.split(letter.plain, maxsplit=1)
    words = "".join(own.split())
    if not words and not readable and tail:
        words = "".join(tail[0].split())  # only forwarded: what was forwarded is the submission
    if words and not (readable and is_cover(words)):
        yield _body(letter, mail)
    if _CLOUD_SHARE.search(letter.plain) and not readable:
        yield UnsupportedError(
            "附件在邮箱网盘里（超大附件），邮件中只有链接", subject=mail.name, advice="请下载后作为文件报送"
        )
    for each in files:
        yield _member(letter, mail, each.name, each.content, each.media_type)


def is_cover(words: str) -> bool:
    """Whether a body (blanks, quotations and signature taken out) only presents its attachments."""
    return len(words) <= (COVER_LENGTH_WITH_CUE if _CUE.search(words) else COVER_LENGTH)


def _is_ignored(enclosure: Enclosure) -> bool:
    name = enclosure.name.lower()
    ignored = name in _IGNORED_NAMES or PurePosixPath(name).suffix in _IGNORED_SUFFIXES or is_noise(name)
    return ignored or enclosure.inline or not enclosure.content or enclosure.media_type == "text/calendar"


def _body(letter: Letter, mail: Submission) -> Submission:
    """The body as a file named after the subject."""
    title = _FORWARD.sub("", letter.subject).strip() or PurePosixPath(mail.name).stem
    if _words(letter.markup).strip():
        page = _with_charset(letter.markup, title)
        return _member(letter, mail, f"{title}.html", page.encode(), "text/html; charset=utf-8")
    return _member(letter, mail, f"{title}.txt", letter.text.encode(), "text/plain; charset=utf-8")


def _with_charset(markup: str, title: str) -> str:
    """The page with UTF-8 as the one declared encoding, and a title where it has none."""
    bare = _META_CHARSET.sub("", markup)
    name = "" if re.search(r"<title\b", bare, re.IGNORECASE) else f"<title>{escape(title)}</title>"
    head = f'<meta charset="utf-8">{name}'
    page, found = re.subn(r"<head\b[^>]*>", lambda tag: tag[0] + head, bare, count=1, flags=re.IGNORECASE)
    return page if found else f"<!DOCTYPE html><html><head>{head}</head><body>{bare}</body></html>"


def _member(letter: Letter, mail: Submission, name: str, content: bytes, media_type: str) -> Submission:
    # A subject may hold slashes (1/2月信息): they are no folders.
    label = "".join(safe_path(name.replace("/", "_").replace("\\", "_")).parts) or "附件"
    return Submission(
        name=label,
        content=content,
        channel=mail.channel,
        media_type=media_type,
        # A forwarded mail names its own sender, who is not the one who forwards it.
        unit=mail.unit or ("" if media_type == "message/rfc822" else letter.sender),
        origin=f"{mail.origin or mail.name}!{label}",
        received=letter.sent or mail.received,
    )


def _words(markup: str) -> str:
    """The visible text of a page."""
    if not markup.strip():
        return ""
    # Imported when a mail has nothing but HTML: it would be a fifth of what every start imports.
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml")
    for hidden in soup(["script", "style", "head"]):
        hidden.decompose()
    return soup.get_text("\n")
