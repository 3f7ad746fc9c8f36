"""Web pages (HTML, MHTML) as documents: the article as blocks, all that stood around it as changes."""

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from bulletin.errors import EmptyError, TooLargeError
from bulletin.model import Block, BlockType, Change, Document, Submission
from extractors.webblocks import make_blocks
from extractors.webdecode import Page, open_page
from extractors.webfurniture import TITLE, Rule
from extractors.webmeta import (  # fmt: skip
    NEAR_FOOT,
    NEAR_HEAD,
    Declared,
    Meta,
    heading_line,
    page_address,
    page_titles,
    read_meta,
    title_lines,
)
from extractors.webscore import Selection, select
from extractors.webtree import Line, parse, read_lines

LARGEST = 30_000_000
"""Bytes. The largest article page seen is below 2 MB; more is a dump of data."""
THIN = 40
"""Fewer characters are no article: what styles hide is read as well, for pages that a script would unfold."""


class Reading(NamedTuple):
    """One page read, before it becomes a document: what benchmarks and list pages share."""

    root: etree._Element
    lines: list[Line]
    selection: Selection
    titles: tuple[int, ...]
    meta: Meta


def read(submission: Submission) -> Document:
    """The document of a web page.

    `blocks` hold the article without its title and bylines (they are in the metadata), `changes` every other visible
    line of the page with the rule that left it out; `at` counts the visible lines from 0. Raises FormatError,
    EmptyError or TooLargeError.
    """
    if len(submission.content) > LARGEST:
        raise TooLargeError("网页文件过大", subject=submission.name)
    page = open_page(submission.content, submission.media_type, submission.name)
    if not page.html.strip():
        raise EmptyError("网页是空的", subject=submission.name)
    reading = read_page(page, submission)
    return _document(submission, page, reading)


def read_page(page: Page, submission: Submission) -> Reading:
    """The page's lines, which of them are its article, and what is known about it."""
    root = parse(page.html, submission.name)
    lines = read_lines(root)
    if sum(line.size for line in lines) < THIN:
        lines = read_lines(root, hidden=True)
    declared = Declared(root)
    titles = page_titles(root, declared)
    selection = select(lines)
    first = next((i for i in selection.kept if not lines[i].image), len(lines))
    last = selection.kept[-1] if selection.kept else -1
    heading = _title_of(lines, titles, first, last)
    title = "".join(lines[i].text for i in heading) or (titles[0] if titles else "")
    head, foot = lines[max(0, first - NEAR_HEAD) : first], lines[last + 1 : last + 1 + NEAR_FOOT]
    meta = read_meta(root, declared, title, head, foot)
    default = page.address or (submission.origin if submission.origin.startswith("http") else "")
    meta = Meta(meta.title, meta.unit, meta.author, meta.date, page_address(root, declared, default), meta.keywords)
    return Reading(root, lines, selection, tuple(heading), meta)


def _title_of(lines: Sequence[Line], titles: Sequence[str], first: int, last: int) -> list[int]:
    """Indices of the lines that print the title, above the body or at its top."""
    found = title_lines(lines, titles, min(len(lines), first + 3, last + 1) if last >= 0 else len(lines))
    if found:
        return [found[-1]]
    nearest = heading_line(lines, first)
    return [nearest] if nearest is not None else []


def _document(submission: Submission, page: Page, reading: Reading) -> Document:
    lines, selection, meta = reading.lines, reading.selection, reading.meta
    titles = set(reading.titles)
    kept = [i for i in selection.kept if i not in titles]
    blocks, pictures, _ = make_blocks(lines, kept, meta.address, page.resources)
    if not any(block.plain for block in blocks):
        raise EmptyError("网页里没有正文（可能由脚本生成，或只是一个框架、一张图片）", subject=submission.name)
    dropped: dict[int, Rule] = {**selection.dropped, **dict.fromkeys(titles, TITLE)}
    return Document(
        source=submission.sha256,
        name=submission.name,
        format="html",
        blocks=blocks,
        title=meta.title,
        unit=meta.unit,
        author=meta.author,
        date=meta.date,
        keywords=meta.keywords,
        address=meta.address,
        changes=tuple(_changes(lines, dropped)),
        warnings=page.warnings,
        pictures=pictures,
    )


def _changes(lines: Sequence[Line], dropped: dict[int, Rule]) -> list[Change]:
    return [
        Change(rule=rule.code, reason=rule.reason, before=lines[i].text, at=i)
        for i, rule in sorted(dropped.items())
        if lines[i].text
    ]


def text_of(blocks: Sequence[Block]) -> str:
    """All visible text of the blocks, one line each."""
    return "\n".join(block.plain for block in blocks if block.type is not BlockType.IMAGE)
