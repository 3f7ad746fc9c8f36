import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.model import Block
from store.records import ArticleChange
from store.search import MOST, belonging, fold, highlighter, pairs, passages
from tests.store.samples import DAY, KEY, add_articles, article, begin, sign


@pytest.fixture
def texts(store):
    with store.transaction() as unit:
        unit.articles.add(KEY, article(1, "全市推动高质量、发展，取得实效。", title="云江经验"))
        unit.articles.add(KEY, article(2, "质量高发展快。Ａ级景区 3A 达到 12 家。", title="临川动态"))
        unit.articles.add(KEY, article(3, "其他。\n高质\n量发展", title="100%_办结"))
        unit.articles.add("other", article(4, "推动高质量发展。"))
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("高质量发展", {1, 3}),
        ("高质量，发展", {1, 3}),
        ("质量", {1, 2, 3}),
        ("快", {2}),
        ("发展 景区", {2}),
        ("a级", {2}),
        ("３ａ", {2}),
        ("12家", {2}),
        ("云江经验", {1}),
        ("云江 实效", {1}),
        ("%", set()),
        ("00%_办", {3}),
        ('" OR body: "', set()),
        ("不存在的词", set()),
        ("  ", set()),
    ],
)
def test_words_of_any_length_are_found_in_their_publication_only(texts, query, expected):
    with texts.reading() as unit:
        found = unit.search.find(KEY, query)
    assert {hit.owner for hit in found.hits} == {article(number).id for number in expected}
    assert found.total == len(expected)


def test_a_title_and_the_body_after_it_are_not_one_text(store):
    with store.transaction() as unit:
        unit.articles.add(KEY, article(1, "质量", title="高"))
    with store.reading() as unit:
        assert unit.search.find(KEY, "高质").total == 0


def test_matches_are_marked_in_the_text_as_written(texts):
    with texts.reading() as unit:
        [hit] = unit.search.find(KEY, "高质量发展 实效").hits
    [passage] = hit.passages
    assert passage == (
        ("全市推动", False),
        ("高质量、发展", True),
        ("，取得", False),
        ("实效", True),
        ("。", False),
    )
    assert (hit.kind, hit.title, hit.date) == ("article", "云江经验", DAY)


def test_an_edited_article_is_found_by_its_new_words_only(store):
    [one] = add_articles(store, 1)
    with store.transaction() as unit:
        edited = one.model_copy(update={"blocks": (Block(text="全新内容"),), "title": "新题"})
        unit.articles.update(KEY, one.id, 1, ArticleChange(article=edited))
    with store.reading() as unit:
        assert unit.search.find(KEY, "临川").total == 0
        assert unit.search.find(KEY, "全新内容").total == 1


def test_entries_are_found_once_issued_and_by_their_latest_revision(store):
    [one] = add_articles(store, 1)
    draft = begin(store, "2026-W47", one)
    with store.reading() as unit:
        assert unit.search.find(KEY, "取得实效", kind="entry").total == 0
    signed = sign(store, draft)
    with store.reading() as unit:
        [hit] = unit.search.find(KEY, "取得实效", kind="entry").hits
        assert unit.search.find(KEY, "取得实效").total == 2
        assert unit.search.find(KEY, "取得实效", kind="article").total == 1
    assert (hit.owner, hit.position, hit.title) == (str(signed.id), 0, one.title)
    empty = signed.issue.model_copy(update={"sections": (), "revision": 1})
    with store.transaction() as unit:
        unit.issues.correct(KEY, signed.id, signed.version, empty, "1" * 64, {}, reason="误", who="编辑")
    with store.reading() as unit:
        assert unit.search.find(KEY, "取得实效", kind="entry").total == 0


def test_pages_are_newest_first(store):
    with store.transaction() as unit:
        for number in range(1, 6):
            unit.articles.add(KEY, article(number, date=DAY.replace(day=number)))
        unit.articles.add(KEY, article(6, date=None))
    with store.reading() as unit:
        pages = [unit.search.find(KEY, "活动", limit=2, offset=at) for at in (0, 2, 4)]
    assert [hit.date and hit.date.day for page in pages for hit in page.hits] == [5, 4, 3, 2, 1, None]
    assert {page.total for page in pages} == {6}
    assert MOST >= 1000


def test_a_publication_whose_key_begins_or_ends_like_another_shows_nothing_of_it(store):
    keys = ("yun", "yun-jiang", "jiang", "云江", "yun jiang")
    with store.transaction() as unit:
        for number, key in enumerate(keys):
            unit.articles.add(key, article(number, "推动发展。"))
    with store.reading() as unit:
        for number, key in enumerate(keys):
            for kind in (None, "article"):
                assert [hit.owner for hit in unit.search.find(key, "发展", kind=kind).hits] == [article(number).id]
            assert unit.search.find(key, "发展", kind="entry").total == 0


def test_the_words_of_the_index_itself_are_nobodys(texts):
    with texts.reading() as unit:
        for query in (KEY, "article", belonging(KEY), belonging(KEY, "article")):
            assert unit.search.find(KEY, query).total == 0


def test_the_index_can_be_made_anew(texts):
    with texts.transaction() as unit:
        unit.search.rebuild()
    with texts.reading() as unit:
        assert unit.search.find(KEY, "高质量发展").total == 2


CHINESE = st.text(st.sampled_from("高质量发展，。 Ａａ12\n“”、（）"), max_size=30)


@given(CHINESE, CHINESE)
def test_what_the_index_matches_can_be_marked(text, word):
    folded = fold(word)
    if folded and folded in fold(text):
        assert highlighter([folded]).search(text)
        assert pairs(folded) <= pairs(fold(text))
        for passage in passages(text, highlighter([folded])):
            assert any(fold(piece) == folded for piece, hit in passage if hit)
