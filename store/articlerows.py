"""Articles as rows of the pool: what an article fills in, and what is made of a row that was read."""

from collections.abc import Mapping
from typing import Any

from bulletin.assembly import Wish
from bulletin.model import Article, Likeness, Verdict
from store.ground import HINTS, KEYS
from store.records import ArticleChange, ArticleRecord, ArticleRow, ArticleState
from store.schema import articles

LISTED = [articles.c[name] for name in ArticleRow.model_fields]

_NOT_JUDGED = {"section": "", "confidence": 0.0, "verdict": None, "likeness": None, "duplicate_of": None}


def first_columns(arrival: ArticleChange) -> dict[str, Any]:
    """Every column that a new article fills, the same ones for each. The arrival holds its article."""
    article, likeness = arrival.article, arrival.likeness
    assert article is not None
    known = arrival.model_copy(
        update={
            "hints": arrival.hints or (),
            "undone": (),
            "abstract": arrival.abstract or "",
            "wish": Wish(),
            "state": arrival.state or ArticleState.NEW,
            "family": arrival.family or (likeness.duplicate_of if likeness else None) or article.id,
        }
    )
    own = {"id": article.id, "source": article.source, "part": article.part}
    return _NOT_JUDGED | own | columns(known)


def columns(change: ArticleChange) -> dict[str, Any]:
    """The columns that a change sets."""
    values: dict[str, Any] = {}
    if change.article is not None:
        article = change.article
        values |= {"title": article.title, "unit": article.unit, "author": article.author, "date": article.date}
        values |= {"length": len("".join(article.body.split())), "data": article.model_dump_json()}
    if change.verdict is not None:
        values |= {"section": change.verdict.section, "confidence": change.verdict.confidence}
        values["verdict"] = change.verdict.model_dump_json()
    if change.likeness is not None:
        values |= {"duplicate_of": change.likeness.duplicate_of, "likeness": change.likeness.model_dump_json()}
    if change.hints is not None:
        values |= {"hints_open": len(change.hints), "hints": HINTS.dump_json(change.hints).decode()}
    if change.undone is not None:
        values["undone"] = KEYS.dump_json(change.undone).decode()
    if change.wish is not None:
        values["wish"] = change.wish.model_dump_json()
    if change.state is not None:
        values["state"] = change.state.value
    plain = {"abstract": change.abstract, "family": change.family}
    return values | {name: value for name, value in plain.items() if value is not None}


def listed(row: Mapping[Any, Any]) -> ArticleRow:
    """An article of a list, from the columns that are `LISTED`."""
    return ArticleRow.model_validate(dict(row) | {"wish": Wish.model_validate_json(row["wish"])})


def record(row: Mapping[Any, Any]) -> ArticleRecord:
    """An article, from all its columns."""
    shown = {column.name: row[column.name] for column in LISTED}
    return ArticleRecord.model_validate(
        shown
        | {
            "wish": Wish.model_validate_json(row["wish"]),
            "article": Article.model_validate_json(row["data"]),
            "verdict": Verdict.model_validate_json(row["verdict"]) if row["verdict"] else None,
            "likeness": Likeness.model_validate_json(row["likeness"]) if row["likeness"] else None,
            "hints": HINTS.validate_json(row["hints"]),
            "undone": KEYS.validate_json(row["undone"]),
        }
    )
