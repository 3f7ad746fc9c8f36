"""The contents printed before a body: where they stand and what they list."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.heads import SAME_TITLE, SECTION, Kind, join_title, kind_of
from bulletin.text import BLANK, FINAL, heading_marker, is_like, is_unit, likeness, squeeze, visible

HEADER = re.compile(rf"(?:目{BLANK}*[录次]|(?:本期)?要{BLANK}*目|本期(?:目录|导读|内容)|CONTENTS|Contents)[：:]?")
_PAGE = re.compile(rf"(?:{BLANK}|[.．…·•‥]|-{{3,}}|—{{2,}})*[\t .．…·‥（(\u3000](?P<page>\d{{1,4}})[）)]?$")
_LED = re.compile(rf"(?:[.·．]{{4,}}|…{{2,}}){BLANK}*(?P<who>[^，。；：！？…]{{2,40}}?){BLANK}*(?P<page>\d{{1,4}})$")
"""Between leader and page some print the unit or the author, which the head of the article says better."""
_BULLET = re.compile(rf"(?:[-•·●◆■▲★*○◇–—]|—{{1,2}}){BLANK}*")
_OWNED = re.compile(r"(?P<title>.{4,}?)[（(](?P<unit>[^（）()]{3,})[）)]")
_CLOSED = ("）", ")")
LONGEST = 90
"""Characters of the longest line of contents."""

BEGINNING = 5
"""Characters from which the beginning of a title names it: a clause of a title has that many, the part of a report (工作回顾) four."""


class Listed(NamedTuple):
    """One entry of the contents; `title` is empty where only a unit is listed."""

    title: str
    unit: str = ""
    section: str = ""
    page: int | None = None
    lines: int = 1
    """On how many lines it stands; where it is broken nobody sees whether its title has a blank."""

    def likeness(self, title: str) -> float:
        """How like a title it is, with its unit before it or without."""
        alone = likeness(self.title, title)
        return max(alone, likeness(self.unit + self.title, title)) if self.unit and alone < SAME_TITLE else alone


class Contents(NamedTuple):
    start: int
    end: int
    """Index after the last line of the contents."""
    entries: tuple[Listed, ...]

    def best(self, title: str) -> Listed | None:
        """The entry whose title is likest, or None where none is like enough."""

        def names(entry: Listed) -> tuple[str, str]:
            return entry.title, entry.unit + entry.title

        named = [entry for entry in self.entries if entry.title]
        alike = [entry for entry in named if any(is_like(name, title, SAME_TITLE) for name in names(entry))]
        return max(alike, key=lambda entry: entry.likeness(title), default=None)

    def begun(self, title: str) -> Listed | None:
        """The entry that is the beginning of the title, or None: contents leave out what does not fit a line."""
        words = visible(title)
        named = [entry for entry in self.entries if len(visible(entry.title)) >= BEGINNING]
        return next((entry for entry in named if words.startswith(visible(entry.title))), None)


def owned(title: str) -> tuple[str, str]:
    """A title and the unit in the brackets that end it: 守护绿水青山（清河县水务局）; "" where none ends it."""
    match = _OWNED.fullmatch(title) if title[-1:] in _CLOSED else None
    return (match["title"].strip(), match["unit"].strip()) if match and is_unit(match["unit"]) else (title, "")


def strip_page(line: str) -> tuple[str, int | None]:
    """The line without leader and page number, and the page."""
    match = _PAGE.search(line.rstrip()) or _LED.search(line.rstrip())
    if not match or not line[: match.start()].strip():
        return line.strip(), None
    return line[: match.start()].strip(), int(match["page"])


def strip_bullet(line: str) -> str:
    """The line without the dash, dot or number that lists it."""
    line = _BULLET.sub("", line.strip(), count=1) if _BULLET.match(line.strip()) else line.strip()
    marker = heading_marker(line)
    return line[marker.end :].strip() if marker and marker.level != 2 else line


def parse(lines: Sequence[str], *, units: bool = True) -> tuple[Listed, ...]:
    """The entries listed in the lines: an entry ends with its page, or with its line where no pages are given.

    With `units`, 某局党组：标题 is a unit and a title; without, all of it is the title.
    """
    paged = sum(strip_page(line)[1] is not None for line in lines) * 3 >= len([x for x in lines if x.strip()]) > 0
    entries: list[Listed] = []
    section, unit, parts = "", "", list[str]()

    def close(page: int | None) -> None:
        nonlocal parts, unit
        if parts or unit:
            entries.append(Listed(join_title(parts), unit, section, page, max(len(parts), 1)))
        parts, unit = [], ""

    for line in lines:
        if match := SECTION.match(line.strip()):
            close(None)
            section = match["name"]
            line = line.strip()[match.end() :]
            if not line.strip():
                continue
        text, page = strip_page(line)
        text = strip_bullet(text) if not parts else text
        owner, colon, rest = text.partition("：")
        if units and colon and is_unit(owner):
            close(None) if (unit or parts) else None
            unit, text = owner, rest.strip()
        elif units and is_unit(text.rstrip("：:")) and not parts and page is None:
            close(None) if unit else None
            unit, text = text.rstrip("：:"), ""
        if units and not unit:
            text, unit = owned(text)
        if text:
            parts.append(text)
        if page is not None or (not paged and parts):
            close(page)
    close(None)
    return tuple(entries)


def find(lines: Sequence[str], *, header: int | None = None) -> Contents | None:
    """The contents of the document, or None where no line says that they begin."""
    if header is None:
        header = next((i for i, line in enumerate(lines[:40]) if HEADER.fullmatch(squeeze(line))), None)
    if header is None:
        return None
    stop = header + 1
    while stop < len(lines) and not _is_prose(lines[stop]):
        stop += 1
    end = _end(lines, header + 1, stop)
    return Contents(header, end, parse(lines[header + 1 : end]))


def _is_prose(line: str) -> bool:
    return len(line) > LONGEST or re.search(rf"[{FINAL.replace('…', '')}]", line.rstrip("？！")) is not None


def _end(lines: Sequence[str], start: int, stop: int) -> int:
    """Where the contents end among short lines: after the last page number, or where the first title comes again."""
    pages = [i for i in range(start, stop) if strip_page(lines[i])[1] is not None]
    if len(pages) >= 2:
        return pages[-1] + 1
    listed = [visible(strip_bullet(line)) for line in lines[start:stop]]
    for index in range(1, len(listed)):
        if len(listed[index]) >= 4 and any(
            likeness(listed[index], earlier) >= SAME_TITLE for earlier in listed[:index]
        ):
            return start + _last_like_first(listed, index)
        if index > 1 and _begin_alike(listed[0], listed[index]):
            return start + index
    end = stop
    while end > start and kind_of(lines[end - 1]) in (Kind.UNIT, Kind.DATE, Kind.AUTHOR, Kind.BYLINE):
        end -= 1
    return max(start, end - 1)


def _last_like_first(listed: Sequence[str], index: int) -> int:
    """The place, or where the first title comes again for the last time: the contents themselves may have it twice."""
    again = [i for i in range(index, len(listed)) if is_like(listed[i], listed[0], SAME_TITLE)]
    return max(again, default=index)


def _begin_alike(one: str, other: str) -> bool:
    """Whether one of two lines is the beginning of the other: a title that stands broken, or cut, in one place."""
    return min(len(one), len(other)) >= BEGINNING and (one.startswith(other) or other.startswith(one))
