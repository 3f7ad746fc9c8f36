"""Files with a bulletin in them: several issues in one, and issues of other units, whose articles are submissions.

An issue of another bulletin is not kept as one: it comes apart like a collection, and masthead, contents
and 版记 are in no text. What they were is on record in the changes of the first and of the last article.
"""

from collections.abc import Collection, Iterator, Sequence

from bulletin.backissue import opened_tables, read_issue
from bulletin.collection import LISTED, split
from bulletin.errors import FormatError, NumberingError
from bulletin.fingerprint import letters
from bulletin.heads import Kind, kind_of
from bulletin.imprint import read_imprint
from bulletin.masthead import FRONT, issues_begin, letterhead, looks_like_masthead, read_masthead
from bulletin.model import Article, BackIssue, Block, BlockType, Change, Document, Entry, Issue, Publication, Role
from bulletin.structure import structure

_AROUND = "简报的报头、目录和版记"
_OPENS = (Kind.TITLE, Kind.SECTION, Kind.UNIT)


def read_issues(document: Document) -> tuple[BackIssue, ...]:
    """The past issues in a cleaned document, in order; none where it is no bulletin.

    Raises as `read_issue` does.
    """
    whole = read_issue(document)
    if whole is None:
        return ()
    starts = issues_begin(_lines(document.blocks), whole.issue.publication)
    if len(starts) < 2:
        return (whole,)
    stretches = zip([0, *starts[1:]], [*starts[1:], len(document.blocks)], strict=True)
    found: list[BackIssue] = []
    for back in (_issue_of(_stretch(document, start, end)) for start, end in stretches):
        # The name with the same number is the head of another page.
        if back is None or back.issue.number in {other.issue.number for other in found}:
            return (whole,)
        found.append(back.model_copy(update={"first": sum(len(other.issue.entries) for other in found)}))
    return tuple(found)


def _issue_of(document: Document) -> BackIssue | None:
    try:
        return read_issue(document)
    except (NumberingError, FormatError):
        return None


def is_own(issue: Issue, own: Publication) -> bool:
    """Whether an issue is one of this publication: by its name, and by its issuer where the name is but a part of it."""
    found, name = letters(issue.publication), letters(own.name)
    if found == name or not found:
        return True
    issuers = [letters(unit) for unit in (issue.issuer, own.issuer)]
    return (found in name or name in found) and (
        not all(issuers) or issuers[0] in issuers[1] or issuers[1] in issuers[0]
    )


def articles_of(document: Document, issues: Sequence[BackIssue], undo: Collection[str] = ()) -> tuple[Article, ...]:
    """The entries of the issues in a cleaned document as articles, in order.

    One that names no unit is of the unit that issues the bulletin. A change in `undo` is not made.
    """
    return tuple(article for back in issues for article in _articles(document, back, undo))


# ---------------------------------------------------------------- an issue


def _articles(document: Document, back: BackIssue, undo: Collection[str]) -> Iterator[Article]:
    """Its entries as articles, each with the changes of its own lines, the foot with the last."""
    entries = back.issue.entries
    taken = [(block, _left_out(block)) for block in back.around if block.plain]
    low, last = -1, len(entries) - 1
    for number, entry in enumerate(entries):
        places = [place for block in entry.blocks for place in block.at]
        high = None if number == last else max(places, default=low)
        made = [change for change in back.changes if _is_between(change.at, low, high)]
        mine = [(block, change) for block, change in taken if _is_between(change.at, low, high)]
        made += [change for _, change in mine if change.key not in undo]
        kept = [block.model_copy(update={"role": Role.NOTE}) for block, change in mine if change.key in undo]
        begin = min(places, default=0)
        above, below = ([b for b in kept if (_place(b) < begin) is over] for over in (True, False))
        blocks = (*above, *_with_note(entry), *below)
        article = structure(_part(document, entry, blocks, made), undo)
        unit = article.unit or back.issue.issuer
        yield article.model_copy(update={"part": back.first + number, "unit": unit})
        low = low if high is None else high


def _is_between(at: int, low: int, high: int | None) -> bool:
    return at > low and (high is None or at <= high)


def _with_note(entry: Entry) -> Iterator[Block]:
    for at, line in enumerate(filter(None, entry.note.split("\n"))):
        yield Block(
            text=line if at else f"编者按：{line}", role=Role.NOTE, at=entry.blocks[0].at if entry.blocks else ()
        )
    yield from entry.blocks


def _part(document: Document, entry: Entry, blocks: Sequence[Block], changes: Sequence[Change]) -> Document:
    values = entry.model_dump(include={"title", "subtitle", "unit", "author", "date"})
    values |= {"blocks": tuple(blocks), "changes": tuple(changes), "keywords": (), "warnings": ()}
    return document.model_copy(update=values)


# ---------------------------------------------------------------- a masthead that says no number


def unnumbered(document: Document, own: Publication | None, undo: Collection[str] = ()) -> tuple[Article, ...]:
    """The articles between a masthead, not of `own`, without number or date, and its 版记; none where there are not both."""
    if not looks_like_masthead(_lines(document.blocks[:FRONT])):
        return ()
    opened = document.model_copy(update={"blocks": tuple(opened_tables(document))})
    lines = _lines(opened.blocks)
    head = letterhead(lines) or read_masthead(lines)
    if head is None or head.end >= len(lines) or kind_of(lines[head.end]) not in _OPENS:
        return ()
    foot = read_imprint(lines, head.issuer)
    if foot.start <= head.end or not foot.distribution.rows() or (own and letters(head.name) in letters(own.name)):
        return ()
    inside = _stretch(opened, head.end, foot.start)
    inside = inside.model_copy(update={"title": "", "unit": "", "author": "", "date": None})
    parts = list(split(inside, undo) or (inside,))
    for number, stretch in ((0, opened.blocks[: head.end]), (-1, opened.blocks[foot.start :])):
        noted = [b.model_copy(update={"role": Role.NOTE}) for b in stretch if _left_out(b).key in undo]
        made = [change for change in map(_left_out, stretch) if change.key not in undo]
        blocks = (*parts[number].blocks, *noted) if number else (*noted, *parts[number].blocks)
        changes = (*parts[number].changes, *made)
        parts[number] = parts[number].model_copy(update={"blocks": blocks, "changes": changes})
    found = (structure(part, undo).model_copy(update={"part": at}) for at, part in enumerate(parts))
    return tuple(article.model_copy(update={"unit": article.unit or head.issuer}) for article in found)


def _left_out(block: Block) -> Change:
    return Change(rule=LISTED, reason=_AROUND, before=block.plain, at=_place(block))


def _place(block: Block) -> int:
    return block.at[0] if block.at else 0


def _lines(blocks: Sequence[Block]) -> list[str]:
    return [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in blocks]


def _stretch(document: Document, start: int, end: int) -> Document:
    """The document with these of its blocks alone, and what was changed in them."""
    blocks = document.blocks[start:end]
    low = _place(blocks[0]) if start else -1
    high = _place(document.blocks[end]) if end < len(document.blocks) else None
    changes = tuple(change for change in document.changes if change.at >= low and (high is None or change.at < high))
    return document.model_copy(update={"blocks": blocks, "changes": changes})
