"""Where titles are broken: between words, in a good shape, and so that they read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.titles import break_title, fill_lines
from builders.widths import set_width, width

LONGEST = 19.0

GOLDEN = (
    ("云江省委理论学习中心组举行专题学习会", ("云江省委理论学习中心组举行专题学习会",)),
    ("白石县：打造“溪云讲堂”宣讲品牌 筑牢基层理论武装根基", ("白石县：打造“溪云讲堂”宣讲品牌 ", "筑牢基层理论武装根基")),
    ("临川、白石、青浦湾市委理论学习中心组开展交流学习研讨", ("临川、白石、青浦湾市委", "理论学习中心组开展交流学习研讨")),
    ("关于在数字化改革背景下做好群众工作的思考与2024年全年12项重点任务落实情况的通报",
     ("关于在数字化改革背景下", "做好群众工作的思考与2024年", "全年12项重点任务落实情况的通报")),
    ("深入学习贯彻《云江省基层治理促进条例》 推动机关党的建设高质量发展",
     ("深入学习贯彻《云江省基层治理促进条例》 ", "推动机关党的建设高质量发展")),
    ("云江省主题教育领导小组办公室召开第三次推进会议部署工作", ("云江省主题教育领导小组办公室", "召开第三次推进会议部署工作")),
    ("陈志远副省长在全省安全生产电视电话会议上强调坚决守住不发生重特大事故底线",
     ("陈志远副省长在全省", "安全生产电视电话会议上强调", "坚决守住不发生重特大事故底线")),
    ("云江省人民政府办公厅关于2024年第三季度全省政务公开工作考核情况的通报",
     ("云江省人民政府办公厅关于2024年", "第三季度全省政务公开工作考核情况的通报")),
    ("云江高新技术产业开发区管理委员会以数字化转型为牵引打造先进制造业集群",
     ("云江高新技术产业开发区管理委员会", "以数字化转型为牵引打造先进制造业集群")),
    ("白石县聚焦“急难愁盼”办好12件民生实事让群众获得感成色更足", ("白石县聚焦“急难愁盼”", "办好12件民生实事让群众获得感成色更足")),
    ("省委常委会召开扩大会议传达学习重要指示精神和深入推进区域协调发展座谈会精神",
     ("省委常委会召开扩大会议", "传达学习重要指示精神和", "深入推进区域协调发展座谈会精神")),
    ("把宣讲稿写进各族群众心里——云江省委讲师团的思考", ("把宣讲稿写进各族群众心里", "——云江省委讲师团的思考")),
    ("学思用贯通 知信行统一——临川市推动理论学习走深走实", ("学思用贯通 知信行统一", "——临川市推动理论学习走深走实")),
    ("从“要我学”到“我要学”——青浦湾市委党校创新学习方式的探索与实践",
     ("从“要我学”到“我要学”", "——青浦湾市委党校创新", "学习方式的探索与实践")),
    ("牢牢守住中央确定的耕地保护红线坚决遏制违法违规占用耕地行为", None),
    ("云江省人民政府办公厅关于印发《云江省数字经济发展规划实施方案（2024—2026年）》的通知", None),
)  # fmt: skip


@pytest.mark.parametrize(("title", "lines"), [row for row in GOLDEN if row[1]])
def test_golden(title: str, lines: tuple[str, ...]) -> None:
    assert break_title(title, LONGEST) == lines


@pytest.mark.parametrize("title", [row[0] for row in GOLDEN])
@pytest.mark.parametrize(
    "whole", ["“溪云讲堂”", "2024年", "12项", "《云江省基层治理促进条例》", "理论学习中心组", "中央"]
)
def test_names_quotations_and_numbers_are_not_torn(title: str, whole: str) -> None:
    if whole in title:
        assert any(whole in line for line in break_title(title, LONGEST))


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("临川市财政局党组理论学习中心组举行持续推进全面从严治党工作座谈会", "全面从严治党"),
        ("云江省生态环境厅召开会议以加快信息化建设推动主体责任落实的实践与思考", "信息化"),
        ("云江省生态环境厅召开会议加快高素质人才培养推动主体责任落实的实践与思考", "高素质"),
    ],
)
def test_what_follows_an_adverb_is_not_torn(title: str, whole: str) -> None:
    for lines in (fill_lines(title, 26.3, 0.0), fill_lines(title, 26.3, 3.0), break_title(title, LONGEST)):
        assert any(whole in line for line in lines)


def test_a_line_may_begin_with_a_word_that_begins_like_a_particle() -> None:
    lines = break_title("白石县坚持完善基层治理工作体系建设 地方特色品牌得到群众认可", LONGEST)
    assert lines[1].startswith("地方")


TEXTS = st.text(alphabet="云江省委学习贯彻推动发展和的在，、：《》“”（）0123456789AB 　一二三", min_size=1, max_size=70)


@given(TEXTS, st.sampled_from([10.0, 16.0, 19.0]))
def test_the_lines_joined_are_the_title(title: str, longest: float) -> None:
    assert "".join(break_title(title, longest)) == title
    assert "".join(fill_lines(title, longest, 3.0)) == title


@given(st.text(alphabet="云江省委理论学习中心组贯彻推动高质量发展", min_size=8, max_size=60))
def test_no_line_is_too_long_and_none_a_single_character(title: str) -> None:
    lines = break_title(title, LONGEST)
    assert all(set_width(line.rstrip()) <= LONGEST for line in lines)
    assert all(width(line) > 1 for line in lines)


@given(st.text(alphabet="云江省委学习贯彻推动发展，、：》”）。", min_size=20, max_size=50))
def test_no_line_begins_with_a_closing_mark(title: str) -> None:
    assert not any(line[0] in "，、：》”）。" for line in break_title(title, LONGEST)[1:])


CONTENTS = (
    ("云江省委理论学习中心组举行专题学习会", ("云江省委理论学习中心组举行专题学习会",)),
    ("白石县：打造“溪云讲堂”宣讲品牌 筑牢基层理论武装根基", ("白石县：打造“溪云讲堂”宣讲品牌 ", "筑牢基层理论武装根基")),
    ("临川、白石、青浦湾市委理论学习中心组开展交流学习研讨", ("临川、白石、青浦湾市委理论学习中心组", "开展交流学习研讨")),
    ("关于在数字化改革背景下做好群众工作的思考与2024年全年12项重点任务落实情况的通报",
     ("关于在数字化改革背景下做好群众工作的思考", "与2024年全年12项重点任务落实情况的通报")),
)  # fmt: skip


@pytest.mark.parametrize(("title", "lines"), CONTENTS)
def test_an_entry_of_the_contents_is_broken_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert fill_lines(title, 26.0, 3.0) == lines


@given(st.text(alphabet="云江省委理论学习中心组贯彻推动高质量发展", min_size=20, max_size=60))
def test_an_entry_leaves_room_for_its_page_number_and_no_scrap(title: str) -> None:
    *above, last = fill_lines(title, 26.0, 3.0)
    assert set_width(last) <= 23
    assert all(set_width(line) <= 26 for line in above)
    assert not above or set_width(last) >= 2


def test_contents_without_page_numbers_use_the_whole_line() -> None:
    for title, _ in CONTENTS:
        lines = fill_lines(title, 26.0, 0.0)
        assert len(lines) == (1 if set_width(title) <= 26 else 2)
        assert all(set_width(line) > 3 for line in lines)
    title = "白石县机关党员教育方式由“要我学”到“我要学”转变的实践与启示"
    assert fill_lines(title, 26.0, 0.0)[1] == "转变的实践与启示"
    title = "临川市“一网通办”改革经验做法在全省推广 预计年均为企业节约成本3.5亿元 群众满意度达98.6%"
    assert fill_lines(title, 26.0, 0.0) == (
        "临川市“一网通办”改革经验做法在全省推广 ",
        "预计年均为企业节约成本3.5亿元 群众满意度达98.6%",
    )


def test_without_a_segmenter_the_title_is_still_broken_well_formed() -> None:
    lines = break_title(
        "云江省委常委会召开扩大会议传达学习重要会议精神", LONGEST, lambda text: [(char, "x") for char in text]
    )
    assert len(lines) == 2
    assert all(set_width(line) <= LONGEST for line in lines)
