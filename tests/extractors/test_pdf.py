"""Pages drawn character by character, read back to their paragraphs; and what is refused."""

import zlib
from collections import Counter
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader

from bulletin.errors import EmptyError, EncryptedError, FormatError, ScannedError, TooLargeError, UnreadableError
from bulletin.model import BlockType, Role
from extractors import pdf
from extractors.pdffurniture import MARGIN
from tests.extractors import pdfmaking as make
from tests.extractors.pdfmaking import Sheet, prose
from tests.extractors.pdfreading import kept, read, rules, shown, visible


def test_reads_a_page_of_unembedded_chinese_fonts() -> None:
    sheet = Sheet()
    sheet.lines(79, 120, ["　　临川市加强统筹协调，完善工作机制，推动各项任务落地", "见效。"], leading=29)
    document = read(sheet.finish())

    assert shown(document) == ["临川市加强统筹协调，完善工作机制，推动各项任务落地见效。"]
    assert document.format == "pdf"


@pytest.mark.parametrize(("gap", "title"), [(0.32, "学出新境界 干出新气象"), (0.1, "学出新境界干出新气象")])
def test_a_gap_between_the_clauses_of_a_title_is_a_blank(gap: float, title: str) -> None:
    sheet = Sheet()
    sheet.write(150, 90, "学出新境界", 22)
    sheet.write(150 + (5 + gap) * 22, 90, "干出新气象", 22)
    sheet.lines(79, 150, ["　　临川市加强统筹协调，完善工作机制，推动各项任务落地", "见效。"], leading=29)
    assert shown(read(sheet.finish()))[0] == title


@pytest.mark.parametrize(
    "number",
    ["— {} —", "- {} -", "{}", "第{}页", "第 {} 页 共 3 页", "{}/3", "·{}·", "Page {} of 3"],
)
def test_takes_away_page_numbers_of_all_styles(number: str) -> None:
    sheet = Sheet()
    for page in range(1, 4):
        sheet.lines(79, 120, [f"　　第{page}部分说明有关工作进展情况。" for _ in range(10)])
        sheet.write(290, 800, number.format(page), 14)
        sheet.next_page()
    document = read(sheet.finish())

    assert rules(document)["page-number"] == 3
    assert {text for text in shown(document) if "部分" not in str(text)} == set()


def test_keeps_numbers_that_do_not_count_pages() -> None:
    """A year or an amount on the last line is text."""
    sheet = Sheet()
    for amount in ("2019", "350", "78"):
        sheet.lines(79, 130, [f"　　{prose(int(amount) + line)[: 9 + line % 7]}" for line in range(23)], leading=28)
        sheet.write(79, 130 + 23 * 28, amount)
        sheet.next_page()
    document = read(sheet.finish())

    assert not rules(document)["page-number"]
    assert {"2019", "350", "78"} <= set(shown(document))


def test_a_head_may_differ_on_odd_and_even_pages() -> None:
    sheet = Sheet()
    for page in range(6):
        sheet.write(79, 60, "临川信息" if page % 2 else "云江省临川市委办公室编", 10.5)
        sheet.lines(79, 120, [f"　　{prose(8 * page + line)[:15]}。" for line in range(8)])
        sheet.next_page()
    document = read(sheet.finish())

    assert rules(document)["running-head"] == 6
    assert len(document.blocks) == 48


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    full = "临川市加强统筹协调完善工作机制推动各项任务落实落地"
    sheet = Sheet()
    sheet.lines(79, 120, ["　　" + full[:-2], full, full])
    sheet.next_page()
    sheet.lines(79, 120, [full, "见到实效。", "　　" + full[:-2], "形成合力。"])
    document = read(sheet.finish())

    assert [len(str(text)) for text in shown(document)] == [len(full) * 4 - 2 + 5, len(full) - 2 + 5]
    assert rules(document)["page-break"] == 1


def test_a_footnote_stays_out_of_the_paragraph_that_the_page_break_cut() -> None:
    full = "临川市加强统筹协调完善工作机制推动各项任务落实落地"
    sheet = Sheet()
    sheet.lines(79, 120, ["　　" + full[:-2], full, full])
    sheet.write(79, 760, "① 数据由市统计局提供。", 10.5)
    sheet.next_page()
    sheet.lines(79, 120, [full, "见到实效。"])
    blocks = read(sheet.finish()).blocks

    assert [block.role for block in blocks] == [Role.BODY, Role.NOTE]
    assert blocks[0].text.endswith("见到实效。")
    assert blocks[1].text == "① 数据由市统计局提供。"


def test_a_watermark_across_the_page_is_recorded_and_left_out() -> None:
    sheet = Sheet()
    sheet.lines(79, 120, ["　　有关工作进展情况如下。"] * 6)
    sheet.canvas.saveState()
    sheet.canvas.translate(200, 300)
    sheet.canvas.rotate(45)
    sheet.canvas.setFont(make.SONG, 40)
    sheet.canvas.drawString(0, 0, "内部资料")
    sheet.canvas.restoreState()
    document = read(sheet.finish())

    assert [change.before for change in document.changes if change.rule == "watermark"] == ["内部资料"]
    assert not any("内部资料" in str(text) for text in shown(document))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_reads_a_turned_page(degrees: int) -> None:
    sheet = Sheet()
    sheet.lines(79, 120, ["　　临川市加强统筹协调，完善工作机制。", "　　二是压实责任。"])
    writer = PdfWriter(clone_from=BytesIO(sheet.finish()))
    writer.pages[0].rotate(degrees)

    assert shown(read(written(writer))) == ["临川市加强统筹协调，完善工作机制。", "二是压实责任。"]


def test_reads_text_that_runs_up_the_page() -> None:
    """A landscape page that was printed onto a portrait one."""
    sheet = Sheet()
    sheet.canvas.translate(300, 100)
    sheet.canvas.rotate(90)
    sheet.canvas.setFont(make.SONG, 16)
    sheet.canvas.drawString(0, 0, "一是加强领导。")
    sheet.canvas.drawString(0, -40, "二是压实责任。")

    assert shown(read(sheet.finish())) == ["一是加强领导。", "二是压实责任。"]


def test_turns_radicals_into_characters_and_says_so() -> None:
    content = with_text_map(Sheet(), "⼀是⻓江ﬁ")  # pdfium takes ligatures apart itself
    document = read(content)

    assert shown(document) == ["一是长江fi"]
    assert {(c.before, c.after) for c in document.changes} == {("⼀", "一"), ("⻓", "长")}


def with_text_map(sheet: Sheet, text: str) -> bytes:
    """A page whose characters a., b., c. ... are mapped to `text` by the font, as converters do it."""
    sheet.write(79, 120, "".join(chr(97 + i) for i in range(len(text))), 16, "Helvetica")
    writer = PdfWriter(clone_from=BytesIO(sheet.finish()))
    rows = "".join(f"<{97 + i:02x}> <{char.encode('utf-16-be').hex()}>\n" for i, char in enumerate(text))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(text)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    from pypdf.generic import DecodedStreamObject, NameObject

    stream = DecodedStreamObject()
    stream.set_data(cmap.encode())
    reference = writer._add_object(stream)
    for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font.get_object()[NameObject("/ToUnicode")] = reference
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_word_divided_at_a_line_end_is_whole_again_and_other_hyphens_stay() -> None:
    lines = ["The office has strengthened the cooper-", "ation of all departments from the years 2023-", "2024 on."]
    sheet = Sheet()
    for number, line in enumerate(lines):
        sheet.write(79, 120 + number * 22, line, 20, "Courier")
    document = read(sheet.finish())
    text = " ".join(str(each) for each in shown(document))

    assert "cooperation" in text
    assert "2023-" in text
    assert [(c.rule, c.before) for c in document.changes] == [("soft-hyphen", "-")]


def test_a_hyphen_at_the_end_of_a_paragraph_stays() -> None:
    sheet = Sheet()
    sheet.write(79, 120, "coop-", 14, "Helvetica")
    sheet.write(79, 220, "eration of all departments in the whole of the city and beyond it", 14, "Helvetica")

    assert shown(read(sheet.finish()))[0] == "coop-"


def test_keeps_pictures_as_blocks_with_their_bytes() -> None:
    sheet = Sheet()
    sheet.write(79, 120, "　　活动现场见图。")
    picture = ImageReader(Image.new("RGB", (300, 200), "darkred"))
    sheet.canvas.drawImage(picture, 100, 400, width=300, height=200)
    sheet.write(79, 600, "　　活动取得圆满成功。")
    document = read(sheet.finish())

    assert [block.type for block in document.blocks] == [BlockType.PARAGRAPH, BlockType.IMAGE, BlockType.PARAGRAPH]
    content = document.pictures[document.blocks[1].picture]
    assert Image.open(BytesIO(content)).size == (300, 200)


def test_columns_are_read_one_after_the_other_below_a_common_title() -> None:
    left = [f"左栏第{'一二三四五六七八九十'[i]}行文字内容占满栏宽" for i in range(10)]
    right = [f"右栏第{'一二三四五六七八九十'[i]}行文字内容占满栏宽" for i in range(10)]
    sheet = Sheet()
    sheet.write(140, 100, "云江省临川市工作动态专栏题目", 22)
    sheet.lines(60, 150, left, size=14, leading=22)
    sheet.lines(320, 150, right, size=14, leading=22)

    assert shown(read(sheet.finish())) == ["云江省临川市工作动态专栏题目", "".join(left) + "".join(right)]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(40, 400),
            st.integers(30, 810),
            st.text(st.sampled_from("临川市委一二三。，（）“”《》—1 2a.％①"), min_size=1, max_size=30),
            st.sampled_from([9.0, 10.5, 14.0, 16.0, 22.0]),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=25,
    )
)
@example([(40, 30, "一", 9.0, 0), (40, 30, "一", 9.0, 1)])
def test_every_character_drawn_is_in_a_block_or_a_change(items: list[tuple[int, int, str, float, int]]) -> None:
    sheet = Sheet()
    drawn: Counter[str] = Counter()
    for page in range(3):
        for x, y, text, size, on in items:
            if on == page:
                sheet.write(x, y, text, size)
                drawn += visible(text)
        sheet.next_page()
    try:
        document = read(sheet.finish())
    except (EmptyError, ScannedError):
        # Nothing at all, or heads and feet without a text between them.
        depth = MARGIN * sheet.height + 22
        assert all(y < depth or y > sheet.height - depth for _, y, text, *_ in items if visible(text))
        return

    # pdfium shows a character once that is drawn twice at the same place: false bold.
    assert set(drawn) == set(kept(document)) or len(drawn) == 0
    if len({(x, y) for x, y, *_ in items}) == len(items) and not overlapping(items):
        assert kept(document) == drawn


def overlapping(items: list[tuple[int, int, str, float, int]]) -> bool:
    boxes = [(page, x, x + size * len(text), y - size, y) for x, y, text, size, page in items]
    return any(
        a[0] == b[0] and a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
        for i, a in enumerate(boxes)
        for b in boxes[:i]
    )


# ---------------------------------------------------------------- what is refused


def plain_pdf() -> bytes:
    sheet = Sheet()
    sheet.lines(79, 120, ["　　" + "一二三四五六七八九十"[: i + 1] + "。" for i in range(10)])
    return sheet.finish()


def encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(plain_pdf()))
    writer.encrypt(user, "owner", algorithm="AES-256")
    return written(writer)


def scan() -> bytes:
    sheet = Sheet()
    sheet.canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, width=595, height=842)
    return sheet.finish()


def test_a_scan_needs_ocr() -> None:
    with pytest.raises(ScannedError, match="需要OCR"):
        read(scan())


def test_text_that_fonts_do_not_map_needs_ocr() -> None:
    with pytest.raises(ScannedError, match="OCR"):
        read(with_text_map(Sheet(), "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"))


def test_a_password_to_open_is_refused_but_not_one_to_edit() -> None:
    with pytest.raises(EncryptedError):
        read(encrypted("geheim"))

    assert len(read(encrypted("")).blocks) == 10


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(share: float) -> None:
    content = plain_pdf()

    with pytest.raises(FormatError):
        read(content[: int(len(content) * share)])


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyError),
        (b"plain text", FormatError),
        (b"%PDF-1.7\n%%EOF", FormatError),
        (b"%PDF-1.7\n" + b"\0" * 5000 + b"%%EOF", FormatError),
        (b"%PDF-1.7\n" + zlib.compress(b"x" * 1000) + b"\nstartxref\n0\n%%EOF", FormatError),
    ],
)
def test_what_is_no_pdf_is_refused(content: bytes, error: type[UnreadableError]) -> None:
    with pytest.raises(error):
        read(content)


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(EmptyError):
        read(Sheet().finish())


def test_too_many_pages_are_refused() -> None:
    sheet = Sheet()
    for _ in range(pdf.MAX_PAGES):
        sheet.next_page()

    with pytest.raises(TooLargeError):
        read(sheet.finish())


@settings(max_examples=60)
@given(st.data())
def test_damaged_bytes_give_a_document_or_a_reason(data: st.DataObject) -> None:
    content = bytearray(plain_pdf())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = read(bytes(content))
    except UnreadableError:
        return
    assert document.blocks
