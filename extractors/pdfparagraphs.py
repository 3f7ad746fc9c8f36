"""Lines -> paragraphs and headings, by what a line break must have been made for.

A line that had room for the next word and was broken nevertheless ends its paragraph. Indents, gaps and sizes
say the rest; the words themselves are asked only where geometry leaves it open.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extractors.pdflayout import NO_START, Line, is_wide

SAME_SIZE = 0.08
"""Sizes that differ by less are one size: 16 and 15.96, but not 16 and 14."""
HEADING_SIZE = 1.12
"""A heading is larger than the body by this factor; 小三 (15) to 三号 (16) is 1.07, 四号 (14) to 三号 1.14."""
NOTE_SIZE = 0.88
"""A footnote is smaller than the body by this factor: 小五 (9) to 五号 (10.5) is 0.86."""
INDENT = 0.8
"""Font sizes by which the first line of a paragraph is moved in; the usual indent is 2, the smallest 1."""
MIN_BLOCK = 3
"""Lines under one another that make a block with edges of its own; two may be two short paragraphs."""
MIN_SIDE = 12
"""Lines from which odd (or even) pages are trusted with margins of their own; fewer may all be short."""
STRETCHED = 0.1
"""Font sizes by which a justified line may miss the edge: rounding of positions is below 0.02."""
JUSTIFIED = 0.75
"""Share of the nearly full lines that must reach the edge; the last lines of paragraphs are among the rest."""
FULL = 0.3
"""Font sizes of play in what counts as full: the quarter blank between Chinese and Latin that a break swallows."""
EXTRA_GAP = 1.35
"""A gap of so many ordinary line distances parts paragraphs."""
MAX_HEADING = 60
"""Characters: the longest titles of the genre are three lines of 20."""

_SENTENCE_END = re.compile(r"[。！？!?；;：:…]['\"”’）)》】]*$")
_NUMBERED = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,4}[、.．章节篇条]|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|附件[:：\d]|【)"
)
_LEVELS = (  # 一、... -> 1, （一）... -> 2, 1. ... -> 3, （1）... -> 4
    (1, re.compile(r"^[一二三四五六七八九十百]{1,4}[、.．]")),
    (2, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"^\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"^[（(]\d{1,2}[）)]")),
)
_NOTE_MARK = re.compile(r"^(?:[①-⑳]|\[\d{1,3}\]|［\d{1,3}］|\d{1,3}(?=\D)|[*＊※†]|注[:：])")


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together; a single table or picture is a paragraph of its own."""

    lines: tuple[Line, ...]
    text: str = ""
    heading: bool = False
    level: int = 0
    note: bool = False
    cuts: tuple[int, ...] = ()
    """Offsets in the text where a page break went through it."""
    softened: tuple[int, ...] = ()
    """Offsets in the text where a hyphen of a line end was taken out."""


@dataclass(frozen=True)
class Measure:
    """What is usual in one document."""

    size: float
    leading: float
    font: str
    bold: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Measure":
        """Size, line distance and font of most of the text."""
        weights: Counter[float] = Counter()
        fonts: Counter[str] = Counter()
        bold = 0
        for line in lines:
            weights[round(line.size * 2) / 2] += len(line.text)
            fonts[line.font] += len(line.text)
            bold += len(line.text) * line.bold
        size = weights.most_common(1)[0][0]
        same = [b.y - a.y for a, b in pairwise(lines) if a.page == b.page and 0.9 * size < b.y - a.y < 2.6 * size]
        total = sum(fonts.values())
        return cls(size, median(same) if same else 1.5 * size, fonts.most_common(1)[0][0], bold > 0.5 * total)


def paragraphs(pages: Sequence[Sequence[Line]], widths: Sequence[float]) -> list[Paragraph]:
    """The paragraphs, headings, tables and pictures of a document in reading order, each line in exactly one."""
    text = [line for page in pages for line in page if line.is_text]
    if not text:
        return [Paragraph((line,)) for page in pages for line in page]
    measure = Measure.of(text)
    stream = _with_edges(pages, widths, measure)
    built: list[Paragraph] = []
    current: list[Line] = []
    aside: list[Line] = []

    def flush() -> None:
        if current:
            built.append(_paragraph(current, measure))
            current.clear()
        if aside:
            built.extend(_asides(aside, measure))
            aside.clear()

    body = [line for line in stream if line.is_text and not _is_note(line, measure, stream)]
    keep = {id(line) for line in body}
    for line in stream:
        if id(line) not in keep:
            # A note, table or picture may stand inside a paragraph that a page break cut: it comes after it.
            aside.append(line)
            if not line.is_text and current and not _may_go_on(current[-1]):
                flush()
            continue
        if current and _belongs(current, line, measure, between=bool(aside)):
            current.append(line)
            continue
        flush()
        current.append(line)
    flush()
    return _ranked(built)


def _ranked(built: list[Paragraph]) -> list[Paragraph]:
    """The same with level 1 for headings without a number that are smaller than the titles."""
    sizes = [paragraph.lines[0].size for paragraph in built if paragraph.heading]
    title = max(sizes, default=0.0) * (1 - SAME_SIZE)
    return [
        replace(each, level=1) if each.heading and not each.level and each.lines[0].size < title else each
        for each in built
    ]


def _asides(lines: Sequence[Line], measure: Measure) -> Iterator[Paragraph]:
    """Footnotes, tables and pictures; a footnote of several lines is one."""
    note: list[Line] = []
    for line in lines:
        if note and (not line.is_text or _NOTE_MARK.match(line.text)):
            yield replace(_paragraph(note, measure), note=True, heading=False, level=0)
            note = []
        if line.is_text:
            note.append(line)
        else:
            yield Paragraph((line,))
    if note:
        yield replace(_paragraph(note, measure), note=True, heading=False, level=0)


def _with_edges(pages: Sequence[Sequence[Line]], widths: Sequence[float], measure: Measure) -> list[Line]:
    """All lines, each knowing the edges of its column; odd and even pages have margins of their own."""
    groups: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for page in pages:
        for line in page:
            if line.is_text:
                groups[line.page % 2, line.column].append(line)
                groups[2, line.column].append(line)
    edges = {key: _edges(lines, widths, measure) for key, lines in groups.items()}
    stream: list[Line] = []
    for page in pages:
        for line in page:
            own = edges.get((line.page % 2, line.column))
            known = own if own and len(groups[line.page % 2, line.column]) >= MIN_SIDE else edges.get((2, line.column))
            left, right, justified = known or (line.x0, line.x1, False)
            left, right = min(left, line.x0), max(right, _solid_end(line))
            stream.append(replace(line, left=left, right=right, justified=justified))
    return _with_inner_edges(stream)


def _edges(lines: Sequence[Line], widths: Sequence[float], measure: Measure) -> tuple[float, float, bool] | None:
    """The edges of the text area, and whether its lines are justified.

    The edges are the outermost places where at least two lines of body size begin and end.
    """
    body = [line for line in lines if abs(line.size - measure.size) <= SAME_SIZE * measure.size]
    if len(body) < 2:
        return None
    near = measure.size
    starts = sorted(line.x0 for line in body)
    left = next((a for a, b in pairwise(starts) if b - a < near / 2), starts[0])
    ends = sorted((_solid_end(line) for line in body), reverse=True)
    shared = next((a for a, b in pairwise(ends) if a - b < near / 2), None)
    right = shared or ends[0]
    if not lines[0].column:
        # Where no two lines end together the lines are all short, and the margins tell more than the lines.
        mirrored = widths[body[0].page] - left
        right = right if shared is not None and shared > 0.75 * mirrored else max(mirrored, ends[0])
    close = [right - line.x1 for line in body if line.text[-1] not in NO_START and right - line.x1 < near]
    stretched = sum(gap < STRETCHED * near for gap in close)
    return left, right, len(close) >= MIN_BLOCK and stretched > JUSTIFIED * len(close)


def _solid_end(line: Line) -> float:
    """Where the line ends for the eye: a mark at its end may hang out of the text area, or be pressed to half."""
    return line.x1 - line.size if line.text[-1:] in NO_START else line.x1


def _with_inner_edges(stream: list[Line]) -> list[Line]:
    """The same, with narrower edges for blocks that are moved in on both sides, such as quotations."""
    result = list(stream)
    start = 0
    while start < len(result):
        first = result[start]
        end = start + 1
        if first.is_text and first.x0 - first.left > INDENT * first.size:
            while end < len(result) and _same_block(first, result[end]):
                end += 1
        ends = sorted((_solid_end(line) for line in result[start:end]), reverse=True)
        if end - start >= MIN_BLOCK and ends[0] - ends[1] < 0.6 * first.size:
            result[start:end] = [replace(line, left=line.x0, right=ends[0]) for line in result[start:end]]
            start = end
        else:
            start += 1
    return result


def _same_block(first: Line, line: Line) -> bool:
    """Whether a line stands under the first of a block and reaches no further."""
    same_place = first.page == line.page and first.column == line.column and line.is_text
    under = abs(first.x0 - line.x0) < 0.3 * line.size and abs(first.size - line.size) < 1
    return same_place and under and _solid_end(line) - _solid_end(first) < line.size


def _is_note(line: Line, measure: Measure, stream: Sequence[Line]) -> bool:
    """Whether a line is part of the footnotes: small print below all body text of its page, opened by a mark."""
    if line.size > NOTE_SIZE * measure.size:
        return False
    page = [other for other in stream if other.page == line.page and other.is_text and other.column == line.column]
    if any(other.y > line.y and other.size > NOTE_SIZE * measure.size for other in page):
        return False
    small = [other for other in page if other.y <= line.y and other.size <= NOTE_SIZE * measure.size]
    return any(_NOTE_MARK.match(other.text) for other in small)


def _may_go_on(line: Line) -> bool:
    """Whether the paragraph of a line can go on after it: the line is full and its sentence open."""
    return line.right - line.x1 < 2 * line.size and not _SENTENCE_END.search(line.text)


def _belongs(current: Sequence[Line], line: Line, measure: Measure, *, between: bool) -> bool:
    """Whether a line goes on with the paragraph."""
    last = current[-1]
    if abs(last.size - line.size) > SAME_SIZE * max(last.size, line.size):
        return False
    moved = last.page != line.page or last.column != line.column
    if moved and between and not _may_go_on(last):
        return False
    if not moved and line.y - last.y > EXTRA_GAP * _leading(current, line, measure):
        return False
    if _is_centred(line):
        wrapped = line.size > HEADING_SIZE * measure.size or (last.bold and line.bold and not measure.bold)
        return wrapped and line.bold == last.bold and not moved and (_is_centred(last) or _is_full(last, line))
    if _is_centred(last) and not _is_full(last, line):
        return False
    if not _is_full(last, line):
        return False
    return _goes_on(current, line)


def _goes_on(current: Sequence[Line], line: Line) -> bool:
    """The same for a line after a full one: its place against the edge decides, then the words."""
    last = current[-1]
    indent = line.x0 - line.left
    ended = bool(_SENTENCE_END.search(last.text))
    if indent < INDENT * line.size:
        flush_left = len(current) == 1 and last.x0 - last.left < INDENT * last.size
        if flush_left and last.bold != line.bold:
            return False
        # Without indents a full last line looks like any other. A numbered line after a closed sentence is new,
        # and where lines are justified, so is one after a sentence whose line was not stretched to the edge.
        unstretched = last.justified and last.x1 < last.right - STRETCHED * last.size
        return not (ended and (_NUMBERED.match(line.text) or unstretched))
    # A block that is moved in as a whole, such as a quotation: its lines stand under each other.
    under = abs((line.x0 - line.left) - (last.x0 - last.left)) < 0.5 * line.size
    wide = last.width > 0.5 * (last.right - last.left)
    return under and wide and not ended and not _NUMBERED.match(line.text)


def _leading(current: Sequence[Line], line: Line, measure: Measure) -> float:
    """The ordinary line distance at this place: the paragraph's own where it has one."""
    own = [b.y - a.y for a, b in pairwise(current) if a.page == b.page and a.column == b.column]
    own = [gap for gap in own if gap > 0]
    return own[-1] if own else max(measure.leading, 1.4 * line.size)


def _is_full(last: Line, line: Line) -> bool:
    """Whether the first piece of the next line had no room left on this one, or is the rest of its last word."""
    return last.divided or last.x1 + line.first_token > last.right - FULL * last.size


def _is_centred(line: Line) -> bool:
    """Whether a line stands clear of both edges and in their middle."""
    before, after = line.x0 - line.left, line.right - line.x1
    return min(before, after) > 1.5 * line.size and abs(before - after) < 1.2 * line.size


def _paragraph(lines: Sequence[Line], measure: Measure) -> Paragraph:
    text = ""
    cuts: list[int] = []
    softened: list[int] = []
    for index, line in enumerate(lines):
        if index and lines[index - 1].divided and line.text[0].islower():
            text = text[:-1]
            softened.append(len(text))
        else:
            text += glue(text, line.text)
        if index and lines[index - 1].page != line.page:
            cuts.append(len(text))
        text += line.text
    heading = _is_heading(lines, text, measure)
    return Paragraph(tuple(lines), text, heading, _level(text) if heading else 0, False, tuple(cuts), tuple(softened))


def glue(before: str, after: str) -> str:
    """What stood at the line break between two pieces: a blank between Latin words, nothing in Chinese text."""
    if not before or not after:
        return ""
    if is_wide(before[-1]) or is_wide(after[0]) or before[-1] in "-/" or "://" in before.rpartition(" ")[2]:
        return ""
    # A number that the break cut has its digits on both sides: 2023 does not become 20 23 by joining.
    return "" if before[-1].isdigit() and after[0].isdigit() else " "


def _is_heading(lines: Sequence[Line], text: str, measure: Measure) -> bool:
    """Whether size, weight or font set a short paragraph apart from the body."""
    if len(text) > MAX_HEADING or re.search(r"[。；;，,]$", text):
        return False
    larger = all(line.size >= HEADING_SIZE * measure.size for line in lines)
    bolder = all(line.bold for line in lines) and not measure.bold
    other = all(line.font != measure.font for line in lines) and bool(_level(text))
    return larger or bolder or other


def _level(text: str) -> int:
    return next((level for level, pattern in _LEVELS if pattern.match(text)), 0)
