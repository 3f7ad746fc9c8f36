"""The names of sections in a past issue that are not set as 【栏目】: ★栏目, 一、栏目, or a bare short line.

Each is found by what stands under it, a title and then a text, and read as 【栏目】 from then on.
"""

import re
from collections.abc import Iterable, Sequence

from bulletin.contents import strip_bullet, strip_page
from bulletin.heads import SAME_TITLE, SECTION, TITLE_LINES, Kind, kind_of
from bulletin.text import BLANK, FINAL, likeness, visible

LONGEST = 12
"""Characters of the longest name of a section (the usual ones have four)."""
PROSE = 60
"""Characters from which a line without a full stop is running text."""
_MARKED = re.compile(
    rf"(?P<mark>[★☆◆◇■□●○▲△▼※►▶§]+|[〔［\[<《〈◎]|(?P<n>[一二三四五六七八九十]{{1,2}})[、．.])"
    rf"{BLANK}*(?P<name>[^\s，。；：、！？《》“”]{{2,{LONGEST}}}?){BLANK}*[〕］\]>》〉]?[：:]?"
)
NAMED = re.compile(
    rf"(?:[一二三四五六七八九十]{{1,2}}[、．.]|[★☆◆◇■□●○▲△※►▶]+|[〔［\[<《〈])?{BLANK}*(?P<name>上情下达|下情上传|领导讲话|重要讲话|重要会议|会议精神"
    rf"|(?:经验|工作|学习|交流)(?:交流|做法|体会|园地)|(?:学习|工作|基层|各地|部门|县区|要闻|会议|思想|理论)(?:动态|传真|要闻|研究|园地|探讨|前沿)"
    rf"|调研思考|他山之石|媒体聚焦|典型案例|典型经验){BLANK}*[〕］\]>》〉★☆◆◇■□●○▲△]*"
)
"""What sections of bulletins are called, with or without a mark."""
_UNDER = (Kind.TITLE, Kind.HEADING, Kind.UNIT)
# One section alone, nowhere repeated, must be called what sections are called.
_USUAL = re.compile(
    "交流|动态|传真|要闻|讲话|传达|经验|实践|调研|思考|园地|前沿|专题|专栏|风采|速递|速览|之窗|聚焦|工作|理论|动向|短讯|简讯|信息|精神|体会|言论|论坛|案例"
)


def named(lines: Sequence[str], start: int) -> list[str]:
    """The lines, those from `start` on that are what sections of bulletins are called written as 【栏目】.

    So it is where two or more of them stand each over a title and its text.
    """
    short = [i for i in range(start, len(lines) - 1) if 4 <= len(lines[i]) <= 2 * LONGEST]
    found = {i: m["name"] for i in short if (m := NAMED.fullmatch(lines[i].strip()))}
    if len(set(found.values())) < 2 or not all(kind_of(lines[i + 1]) in _UNDER for i in found):
        return list(lines)
    return [f"【{found[i]}】" if i in found else line for i, line in enumerate(lines)]


def marked(lines: Sequence[str], start: int) -> list[str]:
    """The lines, the names of sections from `start` on written as 【栏目】; as they are where some are already."""
    if any(SECTION.fullmatch(line.strip()) for line in lines[start:]):
        return list(lines)
    for found in (_by_mark(lines, start), _by_repetition(lines, start)):
        if found:
            return [f"【{found[i]}】" if i in found else line for i, line in enumerate(lines)]
    return list(lines)


def _by_mark(lines: Sequence[str], start: int) -> dict[int, str]:
    """Names behind one kind of mark, in the contents and the text."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    for index in range(start, len(lines)):
        if match := _MARKED.fullmatch(lines[index].strip()):
            kinds.setdefault("n" if match["n"] else match["mark"][0], []).append((index, visible(match["name"])))
    for places in kinds.values():
        opening = [name for index, name in places if opens_entry(lines, index)]
        repeated = {name for name in opening if sum(name == other for _, other in places) > 1}
        usual = len(opening) == 1 and _USUAL.search(opening[0]) is not None
        first = next((index for index, name in places if name in opening), len(lines))
        if not opening or not (len(set(opening)) > 1 or repeated or usual) or _is_text(lines[start:first]):
            continue
        return {index: name for index, name in places if name in opening}
    return {}


def _by_repetition(lines: Sequence[str], start: int) -> dict[int, str]:
    """Short lines that stand in the contents and again over the text, each time with the same title under them."""
    places: dict[str, list[int]] = {}
    for index in range(start, len(lines) - 1):
        line = lines[index].strip()
        if 2 <= len(visible(line)) <= LONGEST and kind_of(line) is Kind.TITLE and strip_page(line)[1] is None:
            places.setdefault(visible(line), []).append(index)
    found: dict[int, str] = {}
    whole = {visible(strip_page(line)[0]) for line in lines[start:]}
    for name, (first, *more) in places.items():
        if name + visible(lines[first + 1]) in whole:
            continue  # a title over two lines that comes twice
        again = [index for index in more if opens_entry(lines, index)]
        under = strip_bullet(strip_page(lines[first + 1])[0])
        if len(more) == 1 and again and likeness(under, lines[more[0] + 1]) >= SAME_TITLE:
            found |= {first: name, more[0]: name}
    return found


def opens_entry(lines: Sequence[str], index: int) -> bool:
    """Whether a title of one to three lines and then a text stand under the line."""
    end = index + 1
    while end < len(lines) and end <= index + TITLE_LINES and kind_of(lines[end]) is Kind.TITLE:
        end += 1
    title = end > index + 1 and not _MARKED.fullmatch(lines[index + 1].strip())
    while end < len(lines) and kind_of(lines[end]) in (Kind.UNIT, Kind.AUTHOR, Kind.BYLINE, Kind.DATE, Kind.SUBTITLE):
        end += 1
    return title and end < len(lines) and (_is_prose(lines[end]) or kind_of(lines[end]) is Kind.HEADING)


def _is_text(lines: Iterable[str]) -> bool:
    """Whether running text stands before the first section: its marks are then headings of an article."""
    return any(_is_prose(line) and not re.match(r"[【\[]?(?:编者|按)", line.strip()) for line in lines)


def _is_prose(line: str) -> bool:
    text, _ = strip_page(line)
    return len(text) > PROSE or re.search(rf"[{FINAL.replace('…', '')}；]", text) is not None
