"""EML files (RFC 5322 mail) -> letters, with the header encodings that Chinese mail programs get wrong."""

import re
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from bulletin.errors import BulletinError, EncryptedError, FormatError
from bulletin.model import Submission
from collectors.decoding import decode
from collectors.letters import Enclosure, Letter

BEIJING = timezone(timedelta(hours=8))
"""The zone of a date that names none."""
MAX_PARTS = 1_000
"""MIME parts looked at; a forwarded week of mail has some hundred."""
_HAN = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff]")
_RAW_NAME = re.compile(r'\b(?:file)?name\s*=\s*"?([^";\r\n]+)', re.IGNORECASE)
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")


def read(mail: Submission) -> Letter:
    """The letter in an EML file.

    Raises FormatError for what is no mail, EncryptedError for S/MIME or PGP encryption.
    """
    try:
        message = message_from_bytes(mail.content)
        kind = message.get_content_type()
        if kind == "multipart/encrypted" or (
            kind.endswith("pkcs7-mime") and str(message.get_param("smime-type")) != "signed-data"
        ):
            raise EncryptedError("邮件已加密", subject=mail.name, advice="请以不加密的邮件或文件报送")
        return _letter(message, mail.name)
    except BulletinError:
        raise
    except Exception as error:
        # Whatever a crooked header leads the parser to: TypeError for one that is continued with no number.
        raise FormatError("邮件结构损坏", subject=mail.name) from error


def header(message: Message, name: str) -> str:
    """A header decoded: RFC 2047 words in any charset, raw 8-bit bytes, folded lines joined."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return decode_words(str(value))
    return ""


def decode_words(value: str) -> str:
    """The text of a header value as it stands in the mail."""
    raw = re.sub(r"\r?\n[ \t]*", " ", value)
    if not _ENCODED_WORD.search(raw):
        return _from_bytes(raw).strip()
    # Some programs put quotes around encoded words and no blank between them; both are against RFC 2047.
    loose = _ENCODED_WORD.sub(lambda word: f" {word[0]} ", _from_bytes(raw).replace('"', ""))
    try:
        parts = decode_header(loose.strip())
    except (MessageError, ValueError):
        return _from_bytes(raw).strip()
    return "".join(_part(content, charset) for content, charset in parts).strip()


def _from_bytes(value: str) -> str:
    """Text whose 8-bit bytes the parser kept as surrogates; text that it has already decoded stays."""
    try:
        return decode(value.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        return value


def _part(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    if charset:
        return decode(content, charset)
    try:
        # What stands between encoded words comes back as bytes of the library's own making.
        return content.decode("raw-unicode-escape")
    except UnicodeDecodeError:
        return decode(content)


def _letter(message: Message, name: str) -> Letter:
    text: list[str] = []
    markup: list[str] = []
    enclosures: list[Enclosure] = []
    for count, part in enumerate(_leaves(message)):
        if count >= MAX_PARTS:
            raise FormatError(f"邮件的部分超过 {MAX_PARTS} 个", subject=name)
        kind = part.get_content_type()
        filename = _filename(part)
        if kind == "message/rfc822":
            enclosures.append(_forwarded(part))
        elif part.get_content_disposition() != "attachment" and not filename and kind in {"text/plain", "text/html"}:
            target = markup if kind == "text/html" else text
            target.append(decode(_payload(part), str(part.get_param("charset") or "")))
        else:
            inline = bool(part["Content-ID"]) and kind.startswith("image/")
            media_type = "" if kind == "application/octet-stream" else kind
            # A picture that is really attached has a disposition that says so, even beside a Content-ID.
            inline = inline and part.get_content_disposition() != "attachment"
            enclosures.append(Enclosure(filename or "附件", _payload(part), media_type, inline))
    return Letter(
        subject=header(message, "Subject"),
        sender=_sender(message),
        sent=_date(header(message, "Date")),
        text="\n".join(text),
        markup="\n".join(markup),
        enclosures=tuple(enclosures),
    )


def _leaves(message: Message) -> list[Message]:
    """The parts that are no multiparts, in order; a forwarded message is one part and not entered."""
    leaves: list[Message] = []
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            children = part.get_payload()
            assert isinstance(children, list)
            waiting[:0] = [child for child in children if isinstance(child, Message)]
        else:
            leaves.append(part)
    return leaves


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _forwarded(part: Message) -> Enclosure:
    inner = part.get_payload()
    if not (isinstance(inner, list) and inner and isinstance(inner[0], Message)):
        return Enclosure("转发的邮件.eml", _payload(part), "message/rfc822")
    name = header(inner[0], "Subject") or "转发的邮件"
    return Enclosure(f"{name}.eml", inner[0].as_bytes(), "message/rfc822")


def _filename(part: Message) -> str:
    """The name of an attachment by RFC 2231, RFC 2047 inside a parameter, or in raw 8-bit characters."""
    # The parser turns 8-bit characters of a parameter into question marks; so they are looked for before.
    for key, value in part.raw_items():
        named = key.lower() in {"content-disposition", "content-type"} and not str(value).isascii()
        if named and (match := _RAW_NAME.search(_from_bytes(str(value)))):
            return match[1].strip()
    return decode_words(part.get_filename() or "")


def _sender(message: Message) -> str:
    # Decoding first and splitting then goes wrong on names with commas; so split the raw value.
    for key, value in message.raw_items():
        if key.lower() == "from":
            raw = re.sub(r"\r?\n[ \t]*", " ", str(value))
            return sender_name(raw)
    return ""


def sender_name(raw: str) -> str:
    """The Chinese display name in an undecoded From header."""
    name = re.sub(r"<[^<>]*>\s*$", "", raw).strip()
    decoded = decode_words(name).strip("\"'“” ")
    return decoded if _HAN.search(decoded) else ""


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
