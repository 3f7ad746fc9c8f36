"""Each printed article beside what its unit handed in (花脸稿)."""

from dataclasses import dataclass, field
from functools import lru_cache

from bulletin.errors import BulletinError
from bulletin.model import Article, Entry, Frozen, Submission
from bulletin.rearrange import find
from bulletin.redline import Redline, redline
from services.context import Office
from store.archive import Files
from store.database import Transaction
from store.records import ArticleFilter

KEPT = 64
"""Submissions whose text is kept in memory: two issues of articles."""


class Compared(Frozen):
    """A printed article with its difference from what was handed in; `problem` says why there is none."""

    article: str
    title: str
    unit: str
    section: str
    submission: str
    """The file's name."""
    difference: Redline | None = None
    problem: str = ""


@dataclass(frozen=True)
class _Source:
    """Bytes by their hash; the files they are read from make no difference."""

    sha256: str
    name: str
    files: Files = field(compare=False)


def compare(office: Office, issue_id: int, article: str) -> Compared:
    """The difference between an entry of an issue and the submission it came from."""
    key = office.publication.key
    with office.store.reading() as unit:
        section, _, entry = find(unit.issues.get(key, issue_id).issue, article)
        record = unit.articles.get(key, article)
        name, lines, problem = _submitted(office, unit, record.article)
    shown = {"article": article, "title": entry.title, "unit": entry.unit, "section": section, "submission": name}
    if problem:
        return Compared(**shown, problem=problem)
    return Compared(**shown, difference=redline(lines, printed_lines(entry)))


def printed_lines(entry: Entry) -> list[str]:
    """What the reader sees of an entry, the 按语 aside: it is the editors' own."""
    byline = "　".join(part for part in (entry.unit, entry.author) if part)
    return [line for line in (entry.title, entry.subtitle, byline, *(b.plain for b in entry.blocks)) if line]


def _submitted(office: Office, unit: Transaction, article: Article) -> tuple[str, list[str], str]:
    """Name of the file, the lines of it that are this article's, and why there are none."""
    key = office.publication.key
    known = unit.submissions.known(key, [article.source])
    if article.source not in known:
        return article.name, [], "这篇稿件来自导入的往期，没有原稿可比"
    record = known[article.source]
    try:
        lines = _raw(_Source(article.source, record.name, office.store.files))
    except (BulletinError, FileNotFoundError) as error:
        return record.name, [], f"原稿读不出来：{error}"
    mates = unit.articles.records(key, unit.articles.ids(key, ArticleFilter(sources=(article.source,))))
    start, end = _span(article, [mate.article for mate in mates])
    return record.name, [line for line in lines[start:end] if line], ""


@lru_cache(maxsize=KEPT)
def _raw(source: _Source) -> tuple[str, ...]:
    """The text of each block as the reader sees the submission, before any cleaning."""
    from extractors.registry import extract

    content = source.files.get(source.sha256)
    document = extract(Submission(name=source.name, content=content))
    lines = [block.plain for block in document.blocks]
    # A web page has its title and source outside the text; they were handed in all the same.
    head = [text for text in (document.title, document.subtitle, document.unit) if text and text not in lines]
    return ("\n".join((*head, lines[0])), *lines[1:]) if lines else tuple(head)


def _span(article: Article, mates: list[Article]) -> tuple[int, int | None]:
    """The blocks of the submission that are this article's: from behind the one before to its own last."""
    places = _places(article)
    if not places or len(mates) < 2:
        return 0, None
    before = [max(_places(mate)) for mate in mates if _places(mate) and max(_places(mate)) < min(places)]
    after = [mate for mate in mates if _places(mate) and min(_places(mate)) > max(places)]
    return max(before, default=-1) + 1, max(places) + 1 if after else None


def _places(article: Article) -> list[int]:
    return [place for block in article.blocks for place in block.at]
