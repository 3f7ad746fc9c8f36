"""Past issues in the forms in which offices print them."""

import datetime

import pytest

from bulletin.backissue import read_issue
from bulletin.cleaning import clean
from bulletin.errors import FormatError, NumberingError
from bulletin.imprint import recipients
from bulletin.masthead import NUMBERS, read_number
from bulletin.model import (
    Block,
    BlockType,
    Distribution,
    Document,
    Issue,
    IssueNumber,
    Series,
)
from tests.bulletin.seeds import read_seed

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"


def read(*lines: str) -> Issue:
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    back = read_issue(clean(Document(source="0" * 64, name="简报.txt", format="txt", blocks=blocks)))
    assert back is not None
    return back.issue


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("第455期", IssueNumber(total=455)),
        ("第 455 期", IssueNumber(total=455)),
        ("第十二期", IssueNumber(total=12)),
        ("（第12期）", IssueNumber(total=12)),
        ("总第455期", IssueNumber(total=455)),
        ("2023年第12期", IssueNumber(year=2023, in_year=12)),
        ("〔2023〕第12期", IssueNumber(year=2023, in_year=12)),
        ("[2023]12期", IssueNumber(year=2023, in_year=12)),
        ("二〇二三年第十二期", IssueNumber(year=2023, in_year=12)),
        ("2023年第12期（总第455期）", IssueNumber(year=2023, in_year=12, total=455)),
        ("2023 年第 12 期 总第 455 期", IssueNumber(year=2023, in_year=12, total=455)),
        ("总第455期 2023年第12期", IssueNumber(year=2023, in_year=12, total=455)),
        ("增刊第3期", IssueNumber(series=Series.EXTRA, total=3)),
        ("第3期（增刊）", IssueNumber(series=Series.EXTRA, total=3)),
        ("2023年增刊第3期", IssueNumber(series=Series.EXTRA, year=2023, in_year=3)),
        ("增刊3", IssueNumber(series=Series.EXTRA, total=3)),
    ],
)
def test_a_number_is_read_as_printed(line, number):
    found = read_number(line)
    assert found is not None
    assert found[0] == number


def test_every_pattern_reads_its_example():
    for example, pattern in NUMBERS:
        assert pattern.search(example)
        assert read_number(example)


def test_a_total_beside_a_number_counts_in_the_year_of_the_date():
    issue = read(
        "临川信息",
        "第12期（总第455期）",
        "临川市委办公室",
        "2023年12月10日",
        "【要情】",
        "清河县改革供水",
        PROSE,
        PROSE,
    )
    assert issue.number == IssueNumber(total=455, year=2023, in_year=12)


# ---------------------------------------------------------------- forms


BODY = ["【经验交流】", "清河县供水改革 取得阶段性成效", PROSE, "一、主要做法", PROSE]


def test_one_line_may_hold_issuer_and_date():
    issue = read("临川工作简报", "第7期", "临川市委宣传部　　　　2023年12月10日", *BODY)
    assert (issue.issuer, issue.date) == ("临川市委宣传部", datetime.date(2023, 12, 10))
    assert issue.publication == "临川工作简报"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("各设区市委宣传部、组织部。", ("各设区市委宣传部、组织部",)),
        ("各县（市、区）委办公室、宣传部", ("各县（市、区）委办公室、宣传部",)),
        ("各处室、直属单位", ("各处室", "直属单位")),
        ("各市委宣传部、省直各部门办公室", ("各市委宣传部", "省直各部门办公室")),
        ("省委办公厅、省政府办公厅。", ("省委办公厅", "省政府办公厅")),
    ],
)
def test_recipients(line: str, names: tuple[str, ...]):
    assert recipients(line) == names


def test_secrecy_and_the_number_of_the_copy_are_no_name():
    issue = read("内部资料 注意保存", "000012", "临川工作", "简报", "第7期", "临川市委宣传部", "2023年12月10日", *BODY)
    assert (issue.secrecy, issue.copy_number, issue.publication) == ("内部资料 注意保存", "000012", "临川工作 简报")


def test_contents_with_pages_and_titles_over_two_lines():
    issue = read(
        "临川工作简报", "第7期", "临川市委宣传部", "2023年12月10日", "本期要目",
        "【上情下达】", "市委召开专题会议部署城乡供水一体化工作……………1",
        "【经验交流】", "清河县：建好“河畔课堂” 筑牢宣讲阵地……………2", "云岭县供水改革取得成效……………4",
        "【上情下达】", "市委召开专题会议", "部署城乡供水一体化工作", PROSE, PROSE,
        "【经验交流】", "清河县：建好“河畔课堂”", "筑牢宣讲阵地", "清河县委宣传部", PROSE, "一、主要做法", PROSE,
        "云岭县供水改革取得成效", "云岭县水务局 林小舟", PROSE,
        "报：省委宣传部", "送：市委办公室、市政府办公室", "发：各县（市、区）委宣传部，市直各单位", "（共印120份）",
    )  # fmt: skip
    assert [section.name for section in issue.sections] == ["上情下达", "经验交流"]
    assert [entry.title for entry in issue.entries] == [
        "市委召开专题会议部署城乡供水一体化工作",
        "清河县：建好“河畔课堂” 筑牢宣讲阵地",
        "云岭县供水改革取得成效",
    ]
    assert [(entry.unit, entry.author) for entry in issue.entries[1:]] == [
        ("清河县委宣传部", ""),
        ("云岭县水务局", "林小舟"),
    ]
    assert [len(entry.blocks) for entry in issue.entries] == [2, 3, 1]
    assert issue.copies == 120
    assert issue.distribution == Distribution(
        report=("省委宣传部",), send=("市委办公室", "市政府办公室"), issue=("各县（市、区）委宣传部", "市直各单位")
    )


BRIEF = (
    "5月6日，南屏区召开数字乡村推进会，总结试点经验，部署下步任务，二十个村的代表参加会议。",
    "会议要求挂图作战，逐项明确责任单位和完成时限。",
)
THREE = ("清河县以改革破题 让群众喝上放心水", PROSE, "下一步，将完善长效机制，不断增强群众的获得感、幸福感。",
         "云岭县建好“河畔课堂” 筑牢宣讲阵地", PROSE.replace("近年来，清河县", "今年以来，云岭县"), PROSE[20:],
         "南屏区召开数字乡村推进会", *BRIEF)  # fmt: skip


def test_titles_are_found_where_neither_contents_nor_units_say_them():
    issue = read("清河信息", "第7期", "清河县委办公室　　2024年5月8日", *THREE, "报：市委办公室。", "（共印80份）")
    assert [entry.title for entry in issue.entries] == [THREE[0], THREE[3], THREE[6]]
    issue = read(
        "青石镇工作动态 2024年第3期", "青石镇党政办公室 2024年3月15日", "★工作动态", *THREE[:6], "★学习交流", *THREE[6:]
    )
    assert [[e.title for e in section.entries] for section in issue.sections] == [[THREE[0], THREE[3]], [THREE[6]]]


def test_the_parts_of_the_one_article_of_an_issue_are_no_titles():
    parts = ("强化组织领导", PROSE, "完善工作机制", PROSE, "取得明显成效", PROSE)
    issue = read("清河信息", "第7期", "清河县委办公室　　2024年5月8日", THREE[0], PROSE, *parts, "报：市委办公室。")
    assert [len(entry.blocks) for entry in issue.entries] == [7]


@pytest.mark.parametrize("order", ["清清", "清南清", "清清清", "清南清南"])
def test_an_issue_without_sections_may_have_a_title_twice(order):
    titles = [{"清": "清河县召开供水改革推进会", "南": "南屏区召开数字乡村会"}[sign] for sign in order]
    body = [line for title in titles for line in (title, PROSE, PROSE)]
    issue = read("临川工作简报", "第7期", "临川市委宣传部", "2023年12月10日", "本期要目", *titles, *body)
    assert [(entry.title, len(entry.blocks)) for entry in issue.entries] == [(title, 2) for title in titles]


def test_a_title_that_differs_in_the_contents_is_kept_twice():
    issue = read(
        "临川工作简报", "第7期", "临川市委宣传部", "2023年12月10日",
        "【经验交流】", "- 清河县供水改革取得明显成效",
        "【经验交流】", "清河县城乡供水改革取得明显成效", PROSE, PROSE,
    )  # fmt: skip
    (entry,) = issue.entries
    assert (entry.title, entry.contents_title) == ("清河县城乡供水改革取得明显成效", "清河县供水改革取得明显成效")


def test_notes_of_the_issue_and_of_an_article():
    issue = read(
        "临川工作简报", "第7期", "临川市委宣传部", "2023年12月10日", "编者按：本期刊发两篇经验材料，供各地学习借鉴。",
        "【经验交流】", "清河县供水改革取得阶段性成效", "编者按：清河县的做法值得推广。", PROSE, PROSE,
    )  # fmt: skip
    assert issue.note == "本期刊发两篇经验材料，供各地学习借鉴。"
    assert issue.entries[0].note == "清河县的做法值得推广。"


def test_an_issue_without_contents_and_sections():
    issue = read(
        "临川信息",
        "2023年第31期",
        "临川市委办公室",
        "2023年12月10日",
        "清河县供水改革取得阶段性成效",
        PROSE,
        PROSE,
        "发：各县（市、区）委办公室",
    )
    assert [(section.name, len(section.entries)) for section in issue.sections] == [("", 1)]
    assert issue.entries[0].title == "清河县供水改革取得阶段性成效"
    assert issue.distribution.issue == ("各县（市、区）委办公室",)


def test_contents_that_promise_more_than_there_is_warn():
    lines = ["临川信息", "第3期", "临川市委办公室", "2023年12月10日", "要目", "【要情】", "清河县改革供水机制", "云岭县建设数字乡村",
             "【要情】", "清河县改革供水机制", PROSE, PROSE]  # fmt: skip
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    back = read_issue(clean(Document(source="0" * 64, name="简报.txt", format="txt", blocks=blocks)))
    assert back is not None
    assert back.warnings == ("要目中有、正文里没有找到：云岭县建设数字乡村",)


# ---------------------------------------------------------------- never a guess


def test_an_issue_without_a_number_is_refused_with_a_reason():
    with pytest.raises(NumberingError, match="期号"):
        read("临川工作简报", "临川市委宣传部", "2023年12月10日", *BODY, "送：市委办公室")


def test_an_issue_without_a_date_is_refused_with_a_reason():
    with pytest.raises(FormatError, match="日期"):
        read("临川工作简报", "第7期", "临川市委宣传部", *BODY, "送：市委办公室")


@pytest.mark.parametrize(
    "lines",
    [
        ["清河县举办第3期干部培训班", "清河县委组织部", "2023年12月10日", PROSE, PROSE],
        ["清河县供水改革取得成效", "清河县水务局", PROSE, "《临川工作简报》第455期刊发了清河县的做法。"],
        ["第3期", PROSE, PROSE],
    ],
)
def test_an_article_is_no_issue(lines):
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    assert read_issue(clean(Document(source="0" * 64, name="稿.txt", format="txt", blocks=blocks))) is None


def test_the_seed_issue(corpus):
    back = read_issue(clean(read_seed(corpus, "004")))
    assert back is not None
    issue = back.issue
    assert issue.number == IssueNumber(total=455)
    assert issue.date == datetime.date(2023, 12, 10)
    assert len(issue.issuer) == 7
    assert [len(section.entries) for section in issue.sections] == [1, 1, 1]
    assert [len(entry.blocks) for entry in issue.entries] == [5, 7, 6]
    assert [entry.title.count(" ") for entry in issue.entries] == [0, 1, 0]
    assert not issue.distribution.report
    assert (len(issue.distribution.send), len(issue.distribution.issue)) == (2, 1)


# ---------------------------------------------------------------- forms of other offices


def test_a_total_with_its_word_is_the_number_of_the_issue():
    issue = read(
        "清河信息",
        "（总第56期）",
        "清河县委办公室编印",
        "2022年12月1日",
        "【学习动态】",
        "让清水长流",
        PROSE,
        "发送：各乡镇",
    )
    assert issue.number == IssueNumber(total=56)
    assert (issue.issuer, issue.distribution.issue) == ("清河县委办公室", ("各乡镇",))


@pytest.mark.parametrize("marks", [("★", "★"), ("一、", "二、")])
def test_sections_behind_a_mark(marks):
    one, two = marks
    issue = read(
        *("学习简报", "2023年第12期", "清河县委宣传部编      2023年11月30日"),
        "编者按：今年以来，各地探索学习新方式，现选登部分材料，供各地学习借鉴。",
        *(f"{one}经验交流", "让清水流进千家万户", PROSE),
        *(f"{two}工作动态", "云岭县举办读书会", PROSE, "南屏区委党校：课堂开到田间地头", PROSE),
        "送：县委常委。",
    )
    assert [(s.name, [e.title for e in s.entries]) for s in issue.sections] == [
        ("经验交流", ["让清水流进千家万户"]),
        ("工作动态", ["云岭县举办读书会", "南屏区委党校：课堂开到田间地头"]),
    ]
    assert issue.note.startswith("今年以来")


@pytest.mark.parametrize("number", ["第　　期", "第__期", "第1□期", "第X期", "第l2期", "2023年第 期（总第 期）"])
def test_a_number_that_cannot_be_read_is_refused_even_without_sections(number):
    with pytest.raises(NumberingError):
        read("清河工作简报", number, "清河县委办公室　2023年5月4日", "让清水流进千家万户", PROSE, PROSE)


def test_an_article_that_speaks_of_issues_is_not_refused():
    lines = ("读清河工作动态", "第X期里说得好，要把课堂建到群众身边，让更多人受益。", PROSE)
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    assert read_issue(clean(Document(source="0" * 64, name="稿件.txt", format="txt", blocks=blocks))) is None


def test_a_number_over_two_lines_and_a_signature_beside_the_issuer():
    issue = read(
        *("学习参考", "第8期", "（总第168期）", "主办：清河县委宣传部　　　签发：林小舟", "2024年8月15日"),
        *("让清水流进千家万户", PROSE, "主送：县委、县政府领导", "抄送：各乡镇"),
    )
    assert issue.number == IssueNumber(year=2024, in_year=8, total=168)
    assert issue.issuer == "清河县委宣传部"
    assert issue.distribution.send == ("县委、县政府领导", "各乡镇")


def test_issuer_and_date_in_a_table():
    blocks = [Block(text=line) for line in ("学习参考", "第8期", "【经验交流】", "让清水流进千家万户", PROSE)]
    blocks.insert(2, Block(type=BlockType.TABLE, rows=(("清河县委宣传部", "2024年8月15日"),)))
    placed = tuple(block.model_copy(update={"at": (index,)}) for index, block in enumerate(blocks))
    back = read_issue(clean(Document(source="0" * 64, name="简报.docx", format="docx", blocks=placed)))
    assert back is not None
    assert (back.issue.issuer, back.issue.date) == ("清河县委宣传部", datetime.date(2024, 8, 15))


def test_the_note_of_an_entry_is_no_section():
    issue = read(
        *("学习参考", "第8期", "清河县委宣传部　2024年8月15日", "【经验交流】", "让清水流进千家万户"),
        *("【编者按】本期刊发供水一体化的经验材料，供学习借鉴。", PROSE, "【工作动态】", "云岭县举办读书会", PROSE),
    )
    (entry,) = issue.sections[0].entries
    assert (entry.title, entry.note[:4]) == ("让清水流进千家万户", "本期刊发")


def test_several_labels_in_one_line_of_the_foot():
    issue = read(
        *("学习参考", "第8期", "清河县委宣传部　2024年8月15日", "【经验交流】", "让清水流进千家万户", PROSE),
        *("报：市委宣传部。送：县委常委、县政府领导。 发：各乡镇。", "共印80份"),
    )
    assert issue.distribution == Distribution(
        report=("市委宣传部",), send=("县委常委", "县政府领导"), issue=("各乡镇",)
    )
    assert issue.copies == 80


def test_news_in_a_section_without_units_are_entries_of_their_own():
    news = ("城关街道举办邻里节", "5月8日，城关街道举办第六届邻里节，居民和志愿者三百多人参加。")
    lines = ["平安工作动态", "第15期", "清河县平安建设领导小组办公室　　2024年5月10日"]
    issue = read(
        *lines,
        "【工作动态】",
        "西山镇开展“敲门行动”",
        PROSE,
        *news,
        "【经验做法】",
        "抢抓农时忙春管",
        PROSE,
        "报：市平安办。",
    )
    assert [[entry.title for entry in section.entries] for section in issue.sections] == [
        ["西山镇开展“敲门行动”", news[0]],
        ["抢抓农时忙春管"],
    ]
