"""Proof that the store is whole: every hash, every issue readable, the ledger without gaps."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, select, text

from bulletin.errors import IntegrityError
from bulletin.model import Article, Frozen, Issue, IssueNumber, NumberScheme, StudyPlan
from store.archive import Files
from store.database import Store
from store.ledger import DRAFT, ISSUED
from store.records import IN_ISSUE, ArticleState, IssueState
from store.schema import articles, issues, ledger, plans, revisions, submissions

Model = TypeVar("Model", bound=BaseModel)


class Problem(Frozen):
    """One thing that is not as it should be."""

    kind: str
    """database, file, content, number or article."""
    subject: str
    message: str


def verify(store: Store) -> tuple[Problem, ...]:
    """Everything that is wrong with the store; empty when it is whole."""
    with store.reading() as unit:
        connection = unit.connection
        needed: dict[str, str] = {}
        found = [
            *_database(connection),
            *_issues(connection, needed),
            *_texts(connection, needed),
            *_numbers(connection),
            *_holds(connection),
        ]
        needed |= {
            sha: f"来稿《{name}》" for sha, name in connection.execute(select(submissions.c.sha256, submissions.c.name))
        }
    return (*found, *_files(store.files, needed))


def _database(connection: Connection) -> Iterator[Problem]:
    if connection.dialect.name != "sqlite":
        return
    for line in connection.execute(text("PRAGMA integrity_check")).scalars():
        if line != "ok":
            yield Problem(kind="database", subject="SQLite", message=str(line))
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Problem(kind="database", subject=str(row[0]), message="有一行指向不存在的记录")


def _files(files: Files, needed: dict[str, str]) -> Iterator[Problem]:
    """Files that are missing, and files, needed or not, that are not what their name says."""
    kept = set()
    for sha in files.names():
        kept.add(sha)
        try:
            files.get(sha)
        except IntegrityError as error:
            yield Problem(kind="file", subject=sha, message=f"{needed.get(sha, '归档文件')}：{error.message}")
    for sha, owner in sorted(needed.items()):
        if sha not in kept:
            yield Problem(kind="file", subject=sha, message=f"{owner}的文件不见了")


def _issues(connection: Connection, needed: dict[str, str]) -> Iterator[Problem]:
    """Issues and revisions that cannot be read or disagree with their row; notes the files they need."""
    revised = {(row.issue, row.revision): row for row in connection.execute(select(revisions))}
    for row in connection.execute(select(issues)).mappings():
        number = IssueNumber(series=row["series"], total=row["total"], year=row["year"], in_year=row["in_year"])
        subject = f"{row['publication']} {number.label}"
        for sha in (row["docx"], row["source"]):
            if sha:
                needed[sha] = subject
        issue = _readable(Issue, row["data"])
        if issue is None:
            yield Problem(kind="content", subject=subject, message="内容读不出来")
        elif issue.number != number:
            yield Problem(kind="number", subject=subject, message=f"内容写的是{issue.number.label}，与期号账不符")
        if row["state"] == ISSUED:
            latest = revised.get((row["id"], row["revision"]))
            if latest is None or (latest.data, latest.docx) != (row["data"], row["docx"]):
                yield Problem(kind="content", subject=subject, message="与留存的版次不符")
    for (id, revision), printing in revised.items():
        if printing.docx:
            needed[printing.docx] = f"第{revision}版"
        if _readable(Issue, printing.data) is None:
            yield Problem(kind="content", subject=str(id), message=f"第{revision}版的内容读不出来")


def _texts(connection: Connection, needed: dict[str, str]) -> Iterator[Problem]:
    """Articles and plans that cannot be read; notes the pictures they need."""
    for id, title, data in connection.execute(select(articles.c.id, articles.c.title, articles.c.data)):
        article = _readable(Article, data)
        if article is None:
            yield Problem(kind="content", subject=title or id, message="稿件内容读不出来")
            continue
        needed.update({block.picture: f"《{title}》的图片" for block in article.blocks if block.picture})
    for title, data in connection.execute(select(plans.c.title, plans.c.data)):
        if _readable(StudyPlan, data) is None:
            yield Problem(kind="content", subject=title, message="学习计划读不出来")


def _numbers(connection: Connection) -> Iterator[Problem]:
    """Numbers given twice, and numbers that do not follow the one before though nobody named them."""
    for book in connection.execute(select(ledger)):
        where = (issues.c.publication == book.publication, issues.c.series == book.series, issues.c.state == ISSUED)
        rows = list(connection.execute(select(issues).where(*where)))
        yearly = book.scheme == NumberScheme.YEARLY.value
        numbers = [(row.year, row.in_year) if yearly else (None, row.total) for row in rows]
        for row, number in zip(rows, numbers, strict=True):
            subject = f"{book.publication} {book.series} 第{number[1]}期"
            if number[1] is not None and numbers.count(number) > 1:
                yield Problem(kind="number", subject=subject, message="同一期号有两期")
            if row.imported or row.fixed is not None or row.follows is None:
                continue
            before = (number[0], row.follows)
            if number[1] != row.follows + 1 or before not in numbers:
                yield Problem(kind="number", subject=subject, message=f"它的前一期应是第{number[1] - 1}期，账上没有")


def _holds(connection: Connection) -> Iterator[Problem]:
    """Articles whose state and issue disagree."""
    query = select(articles.c.title, articles.c.id, articles.c.state, articles.c.issue, issues.c.state.label("issued"))
    wanted = {IssueState.DRAFT.value: ArticleState.USED.value, ISSUED: ArticleState.PUBLISHED.value}
    in_issue = [state.value for state in IN_ISSUE]
    where = articles.c.issue.is_not(None) | articles.c.state.in_(in_issue)
    for row in connection.execute(query.join(issues, articles.c.issue == issues.c.id, isouter=True).where(where)):
        if wanted.get(row.issued) != row.state:
            yield Problem(kind="article", subject=row.title or row.id, message="稿件的状态与所在的一期不符")
    yield from _entries(connection)


def _entries(connection: Connection) -> Iterator[Problem]:
    """Entries of open or issued issues whose article another issue holds."""
    holders = {
        (row[0], row[1]): row[2]
        for row in connection.execute(
            select(articles.c.publication, articles.c.id, articles.c.issue).where(articles.c.issue.is_not(None))
        )
    }
    query = select(issues.c.id, issues.c.publication, issues.c.data).where(issues.c.state.in_([DRAFT, ISSUED]))
    for id, publication, data in connection.execute(query):
        issue = _readable(Issue, data)
        for entry in issue.entries if issue else ():
            if entry.article and holders.get((publication, entry.article)) != id:
                yield Problem(kind="article", subject=entry.title, message="这一期刊用了它，稿库却没有记上")


def _readable(model: type[Model], data: str) -> Model | None:
    try:
        return model.model_validate_json(data)
    except ValidationError:
        return None
