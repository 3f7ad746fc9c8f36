"""Which lines of a page are its article: one stretch in reading order, found without any list of sites.

Running text scores, links and furniture cost, and so does the way through the tree from one line to the next; the
stretch with the highest sum is the article's core (maximum subsequence segmentation, Pasternack and Roth, WWW 2009).
The core is then widened inside its container, and trimmed of furniture at both ends and within.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from bulletin.text import is_date_line
from extractors.webaside import LINKED, PROSE_SIZE, find_asides, find_tables, is_prose
from extractors.webfurniture import (
    ADVERT,
    BYLINE,
    COMMENTS,
    END,
    LEGAL,
    NAVIGATION,
    OTHER,
    RELATED,
    TOOLS,
    Rule,
    furniture,
    is_attachment,
)
from extractors.webtree import Line, steps

PROSE_CAP = 160
"""No line scores more: a long disclaimer must not outweigh an article of short lines."""
BOX_LINKED = 0.8
"""From this share of links on a line inside the article is an advert or a box of links, not a sentence with a link."""
SHORT_COST = 2.0
LINK_COST, LINK_COST_EACH, LINK_COST_SIZE = 4.0, 0.5, 40
FURNITURE_COST = 30.0
END_COST = 80.0
ASIDE_SHARE, ASIDE_GAIN, ASIDE_COST = 0.2, 20.0, 10.0
"""Text in an element named as furniture (comments, sidebar) keeps little of its score."""
STEP_COST = 1.5
"""For each step through the tree beyond the two between siblings."""
FREE_STEPS = 2
GAP_CAP = 150.0
"""What lies between two pieces of text may cost at the most (an advert or picture box inside an article)."""
CONTAINER_SHARE = 0.85
"""The container is the innermost element that holds this share of the core's characters."""
TITLE_GAIN, TITLE_REACH = 150.0, 20
"""The first running text within so many lines of its printed title gains this: short news among long teasers."""
VERSE_RUN, VERSE_SIZE, VERSE_SHARE = 4, 4, 0.5
"""So many plain lines together, of this many letters on average, may be verse, a list or a form: the second try."""
VERSE_FACTOR = 2.0
"""The second try is taken where it gives this many times the text of the first."""
SAID_AGAIN = 2
"""So many lines that end in a clock time behind the bulk of the text sign the comments of readers."""
TITLE_LIMIT = 0.3
"""A title printed with at most this share of the score above it is the article's; what is above it is not."""
END_LIMIT = 0.5
"""A sign of the end counts once this share of the score lies above it."""
SPECK = 6
"""A line of up to this many characters between two lines of furniture is furniture."""

_SIGNED = re.compile(r"^.{0,44}(?:\d{1,2}[:：]\d\d(?:[:：]\d\d)?|\d+(?:秒|分钟|小时|天|周|个月|年)前)\D{0,6}$")

_SOURCED = re.compile(r"(?=.*(?:19|20)\d\d).*(?:来源|作者|发布|编辑|\d[:：]\d\d)")
_WORD = re.compile(r"\w")
WIDEST_CLIMB = 12
"""Levels to climb from the container at the most: three nested layout tables."""
NO_CONTAINERS = frozenset({"p", "tr", "tbody"})
INNER_FURNITURE = (TOOLS, NAVIGATION, ADVERT, RELATED, COMMENTS, LEGAL)


@dataclass(frozen=True)
class Selection:
    """Which lines are the article, and the rule by which each other line is not."""

    kept: tuple[int, ...]
    dropped: dict[int, Rule]
    score: float = 0.0


def select(lines: Sequence[Line], titles: Collection[int] = ()) -> Selection:
    """The article's lines; none where the page has no running text. `titles` are lines that print the page's title."""
    selector = _Selector(lines, titles)
    kept, total = selector.run()
    if selector.count_verse() > _size(lines, kept):
        verse, verse_total = selector.run()
        if _size(lines, verse) > VERSE_FACTOR * _size(lines, kept):
            kept, total = verse, verse_total
    rules = selector.rules
    chosen = set(kept)
    dropped = {i: rules[i] or OTHER for i in range(len(lines)) if i not in chosen}
    return Selection(tuple(kept), dropped, total)


def _size(lines: Sequence[Line], indices: Sequence[int]) -> int:
    return sum(lines[i].size for i in indices)


class _Selector:
    def __init__(self, lines: Sequence[Line], titles: Collection[int]) -> None:
        self.lines, self.titles = lines, titles
        self.rules = [furniture(line) for line in lines]
        self._spare_signatures()
        self.aside = find_asides(lines, self.rules)
        self.tables = self._free_cells()
        self.ways = self._ways()
        self.scores = [self._score(i) for i in range(len(lines))]
        self._favour_title()

    def _favour_title(self) -> None:
        """Raise the first running text below the printed title; of several, the one with the most text below."""
        best: tuple[float, int | None] = (0.0, None)
        for title in self.titles or self._bylines():
            below = range(title + 1, min(len(self.lines), title + 1 + TITLE_REACH))
            first = next((i for i in below if self.scores[i] > 0 and is_prose(self.lines[i])), None)
            best = max(best, (sum(max(0.0, self.scores[i]) for i in below), first), key=lambda pair: pair[0])
        if best[1] is not None:
            self.scores[best[1]] += TITLE_GAIN

    def _bylines(self) -> list[int]:
        """The lines with source or author and day, which stand above an article where no title is printed."""
        dated = (i for i, rule in enumerate(self.rules) if rule is BYLINE and not self.aside[i])
        return [i for i in dated if _SOURCED.search(self.lines[i].text)]

    def run(self) -> tuple[list[int], float]:
        start, end, total = self._core()
        if start >= end:
            return [], 0.0
        start, end = self._grow(start, end, self._widest(self._container(start, end)))
        start, end = self._trim(start, end)
        kept = [i for i in range(start, end) if not self._is_box(i)]
        return self._without_specks(kept), total

    def _spare_signatures(self) -> None:
        """A date line right behind running text of the same element (二〇二二年二月十三日) signs it; it is no byline."""
        prose: set[etree._Element | None] = set()
        for i, line in enumerate(self.lines):
            if line.image:
                continue
            parent = line.node.getparent()
            if is_prose(line) and self.rules[i] is None:
                prose |= {line.node, parent}
            if "年" in line.text and parent in prose and is_date_line(line.text):
                self.rules[i] = None

    def _free_cells(self) -> dict[int, etree._Element]:
        """The table of each cell of data; there 大 or 支持 is a value and no button."""
        tables = find_tables(self.lines, self._is_plain)
        for i in tables:
            if self.rules[i] in (TOOLS, NAVIGATION):
                self.rules[i] = None
        return tables

    # ------------------------------------------------------------ scores

    def _score(self, i: int) -> float:
        line, rule = self.lines[i], self.rules[i]
        if line.image:
            return 0.0
        if rule is not None:
            return -END_COST if rule in END else -FURNITURE_COST
        if self._is_linked(line):
            return -LINK_COST - min(line.size, LINK_COST_SIZE) * LINK_COST_EACH
        plain = min(max(0, line.size - line.linked), PROSE_CAP)
        if is_prose(line):
            value = float(plain)
        elif line.size >= 2 * PROSE_SIZE:
            value = plain * 0.3
        else:
            value = 0.0 if i in self.tables else -SHORT_COST
        return min(value * ASIDE_SHARE, ASIDE_GAIN) - ASIDE_COST if self.aside[i] else value

    def _is_linked(self, line: Line, share: float = LINKED) -> bool:
        return not line.image and line.link_share >= share and not is_attachment(line.text)

    def count_verse(self) -> int:
        """Let runs of short plain lines score as text from now on; how many characters they have."""
        run: list[int] = []
        counted = 0
        for i, line in enumerate(self.lines):
            if line.image:
                continue
            if run and not (self._is_verse(i) and steps(self.lines[run[-1]].ancestors, line.ancestors) <= FREE_STEPS):
                counted += self._count_run(run)
                run = []
            if self._is_verse(i):
                run.append(i)
        return counted + self._count_run(run)

    def _count_run(self, run: Sequence[int]) -> int:
        if len(run) < VERSE_RUN or sum(self.lines[i].letters for i in run) < VERSE_SIZE * len(run):
            return 0
        for i in run:
            self.scores[i] = max(self.scores[i], self.lines[i].size * VERSE_SHARE)
        return _size(self.lines, run)

    def _is_verse(self, i: int) -> bool:
        return not self.lines[i].image and self._is_plain(i) and self.lines[i].letters > 0

    # ------------------------------------------------------------ the stretch

    def _core(self) -> tuple[int, int, float]:
        """Start, end and sum of the best stretch (Kadane's algorithm, with a cap on what a gap may cost)."""
        best = (0, 0, 0.0)
        start, total, peak = 0, 0.0, 0.0
        for i, way in self.ways.items():
            score = self.scores[i]
            if total <= 0:
                start, total, peak, way = i, 0.0, 0.0, 0
            total += score - STEP_COST * max(0, way)
            if score > 0:
                peak = max(peak, total)
            else:
                total = max(total, peak - GAP_CAP)
            if total > best[2]:
                best = (start, i + 1, total)
        return best

    def _ways(self) -> dict[int, int]:
        """Each line that is no image, with the steps that lead to it from the one before it."""
        texts = [i for i, line in enumerate(self.lines) if not line.image]
        return dict(zip(texts, [0, *(self._way(*pair) for pair in pairwise(texts))], strict=False))

    def _way(self, first: int, second: int) -> int:
        """Steps through the tree that cost; none from cell to cell of a table of data."""
        table = self.tables.get(first)
        if table is not None and table is self.tables.get(second):
            return 0
        return steps(self.lines[first].ancestors, self.lines[second].ancestors) - FREE_STEPS

    def _container(self, start: int, end: int) -> etree._Element | None:
        mass: dict[etree._Element, int] = {}
        scoring = [self.lines[i] for i in range(start, end) if self.scores[i] > 0]
        for line in scoring:
            for element in line.ancestors:
                mass[element] = mass.get(element, 0) + line.size
        enough = CONTAINER_SHARE * sum(line.size for line in scoring)
        for line in scoring:
            for element in line.ancestors:
                if mass[element] >= enough and element.tag not in NO_CONTAINERS:
                    return element
        return None

    def _widest(self, container: etree._Element | None) -> etree._Element | None:
        """The container or the widest element around it that adds nothing but plain lines (a table after the text)."""
        for _ in range(WIDEST_CLIMB):
            parent = container.getparent() if container is not None else None
            if parent is None or parent.tag in ("body", "html"):
                break
            if not all(map(self._is_plain, self._members(parent))):
                break
            container = parent
        return container

    def _members(self, element: etree._Element) -> range:
        """The lines inside an element: without a break, as lines are in reading order."""
        inside = [i for i, line in enumerate(self.lines) if element in line.ancestors]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def _is_plain(self, i: int) -> bool:
        line = self.lines[i]
        return line.image or (self.rules[i] is None and not self.aside[i] and not self._is_linked(line))

    def _grow(self, start: int, end: int, container: etree._Element | None) -> tuple[int, int]:
        """The stretch with the short lines of its container on both sides, up to the first furniture."""
        if container is None:
            return start, end
        inside = self._members(container)
        while end in inside and self._is_plain(end):
            end += 1
        while start - 1 in inside and self._is_plain(start - 1):
            start -= 1
        return start, end

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        """The stretch from its title to the first sign of an end, without furniture at either side."""
        whole = sum(max(0.0, score) for score in self.scores[start:end])
        seen = 0.0
        signed = [i for i in range(start, end) if self.rules[i] is BYLINE and _SIGNED.search(self.lines[i].text)]
        comments = signed if len(signed) >= SAID_AGAIN else []
        for i in range(start, end):
            if i in self.titles and seen <= TITLE_LIMIT * whole:
                start = i + 1
            seen += max(0.0, self.scores[i])
            if seen >= END_LIMIT * whole and (self.rules[i] in END or i in comments):
                end = i
                break
        while (first := self._next_text(range(start, end))) is not None and self._is_loose(first):
            start = first + 1
        while (last := self._next_text(range(end - 1, start - 1, -1))) is not None and self._is_loose(last):
            end = last
        return start, end

    def _next_text(self, indices: Collection[int]) -> int | None:
        return next((i for i in indices if not self.lines[i].image), None)

    def _is_loose(self, i: int) -> bool:
        return self.rules[i] is not None or self._is_linked(self.lines[i])

    # ------------------------------------------------------------ furniture inside

    def _is_box(self, i: int) -> bool:
        """Whether a line inside the article is furniture all the same: a share bar, an advert, a box of links."""
        if self.rules[i] in INNER_FURNITURE or self.aside[i]:
            return True
        return self._is_linked(self.lines[i], BOX_LINKED)

    def _without_specks(self, kept: list[int]) -> list[int]:
        """The kept lines without the bullets and crumbs left over beside or between lines of furniture."""
        chosen = set(kept)
        texts = [i for i in range(kept[0], kept[-1] + 1) if not self.lines[i].image] if kept else []
        for k in range(1, len(texts) - 1):
            line = self.lines[texts[k]]
            gone = sum(texts[near] not in chosen for near in (k - 1, k + 1))
            if (gone == 2 and line.size <= SPECK) or (gone and not _WORD.search(line.text)):
                chosen.discard(texts[k])
        return [i for i in kept if i in chosen]
