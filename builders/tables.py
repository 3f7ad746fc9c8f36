"""Tables in the 版心: column widths from what is in the cells, headers repeated, rows neither split nor blown up.

No 续表 over the repeated header: GB/T 9704 asks for none (GB/T 7713 and 1.1 do, for reports and standards), and in a
file that flows nothing but a break laid down beforehand could carry one, wrong wherever other fonts move that break.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from builders.captions import caption
from builders.columns import column_widths, granted_widths
from builders.linebreaks import count_lines
from builders.ooxml import grids
from builders.ooxml import markup as ml
from builders.style import POINTS_PER_MM, HouseStyle, TableStyle
from builders.widths import set_width
from bulletin.model import Block

_WHOLE = 8
"""In lines: a row up to this height goes to the next page whole; a higher one would leave a hole."""
FIRST = 2
"""Rows under the header that may be split: where a page holds only header and a row or so, within a point or two,
LibreOffice 7.4 lets rows that must not split run off its foot, or the whole table where the header must not
(3 of 128 tables, tried at every half point; none of 256 so)."""
_CENTRED = 12.0
"""In characters: a column of which no cell is longer, or takes two lines, is centred, like one of figures."""
_BETWEEN = 4.0
"""In pt: above and below the text of a cell, together (style 表格文字)."""


class Row(NamedTuple):
    """A row as it is set: its cells, whether it heads the table and is never split, its height in pt and in lines."""

    cells: Sequence[str]
    header: bool
    whole: bool
    height: float
    lines: int
    spans: Mapping[int, tuple[int, int]]
    """Of the cells that stand over several columns or rows: how many of each, by their column; 0 rows where one goes on."""


class Rows(NamedTuple):
    """A table as it is set: its rows, the widths of its columns in pt, and the style of its type."""

    rows: list[Row]
    widths: list[float]
    look: TableStyle


def set_rows(block: Block, style: HouseStyle) -> Rows:
    """The table as it is set; of one without rows, none."""
    rows = [row for row in block.rows if row]
    if not rows:
        return Rows([], [], style.table)
    spans = header_spans(rows[: block.header_rows])
    # What stands over several columns asks no one of them for its room.
    single = [
        ["" if spans.get((at, k), (1, 1))[0] > 1 else cell for k, cell in enumerate(row)] for at, row in enumerate(rows)
    ]
    widths, look = _sized(single, style, block.header_rows)
    own = [{column: span for (row, column), span in spans.items() if row == at} for at in range(len(rows))]
    return Rows([_set(row, at - block.header_rows, widths, look, own[at]) for at, row in enumerate(rows)], widths, look)


def _sized(rows: Sequence[Sequence[str]], style: HouseStyle, header: int) -> tuple[list[float], TableStyle]:
    """Widths of the columns and style of the type: smaller where words would have to be broken."""
    room, padding = style.page.text_width, style.table.padding * POINTS_PER_MM
    small = style.table.model_copy(update={"size": min(style.table.smallest, style.table.size)})
    for look in (style.table, small):
        if widths := granted_widths(rows, room, look.size, padding, header, tight=look is small):
            return widths, look
    return column_widths(rows, room, small.size, padding, header), small


def header_spans(rows: Sequence[Sequence[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """(columns, rows) of the cells of the header that stand over several, by (row, column).

    The model has the text of such a cell in its first place and nothing in the others. A cell stands over the empty
    ones right of it where the row below has something under each, else over those that are empty below it.
    """
    found: dict[tuple[int, int], tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if not cell.strip() or (at, column) in taken:
                continue
            below = rows[at + 1] if at + 1 < len(rows) else ()
            across = column + 1
            free = min([*(k for k in range(across, len(row)) if (at, k) in taken), len(row), len(below)])
            while across < free and not row[across].strip() and below[across].strip():
                across += 1
            down = at + 1
            while down < len(rows) and column < len(rows[down]) and not rows[down][column].strip():
                down += 1
            if across > column + 1 and below[column].strip():
                found[at, column] = across - column, 1
            elif down > at + 1:
                found[at, column] = 1, down - at
                taken |= {(other, column) for other in range(at + 1, down)}
                found |= {(other, column): (1, 0) for other in range(at + 1, down)}
    return found


def _set(
    cells: Sequence[str], place: int, widths: Sequence[float], style: TableStyle, spans: Mapping[int, tuple[int, int]]
) -> Row:
    """`place` counts from the first row under the header."""
    height, lines = 0.0, 1
    for at, cell in enumerate(cells):
        across, down = spans.get(at, (1, 1))
        wide = sum(widths[at : at + across])
        counts = [count_lines(part, _room(wide, style)) for part in _parts(cell)]
        # A cell over several rows takes of each what it is high anyway; it is a word or two.
        share = max(down, 1)
        lines = max(lines, ceil(sum(counts) / share))
        height = max(height, (sum(counts) * style.line + len(counts) * _BETWEEN) / share)
    return Row(cells, place < 0, place >= FIRST and lines <= _WHOLE, height + style.rule, lines, spans)


def _room(wide: float, style: TableStyle) -> float:
    """How many characters a line of a cell holds."""
    return (wide - 2 * style.padding * POINTS_PER_MM) / style.size


def _parts(cell: str) -> list[str]:
    return cell.splitlines() or [""]


def table(block: Block, style: HouseStyle) -> Iterator[str]:
    """Caption and table; a table is followed by a paragraph, which separates it from the next."""
    if block.text:
        yield caption("TableCaption", block.text, style.table.caption_size, style)
    rows, widths, look = set_rows(block, style)
    if rows:
        body = [row.cells for row in rows if not row.header]
        columns = [[cells[at] for cells in body if at < len(cells)] for at in range(len(widths))]
        centred = [
            _is_numeric(cells) or max(map(set_width, cells), default=0.0) <= min(_room(wide, look), _CENTRED)
            for cells, wide in zip(columns, widths, strict=True)
        ]
        write = _Writer(widths, centred, look, smaller=look.size < style.table.size)
        yield grids.table(
            map(write.row, rows),
            widths,
            borders=grids.table_borders(look.rule, look.rule),
            padding=look.padding * POINTS_PER_MM,
            name=block.text,
            description=block.alt,
        )
        yield ml.tiny()


class _Writer:
    """Writes rows; those of a table in smaller type say so, others are as their styles have it."""

    def __init__(self, widths: Sequence[float], centred: Sequence[bool], look: TableStyle, *, smaller: bool) -> None:
        self._widths = widths
        self._centred = centred
        self._spacing = ml.spacing(_BETWEEN / 2, _BETWEEN / 2, look.line) if smaller else ""
        self._type = ml.sized(look.size) if smaller else ""

    def row(self, row: Row) -> tuple[str, list[grids.Cell]]:
        cells, at = [], 0
        while at < len(self._widths):
            text = row.cells[at] if at < len(row.cells) else ""
            look = "" if row.header else ml.aligned("center" if self._centred[at] else "left")
            content = "".join(
                ml.paragraph("TableHead" if row.header else "TableText", ml.run(part, self._type), self._spacing + look)
                for part in _parts(text)
            )
            across, down = row.spans.get(at, (1, 1))
            cells.append(grids.Cell(content, sum(self._widths[at : at + across]), columns=across, rows=down))
            at += across
        return (grids.HEADER_ROW if row.header else grids.WHOLE_ROW if row.whole else ""), cells


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(
        cell.strip("%％+-–—.,，").replace(".", "").replace(",", "").isdigit() for cell in filled
    )
