"""Signals and scopes: every row of the rules proves itself on its example."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import SettingsError
from bulletin.features import FeatureExtractor, Rules, Signal
from bulletin.model import Article, Block
from bulletin.places import Gazetteer

REFERENCE = Path(__file__).resolve().parents[2] / "data/reference"
DATA = tomllib.loads((REFERENCE / "publications/default.rules.toml").read_text("utf-8"))
RULES = Rules.parse(DATA)


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor(RULES, Gazetteer.parse((REFERENCE / "divisions.csv").read_text("utf-8")))


def article(title: str = "", unit: str = "", body: str = "", author: str = "") -> Article:
    blocks = tuple(Block(text=line) for line in body.splitlines())
    return Article(source="x", title=title, unit=unit, author=author, blocks=blocks)


@pytest.mark.parametrize("row", DATA["signals"], ids=lambda row: row["key"])
def test_a_signal_shows_in_its_example_and_not_in_nothing(row: dict[str, str]) -> None:
    signal = next(signal for signal in RULES.signals if signal.key == row["key"])
    assert signal.shows(row["example"])
    assert signal.shows("") is signal.absent
    assert signal.text.strip()


def test_signal_keys_are_unique() -> None:
    assert len({signal.key for signal in RULES.signals}) == len(RULES.signals)


@given(st.text(max_size=200))
def test_a_value_is_between_nothing_and_full(text: str) -> None:
    for signal in RULES.signals:
        assert 0 <= signal.value(text) <= 1


@pytest.mark.parametrize(
    ("title", "unit", "body", "scope"),
    [
        ("省委召开会议", "云江省委", "全省各级党组织要抓好落实，各设区市要跟进。", "scope=wide"),
        ("市委召开会议", "宁波市委", "全市各级党组织要抓好落实。", "scope=narrow"),
        ("市委召开会议", "天津市委", "全市各级党组织要抓好落实，全市上下要跟进。", "scope=wide"),
        ("厅党组召开会议", "省水利厅", "传达学习全省教育工作会议精神。厅机关要落实。", "scope=narrow"),
        ("自治区党委召开会议", "", "全区各级党组织要落实，全区上下要跟进。", "scope=wide"),
        ("区委召开会议", "上海市静安区委", "全区各级党组织要落实，全区上下要跟进。", "scope=narrow"),
        ("本市召开会议", "上海市委宣传部", "各区委要抓好落实，各区各部门要跟进。", "scope=wide"),
        ("本市召开会议", "东浦市委宣传部", "各区委要抓好落实，各区各部门要跟进。", "scope=narrow"),
        ("读书", "", "春天来了。", "scope=unsaid"),
    ],
)
def test_whom_an_article_addresses(extractor: FeatureExtractor, title: str, unit: str, body: str, scope: str) -> None:
    values = extractor.draw(article(title, unit, body)).values
    assert [name for name in values if name.startswith("scope=")] == [scope]


def test_the_author_of_the_article_counts_as_its_byline(extractor: FeatureExtractor) -> None:
    body = "党的二十大报告指出，教育是国之大计。"
    assert "essay-byline" in extractor.draw(article("笃行", "", body, "东浦市教育局党委理论学习中心组")).values
    assert "essay-byline" not in extractor.draw(article("笃行", "", body)).values


def test_only_a_label_marks_the_words_of_an_editor(extractor: FeatureExtractor) -> None:
    own = "按语言文字工作要求，3月5日，市教育局举行报告会。\n会后参观。"
    assert extractor.draw(article("报告会", "", own)).zones["body"] == own
    assert extractor.draw(article("报告会", "", "按语　值得一读。\n会后参观。")).zones["body"] == "会后参观。"


def test_a_feature_names_its_sentence(extractor: FeatureExtractor) -> None:
    features = extractor.draw(article("读书会", "", "风和日丽。\n3月5日，市委宣传部举行报告会。\n会后参观。"))
    assert features.explain("dated-lead") == ("开头写明日期，是一次活动", "3月5日，市委宣传部举行报告会。")
    text, sentence = features.explain("actor:below/department") or ("", "")
    assert text == "行为主体是市委宣传部（市级部门）"
    assert sentence == "3月5日，市委宣传部举行报告会。"


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=300))
def test_any_text_has_features(title: str, unit: str, body: str) -> None:
    extractor = FeatureExtractor(RULES, Gazetteer([("350000", "福建省"), ("310000", "上海市")]))
    features = extractor.draw(article(title, unit, body))
    for name in features.values:
        features.explain(name)


@pytest.mark.parametrize(
    "data",
    [
        {"scopes": {}, "signals": []},
        {"roles": {}, "scopes": {"planet": []}},
        {"roles": {}, "signals": [{"key": "a", "zone": "nowhere", "text": "t"}]},
        {"roles": {}, "signals": [{"key": "a", "zone": "body", "text": "t", "pattern": "("}]},
    ],
)
def test_wrong_rules_are_said_to_be_wrong(data: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Rules.parse(data)


def test_a_lack_is_full_where_nothing_is_said() -> None:
    signal = Signal("off", "body", "离题", ("学习",), count=1, absent=True)
    assert (signal.value("天气晴"), signal.value("学习")) == (1.0, 0.0)
