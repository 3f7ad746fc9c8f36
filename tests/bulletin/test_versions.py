"""The best of several versions of one article."""

import datetime as dt

import pytest

from bulletin.model import Article, Block
from bulletin.versions import best_version

TEXT = "云泽县开办田埂课堂，三年共讲418堂。讲师来自种粮大户和农技站，大家听得懂、记得住、用得上。"


def version(source: str, text: str = TEXT, **fields: object) -> Article:
    return Article.model_validate({"source": source, "blocks": (Block(text=text),), **fields})


def test_the_complete_one_before_the_short_one() -> None:
    best = best_version([version("short", TEXT[:18], date=dt.date(2024, 5, 2)), version("long")])
    assert best.id.startswith("long")
    assert "完整" in best.reason


def test_the_one_with_an_end_before_the_broken_one() -> None:
    assert best_version([version("broken", TEXT[:-1]), version("whole")]).id.startswith("whole")


def test_fewer_faults_then_the_units_own_then_the_later_one() -> None:
    one, other = version("one"), version("other")
    assert best_version([one, other], {one.id: 2}).id == other.id
    assert best_version(
        [version("web", address="https://news.example.com/1"), version("unit", unit="云泽县委")]
    ).id.startswith("unit")
    dated = [version("early", date=dt.date(2024, 5, 1)), version("later", date=dt.date(2024, 5, 3))]
    assert best_version(dated).id.startswith("later")


def test_equal_versions_keep_the_first() -> None:
    assert best_version([version("first"), version("second")]).id.startswith("first")


def test_none_at_all() -> None:
    with pytest.raises(ValueError, match="no versions"):
        best_version([])
