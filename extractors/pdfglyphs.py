"""The characters, rulings and pictures on the pages of a PDF, read with pdfium.

Measured on LibreOffice output of 600 characters a page: pdfium with boxes of every character 3.4 ms a page,
pdfplumber 42 ms; pypdf gives no boxes. So pdfplumber is asked only for the tables of ruled pages.
"""

import ctypes
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

PDFIUM = threading.Lock()
"""pdfium is not thread-safe, and Prefect runs tasks in threads."""

DIVIDING_HYPHEN = "\ufdd0"
"""Stands for a hyphen at a line end between letters; a noncharacter, so that no text holds it."""
MIN_PICTURE = 40.0
"""Points: a smaller image is a bullet, a logo or a piece of a rule."""
MAX_PICTURE_PIXELS = 40_000_000
MIN_RULINGS = 6
"""Path objects from which a page may hold a table: a grid of one cell and its neighbour has seven lines; a
letterhead has one or two."""
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
_BOLD_MODES = frozenset({pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_STROKE})
_BOLD_WEIGHT = 600


class Glyph(NamedTuple):
    """One character; lengths in points, y downwards from the top of the page."""

    char: str
    x0: float
    x1: float
    y: float
    """Baseline."""
    size: float
    bold: bool
    font: str


class Picture(NamedTuple):
    x0: float
    x1: float
    top: float
    bottom: float
    content: bytes


@dataclass
class Page:
    """What one page shows."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    slanted: str = ""
    """Characters set across the page: a watermark."""
    invisible: int = 0
    """How many characters are not painted: the text layer of a recognised scan."""
    ruled: bool = False
    pictures: list[Picture] = field(default_factory=list)
    picture_share: float = 0.0
    """How much of the page its images cover, 0 to 1."""


class _Style(NamedTuple):
    scale: float
    bold: bool
    font: str
    visible: bool


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """The characters, pictures and rulings of one page, turned upright."""
    left, bottom, right, top = page.get_mediabox()
    result = Page(number, right - left, top - bottom)
    textpage = page.get_textpage()
    try:
        raw = list(_characters(textpage))
    finally:
        textpage.close()
    turn = _main_turn(raw)
    if turn % 180:
        result.width, result.height = result.height, result.width
    place = _upright(turn, left, bottom, right, top)
    slanted: list[str] = []
    for char, box, origin, size, angle, style in raw:
        if _quarter(angle) != turn or abs(_off_axis(angle)) > 3:
            slanted.append(char)
            continue
        result.invisible += not style.visible
        x0, x1 = sorted((place(box[0], box[1])[0], place(box[2], box[3])[0]))
        result.glyphs.append(Glyph(char, x0, x1, place(*origin)[1], size, style.bold, style.font))
    result.slanted = "".join(slanted).strip()
    if not turn:
        _add_graphics(page, result, top)
    return result


_Raw = tuple[str, tuple[float, float, float, float], tuple[float, float], float, float, _Style]


def _characters(textpage: pdfium.PdfTextPage) -> Iterator[_Raw]:
    """Each real character of the page: text, box, origin, size in points, angle in degrees, style."""
    handle = textpage.raw
    rect = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    styles: dict[int, _Style] = {}
    pending = 0
    for index in range(pdfium_c.FPDFText_CountChars(handle)):
        code = pdfium_c.FPDFText_GetUnicode(handle, index)
        if pdfium_c.FPDFText_IsGenerated(handle, index) == 1:
            continue
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if 0xDC00 <= code < 0xE000 and pending:
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00)
        pending = 0
        pdfium_c.FPDFText_GetLooseCharBox(handle, index, rect)
        pdfium_c.FPDFText_GetCharOrigin(handle, index, x, y)
        text_object = pdfium_c.FPDFText_GetTextObject(handle, index)
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        if address not in styles:
            styles[address] = _style(handle, index, text_object)
        style = styles[address]
        size = pdfium_c.FPDFText_GetFontSize(handle, index) * style.scale
        angle = math.degrees(pdfium_c.FPDFText_GetCharAngle(handle, index))
        box = (rect.left, rect.bottom, rect.right, rect.top)
        yield _character(code), box, (x.value, y.value), size, angle, style


def _character(code: int) -> str:
    # pdfium gives 2 for a hyphen that divides a word at a line end, and the bare code for what has no Unicode value.
    if code == 2:
        return DIVIDING_HYPHEN
    return chr(code) if 32 <= code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"


def _style(handle: object, index: int, text_object: object) -> _Style:
    """Scale of the text matrix, boldness, font and visibility, which all characters of a text object share."""
    matrix = pdfium_c.FS_MATRIX()
    scale = 1.0
    if pdfium_c.FPDFText_GetMatrix(handle, index, matrix):
        scale = math.hypot(matrix.b, matrix.d) or 1.0
    buffer = ctypes.create_string_buffer(128)
    pdfium_c.FPDFText_GetFontInfo(handle, index, buffer, 128, ctypes.c_int())
    font = buffer.value.decode("utf-8", errors="replace").rpartition("+")[2]
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) if text_object else 0
    heavy = pdfium_c.FPDFText_GetFontWeight(handle, index) >= _BOLD_WEIGHT or "bold" in font.lower()
    return _Style(scale, heavy or mode in _BOLD_MODES, font, mode != _INVISIBLE)


def _quarter(angle: float) -> int:
    return round(angle / 90) % 4 * 90


def _off_axis(angle: float) -> float:
    return (angle + 45) % 90 - 45


def _main_turn(raw: list[_Raw]) -> int:
    """The direction, in degrees, that most characters of the page run in."""
    counts: dict[int, int] = {}
    for *_, angle, _style in raw:
        counts[_quarter(angle)] = counts.get(_quarter(angle), 0) + 1
    return max(counts, key=lambda turn: counts[turn], default=0)


class _upright:  # noqa: N801  (used as a function)
    """Page coordinates -> coordinates with y downwards in which the text runs to the right."""

    def __init__(self, turn: int, left: float, bottom: float, right: float, top: float) -> None:
        self._turn = turn
        self._box = left, bottom, right, top

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._box
        return {
            0: (x - left, top - y),
            90: (top - y, right - x),
            180: (right - x, y - bottom),
            270: (y - bottom, x - left),
        }[self._turn]


def _add_graphics(page: pdfium.PdfPage, result: Page, top: float) -> None:
    paths = 0
    area = 0.0
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        if item.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
            continue
        x0, low, x1, high = item.get_bounds()
        area += max(0.0, x1 - x0) * max(0.0, high - low)
        if min(x1 - x0, high - low) >= MIN_PICTURE and isinstance(item, pdfium.PdfImage):
            content = _picture(item)
            if content:
                result.pictures.append(Picture(x0, x1, top - high, top - low, content))
    result.ruled = paths >= MIN_RULINGS
    result.picture_share = min(1.0, area / max(1.0, result.width * result.height))


def _picture(image: pdfium.PdfImage) -> bytes:
    """The image file: JPEG data as they stand, anything else as PNG; nothing where it cannot be decoded."""
    try:
        if image.get_filters()[-1:] == ["DCTDecode"]:
            return bytes(image.get_data(decode_simple=True))
        width, height = image.get_px_size()
        if width * height > MAX_PICTURE_PIXELS:
            return b""
        target = BytesIO()
        image.get_bitmap().to_pil().save(target, "PNG")
        return target.getvalue()
    except (pdfium.PdfiumError, ValueError, OSError):
        return b""
