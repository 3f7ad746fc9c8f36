"""Where the articles of a collection begin.

An article begins with a title of one to three short lines and something that is never inside an
article: the name of a unit under it, its entry in the contents, a number 篇一, a 【栏目】 above it,
the unit before it (某局：标题), a rule above it, or a count 一、 that begins again. Short news under a
heading that says so (学习简讯) need no more than their titles.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.contents import Contents
from bulletin.heads import SECTION, TITLE_LINES, Kind, join_title, kind_of, owner, read_head, title_before
from bulletin.model import BlockType, Document
from bulletin.paragraphs import is_finished
from bulletin.text import BLANK, DIGITS, heading_marker, is_heading_line, squeeze

FEWEST = 2
"""Articles from which a document is a collection."""
UNIT_FIRST = 3
"""The same where each unit stands above its title, which a signature and an annex can look like."""
BODY = 60
"""Characters that an article's body has at least."""
NEWS_ITEMS = 3
"""Short news from which a document whose title says so (简讯) is taken apart."""
NEWS_BODY = 20
"""Characters that one of them has at least, and what it may have."""
NEWS_LONGEST = 600
COVER_LINES = 4
"""Most lines of a cover above the first article."""
_COVER = re.compile(
    r".{0,30}(?:汇编|选编|文集|合集|集锦|摘编|选登|(?:交流|发言|经验|学习|典型|参阅|书面|会议|宣讲)材料|材料选)(?:[（(].{1,20}[）)])?"
)
_COVER_DATE = re.compile(rf"[（(]?{BLANK}*(?:\d{{4}}|[{DIGITS}○]{{4}})年.{{0,12}}[）)]?")
_NEWS = re.compile(r".{0,20}(?:简讯|快讯|短讯|短波|要闻|集锦|速览|速递|一句话新闻|信息摘编|动态信息|工作动态|学习动态)")
BULLET = re.compile(rf"[◆◇★☆●○■□▲△▼※►▶]{BLANK}*")
PIECE = re.compile(
    rf"[【\[（(]?{BLANK}*(?:第{BLANK}*(?:[{DIGITS}]+|\d+){BLANK}*篇|(?:交流|大会|书面|经验)?(?:范文|材料|发言|篇|心得|体会)之?(?:[{DIGITS}]+|\d+)){BLANK}*[】\]）)]?[：:、．.\s]*"
)


class Start(NamedTuple):
    """Where an article begins: the lines of its head from `first`, its body from `body`."""

    first: int
    body: int
    title: str
    unit: str = ""
    section: str = ""


def cover(lines: Sequence[str]) -> int:
    """How many lines at the head are the cover of a collection: 学习交流材料汇编 （2024年5月）."""
    if not lines or not _COVER.fullmatch(squeeze(lines[0])):
        return 0
    end = 1
    while end < min(len(lines), COVER_LINES) and _COVER_DATE.fullmatch(lines[end].strip()):
        end += 1
    return end


def find_starts(document: Document, lines: Sequence[str], floor: int, listed: Contents | None) -> list[Start]:
    """The starts found by the surest sign that gives a collection; more signs add to the first."""
    witness = "\n".join(entry.title for entry in listed.entries) if listed else ""
    found: dict[int, Start] = {}
    for signs in (_by_unit, _by_contents, _by_number, _by_section, _by_owner):
        for start in signs(lines, floor, listed, witness):
            if _room(lines, start, found):
                found.setdefault(start.body, start)
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_rule(document, lines, floor)}
    if len(found) < FEWEST and (news := _by_news(lines)):
        return news
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_unit_first(lines, floor)}
        found = found if len(found) >= UNIT_FIRST else {}
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_restart(document, lines, floor)}
    return _with_bodies(lines, [_with_label(lines, start, floor) for start in sorted(found.values())])


def _with_label(lines: Sequence[str], start: Start, floor: int) -> Start:
    """The start with the line above it that is a 【栏目】 or a number alone."""
    above = lines[start.first - 1].strip() if start.first > floor else ""
    label = above and (SECTION.fullmatch(above) or PIECE.fullmatch(above))
    return start._replace(first=start.first - 1) if label else start


def _room(lines: Sequence[str], start: Start, found: dict[int, Start]) -> bool:
    """Whether the head does not overlap one that is known already."""
    return all(start.body <= other.first or other.body <= start.first for other in found.values())


def _with_bodies(lines: Sequence[str], starts: list[Start]) -> list[Start]:
    """The starts that a body follows."""
    ends = [start.first for start in starts[1:]] + [len(lines)]
    return [s for s, end in zip(starts, ends, strict=False) if sum(len(x) for x in lines[s.body : end]) >= BODY]


def _begins(lines: Sequence[str], first: int, floor: int) -> bool:
    """Whether an article can begin at the line: what comes before is finished."""
    if first <= floor:
        return True
    before = lines[first - 1].strip()
    kind = kind_of(before) if before else Kind.PROSE
    return is_finished(before) or kind in (Kind.DATE, Kind.UNIT, Kind.SECTION, Kind.AUTHOR) or len(before) > 60


def _start(lines: Sequence[str], first: int, titles: int, witness: str) -> Start | None:
    """The start whose title has `titles` lines from `first`, where a body follows its head."""
    title = join_title(lines[first : first + titles], witness)
    marker = heading_marker(title)
    head = read_head([title[marker.end :] if marker else title, *lines[first + titles :]], titles=1)
    body = first + titles - 1 + head.end
    if head.end == 0 or body >= len(lines) or kind_of(lines[body]) not in (Kind.PROSE, Kind.HEADING, Kind.KEYWORDS):
        return None
    return Start(first, body, title, head.unit)


def _by_unit(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """A title and under it the name of a unit: the commonest form."""
    for index in range(floor + 1, len(lines)):
        if kind_of(lines[index]) not in (Kind.UNIT, Kind.BYLINE, Kind.AUTHOR, Kind.SUBTITLE):
            continue
        first = title_before(lines, index, floor)
        while first < index and PIECE.fullmatch(lines[first].strip()):
            first += 1
        if first == index and _numbered_title(lines[index - 1]):
            first = index - 1
        if first < index and _begins(lines, first, floor):
            start = _start(lines, first, index - first, witness)
            if start and (start.unit or read_head(lines, index, titles=0).author):
                yield start


def _numbered_title(line: str) -> bool:
    """Whether a numbered short line can be a title: it counts articles where a unit stands under it."""
    return is_heading_line(line.strip())


def _by_contents(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """A title that the contents list, whole or over several lines."""
    if not listed or not listed.entries:
        return
    for first in range(floor, len(lines)):
        for titles in range(TITLE_LINES, 0, -1):
            part = lines[first : first + titles]
            if len(part) < titles or any(kind_of(x) not in (Kind.TITLE, Kind.HEADING) for x in part):
                continue
            if listed.best(join_title(part)) and _begins(lines, first, floor):
                start = _start(lines, first, titles, witness)
                if start:
                    entry = listed.best(join_title(part))
                    yield start._replace(unit=start.unit or (entry.unit if entry else ""))
                    break


def _by_number(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """篇一：…, 第二篇 …, 【范文3】: alone or with the title behind it or under it."""
    found = [i for i in range(floor, len(lines)) if len(lines[i]) <= 80 and PIECE.match(lines[i].strip())]
    if len(found) < FEWEST:
        return
    for index in found:
        rest = PIECE.sub("", lines[index].strip(), count=1).strip()
        titles = 0 if rest else 1
        head = read_head([rest, *lines[index + 1 :]] if rest else lines[index + 1 :], titles=1)
        yield Start(index, index + head.end + titles, head.title or rest or lines[index].strip(), head.unit)


def _by_section(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """【栏目】 and under it a title and a text."""
    sections = [i for i in range(floor, len(lines)) if SECTION.fullmatch(lines[i].strip())]
    if len(sections) < FEWEST:
        return
    for index in sections:
        titles = 0
        while (
            titles < TITLE_LINES
            and index + 1 + titles < len(lines)
            and kind_of(lines[index + 1 + titles]) is Kind.TITLE
        ):
            titles += 1
        start = _start(lines, index + 1, titles, witness) if titles else None
        if start:
            yield start._replace(first=index)


def _by_owner(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """某局：标题, one after the other from the head of the document or of its sections on.

    Under a title of its own such lines are the headings of a survey.
    """
    found = []
    for index in range(floor, len(lines)):
        if owner(lines[index]) and _begins(lines, index, floor) and (start := _start(lines, index, 1, witness)):
            found.append(start)
    heads = found and (found[0].first == floor or kind_of(lines[found[0].first - 1]) is Kind.SECTION)
    if len(found) >= FEWEST and heads:
        yield from found


def _by_rule(document: Document, lines: Sequence[str], floor: int) -> Iterator[Start]:
    """Titles under the rules ————, ＊＊＊ that cleaning took away, where one stands under each of them."""
    rules = [change.at for change in document.changes if change.rule == "rule-line"]
    places = [block.at[0] if block.at else index for index, block in enumerate(document.blocks)]
    firsts = [floor, *(bisect_right(places, rule) for rule in rules)]
    starts = [_titled(lines, first) for first in sorted({first for first in firsts if first < len(lines)})]
    if len(starts) >= FEWEST and all(starts):
        yield from (start for start in starts if start)


def _titled(lines: Sequence[str], first: int) -> Start | None:
    """The start with the title lines that stand at `first`."""
    titles = 0
    while titles < TITLE_LINES and first + titles < len(lines) and kind_of(lines[first + titles]) is Kind.TITLE:
        titles += 1
    return _start(lines, first, titles, "") if titles else None


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
        if kind_of(lines[index]) is not Kind.UNIT or not _begins(lines, index, floor):
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
            if above <= index and (styled or _begins(lines, above, previous)):
                start = _start(lines, above, index + 1 - above, "")
                if start:
                    yield start
                break
        previous = first + 1
