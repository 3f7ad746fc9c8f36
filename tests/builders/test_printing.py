"""The pages, measured: what design and GB/T 9704 ask of the print, read from the PDF."""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from builders import imprint
from builders.pages import estimate
from builders.pdf import to_pdf
from builders.printing import Printed, print_issue
from builders.style import POINTS_PER_MM, HouseStyle, load_style
from builders.word import build_docx
from bulletin.errors import RenderError
from bulletin.model import Block, BlockType, Entry, Issue, Section
from tests.builders.conftest import Printer
from tests.builders.layout import NEAR, Line, Sheet, read_sheets
from tests.builders.samples import PICTURE_KEY, PICTURES, TITLES, issue

pytestmark = pytest.mark.slow

CASES = [(1, "default", False), (3, "default", True), (3, "extra", True), (8, "yearly", True), (40, "yearly", True)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def job(request: pytest.FixtureRequest, printed: Printer) -> tuple[Issue, HouseStyle, Printed, list[Sheet]]:
    articles, style, rich = request.param
    sample, house, result = printed(articles, style, rich)
    assert result.pdf is not None
    return sample, set_in(sample, house, result), result, read_sheets(result.pdf, house)


Job = tuple[Issue, HouseStyle, Printed, list[Sheet]]


def body_lines(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if line.size == pytest.approx(16, abs=0.1) and "Fang" in line.font]


def test_all_type_stands_inside_the_margins(job: Job) -> None:
    _, style, _, sheets = job
    left, right = style.page.left * POINTS_PER_MM, (style.page.width - style.page.right) * POINTS_PER_MM
    for sheet in sheets:
        bottom = sheet.height - style.page.bottom * POINTS_PER_MM
        for line in sheet.lines:
            assert left - NEAR <= line.left <= line.right <= right + NEAR, line
            assert style.page.top * POINTS_PER_MM < line.bottom <= bottom + NEAR, line


def test_a_page_of_running_text_has_22_lines_of_28_characters(job: Job) -> None:
    _, style, _, sheets = job
    steps = [
        below.bottom - above.bottom
        for sheet in sheets for above, below in zip(body_lines(sheet), body_lines(sheet)[1:], strict=False)
        if below.bottom - above.bottom < 1.5 * style.page.line and not (sheet is sheets[0] and above.bottom < sheet.rules[0].y)
    ]  # fmt: skip
    assert len(steps) > 20
    assert max(abs(step - style.page.line) for step in steps) < 0.5
    for sheet in sheets:
        assert len(sheet.lines) <= style.page.lines or sheet.rules  # a table's lines are closer
    chinese = [line for sheet in sheets for line in body_lines(sheet) if line.left < 82 and line.right > 515
               and not any(char.isascii() for char in line.text)]  # fmt: skip
    counts = {len(line.text) for line in chinese}
    assert max(counts) == 28
    assert counts <= {25, 26, 27, 28}  # fewer where a closing mark may not begin the next line


def test_a_page_of_nothing_but_text_is_full(printed: Printer) -> None:
    _, style, result = printed(1, "default", False, 14)
    inner = read_sheets(result.pdf or b"", style)[1 : result.pages["ending"] - 1]
    assert len(inner) >= 3
    assert {len(sheet.lines) for sheet in inner} == {style.page.lines}


def test_lines_neither_begin_nor_end_with_marks_that_may_not(job: Job) -> None:
    for sheet in job[3]:
        for line in sheet.lines:
            assert line.text[0] not in "，。、；：！？）》”’】", line.text
            assert line.text[-1] not in "（《“‘【", line.text


def test_page_numbers_stand_where_the_standard_puts_them(job: Job) -> None:
    _, style, result, sheets = job
    inset = style.folio.inset * style.folio.size
    numbered = [(at, sheet) for at, sheet in enumerate(sheets, 1) if sheet.folio]
    assert len(numbered) >= result.pages["ending"]
    for at, sheet in numbered:
        folio = sheet.folio
        assert folio is not None
        assert folio.text == f"—{at}—"
        assert folio.size == pytest.approx(14, abs=0.1)
        assert "Song-Regular" in folio.font
        if at % 2:
            assert folio.right == pytest.approx((style.page.width - style.page.right) * POINTS_PER_MM - inset, abs=NEAR)
        else:
            assert folio.left == pytest.approx(style.page.left * POINTS_PER_MM + inset, abs=NEAR)


def test_the_dash_of_the_page_number_is_7_mm_below_the_text_area(job: Job) -> None:
    import pypdfium2

    _, style, result, _ = job
    page = pypdfium2.PdfDocument(result.pdf)[1]
    image = page.render(scale=300 / 72, grayscale=True).to_pil()
    mm = 300 / 25.4
    top = (style.page.height - style.page.bottom) * mm
    left = (style.page.left * POINTS_PER_MM + style.folio.inset * style.folio.size) / POINTS_PER_MM * mm
    column = image.crop((int(left + 1.5 * mm), int(top + 2 * mm), int(left + 1.5 * mm) + 1, image.height))
    inked = [y for y in range(column.height) if column.getpixel((0, y)) < 128]
    assert 2 + inked[0] / mm == pytest.approx(style.folio.below, abs=0.3)


def test_the_masthead_is_coloured_and_its_rule_as_wide_as_the_text_area(job: Job) -> None:
    sample, style, _, sheets = job
    first = sheets[0]
    rule = first.rules[0]
    assert rule.left == pytest.approx(style.page.left * POINTS_PER_MM, abs=NEAR)
    assert rule.right - rule.left == pytest.approx(style.page.text_width, abs=2 * NEAR)
    assert rule.thickness == pytest.approx(style.masthead.rule, abs=0.2)
    red = style.masthead.colour == "FF0000"
    assert tuple(rule.colour) == ((1, 0, 0) if red else (0, 0, 0))  # type: ignore[arg-type]
    names = sample.publication.split()
    at = next(k for k, line in enumerate(first.lines) if line.text == names[0])
    assert [line.text for line in first.lines[at : at + len(names)]] == names
    for line in first.lines[at : at + len(names) + 1]:
        middle = (style.page.left + (style.page.width - style.page.left - style.page.right) / 2) * POINTS_PER_MM
        assert (line.left + line.right) / 2 == pytest.approx(middle, abs=4)
    issuer = next(line for line in first.lines if line.text.startswith(sample.issuer))
    assert issuer.text.endswith("2024年12月10日")
    assert 0 < rule.y - issuer.bottom < 15


def test_fonts_by_role(job: Job) -> None:
    for sheet in job[3]:
        for line in sheet.lines:
            if line.text.startswith("【"):
                assert "Hei" in line.font, line.text
            elif line.size == pytest.approx(22, abs=0.1):
                assert "Song-Bold" in line.font, line.text
            elif line.text.startswith(("一、", "二、")):
                assert "Hei" in line.font, line.text
            elif line.text.startswith("（一）"):
                assert "Kai" in line.font, line.text
            elif line.text.startswith(("近日", "会议强调", "——“学”")):
                assert set(line.fonts) == {"FandolFang-Regular"}, (line.text, line.fonts)


def test_no_heading_stands_at_the_foot_of_a_page(job: Job) -> None:
    sample, _, result, sheets = job
    headings = {block.text for entry in sample.entries for block in entry.blocks if block.type == "heading"}
    for sheet in sheets[: result.pages["ending"]]:
        last = sheet.lines[-1]
        assert last.text not in headings
        assert not last.text.startswith("【")
        assert last.size < 17, last.text


def test_a_footnote_stands_at_the_foot_of_the_page_of_its_mark(printed: Printer) -> None:
    _, style, result = printed(3, "default", True)
    (sheet,) = [
        sheet
        for sheet in read_sheets(result.pdf or b"", style)
        if any("学习通报制度" in line.text for line in sheet.lines)
    ]
    assert "①" in "".join(line.text for line in sheet.lines[:-2])
    assert sheet.lines[-2].text.endswith("的制")
    assert sheet.lines[-1].text == "度，详见《云江省学习制度汇编》第12页。"
    assert sheet.lines[-1].size == pytest.approx(style.note.footnote_size, abs=0.1)


def test_under_a_title_at_the_foot_of_a_page_stand_two_lines_at_least(job: Job) -> None:
    for sheet in job[3]:
        titles = [at for at, line in enumerate(sheet.lines) if line.size == pytest.approx(22, abs=0.1)]
        if titles:
            under = [line for line in sheet.lines[titles[-1] :] if line in body_lines(sheet) or "Kai" in line.font]
            assert len(under) >= 2, sheet.lines[titles[-1]].text


def test_no_line_of_the_contents_is_nothing_but_leader(job: Job) -> None:
    assert not [line.text for sheet in job[3] for line in sheet.lines if line.text.startswith("....")]


def test_no_signature_stands_alone_at_the_top_of_a_page(job: Job) -> None:
    for sheet in job[3]:
        if sheet.lines:
            assert sheet.lines[0].text not in ("白石县委宣传部", "2024年12月3日")


def test_contents_have_the_true_page_numbers_or_none(job: Job) -> None:
    sample, style, result, sheets = job
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(result.docx)).read("word/document.xml"))
    w = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    result_run = ".//w:fldChar[@w:fldCharType='separate']/../following-sibling::w:r[1]/w:t"
    lines = root.xpath("//w:p[w:pPr/w:pStyle/@w:val='TOC2']", namespaces=w)
    stored = [int(run.text) for line in lines for run in line.xpath(result_run, namespaces=w)[:1]]
    true = [result.pages[f"article{at}"] for at in range(1, len(sample.entries) + 1)]
    assert stored == (true if style.contents.pages else [])
    shown = []
    for sheet in sheets[: result.pages["article1"]]:
        for line in sheet.lines:
            if line.text.rstrip("0123456789").endswith("...."):
                shown.append(int(line.text.rpartition(".")[2]))
                edge = (style.page.width - style.page.right) * POINTS_PER_MM
                assert line.right == pytest.approx(edge, abs=NEAR)
    assert shown == stored
    for at, entry in enumerate(sample.entries, 1):
        sheet = sheets[result.pages[f"article{at}"] - 1]
        text = "".join(line.text for line in sheet.lines if line.size > 17)
        assert "".join(entry.title.split()) in text


def test_a_rule_as_wide_as_the_text_stands_under_the_contents(printed: Printer) -> None:
    _, style, result = printed(8, "yearly", True)
    assert style.contents.rule > 0
    sheets = read_sheets(result.pdf or b"", style)
    sheet = [sheet for sheet in sheets if any("...." in line.text for line in sheet.lines)][-1]
    last = max(line.bottom for line in sheet.lines if "...." in line.text)
    rule = next(rule for rule in sheet.rules if rule.y > last)
    assert rule.y - last < style.page.line
    assert rule.thickness == pytest.approx(style.contents.rule, abs=0.1)
    assert rule.right - rule.left == pytest.approx(style.page.text_width, abs=2 * NEAR)
    under = next((line for line in sheet.lines if line.bottom > last), None)
    assert under is None or under.bottom - last == pytest.approx(3 * style.page.line, abs=NEAR)


def test_the_imprint_is_at_the_foot_of_the_last_page_which_is_even(job: Job) -> None:
    sample, style, result, sheets = job
    assert len(sheets) == result.page_count
    assert result.page_count % 2 == 0
    rules = [rule for rule in sheets[-1].rules if rule.right - rule.left > 400][
        -len(imprint.lines(sample, style)) - 1 :
    ]
    assert rules[-1].y == pytest.approx(sheets[-1].height - style.page.bottom * POINTS_PER_MM, abs=NEAR)
    widths = [rule.thickness for rule in rules]
    assert widths[0] == pytest.approx(0.35 * POINTS_PER_MM, abs=0.1) == widths[-1]
    assert all(width == pytest.approx(0.25 * POINTS_PER_MM, abs=0.1) for width in widths[1:-1])
    text = [line.text for line in sheets[-1].lines]
    assert "送：省协调小组成员单位、省级机关各部委办厅局。" in text
    assert any(line.endswith("2024年12月10日印发") for line in text)
    assert all(sheet.lines for sheet in sheets[: result.pages["ending"]])


def test_printing_twice_gives_the_same_docx(office: Path, printed: Printer) -> None:
    sample, style, first = printed(3, "default", True)
    assert print_issue(sample, style, PICTURES, office).docx == first.docx


MORE = [(8, "default", True), (8, "extra", True), (20, "extra", True), (20, "yearly", False), (40, "default", False)]


def set_in(sample: Issue, style: HouseStyle, result: Printed) -> HouseStyle:
    """The style, or with its lines closer where the issue was set so to save an empty page."""
    loose = build_docx(sample, style, PICTURES, result.pages, ending=result.ending)
    return style if loose == result.docx else style.tightened


def test_estimated_pages_are_the_true_ones(printed: Printer) -> None:
    """Measured on issues with more kinds of text, tables and notes: of 534 marks, plain and rich, all styles, none is off."""
    off, marks = 0, 0
    for articles, style, rich in (*CASES, *MORE):
        sample, house, result = printed(articles, style, rich)
        guess = estimate(sample, set_in(sample, house, result), PICTURES)
        wrong = [abs(guess.pages[mark] - page) for mark, page in result.pages.items()]
        assert max(wrong) <= 1, (articles, style, rich)
        off, marks = off + sum(wrong), marks + len(wrong)
    assert marks > 150
    assert off <= 0.02 * marks


def test_of_forty_plain_articles_every_page_is_estimated_right(printed: Printer) -> None:
    sample, house, result = printed(40, "default", False)
    guess = estimate(sample, set_in(sample, house, result), {})
    assert {mark: guess.pages[mark] for mark in result.pages} == result.pages
    assert guess.page_count == result.page_count


def test_without_libreoffice_the_issue_is_estimated_and_word_asked_to_refresh() -> None:
    result = print_issue(issue(8), load_style("yearly"), {}, None)
    assert result.estimated
    assert result.pdf is None
    assert result.page_count % 2 == 0
    settings = zipfile.ZipFile(io.BytesIO(result.docx)).read("word/settings.xml")
    assert b"updateFields" in settings


def test_titles_in_the_pdf_are_whole_words_on_every_line(printed: Printer) -> None:
    _, style, result = printed(8, "yearly", True)
    lines = [
        line.text
        for sheet in read_sheets(result.pdf or b"", style)
        for line in sheet.lines
        if line.size > 21 and line.size < 23
    ]
    assert "".join(lines) == "".join("".join(title.split()) for title in TITLES)
    assert min(len(line) for line in lines) > 4


def test_the_pdf_has_fonts_embedded_an_outline_and_tags(printed: Printer) -> None:
    from pypdf import PdfReader

    _, _, result = printed(3, "default", True)
    reader = PdfReader(io.BytesIO(result.pdf or b""))
    assert next(item["/Title"] for item in reader.outline if isinstance(item, dict)) == "【上情下达】"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            face = font.get_object()
            face = face["/DescendantFonts"][0].get_object() if "/DescendantFonts" in face else face
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(face["/FontDescriptor"].get_object())


def test_a_broken_document_is_a_render_error(office: Path) -> None:
    with pytest.raises(RenderError):
        to_pdf(b"PK\x03\x04 no document", office)


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nsleep 60\n")
    script.chmod(0o755)
    with pytest.raises(RenderError, match="没有完成排版"):
        to_pdf(b"", script, limit=0.5)


def test_an_issue_that_ends_with_a_picture_shows_it_and_the_imprint(office: Path) -> None:
    """The mark of the end stands at the top of the picture's line: the 版记 must not count what is under it as free."""
    style = load_style()
    pictures = [
        Block(type=BlockType.IMAGE, picture=PICTURE_KEY, text=text) for text in ("图1　宣讲现场", "图2　座谈现场", "")
    ]
    entry = Entry(title="临川市学习型机关建设掠影", unit="临川市委宣传部", blocks=tuple(pictures))
    sample = issue(1, sections=(Section(name="学习动态", entries=(entry,)),))
    result = print_issue(sample, style, PICTURES, office)
    sheets = read_sheets(result.pdf or b"", style)
    assert sum(sheet.pictures for sheet in sheets) == 3
    assert any("印发" in line.text for line in sheets[-1].lines)


def test_further_lines_of_a_title_in_the_contents_stand_in(printed: Printer) -> None:
    _, style, result = printed(8, "yearly", True)
    lines = read_sheets(result.pdf or b"", style)[0].lines
    left, character = style.page.left * POINTS_PER_MM, style.character
    places = {line.text.rstrip(".0123456789"): (line.left - left) / character for line in lines}
    for text, place in (
        ("白石县：打造“溪云讲堂”宣讲品牌", 2),
        ("筑牢基层理论武装根基", 3),
        ("临川市召开学习交流会", 2),
    ):
        assert places[text] == pytest.approx(place, abs=0.1)
