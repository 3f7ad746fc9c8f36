"""The contents printed before a body: where they stand and what they list."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.heads import SAME_TITLE, SECTION, Kind, join_title, kind_of
from bulletin.text import BLANK, FINAL, heading_marker, is_unit, likeness, squeeze, visible

HEADER = re.compile(rf"(?:目{BLANK}*[录次]|(?:本期)?要{BLANK}*目|本期(?:目录|导读|内容)|CONTENTS|Contents)[：:]?")
_PAGE = re.compile(rf"(?:{BLANK}|[.．…·•‥]|-{{3,}}|—{{2,}})*[\t .．…·‥（(\u3000](?P<page>\d{{1,4}})[）)]?$")
_BULLET = re.compile(rf"(?:[-•·●◆■▲★*○◇–—]|—{{1,2}}){BLANK}*")
_OWNED = re.compile(r"(?P<title>.{4,}?)[（(](?P<unit>[^（）()]{3,})[）)]")
LONGEST = 90
"""Characters of the longest line of contents."""


class Listed(NamedTuple):
    """One entry of the contents; `title` is empty where only a unit is listed."""

    title: str
    unit: str = ""
    section: str = ""
    page: int | None = None


class Contents(NamedTuple):
    start: int
    end: int
    """Index after the last line of the contents."""
    entries: tuple[Listed, ...]

    def best(self, title: str) -> Listed | None:
        """The entry whose title is likest, or None where none is like enough."""
        named = [entry for entry in self.entries if entry.title]
        if not named:
            return None
        entry = max(named, key=lambda e: likeness(e.title, title))
        return entry if likeness(entry.title, title) >= SAME_TITLE else None


def strip_page(line: str) -> tuple[str, int | None]:
    """The line without leader and page number, and the page."""
    match = _PAGE.search(line.rstrip())
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
            entries.append(Listed(join_title(parts), unit, section, page))
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
        if units and not unit and (match := _OWNED.fullmatch(text)) and is_unit(match["unit"]):
            unit, text = match["unit"], match["title"]
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
            return start + index
    end = stop
    while end > start and kind_of(lines[end - 1]) in (Kind.UNIT, Kind.DATE, Kind.AUTHOR, Kind.BYLINE):
        end -= 1
    return max(start, end - 1)
