"""Which articles stand in which issue: nothing is printed twice."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bulletin.errors import StateError
from bulletin.model import Issue
from store.records import IN_ISSUE, ArticleState
from store.schema import articles


class Claims:
    """The hold that issues have on articles of the pool."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def take(self, publication: str, issue_id: int, issue: Issue) -> None:
        """Makes the articles of a draft 采用 by it, and gives the others it had back to the pool."""
        wanted = _articles_of(issue)
        self._put(publication, self._held(publication, issue_id) - wanted, ArticleState.SPARE, None)
        self._claim(publication, issue_id, wanted, ArticleState.USED)

    def publish(self, publication: str, issue_id: int, issue: Issue) -> None:
        """Makes the articles of an issue 已刊 in it."""
        self._claim(publication, issue_id, _articles_of(issue), ArticleState.PUBLISHED)

    def release(self, publication: str, issue_id: int) -> None:
        """Gives all articles of a discarded draft back to the pool."""
        self._put(publication, self._held(publication, issue_id), ArticleState.SPARE, None)

    def _held(self, publication: str, issue_id: int) -> set[str]:
        # Not asked for by publication as well: SQLite would take an index of that, and read the whole pool.
        query = select(articles.c.id, articles.c.publication).where(articles.c.issue == issue_id)
        return {id for id, owner in self._connection.execute(query) if owner == publication}

    def _claim(self, publication: str, issue_id: int, ids: set[str], state: ArticleState) -> None:
        done = self._put(publication, ids, state, issue_id)
        if done == len(ids):
            return
        query = select(articles.c.id, articles.c.title, articles.c.issue).where(
            articles.c.publication == publication, articles.c.id.in_(ids)
        )
        found = {id: (title, issue) for id, title, issue in self._connection.execute(query)}
        for id in sorted(ids):
            if id not in found:
                raise StateError("稿库里没有这篇稿件，不能采用", subject=id)
            title, issue = found[id]
            if issue not in (None, issue_id):
                raise StateError("这篇稿件已被另一期采用", subject=title or id, advice="同一篇稿件不刊登两次")

    def _put(self, publication: str, ids: set[str], state: ArticleState, issue_id: int | None) -> int:
        """How many of the articles are now in `state`; one that another issue holds stays there.

        One that was so before is not touched: somebody may be editing it, and nothing about it has changed.
        """
        if not ids:
            return 0
        chosen = (articles.c.publication == publication) & articles.c.id.in_(ids)
        held = (articles.c.state == state.value) & articles.c.issue.is_not_distinct_from(issue_id)
        query = select(func.count()).select_from(articles).where(chosen, held)
        before: int = self._connection.execute(query).scalar_one()
        free = articles.c.state.not_in([held.value for held in IN_ISSUE])
        mine = free | (articles.c.issue == issue_id) if issue_id is not None else articles.c.issue.is_not(None)
        other = (articles.c.state != state.value) | articles.c.issue.is_distinct_from(issue_id)
        statement = update(articles).where(chosen, mine, other)
        values = {"state": state.value, "issue": issue_id, "updated": self._now, "version": articles.c.version + 1}
        return before + self._connection.execute(statement.values(values)).rowcount


def _articles_of(issue: Issue) -> set[str]:
    return {entry.article for entry in issue.entries if entry.article}
