"""版记 (GB/T 9704 7.4): who it goes to, issuer and date, copies; at the foot of the last, even page.

How it gets there. The 版记 is a table that floats: anchored to a paragraph half a point high at the
very end, placed at the bottom of the 版心 of that paragraph's page. Word, WPS and LibreOffice all
keep it at the foot while text above it grows or shrinks. Which page that is comes from a layout
without 版记 (where the text ends, how much room is under it):

    SAME    the text ends on an even page that has room:      on that page
    NEXT    the text ends on an odd page:                     alone on the next
    BLANK   it ends on an even page without room:             an empty page, then the 版记, neither numbered (7.5)
"""

from collections.abc import Iterator
from enum import StrEnum

from builders.front import chinese_date, stand_beside
from builders.linebreaks import count_lines
from builders.ooxml import grids
from builders.ooxml import markup as ml
from builders.ooxml.paper import section
from builders.style import POINTS_PER_MM, HouseStyle, Imprint
from bulletin.imprint import joined
from bulletin.model import Issue

_BELOW = 3.5
"""In pt: a line of exact height has its characters at its foot; this centres them between the rules."""

_HANGING = 2.0
"""In characters: 报： takes two, and lines after the first begin under what follows it (7.4.2)."""


_SMALLEST = 9.0
"""In pt: 小5号, in which the 版心 holds some 250 recipients; with more than fit in 4号 (70) all are set smaller."""
_STEP = 0.5
"""In pt: by so much at a time."""


class Ending(StrEnum):
    """Where the 版记 goes; NONE is the layout that measures where the text ends."""

    NONE = "none"
    SAME = "same"
    NEXT = "next"
    BLANK = "blank"


PAGES_AFTER = {Ending.NONE: 0, Ending.SAME: 0, Ending.NEXT: 1, Ending.BLANK: 2}
"""How many pages come after the one on which the text ends."""


def ending_for(page: int, fits: bool, style: HouseStyle) -> Ending:
    """SAME, NEXT or BLANK for a text that ends on that page, with or without room under it."""
    if not style.imprint.even:
        return Ending.SAME if fits else Ending.NEXT
    if page % 2:
        return Ending.NEXT
    return Ending.SAME if fits else Ending.BLANK


def lines(issue: Issue, style: HouseStyle) -> list[list[str]]:
    """The text of the 版记: groups between which rules stand, of lines."""
    groups = []
    recipients = [f"{label}：{joined(names)}" for label, names in issue.distribution.rows()]
    if recipients:
        groups.append(recipients)
    printer = issue.printed_by or issue.issuer
    if style.imprint.issuer and printer:
        groups.append([f"{printer}\t{chinese_date(issue.date)}印发"])
    if issue.copies:
        groups.append(["\t" + style.imprint.copies.format(copies=issue.copies)])
    return groups


def fitted(issue: Issue, style: HouseStyle) -> Imprint:
    """How the 版记 is set: as the style has it, or in smaller type where the 版心 would not hold it."""
    end = style.imprint
    while _height(issue, style, end) > style.page.text_height and end.size - _STEP >= _SMALLEST:
        size = end.size - _STEP
        end = end.model_copy(update={"size": size, "line": style.imprint.line * size / style.imprint.size})
    return end


def height(issue: Issue, style: HouseStyle) -> float:
    """Height of the 版记 in pt, wrapped lines counted."""
    return _height(issue, style, fitted(issue, style))


def _height(issue: Issue, style: HouseStyle, end: Imprint) -> float:
    room = style.page.text_width / end.size - 2 * end.indent
    count = 0
    for group in lines(issue, style):
        for line in group:
            left, mark, right = line.partition("\t")
            if mark:
                count += 1 if stand_beside(left, right, room) else count_lines(left, room) + 1
            else:
                # The lines after the first stand two characters in, under the first recipient.
                count += count_lines(line, room - _HANGING, -_HANGING)
    return count * end.line + len(lines(issue, style)) * (_BELOW + 1) + 1


def finish(last: str, issue: Issue, style: HouseStyle, ending: Ending, number: int) -> Iterator[str]:
    """The end of the document: its last paragraph with a bookmark, 版记, section properties.

    `number` is the first free id of a bookmark.
    """
    mark = ml.bookmark("ending", number)
    groups = lines(issue, style)
    if ending is Ending.NONE or not groups:
        yield ml.closed(last, mark) + section(style)
        return
    imprint = _table(groups, style, fitted(issue, style)) + ml.tiny()
    new_page = ml.tiny(before=ml.PAGE_BEFORE)
    if ending is Ending.SAME:
        yield ml.closed(last, mark) + imprint + section(style)
    elif ending is Ending.NEXT:
        yield ml.closed(last, mark) + new_page + imprint + section(style)
    else:
        # The paragraph on the empty page is needed: a section that begins with a new page would begin with one only.
        yield ml.closed(last, mark, section(style)) + ml.tiny() + new_page + imprint + section(style, numbered=False)


def _table(groups: list[list[str]], style: HouseStyle, end: Imprint) -> str:
    smaller = end.size < style.imprint.size
    look = (ml.spacing(0, 0, end.line), ml.sized(end.size)) if smaller else ("", "")
    room = style.page.text_width
    outer, inner = end.outer_rule * POINTS_PER_MM, end.inner_rule * POINTS_PER_MM
    side = end.indent * end.size
    tab = ml.right_tab(room - side)
    rows = []
    for at, group in enumerate(groups):
        first, last = at == 0, at == len(groups) - 1
        text = "".join(_line(line, tab, side, end.size, room / end.size - 2 * end.indent, look) for line in group)
        cell = grids.Cell(text, room, outer if first else inner, outer if last else inner)
        rows.append((grids.WHOLE_ROW, [cell]))
    return grids.table(rows, [room], position=grids.at_foot(style.page.left * POINTS_PER_MM), below=_BELOW, name="版记")


def _line(line: str, tab: str, side: float, size: float, room: float, look: tuple[str, str]) -> str:
    """The side blanks are indents: as margins of the cells they would shift a floating table in LibreOffice.

    `look` is what a line in smaller type says of its paragraph and of its runs.
    """
    spaced, sized = look
    left, mark, right = line.partition("\t")
    if mark:
        apart = "" if stand_beside(left, right, room) else ml.line_break()
        runs = ml.run(left, sized) + apart + ml.tab() + ml.run(right, sized)
        return ml.paragraph("Imprint", runs, tab + spaced + ml.indent(side, side))
    hanging = _HANGING * size
    indent = ml.indent(side + hanging, side, hanging=hanging)
    return ml.paragraph("Imprint", ml.run(left, sized), spaced + indent + ml.aligned("both"))
