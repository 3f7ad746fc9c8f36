"""DOCX to PDF by LibreOffice, and the pages its bookmarks are on."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread

from builders.libreoffice import TIME_LIMIT, find_office, opened
from builders.ooxml.package import for_libreoffice
from bulletin.errors import RenderError

# Bookmarks become named destinations (their pages), headings the PDF's outline; tagged for screen readers.
_FILTER = (
    "pdf:writer_pdf_Export:{"
    '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
)
_MARK = re.compile(r"article\d+|ending")
_NOTE = re.compile(r"footnote\d+")
"""The bookmarks whose pages are asked for; others say where a picture comes from."""


@dataclass(frozen=True)
class Layout:
    """Where things are in a PDF: pages count from 1; `tops` are pt from the foot of the paper."""

    pages: Mapping[str, int]
    tops: Mapping[str, float]
    page_count: int
    footed: frozenset[int] = frozenset()
    """The pages with footnotes."""


def to_pdf(docx: bytes, office: Path | None = None, limit: float = TIME_LIMIT) -> bytes:
    """The document as PDF with fonts embedded and an outline. Raises RenderError."""
    return to_pdfs([docx], office, limit)[0]


def to_pdfs(documents: Sequence[bytes], office: Path | None = None, limit: float = TIME_LIMIT) -> list[bytes]:
    """Each document as PDF, by one start of LibreOffice."""
    program = office or find_office()
    if program is None:
        raise RenderError("没有找到 LibreOffice", advice="请安装 libreoffice-writer，或只输出 DOCX、HTML")
    with opened(program) as running:
        sources = [running.folder / f"{at}.docx" for at in range(len(documents))]
        for source, content in zip(sources, documents, strict=True):
            source.with_suffix(".pdf").unlink(missing_ok=True)
            source.write_bytes(for_libreoffice(content))
        # What reads the result is loaded meanwhile (0.1 s).
        Thread(target=import_module, args=("pypdf",)).start()
        said = running.convert(sources, _FILTER, limit)
        results = []
        for source in sources:
            # soffice ends with 0 whether it made the file or not.
            made = source.with_suffix(".pdf")
            if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
                raise RenderError(f"LibreOffice 没有生成 PDF：{said or '没有说明原因'}")
            results.append(made.read_bytes())
        return results


def read_layout(pdf: bytes) -> Layout:
    """The pages of the bookmarks of a PDF made by `to_pdf`, and how many pages there are."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(pdf))
        numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages, 1)
                   if page.indirect_reference is not None}  # fmt: skip
        pages: dict[str, int] = {}
        tops: dict[str, float] = {}
        footed: set[int] = set()
        for name, destination in reader.named_destinations.items():
            number = numbers.get(getattr(destination.page, "idnum", -1))
            if number is not None:
                mark = str(name).removeprefix("/")
                if _NOTE.fullmatch(mark):
                    footed.add(number)
                if not _MARK.fullmatch(mark):
                    continue
                pages[mark] = number
                tops[mark] = float(destination.top or 0)
        return Layout(pages, tops, len(reader.pages), frozenset(footed))
    except (PyPdfError, ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise RenderError(f"读不出 PDF 的页码：{wrong}") from wrong
