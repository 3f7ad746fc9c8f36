"""Where titles are broken: between words, in a good shape, and so that they read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.titles import break_title, fill_lines, narrowing
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


def test_a_contents_entry_is_broken_only_where_the_title_can_be_read_back() -> None:
    title = "白石县：打造“溪云讲堂”宣讲品牌 筑牢基层理论武装根基"
    assert fill_lines(title, 26.0, 3.0) == ("白石县：打造“溪云讲堂”宣讲品牌 ", "筑牢基层理论武装根基")
    assert fill_lines("云江省委理论学习中心组举行专题学习会", 26.0, 3.0) == ("云江省委理论学习中心组举行专题学习会",)
    assert fill_lines("云" * 25, 26.0, 3.0) == ("云" * 25,)


def test_lines_of_the_contents_are_narrowed_so_that_no_single_character_is_left() -> None:
    assert narrowing("云" * 20, 26.0) == 0
    assert narrowing("云" * 27, 26.0) == 3
    assert narrowing("云" * 35, 26.0) == 0


def test_without_a_segmenter_the_title_is_still_broken_well_formed() -> None:
    lines = break_title(
        "云江省委常委会召开扩大会议传达学习重要会议精神", LONGEST, lambda text: [(char, "x") for char in text]
    )
    assert len(lines) == 2
    assert all(set_width(line) <= LONGEST for line in lines)
