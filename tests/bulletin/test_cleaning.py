"""Cleaning: golden rows a rule at a time, and what must hold for every text."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.cleaning import clean
from bulletin.markers import INLINE_RULES, LINE_RULES
from bulletin.model import Block, BlockType, Document
from bulletin.punctuation import CHARACTER_RULES, LINE_TEXT_RULES
from tests.bulletin.seeds import read_seed


def document(*lines: str, format: str = "txt") -> Document:
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    return Document(source="0" * 64, name="样稿.txt", format=format, blocks=blocks)


def texts(cleaned: Document) -> list[str]:
    return [block.text for block in cleaned.blocks]


PROSE = "近年来，临川市坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"


# ---------------------------------------------------------------- each rule and its example


@pytest.mark.parametrize("rule", [*CHARACTER_RULES, *LINE_TEXT_RULES], ids=lambda rule: rule.code)
def test_a_text_rule_does_what_its_example_says(rule):
    before, after = rule.example
    cleaned = clean(document(PROSE, before))
    assert cleaned.blocks[-1].text == after
    assert rule.code in {change.rule for change in cleaned.changes}


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.code)
def test_a_line_rule_takes_its_example_away_and_says_so(rule):
    cleaned = clean(document(PROSE, rule.example))
    assert texts(cleaned) == [PROSE]
    assert [(c.rule, c.before) for c in cleaned.changes] == [(rule.code, rule.example)]


def test_the_inline_rules_leave_the_paragraph():
    assert texts(clean(document("##paidbegin##" + PROSE))) == [PROSE]
    assert texts(clean(document(PROSE + "（责任编辑：林小舟）"))) == [PROSE]
    assert len(INLINE_RULES) == 2


# ---------------------------------------------------------------- what must stay


STAYS = [
    "会议于2023年3月5日10:30在301会议室召开，网址为http://www.linchuan.gov.cn/a,b.html?x=1，请登录。",
    "完成投资1,200万元，增长3.14%，比例为3:2，资料见《报告》v1.2。",
    "请将材料发至 office@linchuan.gov.cn，附件名为“工作总结.docx”。",
    "The plan, as agreed: go (now)!",
    "一、总体要求",
    "（一）重要意义",
    "1.加强领导",
    "【经验交流】",
    "凝心聚力谋发展 担当实干谱新篇",
    "“四主体”带动 “四引领”见效",
    "设立“护清流 保供水 惠万家”宣传栏，张贴海报60张。",
    "坚持“‘一张图’管到底”，群众满意。",
    "2019—2021年，全市新增1-2个示范点。",
    "扫码评学成为新风尚",
    "“扫码学”让理论走进千家万户",
    "下一篇章如何书写",
    "用更多鲜活材料回应群众关注",
    "以最新案例材料加强警示教育",
    "微信群：每日推送学习内容，党员按时打卡",
    "打击非法倒卖会员资料的行为，是维护群众权益的重要举措，全市公安机关共查办案件十五起，抓获嫌疑人四十余名，追回损失三百万元，群众拍手称快。",
]


@pytest.mark.parametrize("line", STAYS)
def test_what_is_right_stays_as_it_is(line):
    cleaned = clean(document(PROSE, line, PROSE.replace("供水", "供气")))
    assert texts(cleaned)[1] == line
    assert not cleaned.changes


FIXED = [
    ("水厂已经建成;管网正在铺设,年底通水", "水厂已经建成；管网正在铺设，年底通水"),
    ("时间:10:30,地点:会议室(二楼)。", "时间：10:30，地点：会议室（二楼）。"),
    ("强化“一线工作法“，落实落细。", "强化“一线工作法”，落实落细。"),
    ("打造”河畔课堂“品牌。", "打造“河畔课堂”品牌。"),
    ('打造"河畔课堂"和"田间讲堂"。', "打造“河畔课堂”和“田间讲堂”。"),
    ("推动工作落地见效。。", "推动工作落地见效。"),
    ("宣讲、调研、走访......", "宣讲、调研、走访……"),
    ("覆盖6 千多户， 增长２０％。", "覆盖6千多户，增长20%。"),
    ("工 作 简 报", "工作简报"),
    ("凝心聚力谋发展　　担当实干谱新篇", "凝心聚力谋发展 担当实干谱新篇"),
    ("奋力\u00ad推进高质量\u200b发\ufeff展。", "奋力推进高质量发展。"),
    ("⻓江岸线⻛景，ﬁrst方案。", "长江岸线风景，first方案。"),
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_what_is_wrong_is_put_right(before, after):
    assert texts(clean(document(PROSE, before)))[1] == after


# ---------------------------------------------------------------- joined and never joined


JOINED = [
    ("各科室要把握“建得好、", "管得住”的工作标准，逐项对照。"),
    ("水价改革先易后难、分步实施。年内要出台《临川市", "阶梯水价办法》等文件，抓好落实。"),
    ("清淤工程今年开工。对十二条河道逐段摸排，先行整治淤积严重的上", "游河段，汛前全部完工。"),
    (
        "管网改造分三步推进。一是摸清底数，建立台账。二是分区施工。",
        "先老城后新区，夜间作业不停水。三是严格验收。请居民代表参加。",
    ),
    (
        "2019年，水厂先行改造了三座泵站和两处水源地的取水口设施；",
        "2020年，又为沿线二十个村铺设主管，家家户户用上了自来水，水质全部达标。",
    ),
]


@pytest.mark.parametrize(("one", "other"), JOINED)
def test_a_paragraph_cut_by_a_page_is_whole_again(one, other):
    cleaned = clean(document(PROSE, one, other, PROSE.replace("供水", "供气")))
    assert texts(cleaned)[1] == one + other
    assert cleaned.blocks[1].at == (1, 2)
    assert [change.rule for change in cleaned.changes] == ["join"]


def test_a_cut_right_under_a_heading_is_joined():
    cleaned = clean(
        document("三、改善供水水质的打算", "分期更换老旧管道，每年安排专项资金用于设备检", "修，让居民用水更安心。")
    )
    assert texts(cleaned)[1] == "分期更换老旧管道，每年安排专项资金用于设备检修，让居民用水更安心。"


def test_a_page_number_in_the_middle_of_a_sentence_goes_and_the_sentence_is_whole():
    one, other = PROSE[:30], PROSE[30:]
    cleaned = clean(document(PROSE, PROSE + one, "— 3 —", other))
    assert texts(cleaned) == [PROSE, PROSE + one + other]


def test_bare_page_numbers_go_where_they_count_up_beside_text():
    lines = [PROSE, "1", PROSE + "要抓落实", "2", "要见实效。", "3"]
    assert texts(clean(document(*lines))) == [PROSE, PROSE + "要抓落实要见实效。"]


def test_the_numbers_of_a_flattened_table_stay():
    lines = ["序号", "时间", "内容", "1", "2月", "警示教育", "2", "3月", "集中学习", "3", "4月", "专题辅导"]
    assert texts(clean(document(*lines))) == lines


def test_a_running_head_goes():
    head = "临川市供水工作材料汇编"
    lines = [head, *(x for i in range(4) for x in (PROSE + f"第{i}期工程已经开工", head, f"并取得第{i}批成效。"))]
    cleaned = clean(document(*lines))
    assert head not in texts(cleaned)
    assert "工程已经开工并取得第0批成效。" in cleaned.blocks[0].text


APART = [
    ("凝心聚力谋发展 担当实干谱新篇", "临川市水务局党组"),
    ("临川市水务局党组", PROSE),
    ("以供水改革为牵引，以实干实绩奋力谱写城乡融合发展新篇章", "近日，临川市召开会议，部署供水工作。"),
    ("一、在学懂弄通上下功夫，把学习成果转化为推动发展的强大动力", PROSE),
    (PROSE[:-1] + "，具体如下：", "1.加强领导，压实责任。"),
    ("负责供水设施的日常维护；", "负责水质的监测；"),
    (PROSE, "临川市水务局"),
    ("临川市水务局", "2023年12月10日"),
    ("工程建设进展顺利，各项任务有序推进，群众反映良好", "二、存在的问题"),
]


def test_a_sentence_cut_behind_the_word_for_printing_goes_on():
    halves = (
        "全市各级党组织坚持把理论学习作为首要政治任务，近日市委办公室印发",
        "《关于加强基层理论宣讲工作的实施意见》，要求各县区抓好落实。",
    )
    assert texts(clean(document(PROSE, *halves)))[1:] == ["".join(halves)]


@pytest.mark.parametrize(("one", "other"), APART)
def test_headings_titles_signatures_and_lists_stand_alone(one, other):
    assert texts(clean(document(PROSE.replace("供水", "供热"), one, other)))[1:] == [one, other]


def test_a_web_page_knows_its_paragraphs():
    lines = [PROSE, PROSE + "全市建成示范点十个，覆盖群众十万人", "下一步，将继续推进。", PROSE + "（见表）", PROSE]
    assert texts(clean(document(*lines, format="html"))) == lines


def test_lines_all_cut_at_one_width_become_paragraphs():
    one = "　　近年来，临川市坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。" * 3
    two = "　　下一步，临川市将继续完善供水设施，健全长效管护机制，提升供水服务水平，不断增强群众的获得感和幸福感。" * 3
    lines = ["临川市城乡供水一体化纪实"]
    for paragraph in (one.replace("　　", ""), two.replace("　　", "")) * 2:
        paragraph = "　　" + paragraph
        lines += [paragraph[i : i + 30] for i in range(0, len(paragraph), 30)]
    cleaned = clean(document(*lines))
    assert len(cleaned.blocks) == 5
    assert cleaned.blocks[1].text == one.replace("　　", "")


# ---------------------------------------------------------------- adverts and titles


def test_an_advert_block_before_the_title_goes():
    adverts = [
        "内部资料，严禁倒卖",
        "远山文苑",
        "关注公众号，每天更新优质范文",
        "加入会员免费下载全部资料",
        "读者QQ群：    客服微信：",
    ]
    cleaned = clean(document(*adverts, "临川市水务局工作总结", PROSE, PROSE.replace("供水", "供气")))
    assert texts(cleaned)[0] == "临川市水务局工作总结"
    assert {change.rule for change in cleaned.changes} == {"advert"}
    assert [change.before for change in cleaned.changes] == adverts


def test_a_title_printed_twice_is_kept_once():
    title = "临川市多措并举保障城乡供水"
    cleaned = clean(document(title, title, PROSE))
    assert texts(cleaned) == [title, PROSE]


# ---------------------------------------------------------------- what holds for every text


def _rows():
    words = st.sampled_from(
        ["近年来，", "全市上下", "抓落实", "。", "“四个到位”", "”反向“", '"直引号"', "一、", "（一）", "1.",
         "；", "二是强化支撑。", "三是", " ", "　　",
         "\u200b", "２０２３", "ﬁ", "1,000", "10:30", "http://a.cn/b,c", "...", "——", "--", "(注)", "- 3 -",
         "12", "责任编辑：林小舟", "临川市水务局",
         "2023年12月10日", "【经验交流】", "QQ群：123", "目 录", "\t", "会员", "《", "》", "（", "）", "，", "、", "a", "é", "e\u0301"]
    )  # fmt: skip
    return st.lists(st.one_of(st.lists(words, max_size=9).map("".join), st.text(max_size=12)), max_size=12)


@settings(max_examples=300)
@given(_rows(), st.sampled_from(["txt", "docx", "html"]))
def test_nothing_is_lost_and_cleaning_again_changes_nothing(lines, format):
    raw = document(*(line.replace("\n", " ").replace("\r", " ") for line in lines), format=format)
    cleaned = clean(raw)

    kept = Counter("".join(block.text for block in cleaned.blocks)) + Counter(
        "".join(change.before for change in cleaned.changes if change.rule != "join")
    )
    missing = Counter(re.sub(r"\s", "", "".join(texts(raw)))) - kept
    assert not missing

    again = clean(cleaned)
    assert texts(again) == texts(cleaned)
    assert len(again.changes) == len(cleaned.changes)

    keys = {change.key for change in cleaned.changes}
    undone = clean(raw, keys)
    assert [text for text in texts(undone) if text] == [text for text in texts(raw) if text]
    assert not undone.changes


@settings(max_examples=150)
@given(_rows(), st.data())
def test_a_key_stays_the_same_when_others_are_undone(lines, data):
    raw = document(*(line.replace("\n", " ").replace("\r", " ") for line in lines))
    changes = clean(raw).changes
    if not changes:
        return
    undone = data.draw(st.sets(st.sampled_from([change.key for change in changes])))
    left = {change.key for change in clean(raw, undone).changes}
    assert left <= {change.key for change in changes} - undone
    lost = {change.key for change in changes if change.rule != "join"} - undone - left
    assert not lost


def test_tables_and_pictures_pass_untouched():
    table = Block(type=BlockType.TABLE, rows=(("序 号", "内容 "),), at=(0,))
    picture = Block(type=BlockType.IMAGE, picture="f" * 64, at=(1,))
    raw = document().model_copy(update={"blocks": (table, picture)})
    assert clean(raw).blocks == (table, picture)


# ---------------------------------------------------------------- seeds


def test_the_defects_of_the_collection_are_mended(corpus):
    cleaned = clean(read_seed(corpus, "002"))
    joins = [change for change in cleaned.changes if change.rule == "join"]
    assert len(joins) == 43
    assert all(len(change.before) > 10 for change in joins)
    assert not [b for b in cleaned.blocks if "paidbegin" in b.text or "paidend" in b.text]


def test_the_adverts_before_the_plan_are_gone(corpus):
    cleaned = clean(read_seed(corpus, "003"))
    assert cleaned.blocks[0].at == (8,)
    assert sum(change.rule == "advert" for change in cleaned.changes) == 8


# ---------------------------------------------------------------- figures at the end, heads twice, lines of one width


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("会议指出,完成率达到98.6%.", "会议指出，完成率达到98.6%。"),
        ("第二项,见附表1.", "第二项，见附表1。"),
        ("办事指南已经公布，详见http://lc.example/a?id=3.", "办事指南已经公布，详见http://lc.example/a?id=3。"),
        ("群众说,文件只有3.5MB.", "群众说，文件只有3.5MB。"),
        ('他说:"文件只有3.5MB."会后,大家散去.', "他说：“文件只有3.5MB。”会后，大家散去。"),
    ],
)
def test_a_half_width_stop_behind_a_figure_ends_the_sentence(before, after):
    assert texts(clean(document(before, PROSE))) == [after, PROSE]


@pytest.mark.parametrize("line", ["合作方是临川水务，英文名Linchuan Water Co.", "供水管网，以及No."])
def test_a_stop_of_an_abbreviation_or_a_list_number_stays(line):
    assert texts(clean(document(PROSE, line)))[-1] == line


def test_a_running_head_that_comes_twice_goes_where_it_breaks_a_sentence():
    lines = [
        PROSE[:30],
        "第 1 页 共 3 页",
        "学习材料选编",
        PROSE[30:],
        PROSE[:35],
        "第 2 页 共 3 页",
        "学习材料选编",
        PROSE[35:],
    ]
    assert texts(clean(document(*lines))) == [PROSE, PROSE]


def test_a_full_line_that_ends_a_sentence_goes_on_unless_the_next_is_indented():
    words = "临川市坚持把供水一体化摆在突出位置抓紧抓实" * 4
    lines = [words[i : i + 30] for i in range(1, 13)]
    first = ["\u3000\u3000" + words[:28], *lines[:6], words[:29] + "。", *lines[6:], words[:8] + "。"]
    second = ["\u3000\u3000" + words[:27] + "。", "\u3000\u3000" + words[:28], words[5:35], words[:5] + "。"]
    assert len(texts(clean(document(*first, *second)))) == 3
    bare = first[1:]
    assert len(texts(clean(document(*bare)))) == 1


def test_lines_cut_at_one_number_of_characters_become_paragraphs():
    words = "临川市20个乡镇建成供水管网130公里，惠及3万户群众，水质合格率达99%，满意度居全省前列。下一步将加强管护"
    one = "在推进过程中，" + "".join(f"第{n}批{words}" for n in range(7)) + "。"
    two = "从实际效果看，" + "".join(f"前{n}批{words}" for n in range(11, 17)) + "工作。"
    cut = [part[i : i + 30] for part in ("\u3000\u3000" + one, "\u3000\u3000" + two) for i in range(0, len(part), 30)]
    assert texts(clean(document(*cut))) == [one, two]


def test_a_marker_at_the_end_of_a_paragraph_joins_it_to_nothing():
    cleaned = clean(document(PROSE, PROSE + "###paidend###", "让清水长流", PROSE))
    assert texts(cleaned) == [PROSE, PROSE, "让清水长流", PROSE]
