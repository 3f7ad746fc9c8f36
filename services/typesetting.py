"""Setting an issue: its DOCX in the archive, attached only to what it was built from, and the files asked for.

The DOCX is built outside any transaction and attached only if the draft is still what it was built from.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulletin.errors import ConflictError, RenderError
from bulletin.model import Entry, Frozen, Issue
from services.context import Office
from services.files import file_name, write_whole
from services.pagecache import keep_pdf
from services.requests import CompileRequest
from store.records import IssueRecord

if TYPE_CHECKING:
    from builders.printing import Printed

ATTEMPTS = 20
"""Times a draft is built again because somebody changed it meanwhile."""

PAGE_COUNT = "*"
"""The key of the number of pages among the pages of bookmarks; no bookmark can be called so."""
ESTIMATED = "?"
"""The key that is there where they are an estimate."""

log = logging.getLogger(__name__)


class Printing(Frozen):
    """A built issue: its bytes are in the archive, a copy where the request asked for one."""

    docx: str
    sha256: str
    page_count: int
    estimated: bool
    """Whether the page numbers are an estimate, because LibreOffice is missing."""
    files: tuple[str, ...]
    messages: tuple[str, ...]


def print_draft(office: Office, issue_id: int, request: CompileRequest | None = None) -> Printing:
    """The issue's DOCX, attached to the draft; built again when the draft changed meanwhile.

    One with estimated pages is built again as soon as there is LibreOffice.
    """
    from builders.libreoffice import find_office

    key = office.publication.key
    for _ in range(ATTEMPTS):
        with office.store.reading() as unit:
            record = unit.issues.get(key, issue_id)
        poor = ESTIMATED in record.pages and find_office() is not None
        if record.docx and not poor and office.store.files.has(record.docx):
            return _printing(office, record, request)
        printed = build(office, record.issue)
        sha256 = office.store.files.put(printed.docx)
        if printed.pdf:
            keep_pdf(office, sha256, printed.pdf)
        try:
            with office.store.transaction() as unit:
                record = unit.issues.attach(key, issue_id, record.version, sha256, page_record(printed))
        except ConflictError:
            continue
        return _printing(office, record, request, printed)
    raise ConflictError("草稿一直在被别人修改，没有排成版")


def _printing(
    office: Office, record: IssueRecord, request: CompileRequest | None, printed: "Printed | None" = None
) -> Printing:
    """What to tell of a built issue, after writing the files that were asked for."""
    assert record.docx is not None
    content = office.store.files.get(record.docx)
    folder = (request.out_folder() if request else None) or office.drafts_folder
    path = write_whole(folder / file_name(record.issue), content)
    files, messages = [str(path)], []
    if request and request.pictures:
        from services.pages import write_pages

        pages, message = write_pages(content, path, printed.pdf if printed else None)
        files += [str(page) for page in pages]
        messages += [message] if message else []
    estimated = ESTIMATED in record.pages
    if estimated:
        messages.append(
            "LibreOffice 没有安装或不能用，目录页码为估算；修好后重新编期即可得到准确页码（见 bulletin doctor）"
        )
    return Printing(
        docx=str(path),
        sha256=record.docx,
        page_count=record.pages.get(PAGE_COUNT, 0),
        estimated=estimated,
        files=tuple(files),
        messages=tuple(messages),
    )


def page_record(printed: "Printed") -> dict[str, int]:
    """The pages of the bookmarks, how many there are, and whether all this is an estimate: what the store keeps."""
    return {**printed.pages, PAGE_COUNT: printed.page_count} | ({ESTIMATED: 1} if printed.estimated else {})


def build(office: Office, issue: Issue) -> "Printed":
    """The issue set in the publication's style, its pictures from the archive.

    A LibreOffice that fails stops nobody: the pages are then estimated, as without it.
    """
    from builders.libreoffice import find_office
    from builders.printing import print_issue

    pictures = pictures_of(office, issue.entries)
    try:
        return print_issue(issue, office.style, pictures, find_office(), template=office.template)
    except RenderError as error:
        log.warning("%s 没有排出准确页码：%s", issue.number.label, error)
        return print_issue(issue, office.style, pictures, template=office.template)


def docx_of(office: Office, record: IssueRecord) -> bytes:
    """The bytes of an issued issue, proved against the hash; an imported one is set from its data."""
    if record.docx:
        return office.store.files.get(record.docx)
    return build(office, record.issue).docx


def pictures_of(office: Office, entries: Iterable[Entry]) -> dict[str, bytes]:
    """The bytes of every picture that the entries name and the archive has."""
    wanted = {block.picture for entry in entries for block in entry.blocks if block.picture}
    return {name: office.store.files.get(name) for name in sorted(wanted) if office.store.files.has(name)}
