"""HTML, plain text, JSON and the collection: the same issue in other clothes."""

import datetime as dt
import io
import re
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from builders.collection import build_collection, print_collection
from builders.fonts import examine_fonts
from builders.plain import build_json, build_text
from builders.style import load_style
from builders.web import build_html
from builders.word import build_docx
from bulletin.model import Block, BlockType, Entry, Issue, Role, Section
from tests.builders.layout import read_sheets
from tests.builders.reading import read_back
from tests.builders.samples import BODY, PICTURES, issue

STYLE = load_style()
RICH = issue(3, rich=True, secrecy="内部资料", note="本期刊发三篇材料。")


def test_json_gives_the_issue_back() -> None:
    assert Issue.model_validate_json(build_json(RICH)) == RICH


def test_plain_text_has_every_word_of_the_issue_in_order() -> None:
    text = build_text(RICH, STYLE)
    at = 0
    for entry in RICH.entries:
        at = text.index(entry.title, text.index(RICH.sections[0].name) if at == 0 else at)
        for block in entry.blocks:
            for line in filter(None, block.plain.split("\n")):
                at = text.index(line, at)
    assert "内部资料" in text
    assert "编者按：本期刊发三篇材料。" in text
    assert "送：" in text


@pytest.mark.parametrize("label", ["编者按：", "【编者按】", "按语："])
def test_a_note_of_the_editors_in_the_text_is_set_as_one(label: str) -> None:
    note = Block(text=f"{label}白石县的做法值得各地借鉴。", role=Role.NOTE)
    blocks = (Block(text=BODY[0]), note, Block(text="注：数据截至2024年11月底。", role=Role.NOTE))
    one = issue(1).model_copy(update={"sections": (Section(name="", entries=(Entry(title="做法", blocks=blocks),)),)})
    made = docx.Document(io.BytesIO(build_docx(one, STYLE)))
    looks = {
        paragraph.text: (paragraph.style.name, paragraph.runs[0].text)
        for paragraph in made.paragraphs
        if paragraph.runs
    }
    assert looks[note.text] == ("按语", label)
    assert looks[blocks[2].text][0] == "注释"
    assert f'<p class="note"><b>{label}</b>' in build_html(one, STYLE)
    assert read_back(build_docx(one, STYLE)).entries[0].blocks[1].model_copy(update={"at": ()}) == note


def test_a_note_with_a_label_of_its_own_gets_no_other() -> None:
    noted = issue(3, note="开栏的话：本期起开设专栏。")
    assert "编者按" not in build_text(noted, STYLE)
    assert "编者按" not in build_html(noted, STYLE)
    for label in ("【编者按】", "〔编者按〕", "（编者按）", "【按语】"):
        assert "编者按：" not in build_text(issue(3, note=f"{label}本期刊发三篇材料。"), STYLE)
    assert "编者按：（按惯例）本期刊发三篇材料。" in build_text(issue(3, note="（按惯例）本期刊发三篇材料。"), STYLE)
    assert "编者按：按语言文字规范办刊。" in build_text(issue(3, note="按语言文字规范办刊。"), STYLE)


def test_a_section_without_a_name_has_no_empty_brackets() -> None:
    bare = RICH.model_copy(update={"sections": (Section(name="", entries=RICH.entries),)})
    page = build_html(bare, STYLE)
    assert "【】" not in build_text(bare, STYLE) + page
    soup = BeautifulSoup(page, "lxml")
    assert not soup.find_all("h2")
    assert [link.text for link in soup.nav.find_all("a")] == [entry.title for entry in bare.entries]


def test_html_is_one_file_that_loads_nothing() -> None:
    page = build_html(RICH, STYLE, PICTURES)
    soup = BeautifulSoup(page, "lxml")
    assert not soup.find_all(["script", "link", "iframe"])
    assert all(image["src"].startswith("data:image/png;base64,") for image in soup.find_all("img"))
    assert "http" not in re.sub(r"base64,[^\"]*", "", page)
    assert soup.html["lang"] == "zh-CN"
    assert soup.find("meta", attrs={"name": "viewport"})


def test_html_links_lead_to_the_articles_and_tables_have_headers() -> None:
    soup = BeautifulSoup(build_html(RICH, STYLE, PICTURES), "lxml")
    links = [link["href"].lstrip("#") for link in soup.nav.find_all("a")]
    assert links == [article["id"] for article in soup.find_all("article")]
    titles = ["".join(span.text for span in head.find_all("span")) for head in soup.find_all("h3")]
    assert titles == [entry.title for entry in RICH.entries]
    assert [cell["scope"] for cell in soup.find_all("th")] == ["col"] * 4
    assert all(image["alt"] for image in soup.find_all("img"))


def test_html_takes_any_text_for_text() -> None:
    evil = '<script>alert("1")</script>&amp;'
    entry = Entry(
        title=evil,
        unit=evil,
        note=evil,
        blocks=(Block(text=evil), Block(type=BlockType.TABLE, rows=((evil,),), header_rows=1)),
    )
    soup = BeautifulSoup(build_html(issue(1, sections=(Section(name=evil, entries=(entry,)),)), STYLE), "lxml")
    assert soup.script is None
    assert soup.h3.text == evil


def test_a_phone_does_not_scroll_sideways(tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "issue.html"
    path.write_text(build_html(RICH, STYLE, PICTURES), "utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    page.close()


def test_the_page_has_the_sizes_of_the_print(tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "issue.html"
    path.write_text(build_html(RICH, STYLE, PICTURES), "utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(path.as_uri())
    size, left, lead = page.evaluate(
        "[getComputedStyle(document.body).fontSize, getComputedStyle(document.querySelector('main')).paddingLeft,"
        " getComputedStyle(document.body).lineHeight].map(parseFloat)"
    )
    assert size == pytest.approx(STYLE.body.size * 96 / 72, abs=0.1)
    assert lead == pytest.approx(STYLE.page.line * 96 / 72, abs=0.1)
    assert left == pytest.approx(STYLE.page.left * 96 / 25.4, abs=0.1)
    middles = page.evaluate(
        "[...document.querySelectorAll('h1 span')].map(s => {const r = document.createRange(); r.selectNodeContents(s);"
        " const b = r.getBoundingClientRect(); return (b.left + b.right) / 2})"
    )
    assert max(middles) - min(middles) < 16  # the blank behind the last character is in the box
    page.set_viewport_size({"width": 390, "height": 844})
    tops = page.evaluate("[...document.querySelectorAll('h3 span')].map(s => s.getClientRects().length)")
    assert set(tops) == {1}  # a line of the print stays together on a phone
    page.close()


def test_the_page_raises_marks_of_notes_merges_heads_and_pads_the_copy_number() -> None:
    head = Block(type=BlockType.TABLE, header_rows=2, rows=(
        ("单位", "2023年", ""), ("", "期数", "人数"), ("临川市", "12", "1860"),
    ))  # fmt: skip
    blocks = (Block(text="坚持领导带头①。", level=1, lead=6), head, Block(text="①见附件。", role=Role.NOTE))
    sample = issue(
        1, sections=(Section(name="学习动态", entries=(Entry(title="例", blocks=blocks),)),), copy_number="7"
    )
    soup = BeautifulSoup(build_html(sample, STYLE), "lxml")
    assert [mark.text for mark in soup.find_all("sup")] == ["①"]
    assert "坚持领导带头①。" in soup.text
    assert [(th.text, th.get("colspan"), th.get("rowspan")) for th in soup.find_all("th")] == [
        ("单位", None, "2"), ("2023年", "2", None), ("期数", None, None), ("人数", None, None),
    ]  # fmt: skip
    assert "000007" in soup.find(class_="marks").text


ENTRIES = [
    entry.model_copy(update={"unit": "临川市委宣传部" if at % 2 else "", "date": dt.date(2024, 11, at + 1)})
    for at, entry in enumerate(issue(8).entries)
]


def test_a_collection_is_the_same_every_time_and_says_units_and_dates() -> None:
    made = [
        build_collection("学习成果汇编", ENTRIES, STYLE, {}, {}, issuer="云江省学习办", day=dt.date(2024, 12, 1))
        for _ in "12"
    ]
    assert made[0] == made[1]
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(made[0])).paragraphs]
    assert "（2024年11月2日）" in texts
    assert "2．\t临川市委宣传部：" in texts
    assert texts.count("目　录") == 1
    assert texts.index("目　录") < texts.index("（2024年11月2日）")


@pytest.mark.slow
def test_a_collection_counts_pages_from_its_first_article_each_on_a_new_page(office: Path) -> None:
    result = print_collection("学习成果汇编", ENTRIES, STYLE, {}, office)
    sheets = read_sheets(result.pdf or b"", STYLE)
    before = result.page_count - result.pages["ending"]
    assert before % 2 == 0
    assert result.pages["article1"] == 1
    assert all(sheet.folio is None for sheet in sheets[:before])
    for at, entry in enumerate(ENTRIES, 1):
        sheet = sheets[before + result.pages[f"article{at}"] - 1]
        assert sheet.lines[0].text in "".join(entry.title.split())
        assert sheet.folio is not None
        assert sheet.folio.text == f"—{result.pages[f'article{at}']}—"
    shown = [
        int(line.text.rpartition(".")[2]) for sheet in sheets[:before] for line in sheet.lines if "...." in line.text
    ]
    assert shown == [result.pages[f"article{at}"] for at in range(1, 9)]


@pytest.mark.slow
def test_cover_contents_and_text_of_a_collection_begin_on_right_hand_pages(office: Path) -> None:
    sheets = read_sheets(print_collection("学习成果汇编", ENTRIES, STYLE, {}, office).pdf or b"", STYLE)
    assert [line.text for line in sheets[0].lines] == ["学习成果汇编"]
    assert not sheets[1].lines
    assert sheets[2].lines[0].text == "目录"
    edges = {round(line.left) for line in sheets[2].lines[1:] if not line.text[0].isdigit()}
    assert len(edges) <= 2  # units and titles under each other, an opening mark a hair beside
    assert max(edges) - min(edges) < 6


def test_an_estimated_collection_begins_each_article_on_a_page_of_its_own() -> None:
    pages = print_collection("汇编", ENTRIES, STYLE).pages
    numbers = [pages[f"article{at}"] for at in range(1, 9)]
    assert numbers[0] == 1
    assert sorted(set(numbers)) == numbers


def test_every_font_of_the_style_is_examined_and_missing_ones_come_with_advice() -> None:
    checks = examine_fonts(STYLE)
    assert [check.family for check in checks] == list(STYLE.fonts.model_dump().values())
    assert all(check.exact or check.advice for check in checks)
