"""Lists of links in tables and texts."""

import io

import pytest
from openpyxl import Workbook

from bulletin.errors import FormatError, TooLargeError
from bulletin.model import Submission
from collectors.containers import expand
from collectors.links import Link, links

A, B = "https://www.linchuan.example/a.html", "https://www.linchuan.example/b?id=2&x=3"


def sheet(*rows: list[object], hyperlinks: dict[str, str] | None = None) -> Submission:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cell, target in (hyperlinks or {}).items():
        book.active[cell].hyperlink = target
    target_file = io.BytesIO()
    book.save(target_file)
    return Submission(name="链接.xlsx", content=target_file.getvalue())


def text(content: str | bytes, name: str = "链接.txt") -> Submission:
    return Submission(name=name, content=content.encode() if isinstance(content, str) else content)


def test_a_table_with_addresses_and_titles() -> None:
    table = sheet(["序号", "标题", "网址"], [1, "临川做法", A], [2, "云溪做法", B], [None, None, None])

    assert links(table) == [Link(url=A, title="临川做法"), Link(url=B, title="云溪做法")]


def test_hyperlinks_and_formulas_count_as_addresses() -> None:
    table = sheet(["标题"], ["临川做法"], [f'=HYPERLINK("{B}","云溪做法")'], hyperlinks={"A2": A})

    assert links(table) == [Link(url=A, title="临川做法"), Link(url=B, title="云溪做法")]


def test_a_table_of_figures_is_no_list() -> None:
    rows: list[list[object]] = [["单位", "采用", "来源"]] + [[f"第{n}单位", n, ""] for n in range(10)]

    assert links(sheet(*rows, ["第11单位", 3, A])) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_with_an_address_a_line_in_any_encoding(encoding: str) -> None:
    lines = f"# 本期拟用\n1. 临川做法：{A}\n\n{B}\n{A}\n"

    assert links(text(lines.encode(encoding))) == [Link(url=A, title="临川做法"), Link(url=B)]


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (A, Link(url=A)),
        (f"临川做法 {A}。", Link(url=A, title="临川做法")),
        (f"{A}\t临川做法", Link(url=A, title="临川做法")),
        (f"- [临川做法]({A})", Link(url=A, title="临川做法")),
        ("www.linchuan.example/x", Link(url="http://www.linchuan.example/x")),
        (f"（2）《临川做法》（{A}）", Link(url=A, title="2）《临川做法》")),
    ],
)
def test_a_line(line: str, link: Link) -> None:
    assert links(text(line)) == [link]


def test_csv_with_any_separator() -> None:
    for mark in (",", ";", "\t"):
        table = text(f"标题{mark}网址\n临川做法{mark}{A}\n", "链接.csv")
        assert links(table) == [Link(url=A, title="临川做法")]


@pytest.mark.parametrize(
    "content",
    [
        "临川市推进减负。\n详见 https://www.linchuan.example/a.html\n全文完。",
        "临川市" * 60 + A,
        "",
        "联系邮箱 a@www.linchuan.example",
    ],
)
def test_an_article_is_no_list(content: str) -> None:
    assert links(text(content)) == []


def test_other_formats_have_no_links() -> None:
    assert links(text(f"<html><a href='{A}'>x</a></html>", "a.html")) == []


def test_broken_and_huge_tables_are_refused() -> None:
    good = sheet(["网址"], [A])
    with pytest.raises(FormatError):
        links(Submission(name="a.xlsx", content=good.content[:-200]))
    with pytest.raises(TooLargeError):
        links(text("\n".join(f"http://a.example/{n}" for n in range(5_002))))


def test_a_list_is_no_container() -> None:
    table = sheet(["网址"], [A])

    assert expand(table) == [table]
