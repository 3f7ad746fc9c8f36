"""Makes PDFs for tests: office documents through LibreOffice, pages drawn by reportlab."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

import docx
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.tools import require

CENTRE, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
SONG = "STSong-Light"

_CLAUSES = (
    "临川市坚持问题导向和目标导向相统一",
    "聚焦基层反映集中的文件多、会议多、检查多等问题",
    "建立“月调度、季通报、年评估”工作机制",
    "推动全市性会议同比减少35.6%",
    "组织1200余名干部下沉到78个村（社区）",
    "印发《关于进一步规范督查检查工作的若干措施》",
    "累计办理群众诉求2,316件",
    "群众满意度达到98.2%",
    "形成上下贯通、执行有力的工作格局",
    "围绕“一件事一次办”改革梳理服务事项46项",
    "在云江省率先上线“云小办”APP 2.0版",
    "把学习成果转化为推动高质量发展的实际成效",
)


def prose(seed: int, sentences: int = 4) -> str:
    """A paragraph of invented office prose, the same for the same seed."""
    random = Random(seed)
    return "".join("，".join(random.sample(_CLAUSES, random.randint(2, 4))) + "。" for _ in range(sentences))


def office_document(*, size: float = 16, leading: float | None = 29) -> DocxDocument:
    """An empty A4 document with the margins and the body font of official papers."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size = Pt(size)
    _set_font(style.element.get_or_add_rPr(), "FandolFang")
    style.paragraph_format.space_after = Pt(0)
    if leading:
        style.paragraph_format.line_spacing = Pt(leading)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    return document


def _set_font(properties: object, name: str) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(slot), name)


def add(
    document: DocxDocument,
    text: str,
    *,
    size: float = 16,
    bold: bool = False,
    indent: float = 2,
    align: WD_ALIGN_PARAGRAPH = JUSTIFY,
    font: str = "",
    after: float = 0,
) -> str:
    """Add a paragraph; returns its text."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if font:
        _set_font(run._r.get_or_add_rPr(), font)
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Pt(indent * size)
    paragraph.paragraph_format.space_after = Pt(after)
    if size > 20:
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
    return text


def set_columns(document: DocxDocument, count: int) -> None:
    columns = document.sections[0]._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), "600")


def add_page_field(paragraph: object, before: str, after: str) -> None:
    """`before` PAGE `after` in a footer."""
    paragraph.add_run(before)  # type: ignore[attr-defined]
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()._r  # type: ignore[attr-defined]
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run.append(element)
    paragraph.add_run(after)  # type: ignore[attr-defined]


def repeat_header(row: object) -> None:
    """Mark a table row as the head that comes back on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # type: ignore[attr-defined]


def docx_bytes(document: DocxDocument) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def to_pdfs(documents: Mapping[str, bytes], options: str = "pdf:writer_pdf_Export") -> dict[str, bytes]:
    """Each DOCX as PDF, all in one run of LibreOffice; skips the test where there is none."""
    office = require("soffice")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, content in documents.items():
            (folder / f"{key}.docx").write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        inputs = [str(folder / f"{key}.docx") for key in documents]
        command = [office, profile, "--headless", "--convert-to", options, "--outdir", str(folder), *inputs]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {key: (folder / f"{key}.pdf").read_bytes() for key in documents}


class Sheet:
    """Pages drawn by reportlab with the standard Chinese CID font; lengths in points from the top left."""

    def __init__(self, width: float = 595, height: float = 842, **options: object) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))
        self._target = BytesIO()
        self.width, self.height = width, height
        self.canvas = Canvas(self._target, pagesize=(width, height), **options)  # type: ignore[arg-type]

    def write(self, x: float, y: float, text: str, size: float = 16, font: str = SONG) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - y, text)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 16, leading: float = 28) -> float:
        for line in lines:
            self.write(x, y, line, size)
            y += leading
        return y

    def next_page(self) -> None:
        self.canvas.showPage()

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._target.getvalue()
