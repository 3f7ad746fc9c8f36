from datetime import date

import pytest

from bulletin.assembly import Wish
from bulletin.errors import ConflictError, NotFoundError, StateError
from bulletin.model import Hint, HintLevel, Likeness
from store.database import open_store
from store.records import ArticleChange, ArticleFilter, ArticleSort, ArticleState
from tests.store.samples import DAY, KEY, add_articles, article, begin, verdict

HINT = Hint(rule="quotes", level=HintLevel.MUST, block=0, span=(0, 1), text="“")


def test_an_article_comes_back_with_all_that_is_known_of_it(store):
    one, likeness = article(1), Likeness(duplicate_of="x-0", similarity=0.8)
    with store.transaction() as unit:
        assert unit.articles.add(KEY, one, verdict=verdict(), likeness=likeness, hints=[HINT], abstract="摘要")
        assert not unit.articles.add(KEY, one)
        record = unit.articles.get(KEY, one.id)
    assert (record.article, record.verdict, record.likeness, record.hints) == (one, verdict(), likeness, (HINT,))
    assert (record.section, record.confidence, record.family, record.duplicate_of) == ("工作动态", 0.9, "x-0", "x-0")
    assert (record.state, record.state.label, record.wish, record.version) == (ArticleState.NEW, "待编", Wish(), 1)
    assert (record.length, record.hints_open, record.abstract) == (len(one.body), 1, "摘要")


def test_an_edit_keeps_what_was_before(store):
    [one] = add_articles(store, 1)
    edited = one.model_copy(update={"title": "新题"})
    with store.transaction() as unit:
        unit.articles.update(KEY, one.id, 1, ArticleChange(article=edited), who="编辑", act="改题")
        after = unit.articles.update(KEY, one.id, 2, ArticleChange(wish=Wish(pin=True), state=ArticleState.SPARE))
        first, second = unit.articles.history(KEY, one.id)
    assert (after.title, after.section, after.state, after.version) == ("新题", "工作动态", ArticleState.SPARE, 3)
    assert (first.version, first.who, first.act) == (1, "编辑", "改题")
    assert first.before == ArticleChange(article=one)
    assert second.before == ArticleChange(wish=Wish(), state=ArticleState.NEW)


def test_two_editors_do_not_overwrite_each_other(store):
    [one] = add_articles(store, 1)
    with store.transaction() as unit:
        unit.articles.update(KEY, one.id, 1, ArticleChange(abstract="甲"))
    with pytest.raises(ConflictError, match="别人"), store.transaction() as unit:
        unit.articles.update(KEY, one.id, 1, ArticleChange(abstract="乙"))
    with store.reading() as unit:
        assert unit.articles.get(KEY, one.id).abstract == "甲"
        assert len(unit.articles.history(KEY, one.id)) == 1


def test_only_an_issue_takes_and_gives_back(store):
    used, free = add_articles(store, 1, 2)
    begin(store, "2026-W47", used)
    with store.transaction() as unit:
        assert unit.articles.set_state(KEY, [used.id, free.id], ArticleState.REJECTED) == 1
        for act in (
            lambda: unit.articles.update(KEY, used.id, 2, ArticleChange(state=ArticleState.NEW)),
            lambda: unit.articles.update(KEY, free.id, 2, ArticleChange(state=ArticleState.PUBLISHED)),
            lambda: unit.articles.set_state(KEY, [free.id], ArticleState.USED),
        ):
            with pytest.raises(StateError):
                act()
        states = [unit.articles.get(KEY, one.id).state for one in (used, free)]
    assert states == [ArticleState.USED, ArticleState.REJECTED]


@pytest.fixture
def pool(store):
    rows = [
        (1, "甲局", date(2026, 11, 3), "工作动态", 0.9, ArticleState.NEW),
        (2, "乙局", date(2026, 11, 1), "经验交流", 0.4, ArticleState.SPARE),
        (3, "甲局", None, "工作动态", 0.7, ArticleState.NEW),
        (4, "丙局", date(2026, 11, 2), "不采用", 0.8, ArticleState.REJECTED),
    ]
    with store.transaction() as unit:
        for number, name, day, section, confidence, state in rows:
            judged = verdict(section).model_copy(update={"confidence": confidence})
            one = article(number, text="字" * number, unit=name, date=day, title=f"第{number}篇")
            unit.articles.add(KEY, one, verdict=judged, state=state)
        unit.articles.add("other", article(9), verdict=verdict())
    return store


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "4321"),
        ({"states": (ArticleState.NEW, ArticleState.SPARE)}, "321"),
        ({"sections": ("工作动态",)}, "31"),
        ({"units": ("甲局", "丙局")}, "431"),
        ({"since": date(2026, 11, 2)}, "41"),
        ({"until": date(2026, 11, 2)}, "42"),
        ({"title": "2篇"}, "2"),
        ({"title": "%"}, ""),
        ({"sources": (article(2).source,)}, "2"),
        ({"family": article(3).id}, "3"),
        ({"issue": 1}, ""),
        ({"sections": ("工作动态",), "units": ("甲局",), "since": date(2026, 1, 1)}, "1"),
    ],
)
def test_filters(pool, asked, expected):
    with pool.reading() as unit:
        page = unit.articles.find(KEY, ArticleFilter(**asked))
        ids = unit.articles.ids(KEY, ArticleFilter(**asked))
    assert "".join(row.title[1] for row in page.rows) == expected
    assert page.total == len(expected)
    assert set(ids) == {row.id for row in page.rows}


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        (ArticleSort.CREATED, True, "4321"),
        (ArticleSort.DATE, True, "1423"),
        (ArticleSort.DATE, False, "2413"),
        (ArticleSort.TITLE, False, "1234"),
        (ArticleSort.LENGTH, True, "4321"),
        (ArticleSort.CONFIDENCE, False, "2341"),
    ],
)
def test_sorting_and_paging_agree(pool, sort, descending, expected):
    with pool.reading() as unit:
        whole = unit.articles.find(KEY, sort=sort, descending=descending)
        pages = [unit.articles.find(KEY, sort=sort, descending=descending, limit=1, offset=at) for at in range(5)]
    assert "".join(row.title[1] for row in whole.rows) == expected
    assert "".join(row.title[1] for page in pages for row in page.rows) == expected
    assert {page.total for page in pages} == {4}


def steps(unit, call):
    """How many hundreds of SQLite's steps a call takes."""
    counted = []
    raw = unit.connection.connection.driver_connection
    raw.set_progress_handler(lambda: counted.append(1), 100)
    call()
    raw.set_progress_handler(None, 0)
    return len(counted)


def test_a_few_of_two_states_are_found_without_a_walk_through_the_pool(tmp_path):
    asked = ArticleFilter(states=(ArticleState.NEW, ArticleState.SPARE))
    taken = []
    for size in (300, 3000):
        store = open_store(tmp_path / str(size))
        old = [ArticleChange(article=article(number), state=ArticleState.OLD) for number in range(10, size)]
        with store.transaction() as unit:
            unit.articles.add_all(KEY, [ArticleChange(article=article(1), state=ArticleState.SPARE), *old])
            unit.articles.add_all(KEY, [ArticleChange(article=article(2), state=ArticleState.NEW)])
        store.close()
        store = open_store(tmp_path / str(size))  # as a later command finds it
        with store.reading() as unit:
            assert [row.id for row in unit.articles.find(KEY, asked).rows] == [article(2).id, article(1).id]
            taken.append(steps(unit, lambda unit=unit: unit.articles.find(KEY, asked)))
        store.close()
    assert taken[1] <= 2 * taken[0] + 2, taken


def test_counts_and_records(pool):
    with pool.reading() as unit:
        assert unit.articles.counts(KEY)[ArticleState.NEW, "工作动态"] == 2
        ids = [article(number).id for number in (3, 1, 99)]
        assert [one.title for one in unit.articles.records(KEY, ids)] == ["第3篇", "第1篇"]


def test_publications_do_not_see_each_other(pool):
    with pool.transaction() as unit:
        with pytest.raises(NotFoundError):
            unit.articles.get("other", article(1).id)
        assert unit.articles.add("other", article(1))
        assert unit.articles.get("other", article(1).id).date == DAY
        assert unit.articles.get(KEY, article(1).id).date == date(2026, 11, 3)
