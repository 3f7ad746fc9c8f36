"""The title of a page's article, and the lines that print it."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from extractors.webfurniture import BYLINE, furniture
from extractors.webtree import Line, label, tidy

SHORTEST, LONGEST = 4, 80
"""Characters of a title; the longest printed one among the pages looked at has 61."""
REACH = 60
"""How many lines above the body the title may stand: share bars, adverts and abstracts come between."""

_SEPARATOR = re.compile(
    r"\s*(?:[_|｜»>＞<]|\s[-–—]+\s|——|--|(?<=[\u4e00-\u9fff）”》】!！?？)])-(?=[\u4e00-\u9fff]))\s*"
)
TITLE_METAS = ("articletitle", "og:title", "twitter:title", "dc.title", "headline", "title")
_NO_WORDS = re.compile(r"[\W_][\W_]*")
_LABEL = re.compile(r"title|\bbt\b|biaoti|headline|\btit\b|\bh1\b")
_NOT_TITLE = re.compile(r"[。；]|^(?:正文|首页|新闻|当前位置)$")


TitleLines = tuple[list[int], list[int]]
"""The lines that print a title to the letter, and those that print a large part of one."""


def page_titles(root: etree._Element, stated: Sequence[str]) -> list[str]:
    """What may be the title by the head of the page: declared values, <title>, and the parts of them."""
    element = next(root.iter("title"), None)
    whole = tidy("".join(str(text) for text in element.itertext())) if element is not None else ""
    values = [value for value in (*stated, whole) if value]
    parts = [part for value in values for part in _SEPARATOR.split(value) if len(part) >= SHORTEST]
    return list(dict.fromkeys((*values, *sorted(parts, key=len, reverse=True))))


def title_lines(lines: Sequence[Line], titles: Sequence[str]) -> TitleLines:
    """Indices of the lines that print one of the titles to the letter, and of those that print a large part of one."""
    wanted = [key for key in map(_key, titles) if key]
    exact, partly = [], []
    for i, line in enumerate(lines):
        if line.image or line.link_share >= 0.5 or not SHORTEST <= len(key := _key(line.text)) <= 2 * LONGEST:
            continue
        if key in wanted:
            exact.append(i)
        elif len(key) >= 8 and any(key in text for text in wanted):
            partly.append(i)
    return exact, partly


def _key(text: str) -> str:
    return _NO_WORDS.sub("", text).lower()


def choose_title(
    lines: Sequence[Line], first: int, exact: Sequence[int], partly: Sequence[int], titles: Sequence[str]
) -> tuple[str, list[int]]:
    """The title and the indices of its lines, given where the body begins.

    A line that prints what the page's head says, then a line set as a heading, then the line above the byline;
    where none is printed, what the head says.
    """
    group = _printed(lines, first, exact, partly, titles) or next(iter(_set_as_heading(lines, first)), [])
    if not group:
        return (_shortest_whole(titles), [])
    return "".join(lines[i].text for i in group), group


def _printed(
    lines: Sequence[Line], first: int, exact: Sequence[int], partly: Sequence[int], titles: Sequence[str]
) -> list[int]:
    """The printed title nearest above the body (or at its very top), with the lines that it is broken over."""
    reach = range(first - REACH, first + 3)
    near = [i for i in exact if i in reach] or [i for i in partly if i in reach]
    if not near:
        return []
    above = [i for i in near if i < first]
    group = [above[-1] if above else near[0]]
    wanted = [_key(text) for text in titles]
    candidates = {*exact, *partly}
    while group[0] - 1 in candidates and _in_one([lines[i].text for i in (group[0] - 1, *group)], wanted):
        group.insert(0, group[0] - 1)
    while group[-1] + 1 in candidates and _in_one([lines[i].text for i in (*group, group[-1] + 1)], wanted):
        group.append(group[-1] + 1)
    return group


def _in_one(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    return any("".join(map(_key, texts)) in text for text in wanted)


def _set_as_heading(lines: Sequence[Line], first: int) -> Iterator[list[int]]:
    """Lines above the body that look like a title, the best kind first; a blog's title may link to itself."""
    above = [i for i in range(first - 1, max(-1, first - 16), -1) if _may_be_title(lines[i])]
    plain = [i for i in above if lines[i].link_share < 0.5]
    bylines = [i for i in range(first - 1, max(0, first - 12), -1) if furniture(lines[i]) is BYLINE]
    yield from ([i] for i in plain if _has_tag(lines[i], "h1"))
    yield from ([i] for i in above if _has_tag(lines[i], "h1", "h2", "h3") and (i in plain or i >= first - 3))
    yield from ([i] for i in plain if any(_LABEL.search(label(e)) for e in lines[i].ancestors[:2]))
    for candidates in (plain, above):
        yield from ([i] for byline in bylines for i in candidates if byline - 3 <= i < byline)
        yield from ([i] for i in candidates if i >= first - 2)


def _has_tag(line: Line, *tags: str) -> bool:
    return any(element.tag in tags for element in line.ancestors[:3])


def _may_be_title(line: Line) -> bool:
    fits = not line.image and SHORTEST <= line.size <= LONGEST
    return fits and furniture(line) is None and not _NOT_TITLE.search(line.text)


def _shortest_whole(titles: Sequence[str]) -> str:
    """The part of the first title that is not the site's name: the first one, as pages put their own title first."""
    if not titles:
        return ""
    return next((part for part in _SEPARATOR.split(titles[0]) if len(part) >= SHORTEST), titles[0])
