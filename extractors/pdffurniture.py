"""Running heads, running feet and page numbers: found by standing in the same place page after page."""

import re
from collections import defaultdict
from collections.abc import Sequence

from extractors.pdflayout import Line

MARGIN = 0.17
"""Share of the page height, at the top and at the bottom, in which heads and feet stand; GB/T 9704 leaves 37 mm
of 297 at the top (.125) and 35 at the bottom (.118), and old letterheads some more."""
SAME_PLACE = 6.0
"""Points by which the place of a running head may differ from page to page."""
EDGE_LINES = 3
"""Lines at either end of a page that can be furniture: a head of two lines and a rule's label."""

# — 1 —, - 12 -, ·3·, 第 3 页, 第3页 共12页, 3/12, Page 3 of 12, iv
_NUMBER = re.compile(
    r"^[-—–－―·•~～\s\[\(（]*(?:第\s*)?(\d{1,4})\s*(?:页)?[-—–－―·•~～\s\]\)）]*"
    r"(?:[/／，,]?\s*(?:共\s*)?\d{1,4}\s*页?)?$"
    r"|^[-—–－―\s]*([ivxlc]{1,6})[-—–－―\s]*$"
    r"|^Page\s+(\d{1,4})(?:\s+of\s+\d{1,4})?$",
    re.IGNORECASE,
)
_DECORATED = re.compile(r"^[-—–－―·•~～\[\(（]|第|页|Page|/", re.IGNORECASE)
_DIGITS = re.compile(r"\d+|[〇零一二三四五六七八九十百]+(?=页)")

_LETTER = re.compile(r"[^\W\d_]")

PAGE_NUMBER, RUNNING_HEAD = "page-number", "running-head"


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> dict[int, str]:
    """`id(line)` of each line that is no part of the text -> rule code (page-number, running-head).

    A page number is a number at the edge of the page that grows with the pages, or stands apart and looks like
    one (— 1 —). A running head is the same words, figures aside, in the same place on several pages.
    """
    found: dict[int, str] = {}
    edges = [list(_edge_lines(lines, height)) for lines, height in zip(pages, heights, strict=True)]
    _find_numbers(edges, pages, found)
    _find_heads(edges, len(pages), found)
    return found


def _edge_lines(lines: Sequence[Line], height: float) -> list[Line]:
    """The lines that stand in the margins, outermost first."""
    ordered = sorted((line for line in lines if line.is_text), key=lambda line: line.y)
    top = [line for line in ordered[:EDGE_LINES] if line.bottom < MARGIN * height]
    bottom = [line for line in reversed(ordered[-EDGE_LINES:]) if line.top > (1 - MARGIN) * height]
    return top + [line for line in bottom if line not in top]


def _find_numbers(edges: list[list[Line]], pages: Sequence[Sequence[Line]], found: dict[int, str]) -> None:
    """Numbers whose distance from the page's own count is shared by two pages, or that look like nothing else."""
    candidates: list[tuple[int, Line, int | None]] = []
    for index, lines in enumerate(edges):
        for line in lines:
            if match := _NUMBER.match(line.text):
                digits = match[1] or match[3]
                candidates.append((index, line, int(digits) if digits else None))
    offsets: dict[int, set[int]] = defaultdict(set)
    for index, _, number in candidates:
        if number is not None:
            offsets[number - index].add(index)
    for index, line, number in candidates:
        counted = number is not None and len(offsets[number - index]) >= 2
        looks_it = bool(_DECORATED.search(line.text)) or (len(pages) == 1 and number == 1)
        if counted or (looks_it and _stands_apart(line, pages[index])):
            found[id(line)] = PAGE_NUMBER


def _stands_apart(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line is the outermost one and parted from its neighbour by more than ordinary leading."""
    others = [other for other in lines if other is not line]
    if not others:
        return False
    gap = min(min(abs(line.top - other.bottom), abs(other.top - line.bottom)) for other in others)
    outermost = all(other.y < line.y for other in others) or all(other.y > line.y for other in others)
    return outermost and gap > 0.8 * line.size


def _find_heads(edges: list[list[Line]], count: int, found: dict[int, str]) -> None:
    """Words that come back at the same height on a third of the pages (odd and even pages may differ)."""
    places: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for index, lines in enumerate(edges):
        for line in lines:
            words = _DIGITS.sub("#", "".join(line.text.split()))
            if id(line) not in found and _LETTER.search(words):
                places[words].append((index, line))
    for same in places.values():
        for index, line in same:
            together = {
                page
                for page, other in same
                if abs(other.y - line.y) <= SAME_PLACE and _counts(line.text, index) & _counts(other.text, page)
            }
            if len(together) >= max(2, count / 3):
                found[id(line)] = RUNNING_HEAD


def _counts(text: str, index: int) -> set[tuple[str, int]]:
    """What two heads share: all their figures (第12期), or figures that count the pages (第3页)."""
    numbers = [int(number) for number in _DIGITS.findall(text) if number.isascii()]
    whole = ("same", hash(tuple(numbers)))
    return {whole, *(("page", number - index) for number in numbers[-2:])}
