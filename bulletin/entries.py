"""The articles in a section of a past issue: their titles, the lines under them, their bodies."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.closings import news_title
from bulletin.contents import Listed
from bulletin.footnotes import note_mark
from bulletin.heads import (
    SAME_TITLE,
    Kind,
    join_title,
    kind_of,
    mend_title,
    owner,
    read_author,
    read_head,
    title_before,
)
from bulletin.model import Block, BlockType, Document, Entry, Role
from bulletin.openings import find_starts
from bulletin.paragraphs import is_finished
from bulletin.structure import arrange
from bulletin.text import BLANK, likeness, squeeze, visible
from bulletin.titlesigns import lines_of

NOTE = re.compile(rf"[【\[]?(?:编者按|编者的话|按语){BLANK}*[】\]]?{BLANK}*[：:]?{BLANK}*")
TITLE_PARTS = 5
"""Most lines over which the title of an entry is printed."""
_UNDER_SUBTITLE = (Kind.UNIT, Kind.AUTHOR, Kind.BYLINE)
OWN_LEVEL = 2
"""Outline level of the titles that we print; in an issue sections stand above them, in a collection nothing."""
TITLE_LINE = 90
"""Characters of the longest line of a title."""


class Page(NamedTuple):
    """The text of an issue."""

    blocks: Sequence[Block]
    lines: Sequence[str]
    """The text of each block, empty for tables and pictures."""
    spaced: frozenset[int]
    """Raw blocks that ended with a blank: where a styled title is broken at one, it is printed at the end of the line."""
    exact: bool = False
    """Whether the reader keeps such blanks (DOCX); in a PDF every line ends without."""
    opening: int | None = None
    """The first line of the text, where it is a title set as a heading, with no section over it."""
    document: Document | None = None
    """Where it comes from, for how its lines are set."""


class Span(NamedTuple):
    """The lines of one section: its name, and from `first` up to `end`."""

    name: str
    first: int
    end: int


class _Title(NamedTuple):
    """The title of an entry: its lines from `first` up to `end`."""

    first: int
    end: int
    title: str
    listed: tuple[Listed, ...] = ()
    """Its lines in the contents."""


def spaced_ends(document: Document) -> frozenset[int]:
    """The raw blocks of a cleaned document from whose end a blank was taken."""
    length = {block.at[0]: len(block.text) for block in document.blocks if len(block.at) == 1}
    return frozenset(
        change.at
        for change in document.changes
        if change.rule == "blanks" and change.at in length and change.start >= max(length[change.at], 1)
    )


def read_entries(page: Page, span: Span, wanted: Sequence[Listed]) -> tuple[tuple[Entry, ...], list[Listed]]:
    """The entries of a section, and those of `wanted` (what the contents list) that are not there."""
    titles = _titles(page, span, wanted)
    if not titles:
        body = page.blocks[span.first : span.end]
        return ((Entry(title="", blocks=arrange(body)),) if body else ()), list(wanted)
    ends = [title.first for title in titles[1:]] + [span.end]
    entries = tuple(_entry(page, title, end) for title, end in zip(titles, ends, strict=True))
    known = [entry for title in titles for entry in title.listed]
    missing = [entry for entry in wanted if entry.title and entry not in known]
    return entries, missing


# ---------------------------------------------------------------- titles


def _titles(page: Page, span: Span, wanted: Sequence[Listed]) -> list[_Title]:
    """The titles in a section: those set as titles, else those the contents list, else those with a unit under them."""
    if _is_styled(page, span):
        return list(_styled_titles(page, span, wanted))
    found = list(_listed_titles(page, span, wanted))
    if not found or found[0].first > span.first:
        opening = _first_title(page, span, found[0].first if found else span.end)
        found = [opening, *found] if opening else found
    if len(found) == 1:
        alone = [*found, *_more_titles(page, span, found[0])]
        among = alone if found[0].listed else list(_collected_titles(page, span))
        found = max(alone, among, key=len)
    return found


def _is_styled(page: Page, span: Span) -> bool:
    """Whether section, if there is one, and titles are headings by their style, as in every issue that we print."""
    above, first = page.blocks[span.first - 1 : span.first], page.blocks[span.first : span.end]
    under = span.first == page.opening or any(map(is_heading, above))
    return bool(first) and under and is_heading(first[0])


def _styled_titles(page: Page, span: Span, wanted: Sequence[Listed]) -> Iterator[_Title]:
    """The runs of lines set like the first one.

    A blank of the title stays at the end of its line (builders.articles.broken), and a break without
    one is none, unless the contents know better.
    """
    pattern = page.blocks[span.first]
    index = span.first
    while index < span.end:
        end = index
        while end < span.end and same_look(pattern, page.blocks[end]):
            end += 1
        if end > index:
            title = _styled(page, index, end, wanted)
            ranked = sorted(_runs(wanted), key=lambda run: _closeness(run, title), reverse=True)
            listed = ranked[0] if ranked and likeness("".join(e.title for e in ranked[0]), title) >= SAME_TITLE else ()
            yield _Title(index, end, _as_listed(title, listed), listed)
        index = max(end, index + 1)


def _styled(page: Page, first: int, end: int, wanted: Sequence[Listed]) -> str:
    lines = [squeeze(line) for line in page.lines[first:end]]
    if not page.exact:
        return join_title(lines, "\n".join(entry.title for entry in wanted))
    ends = [" " if page.blocks[i].at and page.blocks[i].at[-1] in page.spaced else "" for i in range(first, end)]
    return "".join(line + blank for line, blank in zip(lines, ends, strict=True)).strip()


def _as_listed(title: str, listed: Sequence[Listed]) -> str:
    """The title with the blanks of the contents, where they have the same words in one line."""
    same = len(listed) == 1 and listed[0].lines == 1 and visible(listed[0].title) == visible(title)
    return squeeze(listed[0].title) if same else title


def _listed_titles(page: Page, span: Span, wanted: Sequence[Listed]) -> Iterator[_Title]:
    left = [entry for entry in wanted if entry.title]
    index = span.first
    while index < span.end and left:
        title = _best(page, span, index, left)
        if title is None:
            index += 1
            continue
        yield title
        # One by one, not all that read the same: an issue may have two titles alike.
        left = [entry for entry in left if not any(entry is found for found in title.listed)]
        index = title.end


def _best(page: Page, span: Span, index: int, left: Sequence[Listed]) -> _Title | None:
    """The likeliest title that begins at the line; the contents may have it in several lines as well."""
    best: tuple[tuple[bool, float], _Title] | None = None
    for count in range(1, TITLE_PARTS + 1):
        part = page.lines[index : min(index + count, span.end)]
        if len(part) < count or any(len(line) > TITLE_LINE or not line.strip() for line in part):
            break
        for listed in _runs(left):
            whole = "".join(entry.title for entry in listed)
            score = _closeness(listed, "".join(part))
            if score[1] < SAME_TITLE or (best is not None and score <= best[0]):
                continue
            title = _as_listed(mend_title(join_title(part, whole), whole), listed)
            best = score, _Title(index, index + count, title, listed)
    return best[1] if best else None


def _closeness(listed: Sequence[Listed], title: str) -> tuple[bool, float]:
    """Whether the contents have the very words, and how like they are: the order in which entries are preferred."""
    whole = "".join(entry.title for entry in listed)
    return visible(whole) == visible(title), likeness(whole, title)


def _runs(left: Sequence[Listed]) -> Iterator[tuple[Listed, ...]]:
    """Every entry, and every two or three that follow each other: lines of one entry, perhaps."""
    for length in (1, 2, 3):
        for start in range(len(left) - length + 1):
            yield tuple(left[start : start + length])


def _first_title(page: Page, span: Span, end: int) -> _Title | None:
    """The title at the head of a section."""
    first = last = span.first
    while last < end and last - first < TITLE_PARTS and kind_of(page.lines[last]) is Kind.TITLE:
        last += 1
    if last == first:
        return None
    return _Title(first, last, join_title(page.lines[first:last], "\n".join(page.lines[last:end])))


def is_heading(block: Block) -> bool:
    """Whether the block is set as a heading, by its style."""
    return block.type is BlockType.HEADING and block.level > 0


def same_look(one: Block, other: Block) -> bool:
    return one.type is other.type and one.level == other.level


def _more_titles(page: Page, span: Span, first: _Title) -> Iterator[_Title]:
    """Further titles in a section: those with the name of a unit under them, or before them (某局：标题), and news."""
    for index in range(first.end + 1, span.end - 1):
        if owner(page.lines[index]) and is_finished(page.lines[index - 1]) and _is_text(page.lines[index + 1]):
            yield _Title(index, index + 1, squeeze(page.lines[index]))
            continue
        above = title_before(page.lines, index, first.end) if _is_under_title(page.lines, index, span.end) else index
        if above < index:
            yield _Title(above, index, join_title(page.lines[above:index]))
        elif (news := news_title(page.lines, index, first.end)) is not None:
            yield _Title(news, index + 1, join_title(page.lines[news : index + 1]))


def _is_text(line: str) -> bool:
    return kind_of(line) in (Kind.PROSE, Kind.HEADING)


def _collected_titles(page: Page, span: Span) -> Iterator[_Title]:
    """The titles by the signs of a collection, where they begin with the first line and no contents say how many."""
    lines = page.lines[span.first : span.end]
    blocks = tuple(page.blocks[span.first : span.end])
    starts = find_starts(page.document.model_copy(update={"blocks": blocks}), lines, 0, None) if page.document else []
    for start in starts if starts and starts[0].first == 0 else ():
        first = start.first + start.labels
        yield _Title(span.first + first, span.first + first + lines_of(start.title, lines[first:]), start.title)


def _is_under_title(lines: Sequence[str], index: int, end: int) -> bool:
    """Whether the line is the name of a unit that text follows."""
    if kind_of(lines[index]) not in (Kind.UNIT, Kind.BYLINE) or index + 1 >= end:
        return False
    return kind_of(lines[index + 1]) in (Kind.PROSE, Kind.HEADING, Kind.DATE, Kind.AUTHOR)


# ---------------------------------------------------------------- an entry


def _entry(page: Page, title: _Title, end: int) -> Entry:
    blocks, lines = page.blocks, page.lines
    subtitle, index = "", title.end
    if index < end and blocks[index].role is Role.SUBTITLE:
        subtitle, index = lines[index].lstrip("—-").strip(), index + 1
    elif index + 1 < end and kind_of(lines[index]) is Kind.TITLE and kind_of(lines[index + 1]) in _UNDER_SUBTITLE:
        subtitle, index = lines[index].strip(), index + 1
    head = read_head(lines[:end], index, titles=0)
    unit, author, index = head.unit, head.author, head.end
    if not unit and not author and index < end and blocks[index].role is Role.BYLINE:
        unit, author = byline(lines[index])
        index += 1
    note = ""
    if index < end and NOTE.match(lines[index].strip()):
        note, index = NOTE.sub("", lines[index].strip(), count=1), index + 1
        while index < end and blocks[index].role is Role.NOTE and not note_mark(blocks[index]):
            note, index = f"{note}\n{lines[index].strip()}", index + 1
    listed = join_title([entry.title for entry in title.listed], title.title)
    look = blocks[title.first]
    return Entry(
        title=title.title,
        subtitle=subtitle or head.subtitle,
        unit=unit,
        author=author,
        date=head.date,
        note=note,
        blocks=arrange(blocks[index:end], above=look.level if look.type is BlockType.HEADING else None),
        contents_title=listed if visible(listed) != visible(title.title) else "",
    )


def byline(line: str) -> tuple[str, str]:
    """Unit and author of a line set as one."""
    author = read_author(line)
    if author:
        return author
    unit, _, names = line.strip().rpartition(" ")
    return (unit, names) if unit else (names, "")
