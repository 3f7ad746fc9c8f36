"""One file that holds many articles (汇编), with contents or without, taken apart.

Where an article begins is found by `openings`; here each becomes a document of its own.
"""

from collections.abc import Collection, Iterator, Sequence

from bulletin import contents
from bulletin.contents import Contents
from bulletin.heads import SECTION, TITLE_LINES, Kind, kind_of, read_head
from bulletin.model import Block, BlockType, Change, Document, Role
from bulletin.openings import BULLET, FEWEST, PIECE, Start, cover, find_starts
from bulletin.text import heading_marker

PREFACE = 150
"""Characters from which the text before the first article is kept as a piece of its own."""


def split(document: Document, undo: Collection[str] = ()) -> tuple[Document, ...] | None:
    """One document per article of a cleaned document, or None where it holds but one.

    Title, unit, author and date are taken from the printed head and are no longer among the blocks.
    Contents and cover are in the changes of the first. What a change in `undo` took away is kept:
    above the text, or in the title.
    """
    lines = [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in document.blocks]
    listed = contents.find(lines)
    floor = listed.end if listed else cover(lines)
    starts = find_starts(document, lines, floor, listed)
    if len(starts) < FEWEST:
        return None
    return tuple(_documents(document, lines, starts, listed, undo))


# ---------------------------------------------------------------- the articles


def _documents(
    document: Document, lines: Sequence[str], starts: Sequence[Start], listed: Contents | None, undo: Collection[str]
) -> Iterator[Document]:
    bounds = [start.first for start in starts[1:]] + [len(lines)]
    before = document.blocks[: starts[0].first]
    preface = [block for block in before if not listed or before.index(block) >= listed.end]
    has_preface = sum(len(block.text) for block in preface) >= PREFACE
    left = [block for block in before if not has_preface or block not in preface]
    every = [(block, _left_out(block, listed is not None)) for block in left]
    lost = tuple(change for _, change in every if change.key not in undo)
    kept = tuple(b.model_copy(update={"role": Role.NOTE}) for b, change in every if change.key in undo)
    edges = [_first(document, start.first) for start in starts]
    if has_preface:
        part = document.model_copy(
            update={"title": "", "unit": "", "author": "", "date": None, "blocks": (*kept, *preface)}
        )
        yield part.model_copy(update={"changes": (*_between(document, -1, edges[0]), *lost)})
        lost = kept = ()
    for number, (start, end) in enumerate(zip(starts, bounds, strict=True)):
        low = edges[number] if number or has_preface else -1
        high = edges[number + 1] if number + 1 < len(edges) else None
        changes = (*_between(document, low, high), *lost)
        article = _article(document, lines, start, end, changes, undo)
        yield article.model_copy(update={"blocks": (*kept, *article.blocks)})
        lost = kept = ()


def _first(document: Document, index: int) -> int:
    at = document.blocks[index].at
    return at[0] if at else index


def _between(document: Document, low: int, high: int | None) -> list[Change]:
    return [c for c in document.changes if c.at >= low and (high is None or c.at < high)]


def _left_out(block: Block, listed: bool) -> Change:
    reason = "文集的封面和目录" if listed else "文集的封面"
    return Change(rule="contents", reason=reason, before=block.plain, at=block.at[0] if block.at else 0)


def _article(
    document: Document,
    lines: Sequence[str],
    start: Start,
    end: int,
    changes: Sequence[Change],
    undo: Collection[str],
) -> Document:
    line, at = lines[start.first], _first(document, start.first)
    head = read_head(lines[: start.body], start.first, titles=TITLE_LINES)
    blocks, title = document.blocks[start.body : end], start.title
    made: list[Change] = []
    if SECTION.fullmatch(line.strip()):
        head = read_head(lines[: start.body], start.first + 1, titles=TITLE_LINES)
        section = Change(rule="section", reason="文集的栏目名", before=line, at=at)
        made.append(section)
        blocks = (document.blocks[start.first], *blocks) if section.key in undo else blocks
    elif PIECE.fullmatch(line.strip()):
        head = read_head(lines[: start.body], start.first + 1, titles=TITLE_LINES)
        alone = Change(rule="article-number", reason="文集给文章编的号", before=line, at=at)
        made.append(alone)
        blocks = (document.blocks[start.first], *blocks) if alone.key in undo else blocks
    elif bare := _without_number(line, title):
        head = read_head([bare, *lines[start.first + 1 : start.body]], titles=1)
        number = Change(rule="article-number", reason="文集给文章编的号", before=line, after=bare, at=at)
        made.append(number)
        title = line.strip() if number.key in undo else bare
    return document.model_copy(
        update={
            "title": title,
            "subtitle": head.subtitle,
            "unit": head.unit or start.unit,
            "author": head.author,
            "date": head.date,
            "keywords": (),
            "blocks": blocks,
            "changes": (*changes, *(change for change in made if change.key not in undo)),
            "warnings": (),
        }
    )


def _without_number(line: str, title: str) -> str:
    """The title without the number or bullet that the collection gave it; nothing where it has none."""
    marker = heading_marker(title)
    if marker and kind_of(line) is Kind.HEADING:
        return title[marker.end :].strip()
    return title if PIECE.match(line.strip()) or BULLET.match(line.strip()) else ""
