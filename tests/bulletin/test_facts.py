"""Facts of notices: one spelling for days and figures, and when two notices tell the same."""

import itertools
import json
from pathlib import Path

import pytest

from bulletin.facts import NOTICE, days, facts, same_notice
from tests.bulletin.notices import ANEW, MEETING

TRAINING = Path(__file__).resolve().parents[2] / "data/reference/training/written.jsonl"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7月二十四日上午", ["7月24日"]),
        ("十一月三日和12月31日", ["11月3日", "12月31日"]),
        ("成果之一九月十三日", ["9月13日"]),
        ("第607月08日", ["7月8日"]),
        ("13月8日、九月三十", ["3月8日"]),
        ("", []),
    ],
)
def test_days_in_either_numerals(text: str, found: list[str]) -> None:
    assert days(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("三十八名", {"38"}),
        ("2300余人次", {"2300"}),
        ("1.6万人次，97.5%", {"1.6万", "97.5"}),
        ("２８名", {"28"}),
        ("1234567人，1234568元", {"1234567", "1234568"}),
        ("三点意见，5名同志", set()),
        ("2024年，党的二十届三中全会", set()),
        ("“两个确立”“渠边课”", {"渠边课"}),
        ("《乡村的记忆》第12页", {"乡村的记忆", "12"}),
    ],
)
def test_facts_have_one_spelling(text: str, found: set[str]) -> None:
    assert facts(text) == found


def test_a_notice_written_anew_tells_the_same() -> None:
    assert same_notice(MEETING, ANEW)
    assert same_notice(ANEW, MEETING)


@pytest.mark.parametrize(
    "change",
    [
        {"五月六日": "五月七日"},
        {"46名": "39名"},
        {"《乡村的记忆》": "《河流的记忆》"},
        {"五月六日": "日前", "46名": "许多", "十三条": "几条"},
        {"共十三条。": "共十三条。" + "大家谈了很多，也想了很多。" * (NOTICE // 8)},
    ],
    ids=["day", "figure", "book", "one fact", "no notice"],
)
def test_other_facts_too_few_facts_or_more_text_are_not_the_same(change: dict[str, str]) -> None:
    text = ANEW
    for old, new in change.items():
        text = text.replace(old, new)
    assert not same_notice(MEETING, text)


def test_formulas_are_no_facts_in_common() -> None:
    texts = (
        "“两个确立”“四个意识”“两个维护”，党的二十大，2024年学习。" * 2,
        "2024年，党的二十大，“四个意识”，“两个确立”学习。",
    )
    assert not same_notice(*texts)


def test_no_two_of_the_written_examples_tell_the_same() -> None:
    bodies = [json.loads(line)["body"] for line in TRAINING.read_text("utf-8").splitlines()]
    assert [pair for pair in itertools.combinations(bodies, 2) if same_notice(*pair)] == []
