"""Signs of where an article ends and the next begins that stand in the text: signatures, and news that repeat their title."""

import re
from collections.abc import Sequence

from bulletin.heads import Kind, kind_of, read_signed, title_before
from bulletin.paragraphs import is_finished
from bulletin.text import is_han, visible

NEWS_TITLE = 8
"""Characters of the shortest title of news that are known by what follows; headings of articles have mostly fewer."""
REPEATED = 0.6
"""Share of the title's pairs of characters that the first words of news have: .87 to 1 in news, up to .4 under headings."""
DATED = 0.3
"""The same where they open with a day, which few headings are followed by."""
OPENING = 80
"""Characters that are the first words."""
_DAY = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}日|近日|日前|连日来|为(?:深入|贯彻|进一步|扎实)")
_WHEN = re.compile(r"\d日|近日|日前|连日来|近期|昨日|今天|[上下]午|当[天日晚]")
_EVENT = re.compile("召开|举[行办]|开[班讲课幕]|闭幕|落幕|揭牌|荣获|获评|集体学习|印发|出台")
_SIGNED = (Kind.UNIT, Kind.AUTHOR, Kind.DATE, Kind.BYLINE)


def closings(lines: Sequence[str], floor: int) -> list[int]:
    """The lines behind the signatures that end with a date, each under a finished text."""
    found = []
    last = floor  # above the signature
    for index in range(floor + 1, len(lines)):
        kind = kind_of(lines[index])
        last = last if kind in _SIGNED else index
        if kind is not Kind.DATE and not read_signed(lines[index]):
            continue
        above = last
        # A name that no rule knows looks like a title; what is a title has its text under its date.
        ends = index + 1 == len(lines) or kind_of(lines[index + 1]) in (Kind.TITLE, Kind.HEADING)
        above -= above > floor + 1 and ends and kind_of(lines[above]) is Kind.TITLE
        if kind_of(lines[above]) is Kind.PROSE and is_finished(lines[above]):
            found.append(index + 1)
    known = frozenset(found)
    return [at for at in found if at + 1 not in known]


def news_title(lines: Sequence[str], index: int, floor: int) -> int | None:
    """Where the title begins whose last line is `index`, if news follow that say the same again; else None."""
    if (
        index + 1 >= len(lines)
        or kind_of(lines[index]) is not Kind.TITLE
        or kind_of(lines[index + 1]) is not Kind.PROSE
    ):
        return None
    first = title_before(lines, index + 1, floor)
    if first <= floor or not is_finished(lines[first - 1]):
        return None
    title = "".join(filter(is_han, visible("".join(lines[first : index + 1]))))
    pairs = {title[at : at + 2] for at in range(len(title) - 1)}
    if len(title) < NEWS_TITLE:
        return None
    words = lines[index + 1].strip()[:OPENING]
    opening = "".join(filter(is_han, words))
    share = sum(pair in opening for pair in pairs) / len(pairs)
    # What follows can say the headings of an article again, too, but they tell of no event.
    return first if tells_of_event(title, words) and share >= (DATED if _DAY.match(words) else REPEATED) else None


def tells_of_event(title: str, words: str) -> bool:
    """Whether a title and the first words under it tell of an event, or when it was: 为强化理论武装，… does not."""
    return _WHEN.search(words) is not None or _EVENT.search(title) is not None
