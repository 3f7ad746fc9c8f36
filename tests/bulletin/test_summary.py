"""Abstracts of 30 to 60 characters and key figures with what they count."""

from hypothesis import given
from hypothesis import strategies as st

from bulletin.model import Article, Block
from bulletin.summary import LONGEST, SHORTEST, abstract, key_figures


def article(*lines: str, title: str = "") -> Article:
    return Article(source="a", title=title, blocks=tuple(Block(text=line) for line in lines))


def test_the_sentence_that_says_what_the_title_says() -> None:
    text = abstract(
        article(
            "会议指出，要提高政治站位，把各项任务抓紧抓实，确保取得实实在在的成效和群众满意的结果。",
            "近年来，云泽县开办“田埂课堂”，把政策讲到地头，把技术送到手上，三年共讲418堂。",
            title="云泽县“田埂课堂”把政策讲到地头",
        )
    )
    assert text == "近年来，云泽县开办“田埂课堂”，把政策讲到地头，把技术送到手上，三年共讲418堂。"


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    long = (
        "5月22日，望川市委理论学习中心组举行专题学习会，围绕城市更新交流研讨，"
        + "县区代表先后发言，" * 6
        + "会议到中午结束。"
    )
    text = abstract(article(long, title="望川市委理论学习中心组专题学习"))
    assert SHORTEST <= len(text) <= LONGEST
    assert text.endswith("。")
    assert long.startswith(text[:-1])


def test_nothing_to_say() -> None:
    assert abstract(article()) == ""
    assert abstract(article(title="望川市开会")) == "望川市开会。"
    assert abstract(article("散会。")) == "散会。"


@given(st.text(alphabet="云泽县开会学习，。；：“”《》（）1234567890", max_size=200))
def test_it_is_never_too_long_and_ends_cleanly(text: str) -> None:
    short = abstract(article(text, title="云泽县开会"))
    assert len(short) <= LONGEST
    assert not short or short[-1] in "。！？…”"


def test_key_figures_keep_what_they_count() -> None:
    found = key_figures(
        article("三年来培训基层骨干260人次，编写案例48篇，群众满意率提高到96%，确定2个目标，召开第12次会议。")
    )
    assert any(figure.endswith("骨干260人次") for figure in found)
    assert any("48篇" in figure for figure in found)
    assert any("96%" in figure for figure in found)
    assert not any("2个" in figure or "12次" in figure for figure in found)


def test_no_more_than_five_in_the_order_of_the_text() -> None:
    text = "，".join(
        f"{name}{number}人"
        for number, name in enumerate(("北村培训", "南村培训", "东村培训", "西村培训", "镇上培训", "县里培训"), 21)
    )
    found = key_figures(article(text + "。"))
    assert len(found) == 5
    assert [text.index(figure) for figure in found] == sorted(text.index(figure) for figure in found)
