"""Each printed article beside what its unit handed in (花脸稿)."""

from bulletin.errors import BulletinError
from bulletin.model import Article, Document, Entry, Frozen
from bulletin.rearrange import find
from bulletin.redline import Redline, redline
from services.context import Office
from services.originals import raw_document, span
from store.database import Transaction
from store.records import ArticleFilter


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
        document = raw_document(office, article.source, record.name, record.media_type)
    except (BulletinError, FileNotFoundError) as error:
        return record.name, [], f"原稿读不出来：{error}"
    mates = unit.articles.records(key, unit.articles.ids(key, ArticleFilter(sources=(article.source,))))
    start, end = span(article, [mate.article for mate in mates])
    return record.name, [line for line in _lines(document)[start:end] if line], ""


def _lines(document: Document) -> tuple[str, ...]:
    """The text of each block as the reader sees the submission, before any cleaning."""
    lines = [block.plain for block in document.blocks]
    # A web page has its title and source outside the text; they were handed in all the same.
    head = [text for text in (document.title, document.subtitle, document.unit) if text and text not in lines]
    return ("\n".join((*head, lines[0])), *lines[1:]) if lines else tuple(head)
