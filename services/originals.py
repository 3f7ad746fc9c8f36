"""An article's submission as it was received, beside the article: every change that made the one of the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bulletin.cleaning import clean
from bulletin.collection import LISTED
from bulletin.errors import BulletinError
from bulletin.model import Article, BlockType, Change, Document, Frozen, Publication, Submission
from bulletin.pieces import pieces
from services.context import Office
from store.archive import Files
from store.database import Transaction
from store.records import ArticleFilter, ArticleRecord

KEPT = 64
"""Submissions kept as read: what an editor goes through in an hour, or two issues of articles."""


class Stretch(Frozen):
    """Characters of the original: as they are, or with the change that was made of them.

    None where the change is shown behind the line: it joins two, or others lie in it.
    """

    text: str = ""
    change: Change | None = None
    undone: bool = False
    can_undo: bool = False
    of_line: bool = False
    """Whether the change takes the whole line out of the text, and is shown behind the others in it."""

    @property
    def key(self) -> str:
        return self.change.key if self.change else ""


class OriginalBlock(Frozen):
    index: int
    type: BlockType
    stretches: tuple[Stretch, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""
    group: tuple[str, ...] = ()
    """Where a contents list or a cover begins: the keys of all its lines, to be taken back together."""

    @property
    def taken(self) -> bool:
        """Whether the line as a whole is not in the text, beside other changes in it."""
        return any(one.of_line and not one.undone for one in self.stretches)


class Original(Frozen):
    """What was handed in; `problem` says why it cannot be shown."""

    name: str
    sha256: str
    blocks: tuple[OriginalBlock, ...] = ()
    loose: tuple[Stretch, ...] = ()
    """Changes that the reader made before there were blocks: furniture of a web page, running heads."""
    problem: str = ""

    @property
    def changes(self) -> int:
        """How many changes can be undone."""
        return sum(stretch.can_undo for block in self.blocks for stretch in block.stretches)


@dataclass(frozen=True)
class _Source:
    sha256: str
    name: str
    media_type: str
    files: Files = field(compare=False)


def original(office: Office, unit: Transaction, record: ArticleRecord) -> Original:
    """The original of an article, restricted to the blocks that are its own."""
    source = record.source
    known = unit.submissions.known(office.publication.key, [source]).get(source)
    if known is None:
        return Original(name=record.article.name, sha256=source, problem="这篇稿件来自导入的往期，没有原稿")
    try:
        document = raw_document(office, source, known.name, known.media_type)
    except (BulletinError, FileNotFoundError) as error:
        return Original(name=known.name, sha256=source, problem=f"原稿读不出来：{error}")
    mates = unit.articles.records(
        office.publication.key, unit.articles.ids(office.publication.key, ArticleFilter(sources=(source,)))
    )
    start, end = span(record.article, [mate.article for mate in mates])
    cleaning, structural = changes_of(document, record, office.publication)
    undone = frozenset(record.undone)
    groups = _groups(structural)
    blocks = tuple(
        OriginalBlock(
            index=index,
            type=block.type,
            stretches=_stretches(
                block.text,
                [c for c in cleaning if c.at == index],
                [c for c in structural if c.at == index],
                undone,
            ),
            rows=block.rows,
            picture=block.picture,
            group=groups.get(index, ()),
        )
        for index, block in enumerate(document.blocks)
        if start <= index and (end is None or index < end)
    )
    loose = tuple(Stretch(text=change.before, change=change) for change in document.changes)
    return Original(name=known.name, sha256=source, blocks=blocks, loose=loose)


def raw_document(office: Office, sha256: str, name: str, media_type: str = "") -> Document:
    """The submission as its reader sees it, before any cleaning and without its pictures; kept for the next time."""
    return _raw(_Source(sha256, name, media_type, office.store.files))


@lru_cache(maxsize=KEPT)
def _raw(source: _Source) -> Document:
    from extractors.registry import extract

    content = source.files.get(source.sha256)
    document = extract(Submission(name=source.name, content=content, media_type=source.media_type))
    # Megabytes each, and nobody asks for them here: they are in the archive of files since the intake.
    return document.model_copy(update={"pictures": {}})


def changes_of(
    document: Document, record: ArticleRecord, publication: Publication
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """What cleaning changes in the whole document, and what taking it apart takes out of the text of the article.

    Those of the reader are in neither; those that were undone are in both all the same.
    """
    own = {change.key for change in document.changes}
    cleaning = tuple(change for change in clean(document).changes if change.key not in own)
    known = own | {change.key for change in cleaning}
    # A line is taken out as cleaning leaves it: what was undone there is in its key.
    found = pieces(document, [key for key in record.undone if key in known], publication)
    mine = [piece for piece in found if isinstance(piece, Article) and piece.part == record.article.part]
    structural = tuple(change for piece in mine for change in piece.changes if change.key not in known)
    return cleaning, structural


def _groups(changes: Sequence[Change]) -> dict[int, tuple[str, ...]]:
    """The keys of each contents list of several lines, by its first block."""
    listed = [change for change in changes if change.rule == LISTED]
    return {listed[0].at: tuple(change.key for change in listed)} if len(listed) > 1 else {}


def span(article: Article, mates: Sequence[Article]) -> tuple[int, int | None]:
    """The first block of the submission that is this article's, and the first that is no longer."""
    places = _places(article)
    if not places or len(mates) < 2:
        return 0, None
    before = [max(found) for mate in mates if (found := _places(mate)) and max(found) < min(places)]
    after = [found for mate in mates if (found := _places(mate)) and min(found) > max(places)]
    return max(before, default=-1) + 1, max(places) + 1 if after else None


def _places(article: Article) -> list[int]:
    return [place for block in article.blocks for place in block.at]


def _stretches(
    text: str, changes: Sequence[Change], whole: Sequence[Change], undone: frozenset[str]
) -> tuple[Stretch, ...]:
    """The text cut where changes begin and end; a change that lies in another or elsewhere comes behind it.

    `whole` are those of the line as it was when cleaned: they cover it where nothing else does.
    """
    lines = [Stretch(change=change, undone=change.key in undone, can_undo=True, of_line=True) for change in whole]
    if len(lines) == 1 and not changes and whole[0].before.strip() == text.strip():
        return (lines[0].model_copy(update={"text": text, "of_line": False}),)
    found: list[Stretch] = []
    behind: list[Stretch] = []
    at = 0
    for change in sorted(changes, key=lambda change: (change.start, -len(change.before))):
        end = change.start + len(change.before)
        stretch = Stretch(text=change.before, change=change, undone=change.key in undone, can_undo=True)
        if change.start < at or text[change.start : end] != change.before:
            behind.append(stretch.model_copy(update={"text": ""}))
            continue
        if change.start > at:
            found.append(Stretch(text=text[at : change.start]))
        found.append(stretch)
        at = end
    if at < len(text):
        found.append(Stretch(text=text[at:]))
    return (*found, *behind, *lines)
