"""Titles that are known by being set alike: in one type, behind one gap, behind one bullet or counted 1. 2. 3.

The subheads of one article are set alike too, and what tells the two apart is the same for all of these
signs. The first title of a collection is set like the others, where over the subheads of an article stands
a title set otherwise; titles are longer than subheads and have blanks where those have commas; and under a
title the text opens as articles do: with a day, with 近年来.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import pairwise

from bulletin.closings import OPENING, news_title, tells_of_event
from bulletin.heads import TITLE_LINES, Kind, kind_of, owner
from bulletin.model import NEW_PAGE, Block, BlockType, Document
from bulletin.text import heading_marker, is_han
from bulletin.titlesigns import BULLET, COUNTED, FEWEST, Start, begins, is_cover, is_label, start_at, unit_like

TITLE = 8
"""Chinese characters that titles have on average at least: the parts of a report (存在的主要问题) have four to seven."""
LONG_TITLE = 10
"""The same where nothing but their look speaks for them."""
BODY = 40
"""Characters that stand under each at least."""
TITLED = 0.8
"""Share of the lines set alike under which a text must stand: a line of the text can be set like the titles."""
MANY = 3
"""Texts that open as articles, from which a quarter of all is enough: of three paragraphs under subheads hardly one does."""
OPENS = re.compile(
    r"[\d一二]{1,4}年\d{1,2}月|\d{1,2}月\d{1,2}日|\d{1,2}日|近日|日前|昨[日天]|近期|近来|连日来|近年来|多年来|今年|去年|入[春夏秋冬]|[本今]周|本月"
    r"|自\d{4}年|\d{4}年以来|为(?:了|深入|贯彻|进一步|扎实|切实|全面|庆祝|纪念|迎接|推动|认真|做好|加强|提升|持续|落实)"
    r"|.{0,16}[讯电][）)]?[\s　]|本报"
)
"""How two thirds of articles open, and one in twenty of the paragraphs inside them."""


class Look:
    """How the lines of a document are set."""

    def __init__(self, document: Document, lines: Sequence[str]) -> None:
        self.lines = lines
        self.looks = [_look(document, block) for block in document.blocks]
        self.gaps = list(_gaps(document))
        self._spaced = 2 * sum(gap > 0 for gap in self.gaps) > len(self.gaps)

    def parts(self, index: int) -> bool:
        """Whether how they are set parts the line from the one above it: another type, or empty lines between."""
        apart = self.gaps[index] > (1 if self._spaced else 0)
        return index > 0 and (apart or self.looks[index] != self.looks[index - 1])


def _look(document: Document, block: Block) -> str:
    if block.type is BlockType.HEADING:
        return f"heading {block.level}"
    return document.looks.get(block.at[0], "") if block.at else ""


def _gaps(document: Document) -> Iterator[int]:
    """Per line, how many empty lines stand above it; a rule that cleaning took away is a gap as well."""
    rules = {change.at for change in document.changes if change.rule == "rule-line"}
    last = -1
    for block in document.blocks:
        first = block.at[0] if block.at else last + 1
        between = range(last + 1, first + 1) if first - last < 100 else (first,)
        yield max((NEW_PAGE if at in rules else document.gaps.get(at, 0) for at in between), default=0)
        last = block.at[-1] if block.at else first


def by_look(look: Look, floor: int) -> list[Start]:
    """The starts of the titles that are set alike, by the first way to set them that gives a collection."""
    least = _least(look, floor)
    for series, surety in _series(look, floor):
        starts = _starts(look, series, floor)
        if starts and _is_collection(look.lines, starts, floor, min(surety, least)):
            return starts
    return []


def _least(look: Look, floor: int) -> "Surety":
    """What is needed at most: a cover says enough."""
    return Surety.BOUND if any(is_cover(line) for line in look.lines[:floor]) else Surety.WORDS


def by_opening(look: Look, floor: int) -> list[Start]:
    """The starts of all titles, where a text that opens as articles do stands under each."""
    lines = look.lines
    titles = [i for i in range(floor, len(lines)) if _can_be_title(lines, i)]
    titles = [i for i in titles if i == floor or kind_of(lines[i - 1]) is not Kind.TITLE]
    least = _least(look, floor)
    opened = sum(any(map(OPENS.match, lines[i + 1 : i + 1 + TITLE_LINES])) for i in titles)
    if len(titles) < FEWEST or (least > Surety.BOUND and 3 * opened < len(titles)):  # quickly told of most
        return []
    starts = _starts(look, titles, floor)
    return starts if starts and _is_collection(lines, starts, floor, least) else []


def more_alike(look: Look, floor: int, found: Iterable[int]) -> Iterator[Start]:
    """The starts of titles set like those that are known: all of these are set alike."""
    known = set(found)
    levels = {_level(look.lines[index]) for index in known}
    for series, _ in _series(look, floor):
        if known <= set(series):
            for index in series:
                new = index not in known and _level(look.lines[index]) in levels
                if new and (start := _start(look, index, len(look.lines), floor)):
                    yield start
    looks = {look.looks[index] for index in known}
    if len(looks) == 1 and "" not in looks:
        for index in range(floor, len(look.lines)):
            named = index not in known and look.looks[index] in looks and begins(look.lines, index, floor)
            if named and (start := unit_like(look.lines, index)):
                yield start


# ---------------------------------------------------------------- what is set alike


def _series(look: Look, floor: int) -> Iterator[tuple[list[int], "Surety"]]:
    """The first lines of titles that are set alike, and how sure that makes them."""
    lines = look.lines
    titles = [i for i in range(floor, len(lines)) if _can_be_title(lines, i)]
    if len(titles) < FEWEST:
        return
    for name in dict.fromkeys(look.looks[i] for i in titles if look.looks[i]):
        plain = "center" in name or name.startswith("heading")
        yield _firsts(i for i in titles if look.looks[i] == name), Surety.PLAIN if plain else Surety.SET
    for size in sorted({look.gaps[i] for i in titles if i > floor and look.gaps[i]}, reverse=True):
        behind = [
            i
            for i in range(floor + 1, len(lines))
            if look.gaps[i] >= size and not is_label(lines[i]) and (i in titles or i - 1 not in titles)
        ]
        if all(i in titles for i in behind):
            yield sorted({*titles[:1], *behind}), Surety.PLAIN if size >= NEW_PAGE else Surety.SET
    for marks in (BULLET, COUNTED):
        marked = [i for i in titles if marks.match(lines[i].strip())]
        yield marked, Surety.COUNTED
    for level in (1, 2, 3, 4):
        counted = [i for i in titles if (m := heading_marker(lines[i])) and m.level == level]
        if _counts([m.number for i in counted if (m := heading_marker(lines[i]))]):
            yield counted, Surety.COUNTED


def _can_be_title(lines: Sequence[str], index: int) -> bool:
    return kind_of(lines[index]) in (Kind.TITLE, Kind.HEADING)


def _firsts(indices: Iterator[int]) -> list[int]:
    """The first of each run of indices: the lines of one title."""
    found = list(indices)
    return [i for n, i in enumerate(found) if n == 0 or found[n - 1] != i - 1]


def _counts(numbers: Sequence[int]) -> bool:
    """Whether the numbers count up from one, once or again and again (in each section)."""
    return bool(numbers) and numbers[0] == 1 and all(b in (a + 1, 1) for a, b in pairwise(numbers))


def _starts(look: Look, series: Sequence[int], floor: int) -> list[Start]:
    """A start for each line of the series with a text under it; none where many have no text or begin nothing."""
    found = [_start(look, index, end, floor) for index, end in pairwise([*series, len(look.lines)])]
    starts = [start for start in found if start]
    wanted = len(found) - (found[:1] == [None])  # the line at the head can be a cover
    return starts if len(starts) >= max(FEWEST, TITLED * wanted) else []


def _start(look: Look, index: int, end: int, floor: int) -> Start | None:
    """The start with the title at the line, where it begins an article and a text stands under it before `end`."""
    lines, titles = look.lines, 1
    while titles <= TITLE_LINES and index + titles < end and _goes_on(look, index + titles):
        titles += 1
    if titles > TITLE_LINES or not (begins(lines, index, floor) or look.parts(index)):
        return None
    start = start_at(lines, index, titles, "", sure=True)
    return start if start and start.body < end and sum(map(len, lines[start.body : end])) >= BODY else None


def _goes_on(look: Look, index: int) -> bool:
    """Whether a title goes on in the line."""
    label = is_label(look.lines[index - 1])
    return kind_of(look.lines[index]) is Kind.TITLE and (label or not look.parts(index))


# ---------------------------------------------------------------- whether they are titles of articles


class Surety(IntEnum):
    """How much of what tells articles from chapters must be there besides the look, the least first."""

    BOUND = 0
    """A cover says that the file is a collection."""
    COUNTED = 1
    """The text begins with a number or a bullet."""
    PLAIN = 2
    """Titles are centred, headings by their style, or each on a new page."""
    SET = 3
    """Titles are bold, or stand behind empty lines."""
    WORDS = 4
    """Nothing sets titles apart."""


def _is_collection(lines: Sequence[str], starts: Sequence[Start], floor: int, surety: Surety) -> bool:
    titles = [_words(start.title) for start in starts]
    length = sum(sum(map(is_han, title)) for title in titles) / len(titles)
    if length < TITLE or 2 * sum("，" in title for title in titles) > len(titles):
        return False
    if len({_level(lines[start.first]) for start in starts}) > 1:
        return False
    named = [start.body > start.first + 1 and kind_of(lines[start.body - 1]) in _SAYING for start in starts]
    if surety > Surety.COUNTED and not _level(lines[starts[0].first]) and named[0] and not any(named[1:]):
        return False
    at_head = all(is_label(line) for line in lines[floor : starts[0].first])
    # Under a title of its own 某县：… are the parts of a survey.
    if sum(owner(title) != "" for title in titles) * 2 > len(titles) and not (at_head and owner(titles[0])):
        return False
    signed = [kind_of(lines[start.first - 1]) in _SIGNED for start in starts[1:]]
    known = [
        own or end or _opens(lines, start) for own, end, start in zip(named, [False, *signed], starts, strict=True)
    ]
    others = sum(known[1:]) / (len(known) - 1)
    if not at_head:
        return all(known) and all(kind_of(line) is not Kind.PROSE for line in lines[floor : starts[0].first])
    if surety in (Surety.BOUND, Surety.PLAIN):
        return length >= LONG_TITLE or others >= 1 / 2
    if surety is Surety.COUNTED:
        return others >= 1 / 3
    if surety is Surety.SET and length >= LONG_TITLE:
        return others >= 1 / 2 or (others >= 1 / 4 and sum(known[1:]) >= MANY)
    return others > 1 / 2


_SIGNED = (Kind.UNIT, Kind.DATE, Kind.BYLINE)
_SAYING = (Kind.UNIT, Kind.AUTHOR, Kind.DATE, Kind.BYLINE, Kind.SUBTITLE)


def _level(line: str) -> int:
    """The level of the number before a title, 0 without one: subheads are numbered otherwise than titles."""
    marker = heading_marker(line)
    return marker.level if marker else 0


def _words(title: str) -> str:
    marker = heading_marker(title)
    return title[marker.end :] if marker else title


def _opens(lines: Sequence[str], start: Start) -> bool:
    """Whether the text under the title opens as an article does."""
    words = lines[start.body].strip()[:OPENING]
    opening = OPENS.match(words)
    if opening and (not opening[0].startswith("为") or tells_of_event(start.title, words)):
        return True
    return news_title(lines, start.body - 1, 0) is not None
