"""The pool of articles (稿库) as editors look at it: filtered, searched, sorted, versions folded, page by page."""

from pydantic import Field

from bulletin.model import Frozen
from bulletin.summary import key_figures
from services.context import Office
from store.database import Transaction
from store.records import ArticleFilter, ArticleRow, ArticleSort, ArticleState

PAGE = 40
"""Rows of a page: two screens, so that a hand on j goes through them without turning."""

TABS: tuple[tuple[str, str, tuple[ArticleState, ...]], ...] = (
    ("new", "待编", (ArticleState.NEW,)),
    ("spare", "备用", (ArticleState.SPARE,)),
    ("used", "已编入", (ArticleState.USED,)),
    ("published", "已刊", (ArticleState.PUBLISHED,)),
    ("rejected", "不采用", (ArticleState.REJECTED,)),
    ("duplicate", "重复", (ArticleState.DUPLICATE,)),
    ("old", "旧稿", (ArticleState.OLD,)),
    ("all", "全部", ()),
)
"""Key, name and states of what a list can show; duplicates are folded under the article they repeat."""

KEPT = 4000
"""Articles whose key figures are remembered."""

STATES = {key: states for key, _, states in TABS}


class PoolQuery(Frozen):
    """What an editor asks of the pool."""

    words: str = ""
    state: str = "new"
    section: str = ""
    unit: str = ""
    sort: ArticleSort = ArticleSort.CREATED
    ascending: bool = False
    page: int = Field(default=1, ge=1)


class PoolRow(Frozen):
    """An article of the list, with how many others are versions of it and where the words were found."""

    row: ArticleRow
    others: int
    figures: tuple[str, ...] = ()
    """What the article counts (bulletin.summary.key_figures)."""
    passages: tuple[tuple[tuple[str, bool], ...], ...] = ()


class PoolPage(Frozen):
    rows: tuple[PoolRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    """How many articles each tab has."""


def list_pool(office: Office, asked: PoolQuery) -> PoolPage:
    """One page of the pool. Words are looked for in titles and texts, in every state unless one was asked for."""
    key = office.publication.key
    with office.store.reading() as unit:
        found = unit.articles.find(
            key,
            _filter(asked),
            sort=asked.sort,
            descending=not asked.ascending,
            limit=PAGE,
            offset=(asked.page - 1) * PAGE,
        )
        rows = _rows(unit, key, found.rows, asked.words)
        counts = _counts(unit, key)
    return PoolPage(rows=rows, total=found.total, page=asked.page, pages=max(1, -(-found.total // PAGE)), counts=counts)


def versions(office: Office, family: str) -> tuple[PoolRow, ...]:
    """All articles of a family, the first of them first."""
    key = office.publication.key
    with office.store.reading() as unit:
        asked = ArticleFilter(family=family)
        return _rows(unit, key, unit.articles.find(key, asked, descending=False, limit=200).rows, "")


def units(office: Office) -> tuple[str, ...]:
    """The units that articles of the pool came from."""
    with office.store.reading() as unit:
        return unit.articles.units(office.publication.key)


def _filter(asked: PoolQuery) -> ArticleFilter:
    return ArticleFilter(
        states=STATES.get(asked.state, ()),
        sections=(asked.section,) if asked.section else (),
        units=(asked.unit,) if asked.unit else (),
        words=asked.words,
    )


def _rows(unit: Transaction, key: str, rows: tuple[ArticleRow, ...], words: str) -> tuple[PoolRow, ...]:
    sizes = unit.articles.family_sizes(key, [row.family for row in rows]) if rows else {}
    places = unit.search.passages(key, words, "article", [row.id for row in rows])
    figures = _figures_of(unit, key, rows)
    return tuple(
        PoolRow(
            row=row,
            others=sizes.get(row.family, 1) - 1,
            figures=figures[row.id],
            passages=places.get(row.id, ()),
        )
        for row in rows
    )


_listed: dict[tuple[str, str, int], tuple[str, ...]] = {}
"""Key figures by publication, article and version: found when it is first listed (3 ms), because most never are."""


def _figures_of(unit: Transaction, key: str, rows: tuple[ArticleRow, ...]) -> dict[str, tuple[str, ...]]:
    if len(_listed) > KEPT:
        _listed.clear()
    found = {row.id: _listed.get((key, row.id, row.version)) for row in rows}
    texts = unit.articles.contents(key, [id for id, figures in found.items() if figures is None])
    for row in rows:
        if row.id in texts:
            found[row.id] = _listed[key, row.id, row.version] = key_figures(texts[row.id])
    return {id: figures or () for id, figures in found.items()}


def _counts(unit: Transaction, key: str) -> dict[str, int]:
    by_state: dict[ArticleState, int] = {}
    for (state, _), count in unit.articles.counts(key).items():
        by_state[state] = by_state.get(state, 0) + count
    return {name: sum(by_state.get(state, 0) for state in (states or ArticleState)) for name, _, states in TABS}
