"""Ruled tables of a PDF page: the cells as pdfplumber finds them, the characters as pdfium reads them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException

from extractors.pdfglyphs import Glyph, Page
from extractors.pdflayout import Line, plain_lines
from extractors.pdfparagraphs import glue

Box = tuple[float, float, float, float]

_BROKEN = (PDFException, PDFSyntaxError, PSException, ValueError, KeyError, TypeError, IndexError, RecursionError)
"""What pdfminer raises on pages that pdfium still reads."""
MIN_CELLS = 4
"""A frame around a paragraph, or a box beside another, is no table."""


class TableFinder:
    """The ruled tables of the pages of one PDF; opens it only when a page has rulings."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._opened: Any = None

    def take(self, page: Page, glyphs: Sequence[Glyph]) -> tuple[list[Line], list[Glyph]]:
        """The tables of a page as lines, and the characters that stand in none of them."""
        if not page.ruled:
            return [], list(glyphs)
        tables: list[Line] = []
        rest = list(glyphs)
        for cells in self._cells(page.number):
            table, rest = _fill(page, cells, rest)
            if table:
                tables.append(table)
        return tables, rest

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def _cells(self, number: int) -> list[list[list[Box | None]]]:
        """Rows of cell boxes of each table; None where a cell is covered by a merged one."""
        try:
            if self._opened is None:
                self._opened = pdfplumber.open(BytesIO(self._content), unicode_norm=None)
            source = self._opened.pages[number]
            found = [[list(row.cells) for row in table.rows] for table in source.find_tables()]
            source.close()
        except _BROKEN:
            return []
        return [rows for rows in found if sum(cell is not None for row in rows for cell in row) >= MIN_CELLS]


def _fill(page: Page, rows: list[list[Box | None]], glyphs: list[Glyph]) -> tuple[Line | None, list[Glyph]]:
    boxes = [cell for row in rows for cell in row if cell]
    inside: dict[Box, list[Glyph]] = {box: [] for box in boxes}
    rest: list[Glyph] = []
    frame = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    for glyph in glyphs:
        box = _box_of(glyph, boxes) if _within(glyph, frame) else None
        (inside[box] if box else rest).append(glyph)
    texts = tuple(tuple(_cell_text(page, inside[cell]) if cell else "" for cell in row) for row in rows)
    if not any(text for row in texts for text in row):
        return None, glyphs
    line = Line(page.number, frame[0], frame[2], frame[1], frame[1], frame[3], rows=texts)
    return line, rest


def _box_of(glyph: Glyph, boxes: Sequence[Box]) -> Box | None:
    return next((box for box in boxes if _within(glyph, box)), None)


def _within(glyph: Glyph, box: Box) -> bool:
    """Whether the middle of a character lies in the box."""
    x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - glyph.size * 0.35
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _cell_text(page: Page, glyphs: Sequence[Glyph]) -> str:
    """The text of a cell; lines that fill the cell are one paragraph, so they are joined without a blank."""
    joined = ""
    for line in plain_lines(page, glyphs):
        joined += glue(joined, line.text) + line.text
    return joined
