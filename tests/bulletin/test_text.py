"""Characters, numerals, dates, heading numbers, names of organs."""

import datetime
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import text


@given(st.integers(0, 9999))
def test_numerals_go_both_ways(number):
    assert text.chinese_number(text.to_chinese(number)) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("二〇二三", 2023),
        ("〇", 0),
        ("12", 12),
        ("甲", None),
        ("", None),
    ],
)
def test_a_numeral_has_its_value(written, value):
    assert text.chinese_number(written) == value


@pytest.mark.parametrize(
    "written",
    ["2023年12月10日", "2023 年 12 月 10 日", "二〇二三年十二月十日", "二○二三年十二月十日", "2023-12-10", "2023/12/10", "2023.12.10",
     "2023-12-10 08:30", "发布日期：20231210", "（2023年12月10日）"],
)  # fmt: skip
def test_a_date_in_every_way_offices_write_it(written):
    assert text.find_date(f"清河县 {written} 讯") == datetime.date(2023, 12, 10)


@pytest.mark.parametrize("written", ["近日", "12月4日", "20231210", "2023年13月1日", "1.2.3", "2023年12月"])
def test_what_is_no_full_date(written):
    assert text.find_date(written) is None


def test_a_day_without_a_year_is_the_last_one():
    assert text.find_date("12月4日，", today=datetime.date(2023, 12, 10)) == datetime.date(2023, 12, 4)
    assert text.find_date("12月14日，", today=datetime.date(2023, 12, 10)) == datetime.date(2022, 12, 14)


def test_dates_come_in_their_order():
    found = list(text.find_dates("2022-01-02至2023年3月4日"))
    assert [item.day for item in found] == [datetime.date(2022, 1, 2), datetime.date(2023, 3, 4)]
    assert found[0][:2] == (0, 10)


@pytest.mark.parametrize(
    ("line", "level", "number"),
    [("一、总体要求", 1, 1), ("十二、附则", 1, 12), ("第三部分 保障措施", 1, 3), ("（一）重要意义", 2, 1), ("(十二)重要意义", 2, 12),
     ("1.加强领导", 3, 1), ("2．加强领导", 3, 2), ("3、加强领导", 3, 3), ("（1）压实责任", 4, 1), ("2）压实责任", 4, 2)],
)  # fmt: skip
def test_a_heading_number_has_level_and_value(line, level, number):
    marker = text.heading_marker(line)
    assert marker is not None
    assert (marker.level, marker.number) == (level, number)


@pytest.mark.parametrize(
    "line", ["1.5亿元投资", "2023.12.10", "一是加强领导", "（以下简称清河）", "三农工作", "12月4日"]
)
def test_what_is_no_heading_number(line):
    assert text.heading_marker(line) is None


@pytest.mark.parametrize(
    "line",
    ["清河县水务局党组", "中共临川市委", "供水专班办公室", "云江省农业农村厅", "临川市委理论学习中心组", "云江大学马克思主义学院",
     "远山集团有限公司",
     "临川（青石）经济开发区管委会党工委", "南屏区人民检察院", "云岭县融媒体中心", "临川市先进企业协会"],
)  # fmt: skip
def test_the_name_of_an_organ(line):
    assert text.is_unit(line)


@pytest.mark.parametrize(
    "line",
    [
        "以改革破题 让清水长流",
        "坚持党建引领 建好用好文明实践中心",
        "扎实推进城乡供水改革落地见效",
        "各乡镇人民政府：",
        "清河县召开会议，部署供水工作。",
        "推动理论学习走进乡镇",
        "“百姓宣讲”进机关",
        "关于成立工作专班的通知",
    ],
)
def test_what_is_no_organ(line):
    assert not text.is_unit(line)


def test_enumerators_inside_a_paragraph():
    assert text.enumerators("坚持引领。一是抓学习。二要抓队伍；三是抓作风。") == [(5, 1), (11, 2), (17, 3)]
    assert text.enumerators("统一是前提") == []


def test_a_title_printed_twice_is_one_title():
    assert text.likeness("清河县 供水改革", "清河县供水改革") == 1
    assert text.likeness("清河县供水改革", "云岭县数字乡村") < 0.6


@given(
    st.text("县水务局会议 ，", max_size=12),
    st.text("县水务局会议 ，", max_size=12),
    st.sampled_from([0.5, 0.84, 0.9, 1.0]),
)
def test_titles_are_like_where_their_likeness_says_so(one, other, least):
    assert text.is_like(one, other, least) == (text.likeness(one, other) >= least)


@given(st.text(max_size=40))
def test_columns_are_counted_character_by_character(line):
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in line)
    assert text.columns(line) == len(line) + wide


@given(st.sampled_from([pattern for _, pattern in text.MARKERS]).flatmap(st.from_regex))
def test_no_heading_number_is_passed_over_for_its_first_character(line):
    match = next((m for _, pattern in text.MARKERS if (m := pattern.match(line)) and text.chinese_number(m["n"])), None)
    assert (text.heading_marker(line) is not None) == (match is not None)


@given(st.from_regex(text.DATE_LINE, fullmatch=True))
def test_no_date_line_is_passed_over_for_its_last_character(line):
    assert text.is_date_line(line) == (text.find_date(line) is not None)


def test_enumerators_count_with_a_word_before_the_number_and_in_circles():
    assert text.enumerators("第一是学。②练；第三要用") == [(0, 1), (5, 2), (8, 3)]
