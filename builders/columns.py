"""How wide the columns of a table are, from what is in their cells."""

import re
from collections.abc import Sequence
from math import sqrt

from builders.widths import set_width

_NARROWEST = 2.5
"""In characters: less would set a column one character wide."""
_FIGURES = 1.5
"""The same where no cell of the column is broken: beside twelve columns of figures names would have no room."""
_UNBROKEN = 8.0
"""In characters: cells up to a date's length stay on one line, where `_GRANTED` lets them."""
_WORDS = 5.0
"""In characters: what a column of longer cells has at least, so that names are not set a character a line."""
_GRANTED = 0.75
"""Share of the width that may be granted before the rest goes to where it lowers the rows."""
_SHORT_HEAD = 4.0
"""In characters: heads up to this stay on one line where there is room; so do units in brackets: （亿元）, （%）."""
_LOOKED_AT = 60
"""Rows, those with the most text, that the widths of columns are found by."""
_RUNGS = (
    (_UNBROKEN, _WORDS, 2, _GRANTED),
    (_WORDS, _WORDS, 3, _GRANTED),
    (_WORDS, _NARROWEST, 4, 1.0),
)
"""What columns are granted, the first that the width allows: cells up to so long are not broken, longer ones have so
much at least, heads take so many lines at the most; share of the width that all this may take. What is in the cells goes
before the heads: those are broken without harm, 青浦湾|市 is not."""
_MANY = 5
"""Lines of a head at most, from which short ones are broken too."""
_TIGHT = ((_UNBROKEN, _WORDS, 2, 1.0, _FIGURES), (_WORDS, _WORDS, _MANY, 1.0, _FIGURES))
"""The same for tables in smaller type, and how narrow a column may be."""
_BRACKETS = re.compile(r"（[^（）]*）")


def column_widths(
    rows: Sequence[Sequence[str]], room: float, character: float, padding: float, header: int = 0
) -> list[float]:
    """Widths in pt that add up to `room`; the first `header` rows are heads.

    Every column gets what its longest cell asks for. Where that is too much, short columns keep theirs
    (a date is not broken) and the others share what is left so that the rows are as low as they can be.
    """
    if widths := granted_widths(rows, room, character, padding, header, tight=True):
        return widths
    count = max(len(row) for row in rows)
    sizes = _sizes(rows, count)
    longest = [max(column) for column in zip(*sizes, strict=True)]
    widths = [_NARROWEST * character + 2 * padding + 1] * count
    if sum(widths) > _GRANTED * room:
        return [room / count] * count
    wishes = [max(size, _NARROWEST) * character + 2 * padding + 1 for size in longest]
    return _shared(widths, wishes, sizes, room, character, 2 * padding)


def granted_widths(
    rows: Sequence[Sequence[str]], room: float, character: float, padding: float, header: int, *, tight: bool = False
) -> list[float]:
    """The same where no word needs to be broken for want of room; else none. A `tight` table has narrow columns of figures."""
    count = max(len(row) for row in rows)
    sizes = _sizes(rows, count)
    longest = [max(column) for column in zip(*sizes, strict=True)]
    wishes = [max(size, _NARROWEST) * character + 2 * padding + 1 for size in longest]
    if sum(wishes) <= room:
        return [wish * room / sum(wishes) for wish in wishes]
    heads = [[row[at] if at < len(row) else "" for row in rows[:header]] for at in range(count)]
    cells = [max(column) for column in zip(*(sizes[header:] or sizes), strict=True)]
    rungs = [(*rung, _NARROWEST) for rung in _RUNGS]
    for longest_whole, shortest, lines, share, least in [*rungs[:-1], *_TIGHT, rungs[-1]] if tight else rungs:
        widths = [
            max(cell if cell <= longest_whole else shortest, *(_head(text, lines) for text in head), least)
            * character + 2 * padding + 1
            for cell, head in zip(cells, heads, strict=True)
        ]  # fmt: skip
        if sum(widths) <= share * room:
            wishes = [max(size, least) * character + 2 * padding + 1 for size in longest]
            return _shared(widths, wishes, sizes, room, character, 2 * padding)
    return []


def _sizes(rows: Sequence[Sequence[str]], count: int) -> list[list[float]]:
    return [[set_width(row[at]) if at < len(row) else 0.0 for at in range(count)] for row in rows]


def _head(text: str, lines: int) -> float:
    """What a head needs to take so many lines, its unit in brackets on one of them."""
    size = set_width(text)
    if size <= _SHORT_HEAD and lines < _MANY:
        return size
    units = [set_width(unit) for unit in _BRACKETS.findall(text)]
    # Half a character more: the per cent sign of many faces is as wide as a Chinese character.
    return max(size / lines, *(unit + 0.5 * ("%" in text) for unit in units if unit <= _SHORT_HEAD), 0.0)


def _shared(
    widths: list[float], wishes: Sequence[float], sizes: list[list[float]], room: float, character: float, blank: float
) -> list[float]:
    """The rest of the room, a character at a time, to the column where it lowers the rows most."""
    tallest = sorted(sizes, key=sum, reverse=True)[:_LOOKED_AT]
    columns = range(len(widths))

    def lines(at: int, size: float) -> list[float]:
        # A high power of its lines stands for the highest cell of a row, but grows steadily where that jumps.
        shares = [row[at] * character / (size - blank) for row in tallest]
        return [share * share * share * share for share in shares]

    depths = [lines(at, widths[at]) for at in columns]
    while room - sum(widths) >= character:
        open_ = [at for at in columns if widths[at] + character <= wishes[at]]
        if not open_:
            break
        totals = [sum(row) for row in zip(*depths, strict=True)]
        tried = {at: lines(at, widths[at] + character) for at in open_}

        def gained(at: int, totals: list[float] = totals, tried: dict[int, list[float]] = tried) -> float:
            return sum(
                sqrt(sqrt(total)) - sqrt(sqrt(max(total - old + new, 0.0)))
                for total, old, new in zip(totals, depths[at], tried[at], strict=True)
            )

        best = max(open_, key=gained)
        widths[best], depths[best] = widths[best] + character, tried[best]
    return [size * room / sum(widths) for size in widths]
