"""Collections: the forms in which offices bind many articles into one file."""

import datetime

import pytest

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.model import Block, BlockType, Document
from tests.bulletin.seeds import read_seed

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"
MORE = "下一步，全县将完善长效管护机制，持续提升服务水平，不断增强群众的获得感、幸福感、安全感，奋力谱写发展新篇章。"


def document(*lines: str | Block, format: str = "txt") -> Document:
    blocks = tuple(
        (line if isinstance(line, Block) else Block(text=line)).model_copy(update={"at": (index,)})
        for index, line in enumerate(lines)
    )
    return Document(source="0" * 64, name="汇编.txt", format=format, blocks=blocks)


def heads(*lines: str | Block, format: str = "txt") -> list[tuple[str, str]] | None:
    parts = split(clean(document(*lines, format=format)))
    return None if parts is None else [(part.title, part.unit) for part in parts]


THREE = [
    ("以改革破题 让清水长流", "清河县水务局党组"),
    ("建好“河畔课堂” 筑牢宣讲阵地", "云岭县委宣传部"),
    ("数字赋能乡村治理的实践与思考", "南屏区农业农村局"),
]


def body(number: int) -> list[str]:
    return [PROSE, "一、主要做法", PROSE.replace("供水", f"第{number}批供水"), "二、工作成效", MORE]


def test_title_unit_body():
    lines = [x for i, (title, unit) in enumerate(THREE) for x in (title, unit, *body(i))]
    assert heads(*lines) == THREE


def test_dates_authors_and_subtitles_go_with_their_article():
    lines = [
        THREE[0][0],
        "——清河县供水改革纪实",
        THREE[0][1],
        "（2022年12月3日）",
        *body(0),
        THREE[1][0],
        THREE[1][1],
        "林小舟",
        *body(1),
    ]
    parts = split(clean(document(*lines)))
    assert parts is not None
    first, second = parts
    assert (first.subtitle, first.date) == ("清河县供水改革纪实", datetime.date(2022, 12, 3))
    assert (second.author, second.unit) == ("林小舟", THREE[1][1])
    assert [block.text for block in first.blocks] == body(0)


def test_contents_with_pages_are_not_an_article_and_are_in_the_record():
    contents = ["目录", *(f"{unit}：{title}\t{i + 1}" for i, (title, unit) in enumerate(THREE))]
    lines = [*contents, *(x for i, (title, unit) in enumerate(THREE) for x in (title, unit, *body(i)))]
    parts = split(clean(document(*lines)))
    assert parts is not None
    assert [(part.title, part.unit) for part in parts] == THREE
    assert [c.before for c in parts[0].changes if c.rule == "contents"] == contents
    assert not any(c.rule == "contents" for part in parts[1:] for c in part.changes)


def test_contents_name_titles_that_have_no_unit():
    lines = [
        "目　录",
        *(title for title, _ in THREE),
        *(x for i, (title, _) in enumerate(THREE) for x in (title, *body(i))),
    ]
    assert heads(*lines) == [(title, "") for title, _ in THREE]


def test_a_title_over_two_lines_is_one_title():
    lines = ["以改革破题", "让清水长流", THREE[0][1], *body(0), THREE[1][0], THREE[1][1], *body(1)]
    assert heads(*lines) == THREE[:2]


def test_the_contents_know_where_a_broken_title_has_no_blank():
    lines = ["目录", "数字赋能乡村治理的实践与思考\t1", "以改革破题 让清水长流\t5",
             "数字赋能乡村治理的", "实践与思考", "南屏区农业农村局", *body(0),
             "以改革破题", "让清水长流", "清河县水务局党组", *body(1)]  # fmt: skip
    assert heads(*lines) == [THREE[2], THREE[0]]


def test_numbered_titles():
    lines = [x for i, (title, unit) in enumerate(THREE) for x in (f"{i + 1}.{title}", unit, *body(i))]
    assert heads(*lines) == THREE


def test_articles_counted_as_pieces():
    lines = [x for i, (title, _) in enumerate(THREE) for x in (f"篇{'一二三'[i]}：{title}", *body(i))]
    assert heads(*lines) == [(title, "") for title, _ in THREE]
    lines = [x for i, (title, _) in enumerate(THREE) for x in (f"【篇{'一二三'[i]}】", title, *body(i))]
    assert heads(*lines) == [(title, "") for title, _ in THREE]


def test_sections_above_titles():
    lines = [
        x for i, (title, _) in enumerate(THREE) for x in (f"【{'综合宣讲治理'[2 * i : 2 * i + 2]}】", title, *body(i))
    ]
    parts = split(clean(document(*lines)))
    assert parts is not None
    assert [part.title for part in parts] == [title for title, _ in THREE]
    assert all(sum(c.rule == "section" for c in part.changes) == 1 for part in parts)


def test_the_unit_above_the_title():
    lines = [x for i, (title, unit) in enumerate(THREE) for x in (unit, title, *body(i))]
    assert heads(*lines) == THREE


def test_headings_of_a_word_file():
    lines = [
        x
        for i, (title, unit) in enumerate(THREE)
        for x in (Block(type=BlockType.HEADING, level=1, text=title), unit, *body(i))
    ]
    assert heads(*lines, format="docx") == THREE


def test_titles_alone_where_the_count_of_headings_begins_again():
    lines = [x for i, (title, _) in enumerate(THREE) for x in (title, *body(i))]
    assert heads(*lines) == [(title, "") for title, _ in THREE]


def test_a_preface_stays_a_piece_of_its_own():
    preface = ["前言", PROSE * 2, MORE]
    lines = [*preface, *(x for i, (title, unit) in enumerate(THREE) for x in (title, unit, *body(i)))]
    parts = split(clean(document(*lines)))
    assert parts is not None
    assert len(parts) == 4
    assert "".join(block.text for block in parts[0].blocks) == "".join(preface)


def test_nothing_is_lost():
    contents = ["优秀文章汇编", "目录", *(f"{title}……{i + 1}" for i, (title, _) in enumerate(THREE))]
    lines = [*contents, *(x for i, (title, unit) in enumerate(THREE) for x in (title, unit, *body(i)))]
    cleaned = clean(document(*lines))
    parts = split(cleaned)
    assert parts is not None
    kept = "".join(part.title + part.unit + "".join(b.text for b in part.blocks) for part in parts)
    kept += "".join(change.before for part in parts for change in part.changes)
    for block in cleaned.blocks:
        assert block.text in kept


ONE = [
    [THREE[0][0], THREE[0][1], *body(0)],
    [THREE[0][0], *body(0), "清河县水务局", "2023年12月10日"],
    [
        "关于做好城乡供水工作的通知",
        "各乡镇人民政府：",
        PROSE,
        "一、总体要求",
        MORE,
        "清河县水务局",
        "2023年12月10日",
        "附件",
        "清河县供水项目表",
        "一、项目名称",
        PROSE,
    ],
    [THREE[0][0], PROSE, "党建引领聚合力", PROSE, "机制创新添动力", MORE],
    [THREE[0][0], "【案例背景】", PROSE, "【主要做法】", PROSE, "【经验启示】", MORE],
]


@pytest.mark.parametrize("lines", ONE)
def test_one_article_is_no_collection(lines):
    assert split(clean(document(*lines))) is None


def test_the_seed_collection(corpus):
    raw = read_seed(corpus, "002")
    parts = split(clean(raw))
    assert parts is not None
    assert len(parts) == 21
    lines = [block.text for block in raw.blocks]
    assert all(part.title in lines for part in parts)
    assert all(part.unit in lines for part in parts)
    assert [part.date is not None for part in parts] == [False] * 12 + [True] * 9
    assert [part.date.isoformat()[:7] for part in parts[12:] if part.date] == ["2022-12"] * 9
    text = "".join("".join(block.text.split()) for part in parts for block in part.blocks)
    body = "".join("".join(line.split()) for line in lines[36:-1]).replace("##paidbegin##", "")
    heads_ = sum(len("".join((p.title + p.unit).split())) for p in parts[1:])
    dates = sum(len(f"（{p.date.year}年{p.date.month}月{p.date.day}日）") for p in parts if p.date)
    assert len(text) == len(body) - heads_ - dates
    for part in parts:
        for block in part.blocks:
            assert block.text[-1] in "。！”" or len(block.text) < 60


# ---------------------------------------------------------------- titles whose sign is another one


def test_a_unit_in_brackets_under_a_numbered_title_below_a_cover():
    lines = ["2023年学习交流材料汇编", "（2023年7月）"]
    for number, (title, unit) in zip("一二三", THREE, strict=True):
        lines += [f"{number}、{title}", f"（{unit}）", PROSE, MORE]
    assert heads(*lines) == THREE


def test_unit_author_and_date_in_one_bracket():
    lines = [
        *(THREE[0][0], "（清河县水务局 林小舟 2023年5月4日）", PROSE, MORE),
        *(THREE[1][0], "云岭县委宣传部　方 远　2023-05-06", PROSE, MORE),
    ]
    parts = split(clean(document(*lines)))
    assert parts is not None
    assert [(p.title, p.unit, p.date) for p in parts] == [
        (THREE[0][0], "清河县水务局", datetime.date(2023, 5, 4)),
        (THREE[1][0], "云岭县委宣传部", datetime.date(2023, 5, 6)),
    ]
    assert parts[0].author == "林小舟"


def test_the_unit_before_the_title():
    lines = ["学习材料选编", "【理论学习】"]
    for title, unit in THREE:
        lines += [f"{unit}：{title}", PROSE, MORE]
    assert heads(*lines) == [(f"{unit}：{title}", "") for title, unit in THREE]


def test_a_survey_whose_headings_name_units_is_one_article():
    lines = ["各地深入推进节水工作综述", MORE]
    for title, unit in THREE:
        lines += [f"{unit}：{title}", PROSE, MORE]
    assert heads(*lines) is None


def test_rules_part_articles_that_have_no_unit():
    lines = [THREE[0][0], PROSE, MORE, "＊＊＊＊＊＊", THREE[1][0], PROSE, MORE, "——————", THREE[2][0], PROSE, MORE]
    assert heads(*lines) == [(title, "") for title, _ in THREE]


def test_a_rule_before_a_footnote_parts_nothing():
    assert heads(THREE[0][0], PROSE, MORE, "——————", "注：数据截至年底。") is None


NEWS = "日前，清河县水务局组织干部走进社区，讲解节水知识，发放手册。"


@pytest.mark.parametrize("bullet", ["◆", "★ ", ""])
def test_short_news_under_a_heading_that_says_so(bullet):
    titles = ["清河县开展节水宣传", "云岭县举办读书活动", "南屏区组织现场教学"]
    lines = ["学习简讯", *(x for title in titles for x in (bullet + title, NEWS))]
    assert heads(*lines) == [(title, "") for title in titles]


def test_bullets_inside_an_article_are_not_news():
    lines = [
        "清河县推进节水工作的做法",
        *(x for title in ("主要做法", "工作成效", "下步打算") for x in ("◆" + title, PROSE)),
    ]
    assert heads(*lines) is None


def test_the_contents_know_the_unit_that_the_text_leaves_out():
    listed = [f"{unit}：{title}\t{i + 1}" for i, (title, unit) in enumerate(THREE)]
    lines = ["目录", *listed, *(x for title, _ in THREE for x in (title, PROSE, MORE))]
    assert heads(*lines) == THREE


def test_a_title_that_ends_like_a_unit_stands_over_its_subtitle():
    lines = [
        *(THREE[0][0], "——清河县供水纪实", THREE[0][1], PROSE, MORE),
        *("百名讲师进百村", "——云岭县宣讲纪实", THREE[1][1], PROSE, MORE),
    ]
    assert heads(*lines) == [THREE[0], ("百名讲师进百村", THREE[1][1])]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("【范文1】", "【范文2】"),
        ("第一篇", "第二篇"),
        ("交流发言之一", "交流发言之二"),
        ("【经验交流】", "【工作动态】"),
    ],
)
def test_a_label_above_the_title_is_not_the_end_of_the_article_before(one, two):
    lines = [
        *(one, THREE[0][0], f"{THREE[0][1]} 林小舟", "（2023年5月4日）", PROSE, MORE),
        *(two, THREE[1][0], THREE[1][1], PROSE, MORE),
    ]
    parts = split(clean(document(*lines)))
    assert parts is not None
    assert [(p.title, p.unit) for p in parts] == THREE[:2]
    assert parts[0].date == datetime.date(2023, 5, 4)
    assert [[b.text for b in p.blocks] for p in parts] == [[PROSE, MORE]] * 2


def test_contents_with_the_unit_in_brackets_behind_the_title():
    listed = [f"{i + 1}.{title}（{unit}）……{i + 1}" for i, (title, unit) in enumerate(THREE)]
    lines = ["目录", *listed, *(x for title, _ in THREE for x in (title, PROSE, MORE))]
    assert heads(*lines) == THREE
