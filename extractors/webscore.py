"""Which lines of a page are its article: one stretch in reading order, found without any list of sites.

Running text scores, links and furniture cost, and so does the way through the tree from one line to the next;
the stretch with the highest sum is the article's core (maximum subsequence segmentation, Pasternack and Roth,
WWW 2009). The core is then grown inside its container and trimmed of furniture at both ends.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from extractors.webfurniture import ADVERT, COMMENTS, END, LEGAL, NAVIGATION, OTHER, RELATED, TOOLS, Rule, furniture
from extractors.webtree import Line, label

PROSE_SIZE = 15
"""A line of this many characters with punctuation is running text."""
PROSE_CAP = 160
"""No line scores more: a long disclaimer must not outweigh an article of short lines."""
LINKED = 0.5
"""From this share of links on a line is navigation."""
FURNITURE_COST = 30.0
END_COST = 80.0
STEP_COST = 1.5
"""For each step through the tree beyond the two between siblings."""
FREE_STEPS = 2
GAP_CAP = 150.0
"""What the lines between two pieces of text may cost at the most (an advert or picture box inside an article)."""
CONTAINER_SHARE = 0.85
"""The container is the innermost element that holds this share of the core's characters."""

ASIDE = re.compile(
    r"comment|footer|foot\b|sidebar|side[-_]?bar|related|relate|recommend|copyright|breadcrumb|\bnav|menu|share|"
    r"\bhot|rank|\blink|friend|banner|toolbar|pinglun|xiangguan|login|\bad[-_s]?\b|advert|tuijian|reply|discuss|\bnext"
)
ASIDE_TAGS = frozenset({"nav", "footer", "aside", "select", "button", "form", "header", "option", "label"})


@dataclass(frozen=True)
class Selection:
    """Which lines are the article, and the rule by which each other line is not."""

    kept: tuple[int, ...]
    dropped: dict[int, Rule]
    score: float
    container: etree._Element | None


def select(lines: Sequence[Line], title: str = "") -> Selection:
    """The article's lines; empty where the page has no running text at all."""
    rules = [furniture(line) for line in lines]
    mass = _masses(lines, rules)
    aside = _aside(lines, mass)
    scores = [_score(line, rule, off) for line, rule, off in zip(lines, rules, aside, strict=True)]
    start, end, total = _best_stretch(lines, scores)
    if start >= end:
        return Selection((), {}, 0.0, None)
    container = _container(lines, range(start, end), scores)
    start, end = _grow(lines, rules, scores, aside, container, start, end)
    start, end = _trim(lines, rules, scores, start, end)
    kept = [i for i in range(start, end) if not _island(lines, rules, aside, i)]
    chosen = set(kept)
    dropped = {i: rules[i] or OTHER for i in range(len(lines)) if i not in chosen}
    return Selection(tuple(kept), dropped, total, container)


def is_prose(line: Line) -> bool:
    return line.size >= PROSE_SIZE and line.stops > 0 and line.link_share < LINKED


def _masses(lines: Sequence[Line], rules: Sequence[Rule | None]) -> dict[etree._Element, int]:
    """Characters of running text in each element."""
    mass: dict[etree._Element, int] = {}
    for line, rule in zip(lines, rules, strict=True):
        if rule is None and is_prose(line):
            for element in line.ancestors:
                mass[element] = mass.get(element, 0) + line.size
    return mass


def _aside(lines: Sequence[Line], mass: dict[etree._Element, int]) -> list[bool]:
    """For each line, whether it stands in an element named as furniture that does not hold the bulk of the text."""
    whole = max(mass.values(), default=0)
    known: dict[etree._Element, bool] = {}

    def off(element: etree._Element) -> bool:
        if element not in known:
            named = element.tag in ASIDE_TAGS or ASIDE.search(label(element)) is not None
            parent = element.getparent()
            own = named and mass.get(element, 0) * 3 < whole
            known[element] = own or (parent is not None and off(parent))
        return known[element]

    return [off(line.node) for line in lines]


def _score(line: Line, rule: Rule | None, aside: bool) -> float:
    if line.image:
        return 0.0
    if rule is not None:
        return -END_COST if rule in END else -FURNITURE_COST
    if line.link_share >= LINKED:
        return -4.0 - min(line.size, 40) * 0.5
    plain = line.size - line.linked
    if is_prose(line):
        value = float(min(plain, PROSE_CAP))
    elif line.size >= 2 * PROSE_SIZE:
        value = min(plain, PROSE_CAP) * 0.3
    else:
        value = -2.0
    return min(value * 0.2, 20.0) - 10.0 if aside else value


def _steps(first: etree._Element, second: etree._Element) -> int:
    """Steps up and down the tree from one element to the other."""
    if first is second:
        return 0
    if first.getparent() is second.getparent():
        return 2
    above = {element: i for i, element in enumerate((first, *first.iterancestors()))}
    for down, element in enumerate((second, *second.iterancestors())):
        if element in above:
            return above[element] + down
    return len(above)


def _best_stretch(lines: Sequence[Line], scores: Sequence[float]) -> tuple[int, int, float]:
    """Start, end and sum of the best stretch (Kadane, with a cap on what a gap may cost)."""
    best = (0, 0, 0.0)
    start, total, peak = 0, 0.0, 0.0
    last: Line | None = None
    for i, (line, score) in enumerate(zip(lines, scores, strict=True)):
        if line.image:
            continue
        way = _steps(last.node, line.node) - FREE_STEPS if last is not None else 0
        last = line
        cost = STEP_COST * max(0, way)
        if total <= 0:
            start, total, peak, cost = i, 0.0, 0.0, 0.0
        total += score - cost
        if score <= 0 and total < peak - GAP_CAP:
            total = max(total, peak - GAP_CAP)
        peak = max(peak, total) if score > 0 else peak
        if total > best[2]:
            best = (start, i + 1, total)
    return best


def _container(lines: Sequence[Line], span: range, scores: Sequence[float]) -> etree._Element | None:
    mass: dict[etree._Element, int] = {}
    whole = 0
    for i in span:
        if scores[i] > 0:
            whole += lines[i].size
            for element in lines[i].ancestors:
                mass[element] = mass.get(element, 0) + lines[i].size
    for i in span:
        if scores[i] > 0:
            for element in lines[i].ancestors:
                if mass[element] >= CONTAINER_SHARE * whole and element.tag not in ("p", "tr", "tbody"):
                    return element
    return None


def _inside(line: Line, container: etree._Element | None) -> bool:
    return container is not None and any(element is container for element in line.ancestors)


def _grow(
    lines: Sequence[Line],
    rules: Sequence[Rule | None],
    scores: Sequence[float],
    aside: Sequence[bool],
    container: etree._Element | None,
    start: int,
    end: int,
) -> tuple[int, int]:
    """The stretch with what belongs to it on both sides: short lines of the same container up to furniture."""
    while end < len(lines) and _joins(lines, rules, aside, container, end):
        end += 1
    while start > 0 and _joins(lines, rules, aside, container, start - 1):
        start -= 1
    return start, end


def _joins(
    lines: Sequence[Line],
    rules: Sequence[Rule | None],
    aside: Sequence[bool],
    container: etree._Element | None,
    i: int,
) -> bool:
    line = lines[i]
    if aside[i] or not _inside(line, container):
        return False
    return line.image or (rules[i] is None and line.link_share < LINKED)


def _trim(
    lines: Sequence[Line], rules: Sequence[Rule | None], scores: Sequence[float], start: int, end: int
) -> tuple[int, int]:
    """The stretch cut at the first sign of an end behind its bulk, and without furniture at either end."""
    whole = sum(s for s in scores[start:end] if s > 0)
    seen = 0.0
    for i in range(start, end):
        seen += max(0.0, scores[i])
        if rules[i] in END and seen >= 0.5 * whole:
            end = i
            break
    while start < end and _loose(lines[start], rules[start]):
        start += 1
    while end > start and _loose(lines[end - 1], rules[end - 1]):
        end -= 1
    return start, end


def _loose(line: Line, rule: Rule | None) -> bool:
    return rule is not None or (not line.image and line.link_share >= LINKED)


def _island(lines: Sequence[Line], rules: Sequence[Rule | None], aside: Sequence[bool], i: int) -> bool:
    """Whether a line inside the article is furniture all the same: a share bar, a box of links, an advert."""
    line, rule = lines[i], rules[i]
    if rule in (TOOLS, NAVIGATION, ADVERT, RELATED, COMMENTS, LEGAL):
        return True
    return not line.image and (aside[i] or (line.link_share >= 0.8 and line.size > 3))
