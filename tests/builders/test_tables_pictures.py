"""Tables fit the 版心, pictures keep their shape."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builders.pictures import fitted, read_pictures
from builders.style import load_style
from builders.tables import column_widths

STYLE = load_style()
CELLS = st.text(alphabet="云江省学习1234 ab", max_size=60)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=12), min_size=1, max_size=6))
def test_columns_add_up_to_the_width_and_none_vanishes(rows: list[list[str]]) -> None:
    widths = column_widths(rows, 442.2, 12, 4)
    assert len(widths) == max(len(row) for row in rows)
    assert sum(widths) == pytest.approx(442.2)
    assert min(widths) > 10


def test_short_columns_are_not_broken_for_the_sake_of_long_ones() -> None:
    rows = [["2024年12月", "建立健全领导领学、专家导学、支部联学、个人自学的工作机制并长期坚持" * 3, "1860"]]
    first, long, last = column_widths(rows, 300, 12, 4)
    assert first >= 5.75 * 12 + 8
    assert last >= 2 * 12
    assert long > first


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


def test_what_is_no_picture_is_left_out() -> None:
    assert read_pictures({"a": b"", "b": b"GIF89a", "c": b"\x89PNG\r\n\x1a\n" + b"0" * 50}) == {}
