"""How the paragraphs of somebody's DOCX look: what runs, styles and defaults say, the nearest first."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from bulletin.errors import FormatError

_POINTS = 12700
"""EMU a point."""
_MM = 36000


@dataclass(frozen=True)
class Looks:
    """A paragraph: its text, and its face and sizes in pt; "" and 0 where the file says nothing."""

    text: str
    font: str
    size: float
    colour: str
    line: float
    centred: bool
    style: str
    """Name of its paragraph style in lower case."""


@dataclass(frozen=True)
class Paper:
    """Paper and margins of the first section in mm."""

    width: float
    height: float
    top: float
    left: float
    right: float
    bottom: float


def read_looks(content: bytes) -> tuple[Paper, list[Looks]]:
    """The paper and the paragraphs with text in them. Raises FormatError where it is no DOCX."""
    try:
        document = docx.Document(io.BytesIO(content))
        return _paper(document), [_looks(item, document) for item in document.paragraphs if item.text.strip()]
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as wrong:
        raise FormatError("不是可以读取的 DOCX") from wrong


def _paper(document: Document) -> Paper:
    first = document.sections[0]
    sizes = (
        first.page_width,
        first.page_height,
        first.top_margin,
        first.left_margin,
        first.right_margin,
        first.bottom_margin,
    )
    return Paper(*(round((size or 0) / _MM, 1) for size in sizes))


def _looks(paragraph: Paragraph, document: Document) -> Looks:
    holders = list(_holders(paragraph, document))
    faces = [holder.find(qn("w:rFonts")) for holder in holders]
    font = next(
        (str(face.get(qn("w:eastAsia"))) for face in faces if face is not None and face.get(qn("w:eastAsia"))), ""
    )
    size = _value(holders, "w:sz")
    colour = _value(holders, "w:color")
    line = paragraph.paragraph_format.line_spacing
    base = paragraph.style
    while line is None and base is not None:
        line = base.paragraph_format.line_spacing
        base = base.base_style
    alignment = paragraph.alignment if paragraph.alignment is not None else paragraph.paragraph_format.alignment
    style = paragraph.style
    while alignment is None and style is not None:
        alignment = style.paragraph_format.alignment
        style = style.base_style
    return Looks(
        text=paragraph.text,
        font=font,
        size=float(size) / 2 if size else 0.0,
        colour=colour.upper() if len(colour) == 6 else "",
        line=round(int(line) / _POINTS, 2) if isinstance(line, int) else 0.0,
        centred=alignment == WD_ALIGN_PARAGRAPH.CENTER,
        style=str(paragraph.style.name).lower() if paragraph.style is not None else "",
    )


def _holders(paragraph: Paragraph, document: Document) -> Iterator[Any]:
    """The run properties that bear on the longest run: its own, those of the styles, the defaults."""
    run = max(paragraph.runs, key=lambda item: len(item.text), default=None)
    if run is not None and run._r.rPr is not None:
        yield run._r.rPr
    style = paragraph.style
    while style is not None:
        found = style.element.find(qn("w:rPr"))
        if found is not None:
            yield found
        style = style.base_style
    default = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if default is not None:
        yield default


def _value(holders: list[Any], tag: str) -> str:
    found = (holder.find(qn(tag)) for holder in holders)
    return next((str(item.get(qn("w:val"))) for item in found if item is not None and item.get(qn("w:val"))), "")
