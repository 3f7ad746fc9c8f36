"""Tables fit the 版心, pictures keep their shape."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builders.captions import caption_lines
from builders.collection import build_collection
from builders.columns import column_widths
from builders.pdf import to_pdf
from builders.pictures import fitted, read_pictures
from builders.style import POINTS_PER_MM, load_style
from builders.tables import header_spans, set_rows
from builders.web import build_html
from builders.word import build_docx
from bulletin.model import Block, BlockType, Entry, Section
from tests.builders.layout import read_sheets
from tests.builders.reading import assert_same, read_back
from tests.builders.samples import BODY, PICTURE_KEY, PICTURES, issue, picture

STYLE = load_style()
CELLS = st.text(alphabet="云江省学习1234 ab", max_size=60)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=12), min_size=1, max_size=6))
def test_columns_add_up_to_the_width_and_none_vanishes(rows: list[list[str]]) -> None:
    widths = column_widths(rows, 442.2, 12, 4)
    assert len(widths) == max(len(row) for row in rows)
    assert sum(widths) == pytest.approx(442.2)
    assert min(widths) > 10


def test_more_columns_than_the_page_has_room_for() -> None:
    rows = (tuple(f"第{day}天" for day in range(64)), ("到",) * 64)
    widths = set_rows(Block(type=BlockType.TABLE, rows=rows, header_rows=1), STYLE).widths
    assert len(widths) == 64
    assert sum(widths) == pytest.approx(STYLE.page.text_width)


def test_twelve_columns_of_figures_leave_names_whole() -> None:
    months = tuple(f"{month}月" for month in range(1, 12))
    body = tuple((name, *("86",) * 11) for name in ("青浦湾市", "云江新区管委会"))
    table = set_rows(Block(type=BlockType.TABLE, rows=(("地区", *months), *body), header_rows=1), STYLE)
    assert {row.lines for row in table.rows} == {1}
    assert max(table.widths[1:10]) == pytest.approx(min(table.widths[1:10]))
    heads = (*(f"第{n}季度完成数" for n in "一二三四"), "同比增减", *(f"指标{n}" for n in "一二三四五六七"))
    table = set_rows(
        Block(type=BlockType.TABLE, rows=(("地区", *heads), ("青浦湾市", *("1286",) * 12)), header_rows=1), STYLE
    )
    assert table.rows[1].lines == 1


def test_short_columns_are_not_broken_for_the_sake_of_long_ones() -> None:
    rows = [["2024年12月", "建立健全领导领学、专家导学、支部联学、个人自学的工作机制并长期坚持" * 3, "1860"]]
    first, long, last = column_widths(rows, 300, 12, 4)
    assert first >= 5.75 * 12 + 8
    assert last >= 2 * 12
    assert long > first


def test_a_long_column_gets_the_room_that_lowers_the_rows() -> None:
    """The names of units give way, but no further than to words; the text has the rest."""
    text = "建立健全领导领学、专家导学、支部联学、个人自学的工作机制并长期坚持"
    rows = [["1", "云江省教育厅机关党委", "12", text], ["2", "临川市", "8", text * 2]]
    number, unit, count, long = column_widths(rows, 442.2, 12, 4)
    assert number < 45 > count
    assert 5 * 12 + 8 <= unit < 11 * 12
    assert long > 200


def png(width: int, height: int, mode: str = "RGB", **more: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (width, height)).save(target, more.pop("format", "PNG"), **more)
    return target.getvalue()


@pytest.mark.parametrize(("width", "height"), [(4000, 500), (500, 4000), (300, 200), (1, 1)])
def test_pictures_fit_and_keep_their_shape(width: int, height: int) -> None:
    picture = read_pictures({"a": png(width, height)})["a"]
    wide, high = fitted(picture, STYLE)
    assert wide <= STYLE.page.text_width + 0.01
    assert high <= STYLE.picture.height * 72 / 25.4 + 0.01
    assert wide / high == pytest.approx(width / height)


def test_a_picture_is_not_made_larger_than_it_says() -> None:
    picture = read_pictures({"a": png(600, 300, dpi=(300, 300))})["a"]
    assert fitted(picture, STYLE) == pytest.approx((144, 72), rel=0.01)


@pytest.mark.parametrize("kind", ["WEBP", "BMP", "TIFF"])
def test_formats_that_office_programs_do_not_all_show_become_png(kind: str) -> None:
    picture = read_pictures({"a": png(20, 10, format=kind)})["a"]
    assert picture.suffix == "png"
    assert picture.content.startswith(b"\x89PNG")


def test_a_photo_of_a_phone_stays_a_jpeg() -> None:
    photo = Image.effect_noise((200, 100), 60).convert("RGB")
    exif, turned, two = Image.Exif(), io.BytesIO(), io.BytesIO()
    exif[0x0112] = 6
    photo.save(turned, "JPEG", exif=exif)
    photo.save(two, "MPO", save_all=True, append_images=[photo])
    read = read_pictures({"turned": turned.getvalue(), "two": two.getvalue()})
    assert (read["turned"].suffix, read["turned"].width, read["turned"].height) == ("jpeg", 100, 200)
    assert Image.open(io.BytesIO(read["turned"].content)).getexif().get(0x0112, 1) == 1
    assert len(read["turned"].content) < 2 * len(turned.getvalue())
    assert (read["two"].suffix, read["two"].content) == ("jpeg", two.getvalue())


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off() -> None:
    target = io.BytesIO()
    Image.new("I;16", (4, 4), 128 * 256).save(target, "TIFF")
    made = Image.open(io.BytesIO(read_pictures({"a": target.getvalue()})["a"].content))
    assert made.getpixel((1, 1)) == (128, 128, 128)


def drawing() -> bytes:
    """A drawing of Windows (EMF) with nothing in it, 100 mm wide and 60 high."""
    size = struct.pack("<8i", 0, 0, 1000, 600, 0, 0, 10000, 6000)
    rest = struct.pack("<IIIHHIII4i", 0x10000, 108, 2, 1, 0, 0, 0, 0, 1920, 1080, 508, 286)
    return struct.pack("<II", 1, 88) + size + b" EMF" + rest + struct.pack("<5I", 14, 20, 0, 16, 20)


def test_drawings_of_windows_are_printed_as_they_are() -> None:
    pictures = {"chart": drawing()}
    assert fitted(read_pictures(pictures)["chart"], STYLE) == pytest.approx((283.5, 170.1), rel=0.01)
    blocks = (Block(text=BODY[0]), Block(type=BlockType.IMAGE, picture="chart", text="图1　学习人次"))
    sample = issue(1, sections=(Section(name="学习动态", entries=(Entry(title="培训情况", blocks=blocks),)),))
    with zipfile.ZipFile(io.BytesIO(build_docx(sample, STYLE, pictures))) as made:
        assert made.read("word/media/image1.emf") == drawing()
        assert b'Extension="emf" ContentType="image/x-emf"' in made.read("[Content_Types].xml")
    page = build_html(sample, STYLE, pictures)  # browsers do not show them
    assert "data:image" not in page
    assert "图1　学习人次" in page


def test_what_is_no_picture_is_left_out() -> None:
    assert read_pictures({"a": b"", "b": b"GIF89a", "c": b"\x89PNG\r\n\x1a\n" + b"0" * 50}) == {}


WIDE = (
    ("地区", "地区生产总值（亿元）", "增速（%）", "规上工业增加值增速（%）", "固定资产投资增速（%）",
     "社会消费品零售总额（亿元）", "一般公共预算收入（亿元）", "居民人均可支配收入（元）", "备注"),
    ("青浦湾市", "1726.2", "6.1", "7.2", "-3.4", "1274.5", "114.2", "32222", ""),
    ("临川市", "7111.0", "6.1", "7.2", "-3.4", "1200.5", "88.2", "31200", "含开发区"),
)  # fmt: skip


def test_a_table_of_many_columns_is_set_smaller_before_names_and_units_are_broken() -> None:
    rows, widths, look = set_rows(Block(type=BlockType.TABLE, rows=WIDE, header_rows=1), STYLE)
    assert look.size == STYLE.table.smallest < STYLE.table.size
    assert sum(widths) == pytest.approx(STYLE.page.text_width)
    assert [row.lines for row in rows[1:]] == [1, 1]
    units = [(wide - 2 * look.padding * POINTS_PER_MM) / look.size for wide in (widths[2], widths[6])]
    assert units[0] >= 2.5
    assert units[1] >= 4
    small = set_rows(Block(type=BlockType.TABLE, rows=(("地区", "场次"), ("临川市", "12")), header_rows=1), STYLE)
    assert small.look.size == STYLE.table.size


TWO_ROWS = (
    ("单位", "2023年", "", "2024年", ""),
    ("", "期数", "人数", "期数", "人数"),
    ("临川市", "12", "1860", "15", "2100"),
)


def test_heads_over_several_columns_or_rows_are_merged() -> None:
    assert header_spans(TWO_ROWS[:2]) == {(0, 0): (1, 2), (1, 0): (1, 0), (0, 1): (2, 1), (0, 3): (2, 1)}
    assert header_spans((("单位", "", "人数"),)) == {}


def test_no_two_cells_of_a_head_stand_over_one_place() -> None:
    rows = (("甲", "乙"), ("丙", ""), ("丁", "戊"))
    places = [
        (at + row, column + k)
        for (at, column), (across, down) in header_spans(rows).items()
        for row in range(down)
        for k in range(across)
    ]
    assert len(places) == len(set(places))
    block = Block(type=BlockType.TABLE, text="表1　培训情况", rows=TWO_ROWS, header_rows=2)
    sample = issue(1, sections=(Section(name="学习动态", entries=(Entry(title="培训情况", blocks=(block,)),)),))
    made = build_docx(sample, STYLE)
    text = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert text.count('<w:gridSpan w:val="2"/>') == 2
    assert text.count('<w:vMerge w:val="restart"/>') == text.count('<w:vMerge w:val="continue"/>') == 1
    assert_same(sample, read_back(made))


LONG = "图2　代表们在基层宣讲点认真听取讲解并就“千名干部进千企”专项行动开展面对面的交流座谈"


@pytest.mark.slow
def test_a_long_caption_is_broken_between_words(office: Path) -> None:
    (first, second) = caption_lines(LONG, STYLE.picture.caption_size, STYLE)
    blocks = (Block(type=BlockType.IMAGE, picture=PICTURE_KEY, text=LONG, alt="座谈会照片"), Block(text="要学以致用。"))
    sample = issue(1, sections=(Section(name="学习动态", entries=(Entry(title="临川市召开学习会", blocks=blocks),)),))
    made = build_docx(sample, STYLE, PICTURES)
    lines = [line.text for sheet in read_sheets(to_pdf(made, office), STYLE) for line in sheet.lines]
    at = lines.index(second)
    assert lines[at - 1] == first.replace("　", "")
    assert (first[-1], second[:4]) == ("”", "专项行动")
    assert_same(sample, read_back(made))


@pytest.mark.slow
def test_no_row_of_a_table_runs_off_the_page(office: Path) -> None:
    """Tables near the foot of the page, at every half point: where LibreOffice 7.4 loses rows that may not split."""
    names = [f"{at}市" for at in range(4)]
    rows = (("地区", "做法"), *((name, BODY[at % 3][: 20 + 30 * at]) for at, name in enumerate(names)))
    grown = {str(height): picture(300, height) for height in range(80, 150, 1)}
    entries = [
        Entry(
            title=f"第{height}例",
            blocks=(
                *[Block(text="会议强调，要学以致用。")] * 15,
                Block(type=BlockType.IMAGE, picture=height),
                Block(type=BlockType.TABLE, text="表1　统计", header_rows=1, rows=rows),
                Block(type=BlockType.HEADING, level=1, text="二、下一步"),
                Block(text=BODY[1]),
            ),
        )
        for height in grown
    ]
    style = load_style()
    sheets = read_sheets(to_pdf(build_collection("汇编", entries, style, grown), office), style)
    lowest = sheets[0].height - style.page.bottom * POINTS_PER_MM
    cells = [line for sheet in sheets for line in sheet.lines if line.size == pytest.approx(style.table.size, abs=0.1)]
    assert max(line.bottom for line in cells) < lowest
    text = "".join(line.text for line in cells)
    assert all(text.count(name) == len(entries) for name in names)
