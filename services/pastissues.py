"""A past issue that is brought in: the ledger has its number, the pool its articles as 已刊."""

from collections.abc import Sequence

from bulletin.model import Article, BackIssue, Entry, Issue
from services.context import Office
from services.duplicates import Pool
from store.database import Transaction
from store.records import ArticleState, IssueRecord


def keep_issue(office: Office, unit: Transaction, back: BackIssue, docx: str | None = None) -> tuple[IssueRecord, bool]:
    """The issue in the archive and whether it is new there; its articles are known to every later search.

    `docx` is the hash of its file where that is a DOCX. Raises NumberingError for a number that another
    issue has; the unit is then to be rolled back.
    """
    key = office.publication.key
    articles = [_article(back, part, entry) for part, entry in enumerate(back.issue.entries, back.first)]
    back = back.model_copy(update={"issue": _with_articles(back.issue, articles)})
    with Pool(office, unit) as pool:
        for article in articles:
            if unit.articles.add(key, article, state=ArticleState.SPARE):
                pool.remember(article)
    return unit.issues.import_issue(office.publication, back, docx=docx)


def _article(back: BackIssue, part: int, entry: Entry) -> Article:
    fields = entry.model_dump(include={"title", "subtitle", "unit", "author", "date"})
    return Article(source=back.source, part=part, name=back.name, blocks=entry.blocks, **fields)


def _with_articles(issue: Issue, articles: Sequence[Article]) -> Issue:
    """The issue with each entry naming its article in the pool."""
    ids = iter(article.id for article in articles)
    sections = tuple(
        section.model_copy(
            update={"entries": tuple(entry.model_copy(update={"article": next(ids)}) for entry in section.entries)}
        )
        for section in issue.sections
    )
    return issue.model_copy(update={"sections": sections})
