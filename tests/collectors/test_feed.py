"""RSS and Atom feeds."""

from datetime import UTC, datetime

import pytest

from bulletin.errors import FormatError
from bulletin.model import Submission
from collectors.feed import read_feed

RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>临川市政府网</title>
<item><title>临川市推进&lt;b&gt;减负&lt;/b&gt;</title><link>/zwgk/1.html</link>
<pubDate>Sun, 10 Dec 2023 09:30:00 +0800</pubDate><description><![CDATA[<p>第一段&nbsp;</p><p>第二段</p>]]></description></item>
<item><title>同一篇</title><link>/zwgk/1.html</link></item>
<item><title>只有编号</title><guid isPermaLink="true">http://lc.example/2.html</guid></item>
<item><title>没有网址</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>信息</title><entry><title>云溪县做法</title>
<link href="http://lc.example/3.html"/><updated>2023-12-10T09:30:00+08:00</updated><summary>摘要</summary></entry></feed>"""


def feed(content: bytes, media_type: str = "") -> Submission:
    return Submission(name="feed", content=content, media_type=media_type, origin="http://lc.example/rss/a.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk"])
def test_items_of_rss_in_their_order_each_once(encoding: str) -> None:
    found = read_feed(feed(RSS.format(encoding=encoding).encode(encoding), "text/xml"))
    first, second = found.items

    assert found.title == "临川市政府网"
    assert (first.url, first.title, first.summary) == (
        "http://lc.example/zwgk/1.html",
        "临川市推进减负",
        "第一段 第二段",
    )
    assert first.published == datetime(2023, 12, 10, 1, 30, tzinfo=UTC)
    assert (second.url, second.title, second.published) == ("http://lc.example/2.html", "只有编号", None)


def test_items_of_atom() -> None:
    (item,) = read_feed(feed(ATOM.encode())).items

    assert (item.url, item.title, item.summary) == ("http://lc.example/3.html", "云溪县做法", "摘要")
    assert item.published == datetime(2023, 12, 10, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("content", [b"", b"text", b"<html><body>page</body></html>", b"\x00\xff\xfe", b"<rss"])
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        read_feed(feed(content))


def test_entities_do_not_multiply() -> None:
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    hostile = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "haha">{levels}]><rss version="2.0"><channel>'
    hostile += "<item><title>&l9;</title><link>http://lc.example/1</link></item></channel></rss>"
    try:
        items = read_feed(feed(hostile.encode())).items
    except FormatError:
        return

    assert all(len(item.title) < 1000 for item in items)
