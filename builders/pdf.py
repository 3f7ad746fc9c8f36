"""DOCX to PDF by LibreOffice, and the pages its bookmarks are on."""

import io
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from builders.ooxml.package import for_libreoffice
from bulletin.errors import RenderError

TIME_LIMIT = 180.0
"""In seconds for a run; 124 pages took 1.9 s, a cold start on a loaded machine 20 s."""

_PLACES = (
    "/usr/bin/soffice",
    "/usr/local/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

# Bookmarks become named destinations (their pages), headings the PDF's outline; tagged for screen readers.
_FILTER = (
    "pdf:writer_pdf_Export:{"
    '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
)


@dataclass(frozen=True)
class Layout:
    """Where things are in a PDF: pages count from 1; `tops` are pt from the foot of the paper."""

    pages: Mapping[str, int]
    tops: Mapping[str, float]
    page_count: int


def find_office() -> Path | None:
    """The LibreOffice program, or None where there is none."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def to_pdf(docx: bytes, office: Path | None = None, limit: float = TIME_LIMIT) -> bytes:
    """The document as PDF with fonts embedded and an outline. Raises RenderError."""
    return to_pdfs([docx], office, limit)[0]


def to_pdfs(documents: Sequence[bytes], office: Path | None = None, limit: float = TIME_LIMIT) -> list[bytes]:
    """Each document as PDF, by one start of LibreOffice with a profile of its own."""
    program = office or find_office()
    if program is None:
        raise RenderError("没有找到 LibreOffice", advice="请安装 libreoffice-writer，或只输出 DOCX、HTML")
    with tempfile.TemporaryDirectory(prefix="bulletin-pdf-") as folder:
        home = Path(folder)
        sources = [home / f"{at}.docx" for at in range(len(documents))]
        for source, content in zip(sources, documents, strict=True):
            source.write_bytes(for_libreoffice(content))
        said = _run(program, sources, home, limit)
        results = []
        for source in sources:
            # soffice ends with 0 whether it made the file or not.
            made = source.with_suffix(".pdf")
            if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
                raise RenderError(f"LibreOffice 没有生成 PDF：{said or '没有说明原因'}")
            results.append(made.read_bytes())
        return results


def _run(program: Path, sources: Sequence[Path], home: Path, limit: float) -> str:
    """What LibreOffice said; it is killed with its children when the time is over."""
    command = [
        str(program), "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--convert-to", _FILTER, "--outdir", str(home), *map(str, sources),
    ]  # fmt: skip
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp", "HOME": str(home)}
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=environment, start_new_session=True,
        )  # fmt: skip
    except OSError as wrong:
        raise RenderError(f"LibreOffice 启动失败：{wrong}", subject=str(program)) from wrong
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired as late:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RenderError(f"LibreOffice 超过 {limit:.0f} 秒没有完成排版") from late
    return said.decode("utf-8", "replace").strip()[-300:]


def read_layout(pdf: bytes) -> Layout:
    """The pages of the bookmarks of a PDF made by `to_pdf`, and how many pages there are."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages, 1)
                   if page.indirect_reference is not None}  # fmt: skip
        pages: dict[str, int] = {}
        tops: dict[str, float] = {}
        for name, destination in reader.named_destinations.items():
            number = numbers.get(getattr(destination.page, "idnum", -1))
            if number is not None:
                mark = str(name).removeprefix("/")
                pages[mark] = number
                tops[mark] = float(destination.top or 0)
        return Layout(pages, tops, len(reader.pages))
    except (PyPdfError, ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise RenderError(f"读不出 PDF 的页码：{wrong}") from wrong


def page_numbers(docx: bytes, office: Path | None = None) -> dict[str, int]:
    """The page of each bookmark as LibreOffice lays the document out. Raises RenderError."""
    return dict(read_layout(to_pdf(docx, office)).pages)
