"""The table of formats, and the one way from a submission to a document.

Bytes decide before the suffix (`bulletin.formats`); then the row of the format says who reads it and what
that takes. A row whose tool is missing stays listed and says what to install.
"""

import logging
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module
from typing import NamedTuple, cast

from bulletin import formats as kinds
from bulletin.errors import (
    BulletinError,
    EmptyError,
    EncryptedError,
    FormatError,
    ScannedError,
    TooLargeError,
    UnsupportedError,
)
from bulletin.model import Document, Submission
from extractors import office, word

log = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024 * 1024
"""A submission beyond this is refused unseen."""


class Kind(StrEnum):
    TEXT = "text"
    """Holds one document that a reader takes."""
    OFFICE = "office"
    """The same, converted by LibreOffice first: many at a time."""
    CONTAINER = "container"
    """Holds other files, or addresses of pages: the collectors open it."""
    REFUSED = "refused"
    """Known, and not read: `problem` says why."""


class Format(NamedTuple):
    """One row: what a format is called, how it is told, who reads it, what that needs."""

    key: str
    name: str
    suffixes: tuple[str, ...]
    kind: Kind = Kind.TEXT
    reader: str = ""
    """`module:function`, imported when it is first used."""
    tool: str = ""
    """Program that it needs."""
    problem: type[BulletinError] = UnsupportedError
    message: str = ""
    """For a refused format: what is wrong with it."""
    advice: str = ""


class Availability(NamedTuple):
    """A row with whether it can be read here and now, and if not, what to do."""

    format: Format
    available: bool
    note: str = ""


def _row(key: str, name: str, kind: Kind = Kind.TEXT, reader: str = "", tool: str = "") -> Format:
    suffixes = tuple(suffix for suffix, of in kinds.SUFFIXES.items() if of == key)
    return Format(key, name, suffixes, kind, reader, tool)


def _refused(key: str, name: str, message: str, problem: type[BulletinError], advice: str = "") -> Format:
    return _row(key, name, Kind.REFUSED)._replace(message=message, problem=problem, advice=advice)


OFFICE = "LibreOffice"
_DOCX_ADVICE = "请另存为 DOCX、PDF 或 TXT 后再报送"
_UNPACK = "请解压后报送，或改用 ZIP 压缩包"
_SHEET = "请把文字稿另存为 DOCX；网址清单请另存为 XLSX 或 CSV"

TABLE: tuple[Format, ...] = (
    _row("docx", "Word 文档", reader="extractors.word:read"),
    _row("doc", "Word 97—2003 文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("wps", "WPS 文字文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("rtf", "RTF 文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("odt", "OpenDocument 文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("wordml", "Word 2003 XML 文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("uof", "标文通文档", Kind.OFFICE, "extractors.office:read", OFFICE),
    _row("epub", "EPUB 电子书", Kind.REFUSED)._replace(message="不支持电子书", advice=_DOCX_ADVICE),
    _row("pdf", "PDF 文档", reader="extractors.pdf:read"),
    _row("html", "网页", reader="extractors.webpage:read"),
    _row("mhtml", "单文件网页", reader="extractors.webpage:read"),
    _row("txt", "文本文件", reader="extractors.plain:read"),
    _row("md", "Markdown 文本", reader="extractors.markup:read"),
    _row("eml", "电子邮件", Kind.CONTAINER),
    _row("msg", "Outlook 邮件", Kind.CONTAINER),
    _row("zip", "ZIP 压缩包", Kind.CONTAINER),
    _row("xlsx", "网址清单（Excel）", Kind.CONTAINER),
    _row("csv", "网址清单（CSV）", Kind.CONTAINER),
    _row("feed", "订阅源（RSS/Atom）", Kind.CONTAINER),
    _refused("encrypted", "加密的 Office 文档", "文件设有打开密码", EncryptedError),
    _refused("picture", "图片", "是图片，没有可读的文字", ScannedError),
    _refused("ofd", "OFD 版式文档", "不支持 OFD 版式文档", UnsupportedError, "请另存为 PDF 或 DOCX 后再报送"),
    _refused("caj", "CAJ 文献", "不支持 CAJ 文献", UnsupportedError, _DOCX_ADVICE),
    _refused("xls", "Excel 97—2003 表格", "不支持旧版 Excel 表格", UnsupportedError, _SHEET),
    _refused("ods", "OpenDocument 表格", "不支持 OpenDocument 表格", UnsupportedError, _SHEET),
    _refused("pptx", "演示文稿", "不支持演示文稿", UnsupportedError, _DOCX_ADVICE),
    _refused("ppt", "旧版演示文稿", "不支持演示文稿", UnsupportedError, _DOCX_ADVICE),
    _refused("odp", "OpenDocument 演示文稿", "不支持演示文稿", UnsupportedError, _DOCX_ADVICE),
    _refused("rar", "RAR 压缩包", "不支持 RAR 压缩包", UnsupportedError, _UNPACK),
    _refused("7z", "7z 压缩包", "不支持 7z 压缩包", UnsupportedError, _UNPACK),
    _refused("gz", "gzip 压缩文件", "不支持 gzip 压缩文件", UnsupportedError, _UNPACK),
)
UNKNOWN = _refused(kinds.UNKNOWN, "未知格式", "认不出是什么格式", UnsupportedError)
ROWS = {row.key: row for row in TABLE}


def sniff(submission: Submission) -> Format:
    """The row of the format that the bytes are in; a row of kind REFUSED for an unknown one."""
    return ROWS.get(kinds.sniff(submission.name, submission.content, submission.media_type), UNKNOWN)


def formats() -> list[Availability]:
    """Every row of the table with whether it can be read on this machine."""
    return [_availability(row) for row in TABLE]


def extract(submission: Submission) -> Document:
    """The document in a submission.

    Raises an UnreadableError with the file's name, what is wrong and what to do; never anything else.
    """
    result = extract_many([submission])[0]
    if isinstance(result, BulletinError):
        raise result
    return result


def extract_many(submissions: Sequence[Submission]) -> list[Document | BulletinError]:
    """A document or the reason why not for each submission, in the same order; LibreOffice is called once."""
    rows = [None if _refusal(submission) else sniff(submission) for submission in submissions]
    by_office = [index for index, row in enumerate(rows) if row is not None and row.kind is Kind.OFFICE]
    converted = dict(zip(by_office, office.convert([submissions[index] for index in by_office]), strict=True))
    results: list[Document | BulletinError] = []
    for index, (submission, row) in enumerate(zip(submissions, rows, strict=True)):
        if row is None:
            results.append(_refusal(submission) or FormatError("无法读取", subject=submission.name))
        elif row.kind is Kind.OFFICE:
            results.append(_guarded(_read_converted, submission, row, converted[index]))
        else:
            results.append(_guarded(_read, submission, row))
    return results


def _refusal(submission: Submission) -> BulletinError | None:
    """Why a submission is not even looked at."""
    size = len(submission.content)
    if size == 0:
        return EmptyError("文件是空的", subject=submission.name)
    if size > MAX_BYTES:
        text = f"文件有 {size // 1024 // 1024} MB，超过上限 {MAX_BYTES // 1024 // 1024} MB"
        return TooLargeError(text, subject=submission.name)
    return None


def _read(submission: Submission, row: Format) -> Document:
    if row.kind is Kind.CONTAINER:
        raise UnsupportedError(
            f"{row.name}里装的是别的文件或网址，要先展开", subject=submission.name, advice="请通过收稿入口报送"
        )
    if row.kind is Kind.REFUSED:
        raise row.problem(row.message, advice=row.advice)
    return _reader(row)(submission)


def _read_converted(submission: Submission, row: Format, converted: bytes | BulletinError) -> Document:
    if isinstance(converted, BulletinError):
        raise converted
    return word.read_as(submission, converted, row.key)


def _guarded(read: Callable[..., Document], submission: Submission, *rest: object) -> Document | BulletinError:
    """What `read` returns, or its error with the name of the file; one bad file never stops a batch."""
    try:
        document = read(submission, *rest)
    except BulletinError as error:
        error.subject = error.subject or submission.name
        return error
    except (RecursionError, MemoryError):
        return TooLargeError("文件结构层次太深或内容太大", subject=submission.name)
    except Exception as error:  # a reader's surprise is this file's problem, not the batch's
        log.warning("读取 %s 时出现意外错误", submission.name, exc_info=True)
        return FormatError(f"读取时出现意外错误（{type(error).__name__}）", subject=submission.name)
    if not document.blocks:
        return EmptyError("文件里没有可读的文字", subject=submission.name)
    if not any(block.plain.strip() for block in document.blocks):
        return ScannedError("里面只有图片，没有可读的文字", subject=submission.name)
    return document


def _reader(row: Format) -> Callable[[Submission], Document]:
    module, _, function = row.reader.partition(":")
    return cast(Callable[[Submission], Document], getattr(import_module(module), function))


def _availability(row: Format) -> Availability:
    if row.kind is Kind.REFUSED:
        return Availability(row, False, row.message)
    if row.tool == OFFICE and not office.find_office():
        return Availability(row, False, office.ADVICE)
    if row.reader:
        try:
            _reader(row)
        except ImportError as error:
            return Availability(row, False, f"缺少 Python 库 {error.name}，请重新安装")
    return Availability(row, True)
