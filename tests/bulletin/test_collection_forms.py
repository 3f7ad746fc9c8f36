"""Collections in forms that offices send: other signs of a title, other places of the unit."""

import datetime

import pytest

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.footnotes import MARKS
from bulletin.model import Block, Role
from bulletin.pieces import pieces
from tests.bulletin.bound import MORE, PROSE, THREE, document, heading, heads

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


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("突出党建引领凝聚治理合力", "突出党建引领，凝聚治理合力，"),
        ("强化理论武装筑牢思想根基", "为进一步强化理论武装，"),
    ],
)
def test_a_heading_that_the_text_says_again_is_no_news(title, text):
    news = ["【学习动态】", NEWS_TITLE, NEWS_TEXT, MORE]
    lines = ["【经验交流】", THREE[0][0], PROSE, MORE, title, text + PROSE, MORE, *news]
    assert heads(*lines) == [(THREE[0][0], ""), (NEWS_TITLE, "")]


@pytest.mark.parametrize(
    "words",
    [("第一篇章：产业兴", "第二篇章：生态美"), ("材料一应俱全群众少跑路", "发言千篇一律没人听")],
)
def test_words_that_only_begin_like_a_number_begin_no_article(words):
    text = PROSE.removeprefix("近年来，")
    assert heads("清河县基层治理见成效", words[0], text, MORE, words[1], text, MORE) is None


def test_the_line_of_source_and_time_is_on_record_and_can_come_back():
    byline = "来源：清河日报 作者：方远 时间：2023-05-08"
    lines = [*THREE[0], PROSE, MORE, THREE[1][0], "林小舟", byline, PROSE, MORE]
    cleaned = clean(document(*lines, format="docx"))
    parts = split(cleaned)
    assert parts is not None
    taken = [change for change in parts[1].changes if change.rule == "byline"]
    assert [change.before for change in taken] == [byline]
    again = split(cleaned, undo=[taken[0].key])
    assert again is not None
    assert [block.text for block in again[1].blocks] == [byline, PROSE, MORE]


def test_a_number_without_an_article_ends_the_file():
    lines = [x for i in (0, 1) for x in (heading(f"第{'一二'[i]}篇 {THREE[i][0]}", 2), PROSE, MORE)]
    assert heads(*lines, heading("第三篇", 2), format="docx") == [(title, "") for title, _ in THREE[:2]]


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


# ---------------------------------------------------------------- kinds that offices send

SIGNED = [line for title, unit in THREE for line in (title, PROSE, MORE, unit, "2023年9月12日")]
NEWS_TITLE, NEWS_TEXT = (
    "临河区委举行专题学习会",
    "3月18日，临河区委举行专题学习会，区委班子成员参加学习，并围绕主题交流发言。",
)
LISTED = [f"{i + 1}.{title[:9].split(' ')[0]}" for i, (title, _) in enumerate(THREE)]
KINDS = {
    "behind signatures": (SIGNED, THREE),
    "behind signatures, counted, below a cover": (
        ["优秀调研报告选编", *(f"{'一三'[i == 5]}、{x}" if i % 5 == 0 else x for i, x in enumerate(SIGNED[:10]))],
        THREE[:2],
    ),
    "signed in brackets": (
        [line for title, unit in THREE for line in (title, PROSE, MORE, f"（{unit} 2024年3月5日）")],
        THREE,
    ),
    "a title that ends like a unit": (
        [*SIGNED[:5], "“红色管家”走进枫林小区", *SIGNED[1:5], *SIGNED[10:]],
        [THREE[0], ("“红色管家”走进枫林小区", THREE[0][1]), THREE[2]],
    ),
    "contents that list but the beginnings": (
        ["目录", *LISTED, *(x for title, _ in THREE for x in (title, PROSE, MORE))],
        [(title, "") for title, _ in THREE],
    ),
    "the unit in brackets behind the title": (
        [x for title, unit in THREE for x in (f"{title}（{unit}）", PROSE, MORE, "----------")][:-1],
        THREE,
    ),
    "news in a section": (
        ["【上情下达】", THREE[0][0], PROSE, MORE, NEWS_TITLE, NEWS_TEXT, MORE, "【经验交流】", THREE[1][0], PROSE, MORE],
        [(THREE[0][0], ""), (NEWS_TITLE, ""), (THREE[1][0], "")],
    ),
    "a number and a title on two lines": (
        [x for i, (title, unit) in enumerate(THREE) for x in (*f"{i + 1}、{title}".split(" "), unit, PROSE, MORE)],
        THREE,
    ),
    "titles behind a bullet, units in brackets at the end": (
        [x for title, unit in THREE for x in (f"◎{title}", PROSE, MORE, f"（{unit}）")],
        THREE,
    ),
    "labels of a form": (
        [x for title, unit in THREE for x in (f"标题：{title}", f"单位：{unit}", "正文：", PROSE, MORE)],
        THREE,
    ),
    "counted cases, a square before the unit": (
        [x for i, (title, unit) in enumerate(THREE) for x in (f"案例{'一二三'[i]}：{title}", f"□ {unit}", PROSE, MORE)],
        THREE,
    ),
    "a leader, the author and the page": (
        [*("目录", *(f"{t}……{u} 林小舟 {i}" for i, (t, u) in enumerate(THREE, 1)))]
        + [x for title, unit in THREE for x in (title, f"{unit} 林小舟", PROSE, MORE)],
        THREE,
    ),
    "a title marked on two lines": (
        [x for i, (title, unit) in enumerate(THREE) for x in (f"第{'一二三'[i]}篇", *title.split(" "), unit, PROSE, MORE)],
        THREE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_collections(kind):
    lines, wanted = KINDS[kind]
    found = pieces(document(*lines))
    assert [(piece.title, piece.unit) for piece in found] == wanted
    for piece in found:
        texts = [block.text for block in piece.blocks]
        assert texts[0] in (PROSE, NEWS_TEXT)
        assert MORE in texts


def test_titles_that_an_article_quotes_in_a_list_begin_nothing():
    quoting = [
        "全县推出以下典型案例，得到媒体多次报道：",
        *(f"{i}.{title}" for i, (title, _) in enumerate(THREE[1:], 1)),
        MORE,
    ]
    lines = ["目录", *(f"{title}……（{i}）" for i, (title, _) in enumerate(THREE, 1)), *THREE[0], *quoting]
    parts = split(clean(document(*lines, *(x for t, u in THREE[1:] for x in (t, u, PROSE, MORE)))))
    assert parts is not None
    assert [(part.title, part.unit) for part in parts] == THREE
    assert [block.text for block in parts[0].blocks] == quoting


@pytest.mark.parametrize("listed", [True, False])
def test_headings_above_titles_are_sections(listed):
    styled = [heading(title, 2) if listed else title for title, _ in THREE]
    units = [unit for _, unit in THREE]
    contents = ["目录", "会议动态", THREE[0][0], "理论探讨", THREE[1][0], THREE[2][0]]
    lines = [*contents, heading("会议动态", 1), styled[0], units[0], PROSE, heading("一、做法", 3), MORE]
    lines += [heading("理论探讨", 1), styled[1], units[1], PROSE, MORE, styled[2], units[2], PROSE, MORE]
    parts = split(clean(document(*lines, format="docx")))
    assert parts is not None
    assert [(part.title, part.unit) for part in parts] == THREE
    assert [part.blocks[-1].text for part in parts] == [MORE] * 3
    assert [c.before for part in parts for c in part.changes if c.rule == "section"] == ["会议动态", "理论探讨"]


def test_the_contents_of_a_report_list_its_parts():
    parts = ["一、工作回顾", "二、存在问题"]
    assert heads("清河县水务局工作总结", "目录", *parts, parts[0], PROSE, MORE, parts[1], PROSE, MORE) is None


@pytest.mark.parametrize("styled", [True, False])
def test_what_all_reports_call_their_parts_begins_no_article(styled):
    parts = ["主要做法", "取得的成效", "存在的问题和不足", "下一步工作打算"]
    text = [x for part in parts for x in (heading(part, 1) if styled else part, PROSE, MORE)]
    contents = ["目录", *(f"{part}\t{page}" for page, part in enumerate(parts, 1))]
    assert heads("清河县水务局工作报告", *contents, *text, format="docx" if styled else "txt") is None


def test_a_title_set_like_the_others_is_no_unit_though_it_ends_like_one():
    titled = [x for title, unit in THREE[:2] for x in (heading(title, 1), unit, PROSE, MORE)]
    lines = [*titled[:4], heading("建设和美乡村", 1), PROSE, MORE, *titled[4:]]
    assert heads(*lines, format="docx") == [THREE[0], ("建设和美乡村", ""), THREE[1]]


def test_the_word_contents_may_be_a_heading_too():
    contents = [heading("目录", 1), *(f"{title}\t{page}" for page, (title, _) in enumerate(THREE, 1))]
    text = [x for title, _ in THREE for x in (heading(title, 1), PROSE, MORE)]
    assert heads(*contents, *text, format="docx") == [(title, "") for title, _ in THREE]


def test_notes_of_the_whole_file_go_to_the_articles_that_have_their_marks():
    texts = [PROSE + MORE + "①", PROSE + MORE + "②"]
    notes = [Block(text=f"{mark}见清河县志。", role=Role.NOTE) for mark in "①②"]
    parts = split(clean(document(*THREE[0], texts[0], *THREE[1], texts[1], *notes)))
    assert parts is not None
    assert [[b.text for b in part.blocks] for part in parts] == [
        [PROSE + MORE + "①", "①见清河县志。"],
    ] * 2
    assert [(c.before, c.after) for c in parts[1].changes if c.rule == "note-mark"] == [("②", "①")]


def test_an_article_with_more_notes_than_there_are_marks():
    texts = [f"{PROSE[:-1]}①（第{page}页）。" for page in range(60)]
    notes = [Block(text=f"①见清河县志第{page}页。", role=Role.NOTE) for page in range(60)]
    parts = split(clean(document(*THREE[0], PROSE, MORE, *THREE[1], *texts, *notes)))
    assert parts is not None
    assert len(parts[1].blocks) == 120
    assert [block.text[0] for block in parts[1].blocks[60:]] == [*MARKS, *"①" * 10]
