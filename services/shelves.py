"""The archive as the desk shows it: by year, by words, by unit; one issue in every form and printing."""

from collections import Counter
from collections.abc import Sequence

from bulletin.errors import NotFoundError, SettingsError
from bulletin.model import Frozen, IssueNumber
from services.archives import zip_of
from services.context import Office
from services.files import file_name
from services.previews import pdf_of
from services.typesetting import docx_of
from store.records import (
    ArticleFilter,
    ArticleRow,
    ArticleState,
    Hit,
    IssueRecord,
    IssueRow,
    IssueState,
    Revision,
)

PAGE = 30
MOST_IN_ZIP = 200
"""Issues in one ZIP: it is made in memory, 30-60 KB an issue."""

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


class Shelf(Frozen):
    """The issues of one year, newest first, and how many there are in every year."""

    year: int | None
    years: tuple[tuple[int, int], ...]
    rows: tuple[IssueRow, ...]


class Found(Frozen):
    """A printed article that holds the words, with the issue it stands in."""

    hit: Hit
    issue: int
    number: IssueNumber


class FoundPage(Frozen):
    rows: tuple[Found, ...]
    total: int


class Published(Frozen):
    """An article and where it was printed."""

    row: ArticleRow
    number: IssueNumber


class PublishedPage(Frozen):
    rows: tuple[Published, ...]
    total: int


class Volume(Frozen):
    """One issue of the archive with all its printings."""

    record: IssueRecord
    revisions: tuple[Revision, ...]


class Copy(Frozen):
    """A file to give away."""

    name: str
    content: bytes
    media_type: str


def shelf(office: Office, year: int | None = None) -> Shelf:
    """The issues of a year, of the last one that has any where none is named."""
    with office.store.reading() as unit:
        rows = unit.issues.find(office.publication.key, state=IssueState.ISSUED)
    counts = Counter(row.date.year for row in rows)
    chosen = year if year is not None else max(counts, default=None)
    return Shelf(
        year=chosen,
        years=tuple(sorted(counts.items(), reverse=True)),
        rows=tuple(row for row in rows if row.date.year == chosen),
    )


def find_printed(office: Office, words: str, page: int = 1) -> FoundPage:
    """One page of the printed articles that hold every word, newest first, with the passages."""
    key = office.publication.key
    with office.store.reading() as unit:
        found = unit.search.find(key, words, kind="entry", limit=PAGE, offset=(page - 1) * PAGE)
        numbers = {hit.owner: unit.issues.get(key, int(hit.owner)).number for hit in found.hits}
    rows = tuple(Found(hit=hit, issue=int(hit.owner), number=numbers[hit.owner]) for hit in found.hits)
    return FoundPage(rows=rows, total=found.total)


def published_by(office: Office, name: str, page: int = 1) -> PublishedPage:
    """One page of what was printed of a unit, newest first."""
    key = office.publication.key
    asked = ArticleFilter(states=(ArticleState.PUBLISHED,), units=(name,))
    with office.store.reading() as unit:
        found = unit.articles.find(key, asked, limit=PAGE, offset=(page - 1) * PAGE)
        numbers = {row.issue: unit.issues.get(key, row.issue).number for row in found.rows if row.issue}
    rows = tuple(Published(row=row, number=numbers[row.issue]) for row in found.rows if row.issue in numbers)
    return PublishedPage(rows=rows, total=found.total)


def volume(office: Office, issue_id: int) -> Volume:
    """One issued issue; NotFoundError for a draft, which is not in the archive."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
        if record.state is not IssueState.ISSUED:
            raise NotFoundError("归档中没有这一期", subject=record.number.label, advice="它还没有签发")
        return Volume(record=record, revisions=unit.issues.revisions(key, issue_id))


def copy_of(office: Office, issue_id: int, form: str, revision: int | None = None) -> Copy:
    """An issued issue as docx, pdf, html or txt; an earlier printing by its revision."""
    found = volume(office, issue_id)
    record = found.record
    if revision is not None:
        record = _printing(found, revision)
    if form not in MEDIA_TYPES:
        raise SettingsError(f"没有这种格式：{form}", advice="可以是 " + "、".join(MEDIA_TYPES))
    name = file_name(record.issue).removesuffix("docx") + form
    return Copy(name=name, content=_content(office, record, form), media_type=MEDIA_TYPES[form])


def web_page(office: Office, record: IssueRecord) -> str:
    """The issue, draft or not, as a page of its own."""
    from builders.web import build_html
    from services.typesetting import pictures_of

    return build_html(record.issue, office.style, pictures_of(office, record.issue.entries))


def package(office: Office, issues: Sequence[int]) -> Copy:
    """A ZIP of the DOCX of issues, in order of number, with a manifest."""
    if not 0 < len(issues) <= MOST_IN_ZIP:
        raise SettingsError(f"请选 1 到 {MOST_IN_ZIP} 期", subject="打包下载")
    records = sorted((volume(office, id).record for id in set(issues)), key=lambda r: (r.date, r.number.key))
    content = zip_of([(file_name(record.issue), record, docx_of(office, record)) for record in records])
    first, last = records[0].number.label, records[-1].number.label
    span = first if len(records) == 1 else f"{first}至{last}"
    name = f"{office.publication.name.split()[-1]}{span}.zip"
    return Copy(name=name, content=content, media_type="application/zip")


def _printing(found: Volume, revision: int) -> IssueRecord:
    """The issue as it was in one of its printings."""
    for one in found.revisions:
        if one.revision == revision:
            values = {"issue": one.issue, "docx": one.docx, "pages": one.pages, "revision": revision}
            return found.record.model_copy(update=values)
    raise NotFoundError("没有这一版", subject=f"{found.record.number.label} 第 {revision} 次更正")


def _content(office: Office, record: IssueRecord, form: str) -> bytes:
    if form == "docx":
        return docx_of(office, record)
    if form == "pdf":
        return pdf_of(office, record)
    if form == "html":
        return web_page(office, record).encode()
    from builders.plain import build_text

    return build_text(record.issue, office.style).encode()
