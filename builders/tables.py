"""Tables in the 版心: column widths from what is in the cells, headers repeated, rows not blown up."""

from collections.abc import Iterator, Sequence

from builders.ooxml import markup as ml
from builders.style import POINTS_PER_MM, HouseStyle
from builders.widths import set_width, width
from bulletin.model import Block

_NARROWEST = 2.5
"""In characters: less would set a column one character wide."""
_WIDEST = 18.0
"""In characters: what is longer is wrapped, so it asks for no more room."""


def column_widths(rows: Sequence[Sequence[str]], room: float, character: float, padding: float) -> list[float]:
    """Widths in pt that add up to `room`.

    Every column gets what its longest cell asks for; where that is too much, short columns keep
    theirs (a date is not broken) and the long ones share what is left.
    """
    count = max(len(row) for row in rows)
    longest = [max((set_width(row[at]) for row in rows if at < len(row)), default=0.0) for at in range(count)]
    wishes = [min(max(size, _NARROWEST), _WIDEST) * character + 2 * padding + 1 for size in longest]
    total = sum(wishes)
    if total <= room:
        return [wish * room / total for wish in wishes]
    return _share(wishes, room, floor=_NARROWEST * character + 2 * padding)


def _share(wishes: Sequence[float], room: float, floor: float) -> list[float]:
    """What fits in an equal share is granted; the others divide the rest by what they wish."""
    granted: dict[int, float] = {}
    while True:
        open_ = [at for at in range(len(wishes)) if at not in granted]
        left = room - sum(granted.values())
        fitting = [at for at in open_ if wishes[at] <= left / len(open_)]
        if not fitting or len(fitting) == len(open_):
            break
        granted |= {at: wishes[at] for at in fitting}
    total = sum(wishes[at] for at in open_)
    shares = [granted.get(at, left * wishes[at] / total) for at in range(len(wishes))]
    if min(shares) < floor and len(shares) * floor <= room:
        spare = room - len(shares) * floor
        return [floor + spare * share / sum(shares) for share in shares]
    return [share * room / sum(shares) for share in shares]


def table(block: Block, style: HouseStyle) -> Iterator[str]:
    """Caption and table; a table is followed by a paragraph, which separates it from the next."""
    if block.text:
        yield ml.paragraph("TableCaption", ml.run(block.text))
    rows = [row for row in block.rows if row]
    if rows:
        padding = style.table.padding * POINTS_PER_MM
        widths = column_widths(rows, style.page.text_width, style.table.size, padding)
        numeric = [
            _is_numeric([row[at] for row in rows[block.header_rows :] if at < len(row)]) for at in range(len(widths))
        ]
        yield ml.table(
            (_row(row, at < block.header_rows, widths, numeric) for at, row in enumerate(rows)),
            widths,
            borders=ml.table_borders(style.table.rule, style.table.rule),
            padding=padding,
            name=block.text,
            description=block.alt,
        )
        yield ml.tiny()


def _row(
    row: Sequence[str], header: bool, widths: Sequence[float], numeric: Sequence[bool]
) -> tuple[str, list[ml.Cell]]:
    cells = []
    for at, size in enumerate(widths):
        text = row[at] if at < len(row) else ""
        short = numeric[at] or width(text) <= 6
        look = "" if header else ml.aligned("center" if short else "left")
        content = "".join(ml.paragraph("TableHead" if header else "TableText", ml.run(part), look)
                          for part in (text.splitlines() or [""]))  # fmt: skip
        cells.append(ml.Cell(content, size))
    # A cell's paragraph keeps its lines together by its style; rows that must not split, under a repeated
    # header, run off the foot of the page in LibreOffice 7.4.
    return (ml.HEADER_ROW if header else ""), cells


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(
        cell.strip("%％+-–—.,，").replace(".", "").replace(",", "").isdigit() for cell in filled
    )
