"""Study plans, and what only speaks of one."""

import pytest

from bulletin.cleaning import clean
from bulletin.model import Block, BlockType, Document, Session, StudyPlan
from bulletin.studyplan import read_plan
from tests.bulletin.seeds import read_seed

AIM = "坚持以党的创新理论为指导，紧扣全县中心工作，把学习成果转化为推动发展的实际成效，不断提高领导干部的理论素养和工作本领。"
TOPIC = "深刻领会其核心要义和实践要求，联系本职工作开展研讨，做到学思用贯通、知信行统一。"


def plan(*lines: str | Block, title: str = "") -> StudyPlan | None:
    blocks = tuple(
        (line if isinstance(line, Block) else Block(text=line)).model_copy(update={"at": (i,)})
        for i, line in enumerate(lines)
    )
    return read_plan(clean(Document(source="0" * 64, name="计划.txt", format="txt", blocks=blocks, title=title)))


HEAD = ["清河县水务局党组理论学习中心组2023年度学习计划", AIM, "一、总体要求", AIM, "二、学习重点"]
TOPICS = [
    f"（{n}）学习{what}。{TOPIC}"
    for n, what in zip("一二三", ["供水条例", "农业发展规划", "调查研究方法"], strict=True)
]
TAIL = ["三、学习要求", "（一）加强领导。" + TOPIC, "（二）注重转化。" + TOPIC]


def test_a_plan_with_topics_and_requirements():
    read = plan(*HEAD, *TOPICS, *TAIL)
    assert read is not None
    assert (read.title, read.organisation, read.year) == (HEAD[0], "清河县水务局党组", 2023)
    first = read.topics[0]
    assert (first.number, first.title, first.text) == ("一", "学习供水条例", TOPIC)
    assert len(read.topics) == 3
    assert [r[:5] for r in read.requirements] == [AIM[:5], "加强领导。", "注重转化。"]
    assert read.schedule == ()


def test_topics_whose_titles_stand_alone():
    lines = [x for i, n in enumerate("一二") for x in (f"（{n}）专题{i}", TOPIC)]
    read = plan(*HEAD, *lines, *TAIL)
    assert read is not None
    assert [(t.title, t.text) for t in read.topics] == [("专题0", TOPIC), ("专题1", TOPIC)]


def test_a_notice_with_the_plan_it_issues():
    read = plan(
        "中共清河县水务局党组", "关于印发《2023年清河县水务局党组", "理论学习中心组学习计划》的通知", "各科室、各单位：",
        "现将《2023年清河县水务局党组理论学习中心组学习计划》印发给你们，请认真执行。", "中共清河县水务局党组", "2023年3月2日",
        "2023年清河县水务局党组理论", "学习中心组学习计划", *HEAD[1:], *TOPICS, *TAIL,
    )  # fmt: skip
    assert read is not None
    assert read.title == "2023年清河县水务局党组理论学习中心组学习计划"
    assert read.organisation == "中共清河县水务局党组"
    assert read.date is not None
    assert read.date.isoformat() == "2023-03-02"


def test_a_plan_without_a_title_is_known_by_its_first_sentence():
    read = plan(
        "为深入学习党的创新理论，结合全局工作实际，经研究，现制定县局2024年度理论学习计划。" + AIM + "具体安排如下。",
        *HEAD[2:],
        *TOPICS,
        *TAIL,
    )
    assert read is not None
    assert (read.title, read.organisation, read.year) == ("县局2024年度理论学习计划", "县局", 2024)
    assert read.warnings == ("没有找到计划的标题",)


ROWS = (
    ("序号", "学习时间", "学习内容", "学习形式"),
    ("1", "2月", "廉政教育", "观看警示教育片"),
    ("2", "3月", "供水条例", "集中学习研讨"),
    ("3", "4-6月", "调查研究", "专题辅导报告、现场教学"),
)
SESSIONS = tuple(Session(number=a, when=b, content=c, form=d) for a, b, c, d in ROWS[1:])


def _flat(tab: str = "") -> list[str]:
    cells = [tab + cell for row in ROWS for cell in row]
    return [*cells[:-1], tab + "专题辅导报告、", "现场教学", "注：根据实际情况可作调整。"]


@pytest.mark.parametrize(
    "table",
    [
        [Block(type=BlockType.TABLE, rows=ROWS)],
        ["\t".join(row) for row in ROWS],
        _flat(),
        _flat("\t"),
    ],
    ids=["table", "tabs", "one cell a line", "one cell a line with tabs"],
)
def test_the_schedule_in_each_form(table):
    read = plan(*HEAD, *TOPICS, *TAIL, "附件：学习安排表", *table)
    assert read is not None
    assert read.schedule == SESSIONS
    assert sum(block.type is BlockType.TABLE for block in read.blocks) == 1
    assert len(read.requirements) == 3


def test_a_schedule_without_numbers():
    cells = [
        "时间",
        "内容",
        "形式",
        "1月",
        "供水条例",
        "集中学习",
        "2月",
        "调查研究",
        "专题讲座",
        "全年",
        "业务知识",
        "个人自学",
    ]
    read = plan(*HEAD, *TOPICS, *TAIL, *cells)
    assert read is not None
    assert [(s.when, s.content, s.form) for s in read.schedule] == [
        ("1月", "供水条例", "集中学习"),
        ("2月", "调查研究", "专题讲座"),
        ("全年", "业务知识", "个人自学"),
    ]


def test_a_merged_time_counts_for_the_rows_below():
    rows = (("时间", "内容", "形式"), ("一季度", "供水条例", "研讨"), ("", "调查研究", "讲座"))
    read = plan(*HEAD, *TOPICS, Block(type=BlockType.TABLE, rows=rows))
    assert read is not None
    assert [session.when for session in read.schedule] == ["一季度", "一季度"]


@pytest.mark.parametrize(
    "lines",
    [
        ["清河县召开会议部署年度学习计划", AIM, "一、学习内容丰富", TOPIC, "二、学习形式多样", TOPIC],
        [
            "清河县水务局扎实推进理论学习",
            "县水务局年初制定理论学习计划，明确重点。" + AIM,
            "一、学习重点突出",
            "（一）抓骨干。" + TOPIC,
            "（二）抓全员。" + TOPIC,
        ],
        ["清河县水务局印发年度学习计划", "近日，清河县水务局印发2023年学习计划，明确十五个专题。" + AIM, TOPIC],
        ["清河县水务局2023年学习计划", AIM, TOPIC],
    ],
)
def test_an_article_about_a_plan_is_none(lines):
    assert plan(*lines) is None


def test_the_seed_plans(corpus):
    found = {number: read_plan(clean(read_seed(corpus, number))) for number in ("000", "001", "003")}
    assert all(found.values())
    plans = {number: read for number, read in found.items() if read}
    assert [len(plans[number].topics) for number in ("000", "001", "003")] == [15, 12, 15]
    assert [plans[number].year for number in ("000", "001", "003")] == [2023, 2023, 2020]
    assert [len(plans[number].requirements) for number in ("000", "001", "003")] == [4, 4, 4]
    schedule = plans["000"].schedule
    assert [session.number for session in schedule] == [str(n) for n in range(1, 12)]
    assert all(session.when.endswith("月") and session.content and session.form for session in schedule)
    assert schedule[3].form.count("、") == 1
    assert plans["001"].schedule == plans["003"].schedule == ()


@pytest.mark.parametrize("number", ["002", "004"])
def test_the_other_seeds_are_no_plans(corpus, number):
    assert read_plan(clean(read_seed(corpus, number))) is None


def test_a_list_from_month_to_month_is_a_schedule():
    months = [f"{n}月：集体学习{what}" for n, what in ((1, "供水条例"), (3, "农业发展规划"), (5, "调查研究方法"))]
    read = plan(
        "清河县水务局党组2023年学习计划", AIM, "一、学习目标", AIM, "二、学习安排", *months, "三、保障措施", AIM
    )
    assert read is not None
    assert read.schedule[0] == Session(when="1月", content="集体学习供水条例")
    assert [session.when for session in read.schedule] == ["1月", "3月", "5月"]


def test_a_longer_time_merged_over_its_rows_holds_for_all_of_them():
    rows = (
        ("季度", "时间", "学习内容", "学习形式"),
        ("第一季度", "1月", "供水条例", "集中学习"),
        ("", "2月", "农业发展规划", "个人自学"),
        ("第二季度", "4月", "调查研究方法", "专题研讨"),
    )
    read = plan("清河县水务局党组2023年学习安排表", Block(type=BlockType.TABLE, rows=rows))
    assert read is not None
    assert [session.when for session in read.schedule] == ["第一季度 1月", "第一季度 2月", "第二季度 4月"]


def test_topics_and_quarters_that_are_counted_in_words():
    lines = [
        x for n, what in zip("一二", ("供水条例", "调查研究方法"), strict=True) for x in (f"专题{n}：{what}", TOPIC)
    ]
    quarters = [f"第{n}季度：集体学习专题{n}" for n in "一二三"]
    read = plan(
        "清河县水务局党组2023年学习计划", AIM, "一、指导思想", AIM, "二、学习专题", *lines, "三、时间安排", *quarters
    )
    assert read is not None
    assert [(t.number, t.title) for t in read.topics] == [("一", "供水条例"), ("二", "调查研究方法")]
    assert [s.when for s in read.schedule] == ["第一季度", "第二季度", "第三季度"]


def test_a_content_merged_over_months_holds_for_each_of_them():
    rows = (
        ("时间", "学习内容", "学习形式"),
        ("1月", "供水条例", "自学"),
        ("2月", "", "研讨"),
        ("3月", "", ""),
    )
    read = plan("清河县水务局党组2023年学习安排表", Block(type=BlockType.TABLE, rows=rows))
    assert read is not None
    assert [(s.when, s.content, s.form) for s in read.schedule] == [
        ("1月", "供水条例", "自学"),
        ("2月", "供水条例", "研讨"),
    ]


def test_requirements_behind_the_schedule():
    rows = [f"{month}月\t学习供水条例\t集中研讨" for month in (1, 3, 5)]
    read = plan(*HEAD, *TOPICS, "三、学习安排", "时间\t学习内容\t学习方式", *rows, "四、工作要求", *TAIL[1:])
    assert read is not None
    assert len(read.schedule) == 3
    assert [r[:5] for r in read.requirements] == [AIM[:5], "加强领导。", "注重转化。"]
