"""Where the articles of a collection begin whose titles are headings by their style and stand in its contents.

So is every 文稿汇编 that we print (builders.collection), and many that offices write in Word.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.contents import Contents, strip_page
from bulletin.entries import OWN_LEVEL, byline, is_heading, spaced_ends
from bulletin.heads import SECTION, Head, Kind, join_title, kind_of, read_head
from bulletin.model import Block, Document, Role
from bulletin.text import find_date, heading_marker, is_date_line, squeeze, visible
from bulletin.titlesigns import FEWEST, Start, is_part

LISTED_SHARE = 0.8
"""Share of the headings of one level that the contents list where they are the titles: all in what we print; offices
leave out or reword one in ten."""


class _Run(NamedTuple):
    """Headings of one level under each other: the lines of one title."""

    first: int
    end: int


def styled_starts(document: Document, lines: Sequence[str], listed: Contents | None) -> list[Start]:
    """The starts of the articles; none where the contents do not list the headings of one level."""
    if listed is None:
        return []
    printed = _printed(lines, listed, document)
    levels = _levels(document.blocks, listed.start + 1)
    for level in levels:
        own = document.format == "docx" and level == OWN_LEVEL == levels[0]
        runs = [run for run in _runs(document.blocks, level, listed.start + 1) if not _is_part(lines, run, own)]
        known = [run for run in runs if visible("".join(lines[run.first : run.end])) in printed]
        enough = len(known) >= max(1 if own else FEWEST, LISTED_SHARE * len(runs))
        if enough and _have_bodies(document.blocks, runs) and not _are_sections(lines, runs, printed):
            return list(_starts(document, lines, runs, listed, own))
    return []


def _printed(lines: Sequence[str], listed: Contents, document: Document) -> str:
    """All words of the contents, one after the other: a title broken over lines stands in them whole."""
    end = next((i for i in range(listed.start + 1, len(lines)) if is_heading(document.blocks[i])), len(lines))
    return visible("".join(strip_page(line)[0] for line in lines[listed.start + 1 : end]))


def _levels(blocks: Sequence[Block], start: int) -> list[int]:
    return sorted({block.level for block in blocks[start:] if is_heading(block)})


def _runs(blocks: Sequence[Block], level: int, start: int) -> Iterator[_Run]:
    index = start
    while index < len(blocks):
        end = index
        while end < len(blocks) and is_heading(blocks[end]) and blocks[end].level == level:
            end += 1
        if end > index:
            yield _Run(index, end)
        index = max(end, index + 1)


def _is_part(lines: Sequence[str], run: _Run, own: bool) -> bool:
    """Whether the heading is that of a part of an article: counted, or 主要做法 with no unit under it."""
    if heading_marker(lines[run.first]):
        return True
    signed = own or (run.end < len(lines) and kind_of(lines[run.end]) in (Kind.UNIT, Kind.AUTHOR, Kind.BYLINE))
    return not signed and is_part("".join(lines[run.first : run.end]))


def _have_bodies(blocks: Sequence[Block], runs: Sequence[_Run]) -> bool:
    """Whether text and not a title follows most of them: otherwise they are the sections of the collection."""
    bare = [
        r
        for r in runs
        if r.end >= len(blocks) or (is_heading(blocks[r.end]) and not heading_marker(blocks[r.end].text))
    ]
    return len(bare) * 2 < len(runs)


def _are_sections(lines: Sequence[str], runs: Sequence[_Run], printed: str) -> bool:
    """Whether the headings are 【栏目】, or what stands under them is a title, listed in the contents as they are."""
    under = [lines[run.end] if run.end < len(lines) else "" for run in runs]
    listed = [kind_of(line) is Kind.TITLE and visible(line) in printed for line in under]
    marked = [SECTION.fullmatch(lines[run.first].strip()) is not None for run in runs]
    return 2 * sum(a or b for a, b in zip(listed, marked, strict=True)) > len(runs)


def _starts(
    document: Document, lines: Sequence[str], runs: Sequence[_Run], listed: Contents, own: bool
) -> Iterator[Start]:
    blocks, spaced = document.blocks, spaced_ends(document)
    level = blocks[runs[0].first].level
    witness = "\n".join(entry.title for entry in listed.entries if entry.lines == 1)
    for run in runs:
        labels = 0
        while is_heading(blocks[run.first - labels - 1]) and blocks[run.first - labels - 1].level < level:
            labels += 1
        title = _own_title(blocks, lines, run, spaced) if own else join_title(lines[run.first : run.end], witness)
        body, head = _head(blocks, lines, run.end, own)
        first = run.first - labels
        yield Start(first, body, title, head.unit, head=head, labels=labels)


def _own_title(blocks: Sequence[Block], lines: Sequence[str], run: _Run, spaced: frozenset[int]) -> str:
    """A title whose blanks stay at the ends of its lines (builders.articles.broken): a break without one is none."""
    ends = [" " if blocks[i].at and blocks[i].at[-1] in spaced else "" for i in range(run.first, run.end)]
    return "".join(squeeze(lines[i]) + end for i, end in zip(range(run.first, run.end), ends, strict=True)).strip()


def _head(blocks: Sequence[Block], lines: Sequence[str], index: int, own: bool) -> tuple[int, Head]:
    """Where the body begins, and what stands above it."""
    head = Head()
    while index < len(blocks) and blocks[index].role in (Role.SUBTITLE, Role.BYLINE):
        line = lines[index].strip()
        if blocks[index].role is Role.SUBTITLE:
            head = head._replace(subtitle=line.lstrip("—-").strip())
        elif is_date_line(line):
            head = head._replace(date=find_date(line))
        else:
            unit, author = byline(line)
            head = head._replace(unit=unit, author=author)
        index += 1
    if own or head != Head():
        return index, head
    head = read_head(lines, index, titles=0)
    return head.end, head
