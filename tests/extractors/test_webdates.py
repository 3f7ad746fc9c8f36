import datetime as dt

import pytest

from extractors.webdates import address_day, byline_day, declared_day, publication_day
from extractors.webtree import Line, parse, read_lines

DAY = dt.date(2023, 5, 12)


def lines(*texts: str) -> list[Line]:
    return read_lines(parse("".join(f"<p>{text}</p>" for text in texts)))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2023-05-12", DAY),
        ("2023-05-12 09:30:00", DAY),
        ("2023年5月12日", DAY),
        ("2023/5/12", DAY),
        ("20230512", DAY),
        ("20230512093000", DAY),
        ("5/12/2023 9:30:00 AM", DAY),
        ("25/12/2023", dt.date(2023, 12, 25)),
        ("1683855000", DAY),
        ("1683855000000", DAY),
        ("2023-05-11T23:00:00Z", DAY),
        ("2023-05-12T00:10:00+08:00", DAY),
        ("2023-13-40", None),
        ("1970-01-01", None),
        ("2023", None),
        ("", None),
    ],
)
def test_declared_day(value: str, day: dt.date | None) -> None:
    assert declared_day(value) == day


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("http://www.linhu.example/2023-05/12/c_11.htm", DAY),
        ("http://www.linhu.example/n1/2023/0512/c1-2.html", DAY),
        ("http://www.linhu.example/xw/202305/t20230512_99.html", DAY),
        ("http://www.linhu.example/2023/5/12/1.html", DAY),
        ("http://www.linhu.example/content_20231399.html", None),
        ("http://www.linhu.example/id/1202305128877.html", None),
        ("", None),
    ],
)
def test_address_day(address: str, day: dt.date | None) -> None:
    assert address_day(address) == day


@pytest.mark.parametrize(
    "head",
    [
        ("2023-05-12 09:30 来源：临湖日报",),
        ("更新时间：2023-06-01 发布时间：2023-05-12",),
        ("今天是2023年6月1日", "发布日期：2023-05-12"),
        ("2023年6月1日", "2023年05月12日 10:20"),
        ("<a href='/1'>另一篇文章的标题 2023-06-01</a>", "2023.5.12"),
    ],
)
def test_published_comes_before_other_days(head: tuple[str, ...]) -> None:
    assert byline_day(lines(*head), []) == DAY


def test_byline_below_the_body_counts_where_none_is_above() -> None:
    assert byline_day([], lines("作者：李某 发表于：2023-05-12 10:00")) == DAY


@pytest.mark.parametrize(
    "body",
    [
        ("本县近日召开会议。", "临湖县人民政府", "二〇二三年五月十二日"),
        ("【某报2023年5月12日报道】本县近日召开会议。",),
    ],
)
def test_day_in_the_body_is_the_last_resort(body: tuple[str, ...]) -> None:
    assert publication_day([], [], lines(*body), [], "", parse("<p>x</p>")) == DAY


def test_metadata_comes_before_the_byline() -> None:
    assert publication_day(["2023-05-12"], lines("2023-06-01 08:00"), [], [], "", parse("<p>x</p>")) == DAY
