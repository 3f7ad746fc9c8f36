"""Names of sections that are not set as 【栏目】."""

import pytest

from bulletin.sectionmarks import marked

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"
BODY = ["{0}经验交流", "让清水流进千家万户", PROSE, PROSE, "{1}工作动态", "云岭县举办读书会", PROSE]


@pytest.mark.parametrize(("one", "two"), [("★", "★"), ("◆ ", "◆ "), ("一、", "二、")])
def test_a_mark_before_the_name(one, two):
    lines = [line.format(one, two) for line in BODY]
    assert [line for line in marked(lines, 0) if line.startswith("【")] == ["【经验交流】", "【工作动态】"]


def test_names_without_a_mark_that_the_contents_repeat():
    listed = ["经验交流", "让清水流进千家万户……1", "工作动态", "云岭县举办读书会……3"]
    lines = [*listed, *(line.format("", "") for line in BODY)]
    assert [line for line in marked(lines, 0) if line.startswith("【")] == ["【经验交流】", "【工作动态】"] * 2


@pytest.mark.parametrize(
    "lines",
    [
        ["让清水流进千家万户", PROSE, "一、主要做法", PROSE, "二、工作成效", PROSE],
        ["让清水流进千家万户", PROSE, "一、主要做法", "建管网", PROSE, "二、工作成效", "见实效", PROSE],
        ["◇ 让清水流进千家万户", "◇ 云岭县举办读书会", "让清水流进千家万户", PROSE],
        ["【经验交流】", "★让清水流进千家万户", "——清河县供水纪实", PROSE],
    ],
)
def test_headings_and_contents_are_no_sections(lines):
    assert marked(lines, 0) == lines
