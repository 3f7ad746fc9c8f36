"""The structure of an article."""

import datetime

import pytest

from bulletin.cleaning import clean
from bulletin.model import Article, Block, BlockType, Document, Role
from bulletin.structure import run_in, structure

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"


def article(*lines: str | Block, **known: object) -> Article:
    blocks = tuple(
        (line if isinstance(line, Block) else Block(text=line)).model_copy(update={"at": (i,)})
        for i, line in enumerate(lines)
    )
    document = Document(source="0" * 64, name="稿.txt", format="txt", blocks=blocks).model_copy(update=known)
    return structure(clean(document))


def outline(made: Article) -> list[tuple[str, int, int, str]]:
    return [(b.type.value, b.level, b.lead, b.role.value) for b in made.blocks]


def test_title_subtitle_unit_author_date():
    made = article(
        "以改革破题 让清水长流", "——清河县供水改革纪实", "清河县水务局", "林小舟", "（2022年12月30日）", PROSE
    )
    assert (made.title, made.subtitle, made.unit) == ("以改革破题 让清水长流", "清河县供水改革纪实", "清河县水务局")
    assert (made.author, made.date) == ("林小舟", datetime.date(2022, 12, 30))
    assert [block.text for block in made.blocks] == [PROSE]


def test_a_title_over_two_lines():
    assert article("以改革破题", "让清水长流", "清河县水务局", PROSE).title == "以改革破题 让清水长流"


def test_a_title_may_end_like_an_imprint():
    assert (
        article("关于推进全省基层宣讲队伍建设的实施意见印发", PROSE).title
        == "关于推进全省基层宣讲队伍建设的实施意见印发"
    )
    assert not article("云江省委宣传部办公室　2026年11月20日印发", PROSE).title


def test_a_byline_gives_unit_author_and_date_and_is_in_the_record():
    line = "来源：清河日报 作者：林小舟 发布时间：2023-12-10 10:30 浏览次数：15"
    made = article("清河县供水改革见成效", line, PROSE)
    assert (made.unit, made.author, made.date) == ("清河日报", "林小舟", datetime.date(2023, 12, 10))
    assert [c.rule for c in made.changes] == ["byline"]
    assert [block.text for block in made.blocks] == [PROSE]


@pytest.mark.parametrize(
    ("lines", "unit", "author", "record"),
    [
        (["（清河县水务局）", "清河县供水改革见成效"], "清河县水务局", "", []),
        (["□ 清河县水务局", "清河县供水改革见成效"], "清河县水务局", "", []),
        (["清河县水务局 林小舟", "清河县供水改革见成效"], "清河县水务局", "林小舟", []),
        (["清河县委宣传部", "清河县供水改革见成效", "清河县水务局"], "清河县水务局", "", ["清河县委宣传部"]),
        (["清河县供水改革见成效", "清河县水务局", "供水站 林小舟"], "清河县水务局", "供水站 林小舟", []),
    ],
)
def test_units_above_and_below_a_title_are_in_a_field_or_on_record(lines, unit, author, record):
    made = article(*lines, PROSE)
    assert (made.title, made.unit, made.author) == ("清河县供水改革见成效", unit, author)
    assert [change.before for change in made.changes] == record
    assert [block.text for block in made.blocks] == [PROSE]


def test_a_unit_that_is_not_the_one_of_the_page_is_on_record_and_can_come_back():
    title = "清河县供水改革见成效"
    made = article(title, "清河县水务局", PROSE, title=title, unit="清河日报")
    assert (made.unit, [change.before for change in made.changes]) == ("清河日报", ["清河县水务局"])
    document = Document(
        source="0" * 64,
        name="稿.txt",
        format="txt",
        title=title,
        unit="清河日报",
        blocks=tuple(Block(text=text, at=(i,)) for i, text in enumerate((title, "清河县水务局", PROSE))),
    )
    again = structure(clean(document), undo=[change.key for change in made.changes])
    assert [block.text for block in again.blocks] == ["清河县水务局", PROSE]


LONG = "关于以数字化改革为牵引推动基层治理体系和治理能力现代化建设走深走实走出清河特色路径的若干实践探索与经验启示以及下一步的思考"


@pytest.mark.parametrize(
    "lines",
    [
        [LONG, "清河县水务局", "2023年5月8日"],
        [Block(type=BlockType.HEADING, level=1, text=LONG), "清河县水务局", "2023年5月8日"],
    ],
)
def test_a_title_longer_than_titles_are(lines):
    made = article(*lines, PROSE)
    assert (made.title, made.unit, made.date) == (LONG, "清河县水务局", datetime.date(2023, 5, 8))
    assert [block.text for block in made.blocks] == [PROSE]
    assert article(LONG, PROSE).title == ""


def test_under_a_title_that_the_reader_saw_stand_its_subtitle_and_unit():
    assert article("——清河县供水改革纪实", PROSE, title="让清水长流").subtitle == "清河县供水改革纪实"
    made = article("建设和美乡村", "清河县水务局", PROSE, title="建设和美乡村")
    assert (made.title, made.unit) == ("建设和美乡村", "清河县水务局")


def test_a_list_behind_dashes_is_no_subtitle():
    listed = ["——坚持规划先行。统筹城乡供水一张网。", "——坚持建管并重。新建管网三百公里。"]
    made = article("清河县供水改革见成效", *listed, PROSE)
    assert made.subtitle == ""
    assert [block.text for block in made.blocks] == [*listed, PROSE]
    made = article("清河县供水改革见成效", "——坚持规划先行", "——坚持建管并重", PROSE)
    assert [block.text for block in made.blocks] == ["——坚持建管并重", PROSE]


def test_the_first_question_of_an_interview_is_no_byline():
    talk = ["记者：供水改革难在哪里？", "林小舟：" + PROSE, "记者：请谈谈下一步打算。", PROSE]
    made = article("让清水长流", "——访清河县水务局局长林小舟", "本报记者 方远", *talk)
    assert made.author == "方远"
    assert [block.text for block in made.blocks] == talk


def test_what_the_reader_saw_is_the_title_and_is_not_printed_twice():
    made = article("清河县供水改革", "见成效", PROSE, title="清河县供水改革见成效", unit="清河日报")
    assert (made.title, made.unit, len(made.blocks)) == ("清河县供水改革见成效", "清河日报", 1)
    made = article(PROSE, "建好阵地", PROSE, title="清河县供水改革见成效")
    assert (made.title, len(made.blocks)) == ("清河县供水改革见成效", 3)


def test_headings_and_run_in_headings():
    made = article(
        "清河县供水改革见成效",
        PROSE,
        "一、主要做法",
        "（一）抓机制。" + PROSE,
        "1.压实责任",
        "（1）明确分工",
        PROSE,
        "二是强化督导。" + PROSE,
    )
    assert outline(made) == [
        ("paragraph", 0, 0, "body"),
        ("heading", 1, 0, "body"),
        ("paragraph", 2, 7, "body"),
        ("heading", 3, 0, "body"),
        ("heading", 4, 0, "body"),
        ("paragraph", 0, 0, "body"),
        ("paragraph", 0, 0, "body"),
    ]


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("（一）强化组织领导。要把工作列入日程。", 10),
        ("1.抓机制。建立专班。", 6),
        ("一、指导思想：坚持以人民为中心。", 7),
        ("（一）积极参加各类活动，不断提升本领。", 0),
        ("强化组织领导。要把工作列入日程。", 0),
        ("（二）" + "推动" * 31 + "。要抓落实。", 0),
        ("1.项目包括：（1）供水；（2）供气。", 0),
    ],
)
def test_only_a_number_makes_a_first_sentence_a_heading(line, lead):
    assert run_in(line) == lead


def test_signature_and_date_stay_and_say_who_and_when():
    made = article("清河县供水改革见成效", PROSE, PROSE, "清河县水务局", "2023年12月10日")
    assert [b.role for b in made.blocks[-2:]] == [Role.SIGNATURE, Role.DATE]
    assert (made.unit, made.date) == ("清河县水务局", datetime.date(2023, 12, 10))


def test_keywords_and_notes():
    made = article("清河县供水改革见成效", PROSE, "关键词：城乡供水、改革，民生", PROSE, "（作者单位：清河县水务局）")
    assert made.keywords == ("城乡供水", "改革", "民生")
    assert [b.role for b in made.blocks] == [Role.BODY, Role.KEYWORDS, Role.BODY, Role.BYLINE]
    assert made.unit == "清河县水务局"


def test_styles_of_a_word_file():
    made = article(
        Block(type=BlockType.HEADING, level=1, text="清河县供水改革见成效"),
        PROSE,
        Block(type=BlockType.HEADING, level=2, text="主要做法"),
        PROSE,
        Block(type=BlockType.HEADING, level=3, text="压实责任"),
    )
    assert made.title == "清河县供水改革见成效"
    assert [(b.level, b.text) for b in made.blocks if b.type is BlockType.HEADING] == [(1, "主要做法"), (2, "压实责任")]


def test_the_reporter_in_the_first_line():
    made = article("清河县供水改革见成效", "本报讯（记者 林小舟）" + PROSE)
    assert made.author == "林小舟"
    assert made.blocks[0].text.startswith("本报讯")


def test_no_title_is_said_and_not_made_up():
    made = article(PROSE, PROSE)
    assert made.title == ""
    assert made.warnings == ("没有找到标题",)
    assert article(PROSE, name="3.清河县供水改革见成效.docx").title == "清河县供水改革见成效"


@pytest.mark.parametrize("greeting", ["各乡镇人民政府：", "各部、中心，各党支部："])
def test_a_greeting_is_no_unit(greeting):
    made = article("关于做好城乡供水工作的通知", greeting, PROSE)
    assert made.unit == ""
    assert made.blocks[0].text == greeting


def test_every_line_is_in_a_field_or_a_block():
    lines = [
        "清河县供水改革见成效",
        "清河县水务局",
        "2023年12月10日",
        PROSE,
        "一、做法",
        PROSE,
        "清河县水务局",
        "2023年12月11日",
    ]
    made = article(*lines)
    kept = made.title + made.unit + "2023年12月10日" + made.body
    assert all(line in kept for line in lines)
