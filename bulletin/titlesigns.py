"""The signs by which the titles of a collection are known, the surest of them; `openings` weighs them.

Each sign is a function of the lines, the line where the text begins (`floor`), the contents and their words.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.closings import closings
from bulletin.contents import Contents, Listed
from bulletin.heads import SECTION, TITLE_LINES, Head, Kind, join_title, kind_of, owner, read_head, title_before
from bulletin.paragraphs import is_finished
from bulletin.text import BLANK, DIGITS, heading_marker, is_heading_line, squeeze, visible

FEWEST = 2
"""Articles from which a document is a collection."""
UNIT_FIRST = 3
"""The same where each unit stands above its title, which a signature and an annex can look like."""
_COVER = re.compile(
    r".{0,30}(?:汇编|选编|文集|合集|集锦|摘编|选登|(?:交流|发言|经验|学习|典型|参阅|书面|会议|宣讲)(?:材料|文章)|材料选|摘登|摘报|(?:工作|学习|基层|一周|本周|每周|各地)(?:动态|要闻|信息))(?:[（(].{1,20}[）)])?"
)
PIECE = re.compile(
    rf"[【\[（(]?{BLANK}*(?:第{BLANK}*(?:[{DIGITS}]+|\d+){BLANK}*篇(?!章)"
    rf"|(?:交流|大会|书面|经验|学习|典型|工作)*(?:范文|材料|发言|篇|心得|体会|做法|文章|信息|简讯|稿件)之?(?:[{DIGITS}]+|\d+)(?!\w)){BLANK}*[】\]）)]?[：:、．.\s]*"
)
"""第一篇, 【范文2】, 交流发言之三：, but not 第一篇章, 材料一应俱全."""


_PART = re.compile(
    "(?:工作|主要|基本|总体|具体|典型|特色|创新|存在|面临|取得|今后|下一?步|近期|当前|几点|初步|实施|有关|重点|组织|指导|努力|[的和与及、]|背景|情况|概况|概述"
    "|现状|做法|举措|措施|经验|启示|体会|思考|成效|成绩|亮点|效果|问题|不足|困难|短板|挑战|原因|分析|打算|计划|安排|建议|对策|回顾|要求|目标|任务|思路|思想|原则"
    "|保障|领导|步骤|展望|方向|前言|引言|导言|绪论|结语|结束语|附件|附录|参考文献)+"
)


def is_part(line: str) -> bool:
    """Whether the line is what parts of reports are called, whatever they report on: 主要做法, 存在的问题和不足."""
    return _PART.fullmatch(squeeze(line)) is not None


BULLET = re.compile(rf"[◎◆◇★☆●○■□▲△▼※►▶]{BLANK}*")
COUNTED = re.compile(rf"[【\[〔]{BLANK}*(?:\d{{1,2}}|[{DIGITS}]{{1,3}}){BLANK}*[】\]〕]{BLANK}*(?=.)")
"""【1】 before a title."""


def is_cover(line: str) -> bool:
    """Whether the line is the name of a collection: 学习交流材料汇编."""
    return _COVER.fullmatch(squeeze(line)) is not None


def is_label(line: str) -> bool:
    """Whether the line is the name of a section or the number of an article, and no more."""
    return SECTION.fullmatch(line.strip()) is not None or PIECE.fullmatch(line.strip()) is not None


class Start(NamedTuple):
    """Where an article begins: the lines of its head from `first`, its body from `body`."""

    first: int
    body: int
    title: str
    unit: str = ""
    section: str = ""
    head: Head | None = None
    """What stands above the body, where the style of its lines says it."""
    labels: int = 0
    """How many of the first lines are names of sections set above the title."""


def _mark_end(title: str) -> int:
    """Where the title begins behind its bullet, 【1】 or 信息一：; 做法一览 has no such mark."""
    mark = BULLET.match(title) or COUNTED.match(title)
    if not mark and (piece := PIECE.match(title)) and piece.end() < len(title) and piece[0][-1] in "：:、．.】］]）) ":
        mark = piece
    return mark.end() if mark else 0


def begins(lines: Sequence[str], first: int, floor: int) -> bool:
    """Whether an article can begin at the line: what comes before is finished."""
    if first <= floor:
        return True
    before = lines[first - 1].strip()
    kind = kind_of(before) if before else Kind.PROSE
    return is_finished(before) or kind in (Kind.DATE, Kind.UNIT, Kind.SECTION, Kind.AUTHOR) or len(before) > 60


def lines_of(title: str, lines: Sequence[str]) -> int:
    """On how many of the lines the title stands."""
    sizes = range(2, min(TITLE_LINES, len(lines)) + 1)
    return next((n for n in sizes if visible("".join(lines[:n])) == visible(title)), 1)


def start_at(lines: Sequence[str], first: int, titles: int, witness: str, *, sure: bool = False) -> Start | None:
    """The start whose title has `titles` lines from `first`, where a body follows its head.

    Where it is `sure` that a title stands there, one more line may stand between unit and body: 本报评论员.
    """
    title = join_title(lines[first : first + titles], witness)
    title = title[_mark_end(title) :]
    marker = heading_marker(title)
    head = read_head([title[marker.end :] if marker else title, *lines[first + titles :]], titles=1)
    body = first + titles - 1 + head.end
    if head.end == 0 or body >= len(lines):
        return None
    kind = kind_of(lines[body])
    second = kind is Kind.UNIT and head.unit
    aside = (
        sure and head.unit and kind is Kind.TITLE and body + 1 < len(lines) and kind_of(lines[body + 1]) is Kind.PROSE
    )
    if kind not in (Kind.PROSE, Kind.HEADING, Kind.KEYWORDS) and not second and not aside:
        return None
    if is_part(title) and not (head.unit or head.author):
        return None
    return Start(first, body, title, head.unit)


def by_unit(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts with the name of a unit under their title: the commonest form."""
    for index in range(floor + 1, len(lines)):
        if kind_of(lines[index]) not in (Kind.UNIT, Kind.BYLINE, Kind.AUTHOR, Kind.SUBTITLE):
            continue
        first = title_before(lines, index, floor)
        while first < index and PIECE.fullmatch(lines[first].strip()):
            first += 1
        if first == index and _numbered_title(lines[index - 1]):
            first = index - 1
        elif floor < first < index and _broken_number(lines, first, floor):
            first -= 1
        if first < index and begins(lines, first, floor):
            start = start_at(lines, first, index - first, witness)
            if start and (start.unit or read_head(lines, index, titles=0).author):
                yield start


def _numbered_title(line: str) -> bool:
    """Whether a numbered short line can be a title: it counts articles where a unit stands under it."""
    return is_heading_line(line.strip())


def _broken_number(lines: Sequence[str], first: int, floor: int) -> bool:
    """Whether the title lines at `first` go on a numbered title: 1、提升应急能力 and under it 筑牢安全防线."""
    above = lines[first - 1]
    marker = heading_marker(above)
    if marker is None or marker.level not in (1, 3) or not _numbered_title(above) or is_finished(above):
        return False
    return begins(lines, first - 1, floor) and not begins(lines, first, floor)


def by_contents(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts whose title the contents list, whole or over several lines, or of which they list but the beginning."""
    if not listed or not listed.entries:
        return
    found: dict[str, list[Start]] = {}
    for first in range(floor, len(lines)):
        if kind_of(lines[first]) not in (Kind.TITLE, Kind.HEADING) or not begins(lines, first, floor):
            continue
        if place := _listed_start(lines, first, listed, witness):
            found.setdefault(place[0].title, []).append(place[1])
    named = [start for starts in found.values() for start in starts]
    if _are_chapters(lines, named) and not any(is_cover(line) for line in lines[: listed.start]):
        return
    for title, starts in found.items():
        yield from _likeliest(lines, starts, sum(entry.title == title for entry in listed.entries))


def _are_chapters(lines: Sequence[str], starts: Sequence[Start]) -> bool:
    """Whether all are counted 一、 and none names a unit: so the contents of one report list its parts."""
    counted = [(m := heading_marker(lines[start.first])) is not None and m.level == 1 for start in starts]
    return all(counted) and not any(start.unit for start in starts)


def _listed_start(lines: Sequence[str], first: int, listed: Contents, witness: str) -> tuple[Listed, Start] | None:
    """The entry of the contents for the title at `first`, and the start."""
    for find, sizes in ((listed.best, range(TITLE_LINES, 0, -1)), (listed.begun, range(1, TITLE_LINES + 1))):
        for titles in sizes:
            part = lines[first : first + titles]
            if len(part) < titles or any(kind_of(x) not in (Kind.TITLE, Kind.HEADING) for x in part):
                continue
            entry = find(join_title(part))
            start = start_at(lines, first, titles, witness) if entry else None
            if entry and start:
                return entry, start._replace(unit=start.unit or entry.unit)
    return None


def _likeliest(lines: Sequence[str], starts: list[Start], number: int) -> list[Start]:
    """So many of the places where one title stands: an article may quote it, in a list of its own perhaps."""

    def rank(start: Start) -> tuple[bool, bool, int]:
        title = lines[start.body - 1] if kind_of(lines[start.body - 1]) is not Kind.HEADING else ""
        return bool(title and start.unit), not heading_marker(lines[start.first]), len(lines[start.body])

    return sorted(starts, key=rank, reverse=True)[:number]


def by_number(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts at 篇一：…, 第二篇 …, 【范文3】, alone or with the title behind it or under it."""
    found = [i for i in range(floor, len(lines)) if len(lines[i]) <= 80 and PIECE.match(lines[i].strip())]
    if len(found) < FEWEST:
        return
    for index in found:
        rest = PIECE.sub("", lines[index].strip(), count=1).strip()
        titles = 0 if rest else 1
        under = [rest, *lines[index + 1 :]] if rest else lines[index + 1 :]
        head = read_head(under, titles=max(1, _title_lines(under)))
        yield Start(index, index + head.end + titles, head.title or rest or lines[index].strip(), head.unit)


def _title_lines(lines: Sequence[str]) -> int:
    """On how many lines a title stands above its unit or its text; 0 where more short lines follow."""
    count = 0
    while count < min(TITLE_LINES + 1, len(lines)) and kind_of(lines[count]) is Kind.TITLE:
        count += 1
    return count if count <= TITLE_LINES else 0


def by_section(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts at 【栏目】 with a title and a text under it."""
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
        start = start_at(lines, index + 1, titles, witness) if titles else None
        if start:
            yield start._replace(first=index)


def by_owner(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts at 某局：标题, one after the other from the head of the document or of its sections on.

    Under a title of its own such lines are the headings of a survey.
    """
    found = []
    for index in range(floor, len(lines)):
        if owner(lines[index]) and begins(lines, index, floor) and (start := start_at(lines, index, 1, witness)):
            found.append(start)
    heads = found and (found[0].first == floor or kind_of(lines[found[0].first - 1]) is Kind.SECTION)
    if len(found) >= FEWEST and heads:
        yield from found


def by_signature(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """The starts behind every signature with its date but the last, which ends the file.

    A notice and what it sends round can both be signed: without cover or contents, three make a collection.
    """
    ends = closings(lines, floor)
    if len(ends) < (FEWEST if floor else UNIT_FIRST) or ends[-1] != len(lines):
        return
    starts = [titled(lines, first, witness) or unit_like(lines, first) for first in (floor, *ends[:-1])]
    if all(starts):
        yield from (start for start in starts if start)


def unit_like(lines: Sequence[str], first: int) -> Start | None:
    """The start with a title that ends like the name of a unit, over a text: 建设和美乡村; None for any other line."""
    if kind_of(lines[first]) is not Kind.UNIT or first + 1 == len(lines) or kind_of(lines[first + 1]) is not Kind.PROSE:
        return None
    title = squeeze(lines[first])
    return Start(first, first + 1, title, head=Head(title=title))


def titled(lines: Sequence[str], first: int, witness: str = "") -> Start | None:
    """The start with the title lines, or the one numbered title, that stand at `first`."""
    titles = int(kind_of(lines[first]) is Kind.HEADING)
    while titles < TITLE_LINES and first + titles < len(lines) and kind_of(lines[first + titles]) is Kind.TITLE:
        titles += 1
    return start_at(lines, first, titles, witness) if titles else None
