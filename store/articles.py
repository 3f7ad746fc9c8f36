"""The pool of articles (稿库): lists of any length at one speed, edits that never overwrite each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from bulletin.errors import ConflictError, NotFoundError, StateError
from bulletin.model import Article, Hint, Likeness, Verdict
from store.articlerows import LISTED, columns, first_columns, listed, record
from store.ground import insert_all_new
from store.records import (
    IN_ISSUE,
    ArticleChange,
    ArticleFilter,
    ArticlePage,
    ArticleRecord,
    ArticleSort,
    ArticleState,
    Edit,
)
from store.schema import article_edits, articles
from store.search import Search

BATCH = 500
"""Values in one IN (...): far below the limit of either database."""
FEW = 1000
"""Articles that are first found by what they are and then put in order. For those of two states SQLite would else walk
through the order of the whole pool (0.25 s of 100 000)."""


class Articles:
    """The articles of every publication."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        publication: str,
        article: Article,
        *,
        verdict: Verdict | None = None,
        likeness: Likeness | None = None,
        hints: Sequence[Hint] = (),
        abstract: str = "",
        state: ArticleState = ArticleState.NEW,
        family: str = "",
    ) -> bool:
        """True where the article is new to the pool; one that is there stays as it is.

        `family` is the id of the first of its versions; by default the one it repeats, or itself.
        """
        arrival = ArticleChange(
            article=article,
            verdict=verdict,
            likeness=likeness,
            hints=tuple(hints),
            abstract=abstract,
            state=state,
            family=family or None,
        )
        return bool(self.add_all(publication, [arrival]))

    def add_all(self, publication: str, arrivals: Sequence[ArticleChange]) -> tuple[Article, ...]:
        """Those of the articles that are new to the pool; the others stay as they are.

        Every arrival holds its article. One without a family joins that of the article it repeats, or begins its own.
        """
        common = {"publication": publication, "created": self._now, "updated": self._now, "version": 1}
        rows = [common | first_columns(arrival) for arrival in arrivals]
        new = insert_all_new(self._connection, articles, rows, "id")
        added = tuple(arrival.article for arrival in arrivals if arrival.article and arrival.article.id in new)
        Search(self._connection).add_articles(publication, added)
        return added

    def get(self, publication: str, id: str) -> ArticleRecord:
        """The article; NotFoundError where the publication has none such."""
        found = self.records(publication, [id])
        if not found:
            raise NotFoundError("稿库里没有这篇稿件", subject=id)
        return found[0]

    def records(self, publication: str, ids: Sequence[str]) -> tuple[ArticleRecord, ...]:
        """Those of the articles that there are, in the order of `ids`."""
        found: dict[str, ArticleRecord] = {}
        for batch in _batches(ids):
            query = select(articles).where(articles.c.publication == publication, articles.c.id.in_(batch))
            for row in self._connection.execute(query).mappings():
                found[row["id"]] = record(row)
        return tuple(found[id] for id in ids if id in found)

    def contents(self, publication: str, ids: Sequence[str]) -> dict[str, Article]:
        """The texts alone of those of the articles that there are: all that a comparison needs."""
        found: dict[str, Article] = {}
        for batch in _batches(ids):
            query = select(articles.c.id, articles.c.data).where(
                articles.c.publication == publication, articles.c.id.in_(batch)
            )
            found |= {row.id: Article.model_validate_json(row.data) for row in self._connection.execute(query)}
        return found

    def ids(self, publication: str, filter: ArticleFilter | None = None) -> tuple[str, ...]:
        """The ids of all articles that pass the filter, in order of arrival."""
        query = self._found(select(articles.c.id), publication, filter or ArticleFilter())
        return tuple(self._connection.execute(query.order_by(articles.c.row)).scalars())

    def find(
        self,
        publication: str,
        filter: ArticleFilter | None = None,
        *,
        sort: ArticleSort = ArticleSort.CREATED,
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> ArticlePage:
        """One page of the list, and how many articles pass the filter."""
        asked = filter or ArticleFilter()
        order = _order(sort, descending)
        total = self._connection.execute(self._found(select(func.count()), publication, asked)).scalar_one()
        # The page is found in an index alone; only its own rows are read.
        chosen = self._found(select(articles.c.row), publication, asked)
        if total <= FEW:
            chosen = select(articles.c.row).where(articles.c.row.in_(chosen.limit(FEW)))
        page = chosen.order_by(*order).limit(limit).offset(offset).subquery()
        query = select(*LISTED).join(page, articles.c.row == page.c.row).order_by(*order)
        rows = tuple(listed(row) for row in self._connection.execute(query).mappings())
        return ArticlePage(rows=rows, total=total)

    def _found(self, query: Select[Any], publication: str, asked: ArticleFilter) -> Select[Any]:
        filtered = _filtered(query, publication, asked)
        if not asked.words.strip():
            return filtered
        return filtered.where(articles.c.id.in_(Search(self._connection).owners(publication, asked.words, "article")))

    def counts(self, publication: str) -> dict[tuple[ArticleState, str], int]:
        """How many articles there are of each state and section."""
        table = articles.c
        query = (
            select(table.state, table.section, func.count())
            .where(table.publication == publication)
            .group_by(table.state, table.section)
        )
        return {(ArticleState(state), section): count for state, section, count in self._connection.execute(query)}

    def family_sizes(self, publication: str, families: Sequence[str]) -> dict[str, int]:
        """How many articles each of the families has."""
        table = articles.c
        query = (
            select(table.family, func.count().label("size"))
            .where(table.publication == publication, table.family.in_(families))
            .group_by(table.family)
        )
        return {row.family: row.size for row in self._connection.execute(query)}

    def units(self, publication: str, limit: int = 500) -> tuple[str, ...]:
        """The units that articles came from, by name."""
        query = select(articles.c.unit).where(articles.c.publication == publication, articles.c.unit != "").distinct()
        return tuple(self._connection.execute(query.order_by(articles.c.unit).limit(limit)).scalars())

    def update(
        self,
        publication: str,
        id: str,
        version: int,
        change: ArticleChange,
        *,
        who: str = "",
        act: str = "",
    ) -> ArticleRecord:
        """The article after the change; what it held before goes to its history.

        Raises ConflictError when it is no longer at `version`, StateError for a change of the
        state of an article that stands in an issue.
        """
        before = self.get(publication, id)
        if before.version != version:
            raise ConflictError("这篇稿件已被别人改过", subject=before.title or id)
        self._check_state(before, change)
        values = columns(change) | {"version": version + 1, "updated": self._now}
        query = update(articles).where(
            articles.c.publication == publication, articles.c.id == id, articles.c.version == version
        )
        if not self._connection.execute(query.values(values)).rowcount:
            raise ConflictError("这篇稿件已被别人改过", subject=before.title or id)
        self._remember(publication, before, change, who, act)
        if change.article is not None:
            Search(self._connection).put_article(publication, change.article)
        return self.get(publication, id)

    @staticmethod
    def _check_state(before: ArticleRecord, change: ArticleChange) -> None:
        if change.state is None or change.state is before.state:
            return
        if before.state in IN_ISSUE:
            raise StateError(f"稿件{before.state.label}，不能改为{change.state.label}", subject=before.title)
        if change.state in IN_ISSUE:
            raise StateError("稿件只能由一期简报采用", subject=before.title)

    def _remember(self, publication: str, before: ArticleRecord, change: ArticleChange, who: str, act: str) -> None:
        held = {name: getattr(before, name) for name in change.model_fields_set}
        values = {
            "publication": publication,
            "article": before.id,
            "version": before.version,
            "at": self._now,
            "who": who,
            "act": act,
            "before": ArticleChange(**held).model_dump_json(exclude_unset=True),
        }
        self._connection.execute(insert(article_edits), values)

    def history(self, publication: str, id: str) -> tuple[Edit, ...]:
        """The edits of an article, oldest first."""
        table = article_edits.c
        query = select(table.version, table.at, table.who, table.act, table.before).where(
            table.publication == publication, table.article == id
        )
        rows = self._connection.execute(query.order_by(table.version, table.row)).mappings()
        return tuple(
            Edit.model_validate(dict(row) | {"before": ArticleChange.model_validate_json(row["before"])})
            for row in rows
        )

    def set_state(self, publication: str, ids: Iterable[str], state: ArticleState) -> int:
        """How many of the articles changed to `state`; those that stand in an issue are left alone."""
        if state in IN_ISSUE:
            raise StateError("稿件只能由一期简报采用")
        changed = 0
        for batch in _batches(tuple(ids)):
            query = update(articles).where(
                articles.c.publication == publication,
                articles.c.id.in_(batch),
                articles.c.state.not_in([*(kept.value for kept in IN_ISSUE), state.value]),
            )
            values = {"state": state.value, "updated": self._now, "version": articles.c.version + 1}
            changed += self._connection.execute(query.values(values)).rowcount
        return changed


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _order(sort: ArticleSort, descending: bool) -> list[ColumnElement[Any]]:
    column = articles.c[sort.value]
    if descending:
        return [column.desc().nulls_last(), articles.c.row.desc()]
    # SQLite takes this order from an index only where nothing is said about NULL, which but the date is never.
    ascending = column.asc().nulls_last() if column.nullable else column.asc()
    return [ascending, articles.c.row.asc()]


def _filtered(query: Select[Any], publication: str, asked: ArticleFilter) -> Select[Any]:
    table = articles.c
    where: list[ColumnElement[bool]] = [table.publication == publication]
    lists: list[tuple[ColumnElement[str], Sequence[str]]] = [
        (table.state, [state.value for state in asked.states]),
        (table.section, asked.sections),
        (table.unit, asked.units),
        (table.source, asked.sources),
    ]
    for column, values in lists:
        if len(values) == 1:
            # SQLite takes the order of an index after = but not after IN.
            where.append(column == values[0])
        elif values:
            where.append(column.in_(values))
    if asked.family:
        where.append(table.family == asked.family)
    if asked.issue is not None:
        where.append(table.issue == asked.issue)
    if asked.since is not None:
        where.append(table.date >= asked.since)
    if asked.until is not None:
        where.append(table.date <= asked.until)
    if asked.title:
        where.append(table.title.contains(asked.title, autoescape=True))
    return query.select_from(articles).where(*where)
