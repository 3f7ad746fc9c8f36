"""Tables of WordprocessingML as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builders.ooxml.markup import border, escape, twips


@dataclass(frozen=True)
class Cell:
    """Paragraphs in a cell, with the rules at its top and bottom in pt (None: those of the table).

    `columns` and `rows` are how many it stands over; 0 rows where it goes on from the row above.
    """

    content: str
    width: float
    top: float | None = None
    bottom: float | None = None
    columns: int = 1
    rows: int = 1


def table(
    rows: Iterable[tuple[str, Sequence[Cell]]],
    widths: Sequence[float],
    *,
    position: str = "",
    borders: str = "",
    padding: float = 0.0,
    above: float = 0.0,
    below: float = 0.0,
    name: str = "",
    description: str = "",
) -> str:
    """A table of fixed layout; `rows` are (row properties, cells).

    In pt: the widths of the columns, the `padding` of a cell at its sides, `above` and `below` its text.
    """
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    said = (("tblCaption", name), ("tblDescription", description))
    title = "".join(f'<w:{tag} w:val="{escape(text)}"/>' for tag, text in said if text)
    body = "".join(_row(head, cells) for head, cells in rows)
    sides = (("top", above), ("left", padding), ("bottom", below), ("right", padding))
    margins = "".join(f'<w:{side} w:w="{twips(size)}" w:type="dxa"/>' for side, size in sides)
    return (
        f'<w:tbl><w:tblPr>{position}<w:tblW w:w="{sum(twips(width) for width in widths)}" w:type="dxa"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar><w:tblLook w:val="0020" '
        f'w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{title}'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


HEADER_ROW = "<w:tblHeader/>"
"""Row properties: repeated at the top of every page. Not w:cantSplit too: see builders.tables.FIRST."""
WHOLE_ROW = "<w:cantSplit/>"
"""Row properties: never split over two pages."""


def at_foot(left: float) -> str:
    """Table position: at the bottom of the 版心 of the page of the paragraph that follows the table.

    `left` is the distance from the edge of the paper in pt. Anchored to the text instead,
    LibreOffice 7.4 takes a table as wide as the text for one that does not float.
    """
    return (
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="page" '
        f'w:tblpX="{twips(left)}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )


def table_borders(points: float, inside: float | None = None) -> str:
    """w:tblBorders: a frame, and rules inside unless None."""
    sides = "".join(border(side, points) for side in ("top", "left", "bottom", "right"))
    inner = "".join(border(side, inside) for side in ("insideH", "insideV")) if inside is not None else ""
    return f"<w:tblBorders>{sides}{inner}</w:tblBorders>"


def _row(head: str, cells: Sequence[Cell]) -> str:
    look = f"<w:trPr>{head}</w:trPr>" if head else ""
    return f"<w:tr>{look}{''.join(_cell(cell) for cell in cells)}</w:tr>"


def _cell(cell: Cell) -> str:
    rules = "".join(
        border(side, points) for side, points in (("top", cell.top), ("bottom", cell.bottom)) if points is not None
    )
    borders = f"<w:tcBorders>{rules}</w:tcBorders>" if rules else ""
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = "" if cell.rows == 1 else f'<w:vMerge w:val="{"restart" if cell.rows else "continue"}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(cell.width)}" w:type="dxa"/>{span}{merge}{borders}<w:vAlign w:val="center"/></w:tcPr>'
        f"{cell.content}</w:tc>"
    )
