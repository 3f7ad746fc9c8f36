"""Which format some bytes are: what they look like decides, the suffix only where they leave it open.

Offices rename freely: a `.doc` is often a web page, RTF, a DOCX or plain text, and a `.wps` is nearly
always a Word file. Nothing here reads more than names and the first kilobytes, so no hostile file can
make it work hard.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath

import olefile

UNKNOWN = "unknown"

HEAD = 8192
"""Bytes looked at to tell kinds of text apart; mail headers seldom fill more than four kilobytes."""

MAX_MEMBERS = 100_000
"""Directory entries of a ZIP looked at; documents have at most a few hundred."""

SUFFIXES: dict[str, str] = {
    "docx": "docx", "docm": "docx", "dotx": "docx", "dotm": "docx",
    "doc": "doc", "dot": "doc", "wps": "wps", "wpt": "wps", "rtf": "rtf",
    "odt": "odt", "ott": "odt", "fodt": "odt", "uot": "uof", "uof": "uof",
    "pdf": "pdf", "html": "html", "htm": "html", "xhtml": "html", "shtml": "html",
    "mhtml": "mhtml", "mht": "mhtml", "eml": "eml", "msg": "msg", "zip": "zip",
    "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "et": "xls", "ods": "ods", "csv": "csv", "tsv": "csv",
    "txt": "txt", "text": "txt", "log": "txt", "md": "md", "markdown": "md",
    "pptx": "pptx", "ppt": "ppt", "dps": "ppt", "odp": "odp", "epub": "epub", "ofd": "ofd", "caj": "caj",
    "rar": "rar", "7z": "7z", "gz": "gz", "rss": "feed", "atom": "feed",
    "jpg": "picture", "jpeg": "picture", "png": "picture", "gif": "picture", "bmp": "picture",
    "tif": "picture", "tiff": "picture", "webp": "picture",
}  # fmt: skip

MEDIA_TYPES: dict[str, str] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "md",
    "text/csv": "csv",
    "text/plain": "txt",
    "message/rfc822": "eml",
    "multipart/related": "mhtml",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
}

# First bytes -> key. The longer and surer ones come first.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gz"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"CAJ\x00", "caj"),
    (b"HN\x00\x00", "caj"),
    # Word 2 and Word for DOS: LibreOffice still reads them.
    (b"\xdb\xa5\x2d\x00", "doc"),
    (b"\x31\xbe\x00\x00", "doc"),
)

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

# Name of a stream in the root of an OLE file -> key. The envelope of an encrypted OOXML file comes
# first; a Word file may hold workbooks, but not in its root.
OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("__properties_version1.0", "msg"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("MatOST", "wps"),  # Microsoft Works
    ("CONTENTS", "wps"),
)

# `mimetype` member of an OpenDocument or EPUB package -> key.
PACKAGE_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/epub+zip", "epub"),
)

# Root element (or namespace) of an XML file -> key.
XML_ROOTS: tuple[tuple[str, str], ...] = (
    ("<pkg:package", "docx"),  # a DOCX as one XML file (flat OPC)
    ("<w:worddocument", "wordml"),  # Word 2003 XML
    ("<office:document", "odt"),  # flat OpenDocument
    ("<uof:uof", "uof"),
    ("<rss", "feed"),
    ("<rdf:rdf", "feed"),
    ("<feed", "feed"),
    ("<html", "html"),
    ("<!doctype html", "html"),
)

HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I)
"""A web page, whatever its file is called."""
HTML_PART = re.compile(
    r"<(?:div|p|table|span|h[1-6]|section|article|br|img|a|ul|ol|script|style|link|center|font)\b[^<>]*>", re.I
)
"""A piece of a page, if the file is called one or starts so."""
XML_PREFIX = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.S)
HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,40}):", re.M)

CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x0b\x1a\x1b")
"""Bytes that text of one byte a unit has none of."""

MAIL_HEADERS = frozenset(
    re.findall(
        r"\S+",
        "from to cc subject date received mime-version message-id return-path delivered-to reply-to sender "
        "content-type content-transfer-encoding dkim-signature x-mailer x-originating-ip",
    )
)


def sniff(name: str, content: bytes, media_type: str = "") -> str:
    """The key of the format: docx, doc, wps, rtf, odt, pdf, html, mhtml, eml, msg, zip, xlsx, csv, txt, md ...

    Further keys: encrypted (an encrypted Office package), wordml, uof, xls, ods, pptx, ppt, odp, epub, ofd,
    caj, rar, 7z, gz, feed, picture, and `unknown`. An empty file is what its suffix says. Truncated
    packages keep the key they would have had, so that their reader can say what is wrong.
    """
    hint = suffix_key(name) or MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower(), "")
    if content.startswith(OLE_MAGIC):
        return _sniff_ole(content, hint)
    if content.startswith(ZIP_MAGIC):
        return _sniff_zip(content, hint)
    if content[:16].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    for magic, key in MAGIC:
        if content.startswith(magic):
            return key
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "picture"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if not content.strip(b"\0 \t\r\n"):
        return hint or UNKNOWN
    return _sniff_text(content[:HEAD], hint)


def suffix_key(name: str) -> str:
    """The key that the suffix of a name stands for; empty where it stands for none."""
    return SUFFIXES.get(PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip("."), "")


def _sniff_ole(content: bytes, hint: str) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            names = {path[0] for path in ole.listdir(streams=True, storages=False) if len(path) == 1}
    except Exception:  # olefile raises whatever a broken sector table leads it to
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "encrypted"
        return hint if hint in ("doc", "wps", "msg", "xls", "ppt") else UNKNOWN
    key = next((key for stream, key in OLE_STREAMS if stream in names), "")
    if key == "doc" and hint == "wps":
        return "wps"
    return key or (hint if hint in ("doc", "wps", "msg") else UNKNOWN)


def _sniff_zip(content: bytes, hint: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = [info.filename for info in package.infolist()[:MAX_MEMBERS]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        members = []
    names = members or list(_local_names(content))
    if declared := _package_type(content):
        return declared
    key = _package_key({name.replace("\\", "/").lstrip("/").lower() for name in names}, hint)
    if key == "zip" and not members and hint in ("docx", "xlsx", "pptx", "odt", "ods", "ofd", "epub"):
        return hint
    return key


def _local_names(content: bytes) -> Iterable[str]:
    """The member names in the local headers, for a package whose directory is cut off."""
    at = content.find(b"PK\x03\x04")
    for _ in range(200):
        if at < 0:
            return
        size = int.from_bytes(content[at + 26 : at + 28], "little")
        yield content[at + 30 : at + 30 + size].decode("utf-8", "replace")
        at = content.find(b"PK\x03\x04", at + 30)


def _package_type(content: bytes) -> str:
    """The key declared by a `mimetype` member, which must be the first and uncompressed."""
    if content[30:38] != b"mimetype":
        return ""
    return next((key for media_type, key in PACKAGE_TYPES if media_type in content[38:160]), "")


def _package_key(names: set[str], hint: str) -> str:
    if "[content_types].xml" in names:
        for folder, key in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(name.startswith(folder) for name in names):
                return key
        if hint in ("docx", "xlsx", "pptx"):
            return hint
    if "ofd.xml" in names:
        return "ofd"
    if "content.xml" in names and "styles.xml" in names:
        return "odt"
    return "zip"


def _sniff_text(head: bytes, hint: str) -> str:
    # Latin letters of UTF-16 and UTF-32 show through once the zero bytes are gone.
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").decode("latin-1").lstrip()
    if mail := _mail_key(text, hint):
        return mail
    if markup := _markup_key(text, hint):
        return markup
    if not _looks_like_text(head):
        return UNKNOWN if hint in ("", "txt", "md", "csv", "html") else _broken(hint)
    return hint if hint in ("md", "csv", "txt") else "txt"


def _broken(hint: str) -> str:
    """The key for bytes of no known kind under a known suffix: their reader says what is wrong with them."""
    return hint if hint in ("docx", "doc", "wps", "odt", "pdf", "xlsx", "zip", "msg", "rtf") else UNKNOWN


def _mail_key(text: str, hint: str) -> str:
    """eml or mhtml for a text that begins with mail headers, else nothing."""
    if not HEADER.match(text.partition("\n")[2] if text.startswith("From ") else text):
        return ""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    found = {match.lower() for match in HEADER.findall(head)} & MAIL_HEADERS
    if len(found) < 2 or not found & {"from", "mime-version", "message-id", "received", "return-path"}:
        return ""
    lowered = head.lower()
    saved = "snapshot-content-location" in lowered or "saved by" in lowered
    related = "multipart/related" in lowered
    if saved or (related and (hint == "mhtml" or not found & {"to", "received", "delivered-to", "return-path"})):
        return "mhtml"
    return "mhtml" if hint == "mhtml" else "eml"


def _markup_key(text: str, hint: str) -> str:
    """The key of an XML or HTML text, else nothing."""
    start = XML_PREFIX.match(text)
    body = text[start.end() :] if start else text
    lowered = body[:400].lower()
    for root, key in XML_ROOTS:
        if lowered.startswith(root):
            return key
    if "schemas.microsoft.com/office/word/2003/wordml" in text:
        return "wordml"
    if HTML_START.match(body):
        return "html"
    named = hint == "html"
    if (named and (HTML_START.search(body) or HTML_PART.search(body))) or (hint != "md" and HTML_PART.match(body)):
        return "html"
    return "feed" if hint == "feed" and body.startswith("<") else ""


def _looks_like_text(head: bytes) -> bool:
    """Whether bytes can be text of some encoding: marked, or (nearly) free of control characters."""
    if head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    controls = len(head) - len(head.translate(None, CONTROLS))
    return controls <= 2 + len(head) // 100 or _looks_like_wide_text(head)


def _looks_like_wide_text(head: bytes) -> bool:
    """Whether bytes with zeros in them read as UTF-16 or UTF-32 without control or unassigned characters."""
    for encoding, unit in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        try:
            text = head[: len(head) // unit * unit].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - unit * 2:
                continue
            text = head[: error.start].decode(encoding)
        strange = sum(not (character.isprintable() or character in "\t\r\n\f\u3000\u200b\ufeff") for character in text)
        if text and strange * 50 <= len(text):
            return True
    return False
