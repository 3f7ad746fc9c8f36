"""The pages of an issue as files to look at: a PDF, and pictures of its pages."""

from pathlib import Path

from bulletin.errors import MissingToolError

DPI = 60
"""Resolution of the pictures: an A4 page is 496 x 702 pixels, enough to judge and quick to open."""
COLUMNS = 4
GAP = 12
COLOURS = 64
"""Black text, red masthead and their edges: a third of the size of full colour."""


def write_pages(docx: bytes, beside: Path, pdf: bytes | None = None) -> tuple[list[Path], str]:
    """The PDF and the sheet of page pictures, written beside the DOCX; a sentence instead where LibreOffice is missing.

    `pdf` is the DOCX as PDF, where the caller has it already.
    """
    from builders.libreoffice import find_office
    from builders.pdf import to_pdf

    if pdf is None and find_office() is None:
        return (
            [],
            "没有找到 LibreOffice，未能生成 PDF 和页面图片：Debian/UOS 上可用 apt install libreoffice-writer 安装",
        )
    from services.files import write_whole

    try:
        pdf = pdf or to_pdf(docx)
    except MissingToolError as error:
        return [], str(error)
    return [
        write_whole(beside.with_suffix(".pdf"), pdf),
        write_whole(beside.with_suffix(".png"), page_sheet(pdf)),
    ], ""


def page_sheet(pdf: bytes, dpi: int = DPI) -> bytes:
    """A PNG with all pages side by side, COLUMNS a row."""
    import io

    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=dpi / 72).to_pil() for page in document]
    width, height = max(p.width for p in pages), max(p.height for p in pages)
    columns = min(COLUMNS, len(pages))
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), "#888888")
    for place, page in enumerate(pages):
        row, column = divmod(place, columns)
        sheet.paste(page, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    buffer = io.BytesIO()
    sheet.quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
