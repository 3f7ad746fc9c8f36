import datetime as dt

import pytest

from extractors.webmeta import Declared, read_meta
from extractors.webtree import Line, parse, read_lines


def lines(*texts: str) -> list[Line]:
    return read_lines(parse("".join(f"<p>{text}</p>" for text in texts)))


@pytest.mark.parametrize(
    ("byline", "unit", "author"),
    [
        ("2023-05-12 来源：临湖日报 作者：李山", "临湖日报", "李山"),
        ("信息来源： 临湖县农业农村局 浏览次数：12", "临湖县农业农村局", ""),
        ("来源：[ 湖光网 ]", "湖光网", ""),
        ("稿件来源：临湖县融媒体中心 责任编辑：周某", "临湖县融媒体中心", ""),
        ("来源：本站 作者：佚名", "", ""),
        ("临湖网频道 记者 李山 周水", "", "李山 周水"),
        ("来源： 作者： 发布日期：2023-05-12", "", ""),
        ("临湖县融媒体中心 2023-05-12 20:30", "临湖县融媒体中心", ""),
        ('<a href="javascript:void(0)">临湖县融媒体中心</a> <em>2023-05-12 20:30</em>', "临湖县融媒体中心", ""),
        ('<a href="/1.htm">全县农业生产托管现场推进会召开</a> 2023-05-12', "", ""),
    ],
)
def test_names_in_the_byline(byline: str, unit: str, author: str) -> None:
    meta = read_meta(Declared(parse("<p>x</p>")), "", lines(byline), [], [])
    assert (meta.unit, meta.author) == (unit, author)


def test_reporter_named_in_the_text() -> None:
    meta = read_meta(Declared(parse("<p>x</p>")), "", [], lines("据某社云江电（记者 李山）近日，县里开会。"), [])
    assert meta.author == "李山"


def test_declared_values_are_used_where_the_page_prints_none() -> None:
    head = (
        '<meta name="ContentSource" content="临湖日报"><meta name="Author" content="李山">'
        '<meta name="PubDate" content="2023-05-12 09:00"><meta name="keywords" content="产业,乡村">'
    )
    meta = read_meta(Declared(parse(f"<head>{head}</head><p>x</p>")), "", [], [], [])
    assert (meta.unit, meta.author, meta.date) == ("临湖日报", "李山", dt.date(2023, 5, 12))
    assert meta.keywords == ("产业", "乡村")


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="canonical" href="http://www.linhu.example/a/1.html"><p>x</p>',
        '<meta property="og:url" content="http://www.linhu.example/a/1.html"><p>x</p>',
        '<base href="http://www.linhu.example/a/"><link rel="canonical" href="1.html"><p>x</p>',
        "<!-- saved from url=(0036)http://www.linhu.example/a/1.html --><html><p>x</p></html>",
    ],
)
def test_address(html: str) -> None:
    assert Declared(parse(html)).address() == "http://www.linhu.example/a/1.html"


def test_linked_data_even_where_it_is_broken() -> None:
    script = '<script type="application/ld+json">%s</script>'
    whole = script % '{"@graph": [{"@type": "NewsArticle", "datePublished": "2023-05-12T08:00:00+08:00"}]}'
    broken = script % '{"datePublished": "2023-05-12", oops'
    for html in (whole, broken):
        assert Declared(parse(f"<head>{html}</head><p>x</p>")).linked["datePublished"].startswith("2023-05-12")
