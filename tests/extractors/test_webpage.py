"""Pages of the kinds that arrive, written for these tests: places, people and sites are invented."""

import base64
import datetime as dt
import re
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import EmptyError, FormatError, TooLargeError
from bulletin.model import NEW_PAGE, BlockType, Document, Submission
from extractors import webpage

TEXT = (
    "云江省临湖县近日召开乡村产业现场推进会，总结上半年工作，部署下一阶段任务，各乡镇主要负责同志参加会议。",
    "会议指出，今年以来全县新建标准化大棚三百余座，带动两千余户农民增收，产业基础进一步夯实，发展后劲明显增强。",
    "会议要求，要坚持因地制宜、分类施策，把好事办好、实事办实，确保各项任务在年底前落实到位，不留死角。",
)
LINES = "\\n".join(TEXT)
QUOTED = "".join(f"<p>{text}<\\/p>" for text in TEXT)
ESCAPED = "".join(f"&lt;p&gt;{text}&lt;/p&gt;" for text in TEXT)
NAV = (
    "<ul>"
    + "".join(
        f'<li><a href="/c{i}/">{name}</a></li>' for i, name in enumerate(["首页", "要闻", "政务", "公开", "互动"])
    )
    + "</ul>"
)
RELATED = "<div>相关新闻</div><ul>" + "".join(
    f'<li><a href="/n/{i}.html">临湖县第{i}次例会研究部署有关工作</a> 2023-05-0{i}</li>' for i in range(1, 7)
) + "</ul>"  # fmt: skip
FOOT = "<div>版权所有：临湖县融媒体中心　云ICP备00000000号　联系电话：000-0000000</div>"
TITLE = "临湖县召开乡村产业现场推进会"


def read(html: str | bytes, **fields: str) -> Document:
    content = html if isinstance(html, bytes) else html.encode()
    return webpage.read(Submission(name="page.html", content=content, **fields))


def page(body: str, *, title: str = f"{TITLE}_临湖县人民政府网", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.type is BlockType.PARAGRAPH]


GOVERNMENT = page(
    f'<div class="nav">{NAV}</div><div>当前位置：<a href="/">首页</a> &gt; <a href="/c1/">要闻</a></div>'
    f"<h1>{TITLE}</h1><div><span>发布日期：2023-05-12 09:30</span><span>信息来源：临湖县融媒体中心</span>"
    '<span>【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</span></div>'
    f'<div class="TRS_Editor"><p>{TEXT[0]}</p><h2>一、主要做法</h2><p>{TEXT[1]}</p><p>{TEXT[2]}</p></div>'
    f'<div>责任编辑：王某</div><div><a href="#">打印</a> <a href="#">关闭</a></div>{RELATED}{FOOT}'
)
TABLE_LAYOUT = page(
    f"<table><tr><td>{NAV}</td></tr></table><table><tr><td>{RELATED}</td><td><table><tr><td align=center>"
    f"<b>{TITLE}</b></td></tr><tr><td>临湖在线 2005年3月11日12:12 来源：临湖日报</td></tr><tr><td>"
    + "<br><br>".join(f"　　{text}" for text in TEXT)
    + f"</td></tr></table></td></tr></table>{FOOT}"
)
WECHAT = page(
    f'<h2 class="rich_media_title">{TITLE}</h2><div id="meta"><em id="publish_time"></em></div>'
    '<div class="rich_media_content" id="js_content" style="visibility: hidden;">'
    + "".join(f"<section><span>{text}</span></section>" for text in TEXT)
    + '</div><p>微信扫一扫</p><p>关注该公众号</p><script>var ct = "1683855000";</script>',
    title="",
    head=f'<meta property="og:title" content="{TITLE}">',
)
KINDS = {"government": GOVERNMENT, "table layout": TABLE_LAYOUT, "wechat": WECHAT}


@pytest.mark.parametrize("html", KINDS.values(), ids=KINDS.keys())
def test_body_is_read_and_furniture_is_not(html: str) -> None:
    document = read(html)
    assert paragraphs(document) == list(TEXT)
    assert document.title == TITLE


def test_government_page_has_its_metadata_and_heading() -> None:
    document = read(GOVERNMENT)
    assert (document.date, document.unit) == (dt.date(2023, 5, 12), "临湖县融媒体中心")
    assert [(b.text, b.level) for b in document.blocks if b.type is BlockType.HEADING] == [("一、主要做法", 1)]


def test_changes_say_by_which_rule_a_line_was_left_out() -> None:
    rules = {change.before: change.rule for change in read(GOVERNMENT).changes}
    assert rules[TITLE] == "page-title"
    assert rules["责任编辑：王某"] == "site-byline"
    assert rules["打印 关闭"] == "site-tools"
    assert rules["相关新闻"] == "site-related"


def test_day_of_a_page_shown_by_script() -> None:
    assert read(WECHAT).date == dt.date(2023, 5, 12)


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", ["", "gb2312", "utf-8", "iso-8859-1"])
def test_any_encoding_declared_rightly_wrongly_or_not(name: str, declared: str) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    html = GOVERNMENT.replace("<head>", f"<head>{head}")
    assert paragraphs(read(html.encode(name))) == list(TEXT)


def test_charset_of_the_server_is_heard() -> None:
    document = read(GOVERNMENT.encode("gbk"), media_type="text/html; charset=GBK")
    assert document.title == TITLE


def test_few_broken_bytes_are_replaced_and_reported() -> None:
    content = GOVERNMENT.encode().replace("产业基础".encode(), "产业".encode() + b"\xff" + "基础".encode())
    document = read(content)
    assert len(paragraphs(document)) == 3
    assert document.warnings


def test_table_of_data_stays_a_table_with_its_merged_cells() -> None:
    table = (
        "<table><tr><th>乡镇</th><th>大棚</th><th>户数</th></tr><tr><td rowspan=2>湖东</td><td>12</td><td>30</td></tr>"
        "<tr><td>大</td><td>小</td></tr></table>"
    )
    document = read(page(f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p>{table}<p>{TEXT[1]}</p></div>"))
    found = next(block for block in document.blocks if block.type is BlockType.TABLE)
    assert found.rows == (("乡镇", "大棚", "户数"), ("湖东", "12", "30"), ("", "大", "小"))
    assert found.header_rows == 1


def test_signature_and_attachments_of_a_notice_stay() -> None:
    tail = '<p>附件：<a href="a.docx">1.任务清单.docx</a></p><p>临湖县人民政府办公室</p><p>2023年5月12日</p>'
    document = read(page(f"{NAV}<h1>{TITLE}</h1><div>{''.join(f'<p>{t}</p>' for t in TEXT)}{tail}</div>{FOOT}"))
    assert paragraphs(document)[3:] == ["附件：1.任务清单.docx", "临湖县人民政府办公室", "2023年5月12日"]
    assert document.date == dt.date(2023, 5, 12)


def test_page_of_short_lines_is_read_as_well() -> None:
    verses = [f"第{i}行写临湖的山和水" for i in "一二三四五六七八"]
    document = read(page(f"{NAV}<h1>临湖的歌</h1><div>{'<br>'.join(verses)}</div>{FOOT}", title="临湖的歌"))
    assert paragraphs(document) == verses


def test_bold_and_centred_lines_rules_and_empty_paragraphs_are_known() -> None:
    text = "<p>全县各级党组织把学习摆在首位，丰富形式，讲求实效，干部群众踊跃参加，形成了浓厚的学习氛围。</p>" * 3
    body = f"{text}<hr><p align='center'><b>第二篇文章的标题</b></p>{text}<p>&nbsp;</p><p><b>小标题</b></p>{text}"
    document = read(page(body))
    said = {block.text: (document.looks.get(block.at[0]), document.gaps.get(block.at[0])) for block in document.blocks}
    assert said["第二篇文章的标题"] == ("center bold", NEW_PAGE)
    assert said["小标题"] == ("bold", 1)
    assert len(document.looks) == 2


def test_preformatted_lines_stay_lines() -> None:
    assert paragraphs(read(page(f"<pre>{LINES}</pre>".replace("\\n", "\n")))) == list(TEXT)


def test_labels_in_cells_of_their_own() -> None:
    cells = "<tr><td>索引号</td><td>000123</td></tr><tr><td>发布机构</td><td>临湖县政府办</td></tr>"
    days = "<tr><td>成文日期</td><td>2023-05-10</td></tr><tr><td>发布日期</td><td>2023-05-12</td></tr>"
    document = read(
        page(f"<table>{cells}{days}</table><h1>{TITLE}</h1><div>{''.join(f'<p>{t}</p>' for t in TEXT)}</div>")
    )
    assert (document.unit, document.date) == ("临湖县政府办", dt.date(2023, 5, 12))


def test_advert_inside_the_article_is_left_out() -> None:
    advert = "<table><tr><td>·</td><td><a href='http://ad.example/'>医疗关注新发现</a></td></tr></table>"
    document = read(page(f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p>{advert}<p>{TEXT[1]}</p></div>"))
    assert paragraphs(document) == list(TEXT[:2])


def test_comments_of_readers_are_not_the_article() -> None:
    said = "".join(
        f"<div>网友{i} 发表于 2023-05-13 10:0{i}</div><div>说得很好，支持一下，希望越办越好。</div>" for i in range(4)
    )
    document = read(page(f"<h1>{TITLE}</h1><div>{''.join(f'<p>{t}</p>' for t in TEXT)}{said}</div>"))
    assert paragraphs(document) == list(TEXT)


@pytest.mark.parametrize(
    "body",
    [
        f'<script type="application/ld+json">{{"articleBody": "{LINES}"}}</script>',
        f"<script>window.STATE = {{content: '{QUOTED}'}};</script>",
        f"<textarea style='display:none'>{ESCAPED}</textarea>",
    ],
    ids=["linked data", "script", "textarea"],
)
def test_article_that_only_a_script_would_show(body: str) -> None:
    assert paragraphs(read(page(f"<h1>{TITLE}</h1>{body}"))) == list(TEXT)


def test_article_that_a_style_hides_until_a_script_shows_it() -> None:
    hidden = f"<div style='display: none'>{''.join(f'<p>{text}</p>' for text in TEXT)}</div>"
    assert paragraphs(read(page(f"{NAV}<h1>{TITLE}</h1>{hidden}{FOOT}"))) == list(TEXT)


@pytest.mark.parametrize("declared", ["utf-16", "unicode", "utf-7", "idna", "no-such-charset", "base64"])
def test_charset_that_cannot_be(declared: str) -> None:
    html = GOVERNMENT.replace("<head>", f'<head><meta charset="{declared}">')
    assert read(html.encode("gbk")).title == TITLE


def test_included_page_does_not_end_the_page() -> None:
    html = GOVERNMENT.replace("<h1>", "<html><body><div>页头</div></body></html><h1>", 1)
    assert paragraphs(read(html)) == list(TEXT)


def test_mhtml_brings_its_pictures_and_address() -> None:
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    message = MIMEMultipart("related")
    message["Snapshot-Content-Location"] = "http://www.linhu.example/2023-05/12/c_1.htm"
    image = '<img src="cid:p1" alt="会议现场">'
    html = MIMEText(GOVERNMENT.replace(f"<p>{TEXT[1]}", f"<p>{image}</p><p>{TEXT[1]}"), "html", "gb18030")
    picture = MIMEImage(png, "png")
    picture["Content-ID"] = "<p1>"
    message.attach(html)
    message.attach(picture)
    document = read(message.as_bytes(), media_type="multipart/related")
    shown = next(block for block in document.blocks if block.type is BlockType.IMAGE)
    assert shown.alt == "会议现场"
    assert document.pictures[shown.picture] == png
    assert document.format == "mhtml"
    assert document.address == "http://www.linhu.example/2023-05/12/c_1.htm"
    assert paragraphs(document) == list(TEXT)


def test_pages_of_one_article_bundled_are_one_document() -> None:
    message = MIMEMultipart("related")
    message["X-Bulletin-Pages"] = "3"
    message["Snapshot-Content-Location"] = "http://www.linhu.example/a.html"
    for i, body in enumerate((f"<p>{TEXT[0]}</p>", "", f"<p>{TEXT[1]}</p><p>{TEXT[2]}</p>")):
        part = MIMEText(page(f"{NAV}<h1>{TITLE}</h1><div>{body}</div>{FOOT}"), "html", "gb18030")
        part["Content-Location"] = f"http://www.linhu.example/a_{i}.html"
        message.attach(part)
    document = read(message.as_bytes(), media_type="multipart/related")
    assert paragraphs(document) == list(TEXT)
    assert document.title == TITLE
    assert document.warnings == ("第2页没有正文",)


def test_mhtml_without_a_page_is_refused() -> None:
    message = MIMEMultipart("related")
    message.attach(MIMEText("只有文字", "plain", "utf-8"))
    with pytest.raises(FormatError):
        read(message.as_bytes(), media_type="multipart/related")


@pytest.mark.parametrize(
    "html", ["", "   ", "<html><body><img src=a.jpg></body></html>", "<frameset><frame src=a></frameset>"]
)
def test_page_without_text_is_empty(html: str) -> None:
    with pytest.raises(EmptyError):
        read(html)


def test_page_too_large_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read(b"<p>" + b"a" * webpage.LARGEST)


def test_dump_of_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpage, "MOST_LINES", 50)
    with pytest.raises(TooLargeError):
        read("<p>一行</p>" * 60)


def test_line_of_button_words_is_matched_in_bounded_time() -> None:
    assert len(paragraphs(read(f"<p>{TEXT[0]}</p>" + "<p>" + "返回顶部" * 70 + "完</p>"))) == 2


def test_deep_nesting_is_read() -> None:
    document = read("<div>" * 5000 + "".join(f"<p>{text}</p>" for text in TEXT))
    assert TEXT[0] in "".join(paragraphs(document))


# ---------------------------------------------------------------- nothing is lost

WORDS = st.sampled_from(
    [
        *TEXT,
        "首页",
        "打印",
        "关闭",
        "来源：临湖日报",
        "2023-05-12 10:00",
        "相关新闻",
        "一、总体要求",
        "a<b",
        "第1章",
        "1",
        "版权所有",
        "大",
    ]
)
TAGS = st.sampled_from(
    ["p", "div", "span", "li", "td", "h2", "a href='/x'", "b", "font", "table", "tr", "br", "center", "form", "aside"]
)
TREES = st.recursive(
    WORDS, lambda inner: st.tuples(TAGS, st.lists(inner, min_size=1, max_size=4)), max_leaves=25
)  # fmt: skip


def markup(tree: object) -> str:
    if isinstance(tree, str):
        return tree.replace("<", "&lt;")
    tag, inner = tree  # type: ignore[misc]
    return f"<{tag}>{''.join(map(markup, inner))}</{tag.split()[0]}>"


@settings(max_examples=150)
@given(st.lists(TREES, min_size=1, max_size=6))
def test_every_visible_character_is_in_a_block_or_in_a_change(trees: list[object]) -> None:
    html = "".join(map(markup, trees))
    try:
        document = read(page(f"<p>{TEXT[0]}</p>{html}", title=""))
    except EmptyError:
        return
    written = re.sub(r"<[^>]*>", "", html).replace("&lt;", "<") + TEXT[0]
    shown = "".join(block.plain for block in document.blocks) + "".join(change.before for change in document.changes)
    assert sorted(re.sub(r"\s", "", shown)) == sorted(re.sub(r"\s", "", written))


@pytest.mark.parametrize("byline", ["来源：临湖县水务局", "（2024年6月3日）"])
def test_the_first_title_of_a_collection_is_none_of_the_page_s(byline: str) -> None:
    text = "近年来，临湖县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里。"
    articles = "".join(f"<h3>{title}</h3><p>{byline}</p><p>{text * 3}</p>" for title in ("清水长流", "夜校亮灯"))
    document = read(
        f"<html><head><title>典型案例集锦</title></head><body><h1>典型案例集锦</h1>{articles}</body></html>"
    )
    assert [block.text for block in document.blocks][:2] == ["清水长流", byline]
    assert document.unit == ""
