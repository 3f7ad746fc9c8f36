"""What the elements around a line tell about it: sidebar or comment box by its name, cell of a table of data."""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from extractors.webfurniture import Rule
from extractors.webtree import Line, label

PROSE_SIZE = 15
"""A line of this many characters with punctuation is running text."""
LINKED = 0.5
"""From this share of links on a line is navigation."""
ASIDE_LIMIT = 3
"""An element named as furniture is believed unless it holds more than one in this many characters of the text."""
TABLE_CELLS, TABLE_SHARE = 6, 0.7
"""A table with so many lines, this share of them neither links nor furniture, holds data."""

ASIDE = re.compile(
    r"comment|footer|foot\b|sidebar|side[-_]?bar|related|relate|recommend|copyright|breadcrumb|\bnav|menu|share|"
    r"\bhot|rank|\blink|friend|banner|toolbar|pinglun|xiangguan|login|\bad[-_s]?\b|advert|tuijian|reply|discuss|\bnext"
)
ASIDE_TAGS = frozenset({"nav", "footer", "aside", "select", "button", "form", "header", "option", "label"})


def is_prose(line: Line) -> bool:
    """Whether the line is running text by its length, punctuation and links."""
    return line.size >= PROSE_SIZE and line.link_share < LINKED and line.has_stops


def find_asides(lines: Sequence[Line], rules: Sequence[Rule | None]) -> list[bool]:
    """For each line, whether an element around it is named as furniture and does not hold the bulk of the text.

    `rules` are what `furniture` says of each line.
    """
    mass: dict[etree._Element, int] = {}
    for line, rule in zip(lines, rules, strict=True):
        if rule is None and is_prose(line):
            for element in line.ancestors:
                mass[element] = mass.get(element, 0) + line.size
    whole = max(mass.values(), default=0)
    known: dict[etree._Element, bool] = {}
    for line in lines:
        off, new = False, []
        for element in line.ancestors:
            if element in known:
                off = known[element]
                break
            new.append(element)
        for element in reversed(new):
            named = element.tag in ASIDE_TAGS or ASIDE.search(label(element)) is not None
            known[element] = off = off or (named and mass.get(element, 0) * ASIDE_LIMIT < whole)
    return [known[line.node] for line in lines]


def find_tables(lines: Sequence[Line], is_plain: Callable[[int], bool]) -> dict[int, etree._Element]:
    """For each line in a table of data its table; `is_plain` says whether a line is neither link nor furniture."""
    cells: dict[etree._Element, list[int]] = {}
    for i, line in enumerate(lines):
        if not line.image:
            table = next((e for e in line.ancestors if e.tag == "table"), None)
            if table is not None:
                cells.setdefault(table, []).append(i)
    found: dict[int, etree._Element] = {}
    for table, members in cells.items():
        enough = len(members) >= TABLE_CELLS and next(table.iterdescendants("table"), None) is None
        if enough and sum(map(is_plain, members)) >= TABLE_SHARE * len(members):
            found.update(dict.fromkeys(members, table))
    return found
