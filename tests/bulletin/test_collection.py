"""Collections: the forms in which offices bind many articles into one file."""

import datetime

import pytest

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.model import Block, BlockType
from tests.bulletin.bound import MORE, PROSE, THREE, document, heads
from tests.bulletin.seeds import read_seed


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
