"""Characters of a page -> lines in reading order."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from bulletin.text import is_han
from extractors.pdfglyphs import DIVIDING_HYPHEN, Glyph, Page

SAME_LINE = 0.45
"""Baselines nearer than this share of the font size are one line; a superscript is raised by 0.33 to 0.4."""
LATIN_SPACE = 0.18
"""Gap, in font sizes, that stands for a blank between Latin letters; a blank is 0.25, kerning below 0.1."""
MIXED_SPACE = 0.6
"""The same beside a Chinese character: Word and LibreOffice put 0.25 between Chinese and Latin without a blank."""
HAN_SPACE = 0.22
"""The same between two Chinese characters, which nothing sets apart but a blank (0.25 to 0.33) or a stretched line."""
COLUMN_GAP = 1.2
"""Gap, in font sizes, from which parts of a line may belong to two columns; newspapers use 1.5 to 2.5."""
MIN_GUTTER_LINES = 5
"""Lines that must part at the same place before a page counts as set in two columns."""
GUTTER_SHARE = 0.5
"""Share of a page's lines that must leave the gutter free: beside them only the title crosses it."""

QUOTES = frozenset("“”‘’")
"""Class QU of Unicode line breaking, which LibreOffice follows: no break on either side."""
NO_END = frozenset("“‘（《「『【〔〈([{")
"""What never ends a line, so that it goes down with the character after it."""
NO_START = frozenset("，。、；：？！）》」』】〕〉”’…—·,.;:?!)]}%％℃‰°")
"""What never begins a line in Chinese setting, so that it comes down with the character before it."""


@dataclass(frozen=True)
class Line:
    """One line of text, or a table or picture that stands among the lines; lengths in points."""

    page: int
    x0: float
    x1: float
    y: float
    top: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    font: str = ""
    text: str = ""
    divided: bool = False
    """Whether it ends in a hyphen that divides a word."""
    first_token: float = 0.0
    """Width of the first piece that a line break cannot split."""
    left: float = 0.0
    right: float = 0.0
    """Edges of the column it stands in, once they are known."""
    justified: bool = False
    """Whether the lines of its column are stretched to the edge."""
    column: int = 0
    """0 for the whole width of the page, else 1 or 2."""
    rows: tuple[tuple[str, ...], ...] = ()
    picture: bytes = field(default=b"", repr=False)

    @property
    def is_text(self) -> bool:
        return not self.rows and not self.picture

    @property
    def width(self) -> float:
        return self.x1 - self.x0


def page_lines(page: Page, glyphs: Sequence[Glyph], gutter: float | None = None) -> tuple[list[Line], float | None]:
    """The lines of a page from top to bottom, column after column where it has two; and x of the gutter.

    `gutter` is that of the page before: a page whose columns are too short to show one has the same.
    """
    segments = [segment for row in _rows(glyphs) for segment in _segments(row)]
    found = _gutter(segments, page)
    if found is None and gutter is not None and not any(_crosses(segment, gutter) for segment in segments):
        found = gutter
    if found is None:
        return plain_lines(page, glyphs), None
    return _in_columns(page, glyphs, found), found


def plain_lines(page: Page, glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of a page or cell from top to bottom."""
    return [line for row in _rows(glyphs) if (line := make_line(page, row))]


def make_line(page: Page, glyphs: Sequence[Glyph]) -> Line | None:
    """The line that some characters of one row make; None where they are all blank."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.x0)
    visible = [glyph for glyph in ordered if not glyph.char.isspace()]
    if not visible:
        return None
    size = median(glyph.size for glyph in visible)
    main = [glyph for glyph in visible if glyph.size >= size * 0.9]
    baseline = median(glyph.y for glyph in main)
    return Line(
        page=page.number,
        x0=visible[0].x0,
        x1=max(glyph.x1 for glyph in visible),
        y=baseline,
        top=baseline - size * 0.88,
        bottom=baseline + size * 0.12,
        size=size,
        bold=sum(glyph.bold for glyph in visible) >= 0.8 * len(visible),
        font=Counter(glyph.font for glyph in main).most_common(1)[0][0],
        text=_text(ordered).replace(DIVIDING_HYPHEN, "-"),
        divided=visible[-1].char == DIVIDING_HYPHEN,
        first_token=_first_token(visible),
    )


def is_wide(char: str) -> bool:
    """Whether a character takes a full square."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—"


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters on one baseline together, from top to bottom."""
    rows: list[list[Glyph]] = []
    main: Glyph | None = None
    for glyph in sorted(glyphs, key=lambda each: (each.y, each.x0)):
        if main is None or abs(glyph.y - main.y) > SAME_LINE * max(glyph.size, main.size):
            rows.append([])
            main = glyph
        elif glyph.size > main.size:
            main = glyph
        rows[-1].append(glyph)
    return rows


def _segments(row: list[Glyph]) -> list[list[Glyph]]:
    """The row cut at every gap that could part two columns."""
    segments: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in sorted(row, key=lambda each: each.x0):
        blank = glyph.char.isspace()
        if last is None or (not blank and glyph.x0 - last.x1 > COLUMN_GAP * glyph.size):
            segments.append([])
        segments[-1].append(glyph)
        if not blank or last is None:
            last = glyph
    return segments


def _extent(segment: list[Glyph]) -> tuple[float, float]:
    visible = [glyph for glyph in segment if not glyph.char.isspace()] or segment
    return min(glyph.x0 for glyph in visible), max(glyph.x1 for glyph in visible)


def _gutter(segments: list[list[Glyph]], page: Page) -> float | None:
    """The x of the free strip between two columns, or None for a page in one.

    A strip counts where it lies in the middle half of the page, enough lines part there, most lines leave it
    free, and both sides carry running text rather than the labels and figures of a table.
    """
    extents = [_extent(segment) for segment in segments]
    ends = [(right, segment) for (_, right), segment in zip(extents, segments, strict=True)]
    best: tuple[int, float] | None = None
    for x in {round(right / 4) * 4 + 4 for right, _ in ends if 0.25 * page.width < right < 0.75 * page.width}:
        left_side = [e for e in extents if e[1] <= x]
        right_side = [e for e in extents if e[0] >= x]
        crossing = len(extents) - len(left_side) - len(right_side)
        beside = min(len(left_side), len(right_side))
        if beside < MIN_GUTTER_LINES or crossing > (1 - GUTTER_SHARE) * (len(left_side) + len(right_side)) / 2:
            continue
        if not (_is_running(left_side) and _is_running(right_side)):
            continue
        if best is None or beside - crossing > best[0]:
            best = beside - crossing, x
    return best[1] if best else None


def _is_running(side: list[tuple[float, float]]) -> bool:
    """Whether most lines of a column are about as wide as its widest."""
    edge = max(right for _, right in side)
    start = min(left for left, _ in side)
    full = sum(right > edge - 0.15 * (edge - start) for _, right in side)
    return full >= 0.5 * len(side)


def _crosses(segment: list[Glyph], gutter: float) -> bool:
    left, right = _extent(segment)
    return left < gutter < right


def _in_columns(page: Page, glyphs: Iterable[Glyph], gutter: float) -> list[Line]:
    """Left column, then right column, of each band between the lines that cross the gutter."""
    lines: list[Line] = []
    waiting: tuple[list[Glyph], list[Glyph]] = ([], [])

    def flush() -> None:
        for column, side in enumerate(waiting, start=1):
            lines.extend(replace(line, column=column) for line in plain_lines(page, side))
            side.clear()

    for row in _rows(glyphs):
        parts = _segments(row)
        if any(_crosses(part, gutter) for part in parts):
            flush()
            lines.extend(plain_lines(page, row))
            continue
        for part in parts:
            waiting[_extent(part)[0] >= gutter].extend(part)
    flush()
    return lines


def _text(glyphs: Sequence[Glyph]) -> str:
    """The characters with blanks where the gaps between them stand for blanks."""
    stretch = _stretch(glyphs)
    parts: list[str] = []
    last: Glyph | None = None
    for glyph in glyphs:
        printed = last is not None and not last.char.isspace() and not glyph.char.isspace()
        if last is not None and printed and _gap(last, glyph) > _blank_between(last.char, glyph.char, stretch):
            parts.append(" ")
        parts.append(glyph.char)
        last = glyph
    return "".join(parts).strip()


def _blank_between(before: str, after: str, stretch: float) -> float:
    """The gap from which a blank stands between two characters, in a line stretched by so much."""
    if is_han(before) and is_han(after):
        return HAN_SPACE + stretch
    return MIXED_SPACE + stretch if is_wide(before) or is_wide(after) else LATIN_SPACE


def _gap(before: Glyph, after: Glyph) -> float:
    """The gap between two characters in font sizes."""
    return (after.x0 - before.x1) / max(before.size, after.size, 1.0)


def _stretch(glyphs: Sequence[Glyph]) -> float:
    """How far the Chinese characters of a line stand apart: for show, or to justify a line with few of them."""
    gaps = [_gap(a, b) for a, b in pairwise(glyphs) if is_wide(a.char) and is_wide(b.char)]
    return max(0.0, median(gaps)) if gaps else 0.0


def _first_token(visible: Sequence[Glyph]) -> float:
    """The width of what a line break cannot split off: a character with the marks that cling to it, a Latin word."""
    end = 0
    while end < len(visible) - 1 and visible[end].char in NO_END:
        end += 1
    wide = is_wide(visible[end].char)
    end += 1
    if not wide:
        while end < len(visible) and not is_wide(visible[end].char):
            if _gap(visible[end - 1], visible[end]) > LATIN_SPACE:
                break
            end += 1
    while end < len(visible) and (visible[end].char in NO_START or visible[end - 1].char in QUOTES):
        end += 1
    return visible[end - 1].x1 - visible[0].x0
