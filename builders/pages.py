"""Page numbers without a layout program: the grid of the 版心, filled line by line.

What it knows: widths of full and half characters, the quarter blank between Chinese and figures,
which marks may not begin or end a line, headings kept with what follows, heights of tables, pictures
and footnotes. What it does not: the widths of the very font that is installed (figures and Latin
letters count as half squares, as those of 仿宋 are), nor how a program shares out a table over pages.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from builders import imprint
from builders.front import NUMBER_ROOM, contents_room, name_height
from builders.imprint import Ending
from builders.ooxml.settings import NOT_FIRST, NOT_LAST
from builders.pictures import Picture, fitted, read_pictures
from builders.style import POINTS_PER_MM, HouseStyle
from builders.tables import column_widths
from builders.titles import break_title, fill_lines, narrowing
from bulletin.footnotes import anchors
from bulletin.model import Block, BlockType, Entry, Issue, Role


@dataclass(frozen=True)
class Estimate:
    """Pages of the bookmarks, as they would be."""

    pages: Mapping[str, int]
    page_count: int
    ending: Ending


@dataclass(frozen=True)
class Piece:
    """Something that takes room: `lines` of `height` pt, `keep` on the page of the next piece."""

    lines: int
    height: float
    keep: bool = False
    mark: str = ""
    before: float = 0.0
    """Blank above it, which falls away at the top of a page."""
    foot: float = 0.0
    """Height of the footnotes that belong to it."""


def count_lines(text: str, room: float, first: float = 0.0) -> int:
    """How many lines the text takes when a line holds `room` characters and the first one `first` less."""
    lines, used = 1, first
    for size in _words(text):
        if used + size > room + 0.01 and used > 0:
            lines, used = lines + 1, 0.0
        used += size
        while used > room + 0.01 and used - room > 0.5:
            lines, used = lines + 1, used - room
    return lines


def _words(text: str) -> Iterator[float]:
    """The widths in characters of what no line may part."""
    size, open_ = 0.0, False
    previous = " "
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WFA"
        glued = (
            open_
            or char in NOT_FIRST
            or previous in NOT_LAST
            or (char.isascii() and previous.isascii() and char != " " != previous)  # 12.5%, 2024-12
        )
        if size and not glued:
            yield size
            size = 0.0
        if previous.isascii() != char.isascii() and (previous.isalnum() and char.isalnum()):
            size += 0.25
        size += 1.0 if wide else 0.5
        open_ = char in NOT_LAST
        previous = char
    if size:
        yield size


def estimate(issue: Issue, style: HouseStyle, pictures: Mapping[str, bytes], masthead: float | None = None) -> Estimate:
    """The pages on which articles begin and the issue ends; `masthead` is its height in pt where it is not the style's."""
    pages: dict[str, int] = {}
    page, used = _flow(_pieces(issue, style, read_pictures(pictures), masthead), style, pages)
    fits = style.page.text_height - used >= imprint.height(issue, style) + style.page.line
    ending = imprint.ending_for(page, fits, style)
    if not imprint.lines(issue, style):
        ending = Ending.NONE
    return Estimate(pages | {"ending": page}, page + imprint.PAGES_AFTER[ending], ending)


def estimate_articles(
    entries: Sequence[Entry], style: HouseStyle, pictures: Mapping[str, bytes]
) -> tuple[dict[str, int], int]:
    """The page of each article of a collection, each on a new page, and the last page."""
    known, room = read_pictures(pictures), style.page.text_width / style.character
    pages: dict[str, int] = {}
    last = 0
    for at, entry in enumerate(entries, 1):
        pages[f"article{at}"] = last + 1
        pieces = list(_entry(entry, style, room, "", first=True))
        pieces += _blocks(entry.blocks, style, room, known)
        last += _flow(pieces, style, {})[0]
    return pages, last


def _flow(pieces: Iterable[Piece], style: HouseStyle, pages: dict[str, int]) -> tuple[int, float]:
    """The page that the pieces end on and how much of it they fill; `pages` takes the marks in passing."""
    room = style.page.text_height
    page, used = 1, 0.0
    pending: list[Piece] = []
    for piece in pieces:
        pending.append(piece)
        if not piece.keep:
            page, used = _place(pending, page, used, room, pages)
            pending = []
    return _place(pending, page, used, room, pages)


def _place(pieces: list[Piece], page: int, used: float, room: float, pages: dict[str, int]) -> tuple[int, float]:
    """Where the last of the pieces ends; the first line of the last one stays with those before it."""
    if not pieces:
        return page, used
    *kept, last = pieces
    together = sum(piece.before + piece.lines * piece.height for piece in kept) + last.before + last.height
    if used + together > room and used > 0:
        page, used = page + 1, -pieces[0].before
    for piece in kept:
        used += piece.before + piece.lines * piece.height
        if piece.mark:
            pages[piece.mark] = page
    used += last.before
    for _ in range(last.lines):
        if used + last.height > room + 0.1:
            page, used = page + 1, 0.0
        used += last.height
    if last.foot and used + last.foot > room:  # the line with the mark goes where its note has room
        page, used = page + 1, last.height
    if last.mark:
        pages[last.mark] = page
    return page, used + last.foot


def _pieces(
    issue: Issue, style: HouseStyle, pictures: Mapping[str, Picture], masthead: float | None
) -> Iterator[Piece]:
    grid, room = style.page.line, style.page.text_width / style.character
    ours = name_height(issue, style) + (3 + bool(issue.secrecy or issue.copy_number)) * grid
    yield Piece(1, ours if masthead is None else masthead)
    yield from _contents(issue, style)
    if issue.note:
        yield Piece(count_lines(style.note.label + issue.note, room, style.body.indent), grid, before=grid)
    place = 0
    for section in issue.sections:
        for at, entry in enumerate(section.entries):
            place += 1
            if at == 0:
                yield Piece(1, grid, keep=True, before=style.section.before * grid)
            yield from _entry(entry, style, room, f"article{place}", first=at == 0)
            yield from _blocks(entry.blocks, style, room, pictures)


def _contents(issue: Issue, style: HouseStyle) -> Iterator[Piece]:
    grid = style.page.line
    if len(issue.entries) < style.contents.minimum:
        return
    yield Piece(1, grid)
    if style.contents.heading:
        yield Piece(1, grid)
    narrow = contents_room(style)
    for section in issue.sections:
        if section.entries:
            yield Piece(1, grid, keep=True)
        for entry in section.entries:
            yield Piece(1, grid * _contents_lines(entry.contents_title or entry.title, narrow, style))


def _contents_lines(title: str, room: float, style: HouseStyle) -> int:
    if not style.contents.pages:
        return count_lines(title, room - narrowing(title, room))
    lines = fill_lines(title, room, NUMBER_ROOM)
    return sum(count_lines(line, room) for line in lines)


def _entry(entry: Entry, style: HouseStyle, room: float, mark: str, *, first: bool) -> Iterator[Piece]:
    grid, title = style.page.line, style.title
    before = 0.0 if first else title.before * grid
    yield Piece(len(break_title(entry.title, style.title_room)), title.line * grid, True, mark, before)
    below = bool(entry.subtitle) + bool(entry.unit or entry.author)
    yield Piece(1, (below + title.after) * grid, keep=True)
    if entry.note:
        yield Piece(count_lines(style.note.label + entry.note, room, style.body.indent), grid)


_FOOT_RULE = 20.0
"""In pt: what the rule above the footnotes of a page takes (LibreOffice: more than 18)."""


def _blocks(
    blocks: Sequence[Block], style: HouseStyle, room: float, pictures: Mapping[str, Picture]
) -> Iterator[Piece]:
    """The blocks; footnotes with the paragraphs that have their marks."""
    marked = anchors(blocks)
    for at, block in enumerate(blocks):
        if at in marked:
            continue
        notes = [blocks[note] for note, anchor in marked.items() if anchor.block == at]
        foot = sum(piece.lines * piece.height for note in notes for piece in _block(note, style, room, pictures))
        for piece in _block(block, style, room, pictures):
            yield replace(piece, foot=foot + _FOOT_RULE) if foot else piece


def _block(block: Block, style: HouseStyle, room: float, pictures: Mapping[str, Picture]) -> Iterator[Piece]:
    grid = style.page.line
    if block.type is BlockType.TABLE:
        if block.text:
            yield Piece(1, grid, keep=True)
        yield from _table(block, style)
    elif block.type is BlockType.IMAGE:
        picture = pictures.get(block.picture)
        if picture is not None:
            yield Piece(1, fitted(picture, style)[1] + 10, keep=bool(block.text))
        if block.text:
            yield Piece(1, grid)
    elif block.role is Role.NOTE:
        size = style.note.footnote_size
        yield Piece(count_lines(block.text, style.page.text_width / size, 2), round(size * 1.43))
    elif block.text:
        side = 4.0 if block.role is Role.QUOTE else 0.0
        keep = block.type is BlockType.HEADING or block.role is Role.SIGNATURE
        yield Piece(count_lines(block.text, room - side, style.body.indent), grid, keep=keep)


def _table(block: Block, style: HouseStyle) -> Iterator[Piece]:
    rows = [row for row in block.rows if row]
    if not rows:
        return
    padding = style.table.padding * POINTS_PER_MM
    widths = column_widths(rows, style.page.text_width, style.table.size, padding)
    line = style.table.size * 1.35
    for at, row in enumerate(rows):
        deepest = max(
            count_lines(cell, (size - 2 * padding) / style.table.size) for cell, size in zip(row, widths, strict=False)
        )
        yield Piece(1, ceil(deepest) * line + 4 + style.table.rule, keep=at < block.header_rows)
