"""Where the articles of a collection begin.

An article begins with a title of one to three short lines and something that is never inside an
article: the name of a unit under it, its entry in the contents, a number 篇一, a 【栏目】 above it,
the unit before it (某局：标题), the look that all titles have (`alike`), or a count 一、 that begins
again. In a collection that is known by these, headings whose words the news under them say again begin
articles, too. Short news under a heading that says so (学习简讯) need no more than their titles.
"""

import re
from collections.abc import Iterator, Sequence

from bulletin.alike import Look, by_look, by_opening, more_alike
from bulletin.closings import news_title
from bulletin.contents import Contents
from bulletin.heads import SECTION, Kind, join_title, kind_of, read_head, title_before
from bulletin.model import Block, BlockType, Document
from bulletin.text import BLANK, DIGITS, heading_marker, squeeze
from bulletin.titlesigns import (
    BULLET,
    FEWEST,
    UNIT_FIRST,
    Start,
    begins,
    by_contents,
    by_number,
    by_owner,
    by_section,
    by_signature,
    by_unit,
    is_cover,
    is_label,
    lines_of,
    start_at,
)

BODY = 60
"""Characters that an article's body has at least."""
NEWS_ITEMS = 3
"""Short news from which a document whose title says so (简讯) is taken apart."""
NEWS_BODY = 20
"""Characters that one of them has at least, and what it may have."""
NEWS_LONGEST = 600
COVER_LINES = 4
"""Most lines of a cover above the first article."""
_COVER_DATE = re.compile(rf"[（(]?{BLANK}*(?:\d{{4}}|[{DIGITS}○]{{4}})年.{{0,12}}[）)]?")
_NEWS = re.compile(r".{0,20}(?:简讯|快讯|短讯|短波|要闻|集锦|速览|速递|一句话新闻|信息摘编|动态信息|工作动态|学习动态)")


def cover(lines: Sequence[str]) -> int:
    """How many lines at the head are the cover of a collection: 学习交流材料汇编 （2024年5月）."""
    if not lines or not is_cover(lines[0]):
        return 0
    end = 1
    while end < min(len(lines), COVER_LINES) and _COVER_DATE.fullmatch(lines[end].strip()):
        end += 1
    return end


def find_starts(document: Document, lines: Sequence[str], floor: int, listed: Contents | None) -> list[Start]:
    """The starts found by the surest sign that gives a collection; more signs add to the first."""
    witness = "\n".join(entry.title for entry in listed.entries) if listed else ""
    look = Look(document, lines)
    found = {start.body: start for start in by_look(look, floor)}
    for signs in (by_unit, by_contents, by_number, by_section, by_owner, by_signature):
        for start in signs(lines, floor, listed, witness):
            if _room(lines, start, found):
                found.setdefault(start.body, start)
    if len(found) >= FEWEST:
        for more in (more_alike(look, floor, _titles_of(found)), _by_news_title(lines, floor, found)):
            found |= {start.body: start for start in more if _room(lines, start, found)}
        every = {start.body: start for start in by_opening(look, floor)}
        found = every if found.keys() < every.keys() else found
    if len(found) < FEWEST and (news := _by_news(lines)):
        return news
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_unit_first(lines, floor)}
        found = found if len(found) >= UNIT_FIRST else {}
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_restart(document, lines, floor)}
    if len(found) < FEWEST:
        found = {start.body: start for start in by_opening(look, floor)}
    starts = [_with_label(look, document, start, floor) for start in sorted(found.values(), key=lambda s: s.first)]
    return _with_bodies(lines, starts)


def _titles_of(found: dict[int, Start]) -> list[int]:
    """The lines of the titles that are known, names of sections above them left out."""
    return [start.first + start.labels for start in found.values()]


def _with_label(look: Look, document: Document, start: Start, floor: int) -> Start:
    """The start with what is set above its title and is none: a 【栏目】, a heading, a number alone, the end of a cover."""
    lines, first, blocks = look.lines, start.first, document.blocks
    if start.labels:
        return start
    size = lines_of(start.title, lines[first : start.body])
    labels = next((n for n in range(size - 1, 0, -1) if look.parts(first + n) or is_label(lines[first + n - 1])), 0)
    title = join_title(lines[first + labels : first + size]) if labels else start.title
    while first + labels + 1 < start.body and is_label(lines[first + labels]):
        labels += 1
    while first > floor and is_label(lines[first - 1]):
        first, labels = first - 1, labels + 1
    if not labels and first > floor and _is_heading(blocks[first - 1], lines[first - 1].strip()):
        labels = int(blocks[first].type is BlockType.PARAGRAPH)
        first -= labels
    return start._replace(first=first, title=title, labels=labels)


def _is_heading(block: Block, line: str) -> bool:
    """Whether the line is set as a heading and has no number."""
    return block.type is BlockType.HEADING and block.level > 0 and not heading_marker(line)


def _room(lines: Sequence[str], start: Start, found: dict[int, Start]) -> bool:
    """Whether the head does not overlap one that is known already."""
    return all(start.body <= other.first or other.body <= start.first for other in found.values())


def _with_bodies(lines: Sequence[str], starts: list[Start]) -> list[Start]:
    """The starts that a body follows."""
    ends = [start.first for start in starts[1:]] + [len(lines)]
    return [s for s, end in zip(starts, ends, strict=False) if sum(len(x) for x in lines[s.body : end]) >= BODY]


def _by_news_title(lines: Sequence[str], floor: int, found: dict[int, Start]) -> Iterator[Start]:
    """In a collection with sections, titles whose words the news under them say again."""
    if sum(SECTION.fullmatch(line.strip()) is not None for line in lines[floor:]) < FEWEST:
        return
    for index in range(min(found, default=len(lines)), len(lines)):
        first = news_title(lines, index, floor)
        start = start_at(lines, first, index + 1 - first, "") if first is not None else None
        if start:
            yield start


def _by_news(lines: Sequence[str]) -> list[Start]:
    """Titles, bulleted or not, with a few lines of news under each, below a heading 简讯."""
    if not lines or not _NEWS.fullmatch(squeeze(lines[0])):
        return []
    bullets = [i for i in range(1, len(lines)) if BULLET.match(lines[i]) and len(lines[i]) <= 60]
    wanted = bullets or [i for i in range(1, len(lines)) if kind_of(lines[i]) is Kind.TITLE]
    starts = []
    for index in wanted:
        title = BULLET.sub("", lines[index].strip(), count=1)
        if kind_of(title) is not Kind.TITLE or index + 1 >= len(lines) or kind_of(lines[index + 1]) is not Kind.PROSE:
            return []
        starts.append(Start(index, index + 1, title))
    ends = [start.first for start in starts[1:]] + [len(lines)]
    sizes = [sum(map(len, lines[s.body : end])) for s, end in zip(starts, ends, strict=False)]
    fits = len(starts) >= NEWS_ITEMS and starts[0].first == 1 and all(NEWS_BODY <= n <= NEWS_LONGEST for n in sizes)
    return starts if fits else []


def _by_unit_first(lines: Sequence[str], floor: int) -> Iterator[Start]:
    """The name of a unit and under it the title."""
    for index in range(floor, len(lines) - 2):
        if kind_of(lines[index]) is not Kind.UNIT or not begins(lines, index, floor):
            continue
        head = read_head(lines, index)
        if head.title and kind_of(lines[index + 1]) is Kind.TITLE and head.end < len(lines):
            yield Start(index, head.end, head.title, head.unit)


def _by_restart(document: Document, lines: Sequence[str], floor: int) -> Iterator[Start]:
    """A title after which the count of headings begins again with 一、, each part with its own."""
    firsts = [i for i, line in enumerate(lines) if (m := heading_marker(line)) and m.level == 1 and m.number == 1]
    firsts = [i for i in firsts if i >= floor and lines[i][:1] == "一"]
    if len(firsts) < FEWEST:
        return
    previous = floor
    for first in firsts:
        for index in range(first - 1, previous - 1, -1):
            styled = document.blocks[index].type is BlockType.HEADING and not heading_marker(lines[index])
            above = title_before(lines, index + 1, previous)
            if above <= index and (styled or begins(lines, above, previous)):
                start = start_at(lines, above, index + 1 - above, "")
                if start:
                    yield start
                break
        previous = first + 1
