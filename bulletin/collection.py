"""One file that holds many articles (汇编), with contents or without, taken apart.

Where an article begins is found by `openings`; here each becomes a document of its own.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bulletin import contents
from bulletin.contents import Contents, owned
from bulletin.footnotes import apart, with_notes
from bulletin.heads import RECORDED, TITLE_LINES, Head, Kind, kind_of, read_head
from bulletin.model import Block, BlockType, Change, Document, Role
from bulletin.openings import cover, find_starts
from bulletin.sectionmarks import named
from bulletin.styledtitles import styled_starts
from bulletin.text import BLANK, DIGITS, heading_marker
from bulletin.titlesigns import BULLET, COUNTED, FEWEST, PIECE, Start, lines_of

LISTED = "contents"
"""The rule that takes a line of the cover or of the contents out of the text."""
PREFACE = 150
"""Characters from which the text before the first article is kept as a piece of its own."""

_LABEL = re.compile(rf"(?:(?:典型)?案例之?(?:[{DIGITS}]+|\d{{1,3}})|标{BLANK}*题){BLANK}*[：:]{BLANK}*")
"""What some write before a title; inside an article cases are counted so too, so that it begins nothing by itself."""


def split(document: Document, undo: Collection[str] = ()) -> tuple[Document, ...] | None:
    """One document per article of a cleaned document, or None where it holds but one.

    Title, unit, author and date are taken from the printed head and are no longer among the blocks.
    Contents and cover are in the changes of the first. What a change in `undo` took away is kept:
    above the text, or in the title.
    """
    lines = [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in document.blocks]
    listed = contents.find(lines)
    floor = listed.end if listed else cover(lines)
    lines = named(lines, floor)
    starts = styled_starts(document, lines, listed)
    if not starts:
        starts = find_starts(document, lines, floor, listed)
        if len(starts) < FEWEST:
            return None
    parts = list(_documents(document, lines, starts, listed, undo))
    return tuple(_with_own_notes(parts, undo))


# ---------------------------------------------------------------- the articles


def _documents(
    document: Document, lines: Sequence[str], starts: Sequence[Start], listed: Contents | None, undo: Collection[str]
) -> Iterator[Document]:
    bounds = [start.first for start in starts[1:]] + [len(lines)]
    before = document.blocks[: starts[0].first]
    begin = listed.end if listed else 0
    preface = before[begin:]
    # A page's title is no longer among its blocks: under it stands the first article.
    own = bool(document.title) and any(kind_of(block.text) is Kind.PROSE for block in preface)
    has_preface = own or sum(len(block.text) for block in preface) >= PREFACE
    left = before[:begin] if has_preface else before
    every = [(block, _left_out(block, listed is not None)) for block in left]
    lost = tuple(change for _, change in every if change.key not in undo)
    kept = tuple(b.model_copy(update={"role": Role.NOTE}) for b, change in every if change.key in undo)
    edges = [_first(document, start.first) for start in starts]
    if has_preface:
        title = {"title": _uncounted(document.title, starts[0].title)}
        fields = title if own else {"title": "", "unit": "", "author": "", "date": None}
        part = document.model_copy(update={**fields, "blocks": (*kept, *preface)})
        yield part.model_copy(update={"changes": (*_between(document, -1, edges[0]), *lost)})
        lost = kept = ()
    for number, (start, end) in enumerate(zip(starts, bounds, strict=True)):
        low = edges[number] if number or has_preface else -1
        high = edges[number + 1] if number + 1 < len(edges) else None
        changes = (*_between(document, low, high), *lost)
        article = _article(document, lines, start, end, changes, undo)
        yield article.model_copy(update={"blocks": (*kept, *article.blocks)})
        lost = kept = ()


def _with_own_notes(parts: Sequence[Document], undo: Collection[str]) -> Iterator[Document]:
    """The articles, each with the notes whose marks it has: readers put those of the whole file behind the last."""
    body, left = apart(parts[-1].blocks)
    if not left:
        yield from parts
        return
    last = parts[-1].model_copy(update={"blocks": tuple(body)})
    for part in (*parts[:-1], last):
        blocks, changes = with_notes(part.blocks, left, undo)
        if part is last:
            blocks = (*blocks, *left)
        yield part.model_copy(update={"blocks": blocks, "changes": (*part.changes, *changes)})


def _uncounted(title: str, following: str) -> str:
    """The title without its number, where the following one has a number too."""
    marker = heading_marker(title)
    return title[marker.end :].strip() if marker and heading_marker(following) else title


def _first(document: Document, index: int) -> int:
    at = document.blocks[index].at
    return at[0] if at else index


def _between(document: Document, low: int, high: int | None) -> list[Change]:
    return [c for c in document.changes if c.at >= low and (high is None or c.at < high)]


def _left_out(block: Block, listed: bool) -> Change:
    reason = "文集的封面和目录" if listed else "文集的封面"
    return Change(rule=LISTED, reason=reason, before=block.plain, at=block.at[0] if block.at else 0)


def _article(
    document: Document,
    lines: Sequence[str],
    start: Start,
    end: int,
    changes: Sequence[Change],
    undo: Collection[str],
) -> Document:
    labels, made = _labels(document, start)
    bylines = [i for i in range(start.first + len(labels), start.body) if kind_of(lines[i]) is Kind.BYLINE]
    made += [Change(rule="byline", reason=RECORDED, before=lines[i], at=_first(document, i)) for i in bylines]
    above = (*labels, *(document.blocks[i] for i in bylines))
    kept = [block for block, change in zip(above, made, strict=True) if change.key in undo]
    first, title = start.first + len(labels), start.title
    head = start.head or read_head(lines[: start.body], first, titles=TITLE_LINES)
    if start.head is None and (bare := _without_number(lines[first], title)):
        head = read_head([bare, *lines[first + lines_of(title, lines[first:]) : start.body]], titles=1)
        number = _number(lines[first], bare, _first(document, first))
        made.append(number)
        title = lines[first].strip() if number.key in undo else bare
    if start.head is None and (unit := owned(title)[1]) and head.unit in ("", unit):
        whole, title = title, owned(title)[0]
        at = _first(document, start.body - 1)
        made.append(Change(rule="byline", reason="标题后的单位，已记入稿件信息", before=whole, after=title, at=at))
        title = whole if made[-1].key in undo else title
        head = head._replace(unit=unit)
    changes = (*changes, *(change for change in made if change.key not in undo))
    head = head._replace(unit=head.unit or start.unit)
    return _part(document, title, head, (*kept, *document.blocks[start.body : end]), changes)


def _labels(document: Document, start: Start) -> tuple[tuple[Block, ...], list[Change]]:
    """The lines above the title that are the name of a section or a number alone, and what is said of them."""
    labels = document.blocks[start.first : start.first + start.labels]
    numbers = [PIECE.fullmatch(label.text.strip()) is not None for label in labels]
    return labels, [
        Change(
            rule="article-number" if number else "section",
            reason="文集给文章编的号" if number else "文集的栏目名",
            before=label.text,
            at=_first(document, start.first + i),
        )
        for i, (label, number) in enumerate(zip(labels, numbers, strict=True))
    ]


def _number(line: str, bare: str, at: int) -> Change:
    return Change(rule="article-number", reason="文集给文章编的号", before=line, after=bare, at=at)


def _part(document: Document, title: str, head: Head, blocks: Sequence[Block], changes: Sequence[Change]) -> Document:
    return document.model_copy(
        update={
            "title": title,
            "subtitle": head.subtitle,
            "unit": head.unit,
            "author": head.author,
            "date": head.date,
            "keywords": (),
            "blocks": tuple(blocks),
            "changes": tuple(changes),
            "warnings": (),
        }
    )


def _without_number(line: str, title: str) -> str:
    """The title without the number or bullet that the collection gave it; nothing where it has none."""
    if label := _LABEL.match(title):
        return title[label.end() :].strip()
    marker = heading_marker(title)
    if marker and kind_of(line) is Kind.HEADING:
        return title[marker.end :].strip()
    return title if any(mark.match(line.strip()) for mark in (PIECE, BULLET, COUNTED)) else ""
