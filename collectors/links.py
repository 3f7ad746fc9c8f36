"""Lists of links: XLSX, CSV or text files that hold addresses of pages instead of an article."""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bulletin.errors import FormatError, TooLargeError
from bulletin.formats import sniff
from bulletin.model import Frozen, Submission
from collectors.decoding import decode

MAX_LINKS = 5_000
MAX_BYTES = 20 * 1024 * 1024
"""A list of 5000 links with titles has half a megabyte."""
MAX_UNPACKED = 100 * 1024 * 1024
MIN_SHARE = 0.5
"""Share of the filled rows of a sheet that must hold a link: a table of figures may cite a page or two."""
MIN_TEXT_SHARE = 0.8
"""The same for lines of plain text, where an article may end in its sources."""
MAX_WORDS = 120
"""Characters beside the link in a line of text: a title; more is prose that cites."""

_URL = re.compile(r"(?:https?://|(?<![\w./@])www\.)[^\s\"'<>，。；、（）《》“”【】|]+", re.IGNORECASE)
_FORMULA = re.compile(r'^=HYPERLINK\(\s*"([^"]+)"\s*(?:[,;]\s*"([^"]*)")?', re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\]]*)\]\((\S+?)\)")
_NUMBERING = re.compile(r"^\s*(?:\d{1,4}\s*[.、．:：)）]|[-*•·])\s*")
_LETTER = re.compile(r"[^\W\d_]")


class Link(Frozen):
    """An address of a page and what the list calls it."""

    url: str
    title: str = ""


def links(submission: Submission) -> list[Link]:
    """The links of a list, each address once, in its order; empty for a file that is something else.

    Takes XLSX (cells, hyperlinks, HYPERLINK formulas), CSV, TXT and Markdown with one address a row. Raises
    FormatError for a broken workbook, TooLargeError beyond the limits.
    """
    key = sniff(submission.name, submission.content, submission.media_type)
    if key not in {"xlsx", "csv", "txt", "md"}:
        return []
    if len(submission.content) > MAX_BYTES:
        if key == "xlsx":
            raise TooLargeError("链接表过大", subject=submission.name)
        return []
    if key == "xlsx":
        return _of_rows(_sheet_rows(submission), MIN_SHARE)
    text = decode(submission.content)
    if key == "csv":
        return _of_rows(_csv_rows(text), MIN_SHARE)
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if any(len(_URL.sub("", line)) > MAX_WORDS for line in lines):
        return []
    return _of_rows(([line] for line in lines), MIN_TEXT_SHARE)


def _of_rows(rows: Iterable[Sequence[str]], share: float) -> list[Link]:
    """One link a row at the most; nothing where too few rows hold one."""
    found: dict[str, Link] = {}
    filled = linked = 0
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        filled += 1
        if link := _of_row(row):
            linked += 1
            found.setdefault(link.url, link)
        if len(found) > MAX_LINKS:
            raise TooLargeError(f"链接超过 {MAX_LINKS} 个", advice="请分成几份报送")
    # The head of the table is no row of it.
    return list(found.values()) if linked and linked >= share * max(1, filled - (filled > linked)) else []


def _of_row(row: Sequence[str]) -> Link | None:
    url = ""
    words: list[str] = []
    for cell in row:
        if formula := _FORMULA.match(cell):
            url, words = url or formula[1], [*words, formula[2] or ""]
            continue
        if marked := _MARKDOWN.search(cell):
            cell = f"{marked[1]} {marked[2]}"
        match = _URL.search(cell)
        url = url or (match[0] if match else "")
        words.append(_NUMBERING.sub("", _URL.sub("", cell)).strip(" \t　,，。;；:：|-—()（）[]"))
    title = max((each for each in words if _LETTER.search(each)), key=len, default="")
    return Link(url=_tidy(url), title=title) if url else None


def _tidy(url: str) -> str:
    url = url.rstrip(".,;:!?)]}'\"")
    return url if "://" in url else f"http://{url}"


def _csv_rows(text: str) -> list[list[str]]:
    separator = max(",\t;", key=lambda mark: text[:4096].count(mark))
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error:  # a NUL, or a field of megabytes
        return []


def _sheet_rows(submission: Submission) -> list[list[str]]:
    """The cells of all sheets as text, a cell's hyperlink beside what it shows."""
    try:
        with zipfile.ZipFile(BytesIO(submission.content)) as package:
            if sum(info.file_size for info in package.infolist()) > MAX_UNPACKED:
                raise TooLargeError("链接表展开后过大", subject=submission.name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every style and extension it leaves aside
            # Read-only mode would need less memory, but has no hyperlinks.
            book = load_workbook(BytesIO(submission.content), data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise FormatError("表格文件已损坏", subject=submission.name) from error
    rows = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            cells = ["" if cell.value is None else str(cell.value) for cell in row]
            cells += [cell.hyperlink.target for cell in row if cell.hyperlink and cell.hyperlink.target]
            rows.append(cells)
    return rows
