"""An article's submission as it was received, beside the article: every change of cleaning in its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bulletin.cleaning import clean
from bulletin.errors import BulletinError
from bulletin.model import Article, BlockType, Change, Document, Frozen, Submission
from services.context import Office
from store.archive import Files
from store.database import Transaction
from store.records import ArticleFilter, ArticleRecord

KEPT = 32
"""Submissions kept as read: what an editor goes through in half an hour."""


class Stretch(Frozen):
    """Characters of the original: as they are, or with the change that cleaning made of them."""

    text: str
    change: Change | None = None
    undone: bool = False
    can_undo: bool = False

    @property
    def key(self) -> str:
        return self.change.key if self.change else ""


class OriginalBlock(Frozen):
    index: int
    type: BlockType
    stretches: tuple[Stretch, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""


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
    changes = _changes(document)
    own = frozenset(change.key for change in document.changes)
    undone = frozenset(record.undone)
    blocks = tuple(
        OriginalBlock(
            index=index,
            type=block.type,
            stretches=_stretches(block.text, [c for c in changes if c.at == index and c.key not in own], undone),
            rows=block.rows,
            picture=block.picture,
        )
        for index, block in enumerate(document.blocks)
        if start <= index and (end is None or index < end)
    )
    loose = tuple(Stretch(text=change.before, change=change) for change in document.changes)
    return Original(name=known.name, sha256=source, blocks=blocks, loose=loose)


def raw_document(office: Office, sha256: str, name: str, media_type: str = "") -> Document:
    """The submission as its reader sees it, before any cleaning; kept for the next time."""
    return _raw(_Source(sha256, name, media_type, office.store.files))


@lru_cache(maxsize=KEPT)
def _raw(source: _Source) -> Document:
    from extractors.registry import extract

    content = source.files.get(source.sha256)
    return extract(Submission(name=source.name, content=content, media_type=source.media_type))


def _changes(document: Document) -> tuple[Change, ...]:
    return clean(document).changes


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


def _stretches(text: str, changes: Iterable[Change], undone: frozenset[str]) -> tuple[Stretch, ...]:
    """The text cut where changes begin and end; a change that lies in another or elsewhere comes behind it."""
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
    return (*found, *behind)
