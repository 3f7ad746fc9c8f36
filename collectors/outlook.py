"""MSG files (mail saved by Outlook, [MS-OXMSG]) -> letters.

Read with olefile. python-oxmsg (MIT) was tried: it takes undeclared 8-bit strings for Latin-9, where Chinese
Outlook writes GBK, and it cannot enter an attached mail. extract-msg is GPL.
"""

import struct
from datetime import UTC, datetime, timedelta
from io import BytesIO

import olefile

from bulletin.errors import EncryptedError, FormatError
from bulletin.model import Submission
from collectors.decoding import decode
from collectors.letters import Enclosure, Letter
from collectors.rfc822 import sender_name

# Property ids of [MS-OXPROPS].
_SUBJECT = 0x0037
_MESSAGE_CLASS = 0x001A
_BODY = 0x1000
_HTML = 0x1013
_SENDER_NAME = 0x0C1A
_REPRESENTING_NAME = 0x0042
_SUBMIT_TIME = 0x0039
_DELIVERY_TIME = 0x0E06
_INTERNET_CODEPAGE = 0x3FDE
_MESSAGE_CODEPAGE = 0x3FFD
_ATTACH_DATA = 0x3701
_ATTACH_LONG_NAME = 0x3707
_ATTACH_SHORT_NAME = 0x3704
_ATTACH_MIME = 0x370E
_ATTACH_CONTENT_ID = 0x3712
_ATTACH_HIDDEN = 0x7FFE

_UNICODE, _STRING8, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_TOP_HEADER, _EMBEDDED_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
"""Bytes before the first entry of a property stream, by the kind of storage it describes."""

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
MAX_NESTING = 4
Path = tuple[str, ...]


def read(mail: Submission) -> Letter:
    """The letter in an MSG file; a mail attached to it comes as its text and attachments.

    Raises FormatError for a damaged file, EncryptedError for S/MIME.
    """
    try:
        with olefile.OleFileIO(BytesIO(mail.content)) as ole:
            letter, kind = _letter(_Storages(ole), (), depth=0)
    except Exception as error:  # olefile raises whatever a damaged sector table leads it to
        raise FormatError("邮件（MSG）不完整或已损坏", subject=mail.name) from error
    if "smime" in kind.lower() and not letter.plain.strip() and not letter.enclosures:
        raise EncryptedError("邮件已加密", subject=mail.name, advice="请以不加密的邮件或文件报送")
    return letter


class _Storages:
    """Properties of the storages of one OLE file, found by the names of their streams."""

    def __init__(self, ole: "olefile.OleFileIO[str]") -> None:
        self._ole = ole
        self._paths = {tuple(path) for path in ole.listdir(streams=True, storages=True)}

    def children(self, storage: Path, prefix: str) -> list[Path]:
        depth = len(storage)
        inside = {path[: depth + 1] for path in self._paths if path[:depth] == storage and len(path) > depth}
        return sorted(path for path in inside if path[depth].startswith(prefix))

    def exists(self, path: Path) -> bool:
        return any(known[: len(path)] == path for known in self._paths)

    def binary(self, storage: Path, pid: int, kind: int = _BINARY) -> bytes:
        path = (*storage, f"__substg1.0_{pid:04X}{kind:04X}")
        if path not in self._paths or self._ole.get_type(list(path)) != olefile.STGTY_STREAM:
            return b""
        with self._ole.openstream(list(path)) as stream:
            return bytes(stream.read())

    def text(self, storage: Path, pid: int, charset: str = "") -> str:
        if wide := self.binary(storage, pid, _UNICODE):
            return wide.decode("utf-16-le", errors="replace").rstrip("\0")
        return decode(self.binary(storage, pid, _STRING8), charset).rstrip("\0")

    def fixed(self, storage: Path, header: int) -> dict[int, bytes]:
        """The eight value bytes of each fixed-size property."""
        path = (*storage, "__properties_version1.0")
        if path not in self._paths:
            return {}
        with self._ole.openstream(list(path)) as stream:
            raw = bytes(stream.read())[header:]
        entries = (raw[at : at + 16] for at in range(0, len(raw) - 15, 16))
        return {struct.unpack("<H", entry[2:4])[0]: entry[8:16] for entry in entries}


def _letter(storages: _Storages, root: Path, depth: int) -> tuple[Letter, str]:
    """The letter stored at `root`, and its message class."""
    fixed = storages.fixed(root, _EMBEDDED_HEADER if root else _TOP_HEADER)
    body_charset = _charset(fixed.get(_INTERNET_CODEPAGE))
    charset = _charset(fixed.get(_MESSAGE_CODEPAGE)) or body_charset
    sender = storages.text(root, _REPRESENTING_NAME, charset) or storages.text(root, _SENDER_NAME, charset)
    enclosures: list[Enclosure] = []
    for attachment in storages.children(root, "__attach_version1.0_#"):
        enclosures.extend(_enclosures(storages, attachment, charset, depth))
    letter = Letter(
        subject=storages.text(root, _SUBJECT, charset),
        sender=sender_name(sender),
        sent=_moment(fixed.get(_SUBMIT_TIME) or fixed.get(_DELIVERY_TIME)),
        text=storages.text(root, _BODY, charset).replace("\r\n", "\n"),
        markup=decode(storages.binary(root, _HTML), body_charset) or storages.text(root, _HTML, charset),
        enclosures=tuple(enclosures),
    )
    return letter, storages.text(root, _MESSAGE_CLASS)


def _enclosures(storages: _Storages, attachment: Path, charset: str, depth: int) -> list[Enclosure]:
    """The attached file; for an attached mail its text and its own attachments."""
    embedded = (*attachment, f"__substg1.0_{_ATTACH_DATA:04X}{_OBJECT:04X}")
    name = storages.text(attachment, _ATTACH_LONG_NAME, charset) or storages.text(
        attachment, _ATTACH_SHORT_NAME, charset
    )
    if storages.exists(embedded) and not storages.binary(attachment, _ATTACH_DATA):
        if depth >= MAX_NESTING:
            return []
        inner, _ = _letter(storages, embedded, depth + 1)
        title = inner.subject or name or "转发的邮件"
        body = Enclosure(f"{title}.txt", inner.plain.encode(), "text/plain; charset=utf-8")
        if inner.markup.strip():
            body = Enclosure(f"{title}.html", inner.markup.encode("utf-8-sig"), "text/html; charset=utf-8")
        return [body, *inner.enclosures] if inner.plain.strip() else list(inner.enclosures)
    hidden = storages.fixed(attachment, _ATTACHMENT_HEADER).get(_ATTACH_HIDDEN, b"\0")[0] != 0
    media_type = storages.text(attachment, _ATTACH_MIME)
    content_id = storages.text(attachment, _ATTACH_CONTENT_ID)
    inline = hidden or (bool(content_id) and media_type.startswith("image/"))
    return [Enclosure(name or "附件", storages.binary(attachment, _ATTACH_DATA), media_type, inline)]


def _charset(value: bytes | None) -> str:
    """The Python name of a Windows code page number."""
    if value is None:
        return ""
    number = struct.unpack("<I", value[:4])[0]
    return {65001: "utf-8", 936: "gb18030", 54936: "gb18030", 950: "big5", 1200: "utf-16-le"}.get(number, f"cp{number}")


def _moment(value: bytes | None) -> datetime | None:
    if value is None:
        return None
    ticks = struct.unpack("<Q", value)[0]
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
