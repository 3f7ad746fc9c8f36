"""The lines above a body, one by one."""

import datetime

import pytest

from bulletin.heads import Byline, Kind, closed_names, kind_of, owner, read_author, read_signed

DAY = datetime.date(2023, 5, 4)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("（清河县委党校 林小舟 2023年5月4日）", Byline("清河县委党校", "林小舟", DAY)),
        ("清河县委党校　2023-05-04", Byline("清河县委党校", "", DAY)),
        ("林小舟、方远　2023.5.4", Byline("", "林小舟、方远", DAY)),
        ("（2023年5月4日）", None),
        ("清河县委党校 林小舟", None),
        ("2023年5月4日 天气晴好", None),
        ("清河县委党校 2023年5月4日开展宣讲", None),
    ],
)
def test_unit_author_and_date_in_one_line(line, found):
    assert read_signed(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("清河乡党委书记　林小舟", ("清河乡党委", "林小舟")),
        ("清河县水务局党组书记、局长 方远", ("清河县水务局", "方远")),
        ("记者 林小舟 通讯员 方远", ("", "林小舟 方远")),
        ("全面从严治党 永远在路上", None),
        ("选优配强书记 建好班子", None),
    ],
)
def test_an_author_with_his_post(line, found):
    assert read_author(line) == found


def test_a_unit_in_brackets_is_a_unit():
    assert kind_of("（清河县委理论学习中心组）") is Kind.UNIT
    assert kind_of("（试行）") is not Kind.UNIT


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("清河县水务局：让清水流进千家万户", "清河县水务局"),
        ("编者按：让清水流进千家万户", ""),
        ("让清水流进千家万户", ""),
        ("清河县水务局：做法", ""),
    ],
)
def test_the_unit_before_the_colon_of_a_title(title, unit):
    assert owner(title) == unit


@pytest.mark.parametrize(
    ("names", "closed"),
    [
        ("林 舟", "林舟"),
        ("林　舟 赵小川", "林舟 赵小川"),
        ("林 舟、方 远", "林舟、方远"),
        ("林 舟 方 远", "林舟 方远"),
        ("本报 林小舟", "本报 林小舟"),
    ],
)
def test_names_of_two_characters_are_closed(names, closed):
    assert closed_names(names) == closed
    assert closed_names(closed) == closed
