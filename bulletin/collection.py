"""One file that holds many articles (汇编), with contents or without, taken apart.

An article begins with a title of one to three short lines and something that is never inside an
article: the name of a unit under it, its entry in the contents, a number 篇一, a 【栏目】 above it,
or a count 一、 that begins again.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin import contents
from bulletin.contents import Contents
from bulletin.heads import SECTION, TITLE_LINES, Kind, join_title, kind_of, read_head, title_before
from bulletin.model import Block, BlockType, Change, Document
from bulletin.paragraphs import is_finished
from bulletin.text import BLANK, DIGITS, heading_marker, is_heading_line

FEWEST = 2
"""Articles from which a document is a collection."""
UNIT_FIRST = 3
"""The same where each unit stands above its title, which a signature and an annex can look like."""
BODY = 60
"""Characters that an article's body has at least."""
PREFACE = 150
"""Characters from which the text before the first article is kept as a piece of its own."""
_PIECE = re.compile(
    rf"[【\[（(]?{BLANK}*(?:第{BLANK}*(?:[{DIGITS}]+|\d+){BLANK}*篇|(?:范文|材料|发言|篇|心得)(?:[{DIGITS}]+|\d+)){BLANK}*[】\]）)]?[：:、．.\s]*"
)


class Start(NamedTuple):
    """Where an article begins: the lines of its head from `first`, its body from `body`."""

    first: int
    body: int
    title: str
    unit: str = ""
    section: str = ""


def split(document: Document) -> tuple[Document, ...] | None:
    """One document per article of a cleaned document, or None where it holds but one.

    Title, unit, author and date are taken from the printed head and are no longer among the blocks.
    Contents and cover are in the changes of the first.
    """
    lines = [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in document.blocks]
    listed = contents.find(lines)
    floor = listed.end if listed else 0
    starts = _starts(document, lines, floor, listed)
    if len(starts) < FEWEST:
        return None
    return tuple(_documents(document, lines, starts, listed))


# ---------------------------------------------------------------- where articles begin


def _starts(document: Document, lines: Sequence[str], floor: int, listed: Contents | None) -> list[Start]:
    """The starts found by the surest sign that gives a collection; more signs add to the first."""
    witness = "\n".join(entry.title for entry in listed.entries) if listed else ""
    found: dict[int, Start] = {}
    for signs in (_by_unit, _by_contents, _by_number, _by_section):
        for start in signs(lines, floor, listed, witness):
            if _room(lines, start, found):
                found.setdefault(start.body, start)
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_unit_first(lines, floor)}
        found = found if len(found) >= UNIT_FIRST else {}
    if len(found) < FEWEST:
        found = {start.body: start for start in _by_restart(document, lines, floor)}
    return _with_bodies(lines, sorted(found.values()))


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
                    yield start
                    break


def _by_number(lines: Sequence[str], floor: int, listed: Contents | None, witness: str) -> Iterator[Start]:
    """篇一：…, 第二篇 …, 【范文3】: alone or with the title behind it or under it."""
    found = [i for i in range(floor, len(lines)) if len(lines[i]) <= 80 and _PIECE.match(lines[i].strip())]
    if len(found) < FEWEST:
        return
    for index in found:
        rest = _PIECE.sub("", lines[index].strip(), count=1).strip()
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


# ---------------------------------------------------------------- the articles


def _documents(
    document: Document, lines: Sequence[str], starts: Sequence[Start], listed: Contents | None
) -> Iterator[Document]:
    bounds = [start.first for start in starts[1:]] + [len(lines)]
    before = document.blocks[: starts[0].first]
    preface = [block for block in before if not listed or before.index(block) >= listed.end]
    has_preface = sum(len(block.text) for block in preface) >= PREFACE
    left = [block for block in before if not has_preface or block not in preface]
    lost = tuple(_left_out(block, listed is not None) for block in left)
    edges = [_first(document, start.first) for start in starts]
    if has_preface:
        part = document.model_copy(
            update={"title": "", "unit": "", "author": "", "date": None, "blocks": tuple(preface)}
        )
        yield part.model_copy(update={"changes": (*_between(document, -1, edges[0]), *lost)})
        lost = ()
    for number, (start, end) in enumerate(zip(starts, bounds, strict=True)):
        low = edges[number] if number or has_preface else -1
        high = edges[number + 1] if number + 1 < len(edges) else None
        changes = (*_between(document, low, high), *lost)
        yield _article(document, lines, start, end, changes)
        lost = ()


def _first(document: Document, index: int) -> int:
    at = document.blocks[index].at
    return at[0] if at else index


def _between(document: Document, low: int, high: int | None) -> list[Change]:
    return [c for c in document.changes if c.at >= low and (high is None or c.at < high)]


def _left_out(block: Block, listed: bool) -> Change:
    reason = "文集的封面和目录" if listed else "文集的封面"
    return Change(rule="contents", reason=reason, before=block.plain, at=block.at[0] if block.at else 0)


def _article(document: Document, lines: Sequence[str], start: Start, end: int, changes: Sequence[Change]) -> Document:
    head = read_head(lines[: start.body], start.first, titles=TITLE_LINES)
    section = SECTION.fullmatch(lines[start.first].strip())
    if section:
        head = read_head(lines[: start.body], start.first + 1, titles=TITLE_LINES)
        at = _first(document, start.first)
        changes = [*changes, Change(rule="section", reason="文集的栏目名", before=lines[start.first], at=at)]
    marker = heading_marker(start.title)
    numbered = marker is not None and kind_of(lines[start.first]) is Kind.HEADING
    title = start.title[marker.end :].strip() if marker and numbered else start.title
    if numbered or _PIECE.match(lines[start.first].strip()):
        head = read_head([title, *lines[start.first + 1 : start.body]], titles=1)
        at = _first(document, start.first)
        changes = [
            *changes,
            Change(rule="article-number", reason="文集给文章编的号", before=lines[start.first], after=title, at=at),
        ]
    return document.model_copy(
        update={
            "title": title,
            "subtitle": head.subtitle,
            "unit": head.unit or start.unit,
            "author": head.author,
            "date": head.date,
            "keywords": (),
            "blocks": document.blocks[start.body : end],
            "changes": tuple(changes),
            "warnings": (),
        }
    )
