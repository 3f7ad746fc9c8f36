"""Fingerprints: the same letters, the same keys; formulas last; bytes and back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.fingerprint import (
    CLAUSE_KEYS,
    TERM_KEYS,
    Fingerprint,
    Formulas,
    band_keys,
    clauses,
    fingerprint,
    letters,
    normalized,
    sentences,
    shared_keys,
    terms,
)
from bulletin.model import Article, Block, BlockType


def article(*lines: str, source: str = "a") -> Article:
    return Article(source=source, blocks=tuple(Block(text=line) for line in lines))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("开办「田埂课堂」，共１２堂。", "开办“田埂课堂”,共12堂。"),
        ("渔港、 盐场 办过夜校", "渔港，盐场办过夜校"),
        ("ＡＢ 测试", "ab测试"),
    ],
)
def test_letters_are_what_every_channel_leaves_alone(one: str, other: str) -> None:
    assert letters(one) == letters(other)


@given(st.text() | st.text(alphabet="，：；…　％～<=́̈각ΑΣﬁ㎡１a甲", max_size=12))
def test_normalized_is_nfkc(text: str) -> None:
    assert normalized(text) == unicodedata.normalize("NFKC", text)


def test_another_channels_marks_give_the_same_fingerprint() -> None:
    one = article("云泽县开办“田埂课堂”，讲师来自种粮大户、农技站、卫生院；三年共讲418堂。")
    other = article("云泽县开办「田埂课堂」,讲师来自种粮大户，农技站，卫生院;三年共讲４１８堂。", source="b")
    assert fingerprint(one) == fingerprint(other)


def test_pictures_do_not_count() -> None:
    plain = article("云泽县渔港改造专班走访渔民一百二十六户。")
    pictured = plain.model_copy(update={"blocks": (*plain.blocks, Block(type=BlockType.IMAGE, text="现场图"))})
    assert fingerprint(plain) == fingerprint(pictured)


def test_half_an_article_in_another_order_shares_keys() -> None:
    lines = [f"第{n}组渔民修好了{n * 37}张渔网并登记造册，交给望川码头第{n}号仓库统一保管。" for n in range(2, 30)]
    whole, half = fingerprint(article(*lines)), fingerprint(article(*reversed(lines[::2]), source="b"))
    assert shared_keys(whole.keys, half.keys) >= 10


def test_clauses_that_are_formulas_give_way_to_the_articles_own() -> None:
    formula = "切实把思想和行动统一到会议精神上来"
    lines = [f"梅塘村第{n}次议事会定下了修渠的日子和人手" for n in range(CLAUSE_KEYS)]
    text = article(formula, *lines)
    alone = fingerprint(article(formula))
    assert shared_keys(fingerprint(text, Formulas.parse(formula + "\t0.2")).keys, alone.keys) == 0
    assert len(fingerprint(text).keys) <= CLAUSE_KEYS + TERM_KEYS + 1


def test_terms_are_quoted_names_and_figures() -> None:
    assert terms("打造“石榴红”讲堂，覆盖1260户，讲课418堂") >= {"石榴红", "1260户", "418堂"}


def test_sentences_and_clauses() -> None:
    assert sentences("会议开了。大家说：“好。”散会！") == ["会议开了。", "大家说：“好。", "散会！"]
    assert list(clauses("甲，乙；\n丙——丁")) == ["甲", "乙", "丙", "丁"]


@given(st.text(alphabet="云泽县开会学习讲课修渠0123，。；\n", max_size=300))
def test_bytes_and_back(text: str) -> None:
    trace = fingerprint(article(*text.split("\n")))
    assert Fingerprint.from_bytes(trace.to_bytes()) == trace
    assert all(0 <= key < 2**63 for key in band_keys(trace))
    assert len(trace.to_bytes()) <= 480


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Fingerprint.from_bytes(b"short")


def test_formulas_table() -> None:
    formulas = Formulas.parse("# 注\n深入学习贯彻\t0.4\n以上率下\n")
    assert formulas.shares == (("深入学习贯彻", 0.4), ("以上率下", 0.0))
    weights = formulas.weights("要深入学习贯彻会议")
    assert [weight < 1 for weight in weights] == [False] + [True] * 6 + [False] * 2
    assert weights[1] < formulas.weights("以上率下")[0] < 1, "the commoner weighs less"
    assert formulas.covered("深入学习贯彻会议") == 0.75
