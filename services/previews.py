"""The pages of issues as pictures, exactly as they print: laid out in the background, kept in home/cache.

What is kept is named after the DOCX it was made from, so a draft that changes never shows old pages
and an issued one is laid out once. Everything in the folder can be deleted at any time.
"""

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from bulletin.errors import BulletinError, NotFoundError
from bulletin.model import Frozen
from services.context import Office
from services.files import write_whole
from services.pagecache import keep_pdf, pdf_path
from store.records import IssueRecord, IssueRow, IssueState

T = TypeVar("T")

COLOURS = 32
"""Black text, red masthead and their edges: a page of text is 60 KB at 110 dpi, in full colour 200."""
WIDTHS = {"page": 110, "cover": 40}
"""Resolution in dots per inch of a page to read and of a cover in a list."""

_RENDERING = Lock()
"""pdfium is not made for several threads."""
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
"""One at a time: a layout takes a whole core, and the desk must answer meanwhile."""
_jobs: dict[tuple[str, int], "Future[None]"] = {}
_failures: dict[tuple[str, int, int], str] = {}
_jobs_lock = Lock()


class State(StrEnum):
    READY = "ready"
    WORKING = "working"
    FAILED = "failed"
    MISSING = "missing"
    """There is no LibreOffice to lay anything out."""


class Preview(Frozen):
    state: State
    key: str = ""
    """Names the pages, in `picture`."""
    pages: int = 0
    message: str = ""


def preview(office: Office, issue_id: int, *, again: bool = False) -> Preview:
    """The pages of an issue as it stands now; begins to make them where there are none.

    What failed is not tried again by itself, because the page asks every second: `again` does.
    """
    from builders.libreoffice import find_office

    with office.store.reading() as unit:
        record = unit.issues.get(office.publication.key, issue_id)
    key = key_of(record)
    if key and (pdf := pdf_path(office, key)).is_file():
        return Preview(state=State.READY, key=key, pages=_count(pdf))
    if find_office() is None:
        return Preview(state=State.MISSING, message="本机没有 LibreOffice，下面是网页样式，分页以打印为准")
    failure = (_home(office), issue_id, record.version)
    if again:
        _failures.pop(failure, None)
    if message := _failures.get(failure):
        return Preview(state=State.FAILED, message=message)
    _begin(office, record)
    return Preview(state=State.WORKING)


def key_of(record: IssueRow) -> str:
    """The name of what is kept of an issue; empty for a draft that has not been set since it changed."""
    if record.docx:
        return record.docx
    return f"issue-{record.id}-{record.revision}" if record.state is IssueState.ISSUED else ""


def picture(office: Office, key: str, number: int, size: str = "page") -> bytes:
    """One page as PNG, numbered from 1; NotFoundError where it has not been made or there is no such page."""
    pdf = pdf_path(office, key)
    kept = pdf.with_name(f"{size}-{number}.png")
    if kept.is_file():
        return kept.read_bytes()
    if not pdf.is_file() or number < 1 or size not in WIDTHS:
        raise NotFoundError("没有这一页的图片", subject=str(number))
    content = _render(pdf, number, WIDTHS[size])
    write_whole(kept, content)
    return content


def cover_of(office: Office, row: IssueRow) -> str:
    """The address of an issue's cover, which is begun where there is none; empty without LibreOffice."""
    from builders.libreoffice import find_office

    key = key_of(row)
    if not pdf_path(office, key).is_file():
        if find_office() is None:
            return ""
        _begin(office, row)
    return f"/pages/{key}/cover-1.png"


def pdf_of(office: Office, record: IssueRecord) -> bytes:
    """An issued issue or a draft that is set, as PDF; RenderError where there is no LibreOffice."""
    key = key_of(record) or _set(office, record)
    pdf = pdf_path(office, key)
    if not pdf.is_file():
        _lay_out(office, record, key)
    return pdf.read_bytes()


# ---------------------------------------------------------------- in the background


def _begin(office: Office, row: IssueRow) -> None:
    """Lays the issue out, unless that is being done."""
    name = (_home(office), row.id)
    with _jobs_lock:
        job = _jobs.get(name)
        if job is None or job.done():
            _jobs[name] = _worker.submit(_work, office, row.id)


def _work(office: Office, issue_id: int) -> None:
    """Makes the pages; what goes wrong is shown beside the draft until it changes."""
    with office.store.reading() as unit:
        record = unit.issues.get(office.publication.key, issue_id)
    try:
        key = key_of(record) or _set(office, record)
        if not pdf_path(office, key).is_file():
            _lay_out(office, record, key)
    except (BulletinError, OSError) as error:
        _failures[_home(office), record.id, record.version] = str(error)


def _set(office: Office, record: IssueRecord) -> str:
    """Sets the draft, and gives the hash of its DOCX."""
    from services.typesetting import print_draft

    return print_draft(office, record.id).sha256


def _lay_out(office: Office, record: IssueRecord, key: str) -> None:
    from builders.pdf import to_pdf
    from services.typesetting import docx_of

    content = office.store.files.get(key) if office.store.files.has(key) else docx_of(office, record)
    keep_pdf(office, key, to_pdf(content))


def _render(pdf: Path, number: int, dpi: int) -> bytes:
    def draw(document: Any) -> bytes:
        if number > len(document):
            raise NotFoundError("没有这一页", subject=str(number))
        image = document[number - 1].render(scale=dpi / 72).to_pil()
        buffer = io.BytesIO()
        image.quantize(COLOURS).save(buffer, "PNG")
        return buffer.getvalue()

    return _with_pdf(pdf, draw)


def _count(pdf: Path) -> int:
    kept = pdf.with_name("count")
    if not kept.is_file():
        write_whole(kept, str(_with_pdf(pdf, len)).encode())
    return int(kept.read_text())


def _with_pdf(pdf: Path, use: Callable[[Any], T]) -> T:
    import pypdfium2

    with _RENDERING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return use(document)
        finally:
            document.close()


def _home(office: Office) -> str:
    return f"{office.settings.home}|{office.publication.key}"
