import datetime as dt

import pytest

from bulletin.model import Block, Document
from extractors.weblinks import is_list_page, join, list_items, next_pages

ADDRESS = "http://www.linhu.example/xw/t20230512_99.html"
ENTRY = '<li><a href="/xw/t2023050{0}_1.html">临湖县召开第{0}次乡村产业工作例会</a><span>2023-05-0{0}</span></li>'
LIST = f"<ul>{''.join(ENTRY.format(i) for i in range(1, 8))}</ul>"
PROSE = "<p>会议指出，今年以来全县新建标准化大棚三百余座，带动两千余户农民增收，产业基础进一步夯实。</p>" * 8


@pytest.mark.parametrize(
    ("html", "pages"),
    [
        ('<script>createPageHTML(3, 0, "t20230512_99", "html");</script>', ["_1", "_2"]),
        ('<a href="t20230512_99.html">1</a> <a href="t20230512_99_2.html">2</a> <a href="t20230512_99_3.html">[3]</a>', ["_2", "_3"]),
        ('<a href="/xw/t20230512_99_2.html">下一页</a>', ["_2"]),
        ('<a href="t20230512_99_2.html#top">2</a><a href="t20230512_99_2.html">下一页</a>', ["_2"]),
        ('<a href="t20230511_98.html">下一篇</a><a href="t20230511_98.html">下一页</a>', []),
        ('<a href="javascript:next()">下一页</a><a href="http://other.example/xw/t20230512_99_2.html">2</a>', []),
        ("<p>只有一页</p>", []),
    ],
)  # fmt: skip
def test_next_pages(html: str, pages: list[str]) -> None:
    assert next_pages(html, ADDRESS) == [f"http://www.linhu.example/xw/t20230512_99{page}.html" for page in pages]


def test_pages_numbered_in_the_query() -> None:
    address = "http://www.linhu.example/a.aspx?id=7"
    html = '<a href="?id=7&page=2">2</a><a href="?id=7&page=3">3</a><a href="?id=8&page=2">2</a>'
    assert next_pages(html, address) == [f"{address}&page=2", f"{address}&page=3"]


def test_second_page_knows_the_first_and_third() -> None:
    html = '<a href="t20230512_99.html">1</a><a href="t20230512_99_3.html">3</a>'
    second = ADDRESS.replace("_99.", "_99_2.")
    assert next_pages(html, second) == [ADDRESS, ADDRESS.replace("_99.", "_99_3.")]


def part(*texts: str, **fields: object) -> Document:
    blocks = tuple(Block(text=text, at=(i,)) for i, text in enumerate(texts))
    return Document(source="s", name="n", format="html", blocks=blocks, **fields)


def test_join_keeps_order_and_records_what_pages_repeat() -> None:
    whole = join([part("导语。", "第一段。", title="题"), part("导语。", "第二段。", date=dt.date(2023, 5, 12))])
    assert [block.text for block in whole.blocks] == ["导语。", "第一段。", "第二段。"]
    assert [(change.rule, change.before) for change in whole.changes] == [("page-repeat", "导语。")]
    assert (whole.title, whole.date) == ("题", dt.date(2023, 5, 12))
    places = [i for block in whole.blocks for i in block.at] + [change.at for change in whole.changes]
    assert len(set(places)) == len(places)


def test_join_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no pages"):
        join([])


def test_list_items_with_their_days() -> None:
    items = list_items(f"<div><a href='/'>首页</a><a href='/x'>要闻动态</a></div>{LIST}", ADDRESS)
    assert len(items) == 7
    assert items[0] == (
        "临湖县召开第1次乡村产业工作例会",
        "http://www.linhu.example/xw/t20230501_1.html",
        dt.date(2023, 5, 1),
    )


def test_shortened_title_is_taken_whole_from_its_attribute() -> None:
    html = "".join(
        f'<li><a href="/{i}.html" title="临湖县召开第{i}次乡村产业工作例会">临湖县召开第{i}次…</a></li>'
        for i in range(6)
    )
    assert list_items(html, ADDRESS)[2].title == "临湖县召开第2次乡村产业工作例会"


@pytest.mark.parametrize(
    ("html", "is_list"),
    [(LIST, True), (PROSE, False), (PROSE + LIST, False), ("<p>空</p>", False)],
    ids=["list", "article", "article with related links", "nothing"],
)
def test_list_page_or_article(html: str, is_list: bool) -> None:
    assert is_list_page(f"<html><body>{html}</body></html>", ADDRESS) is is_list
