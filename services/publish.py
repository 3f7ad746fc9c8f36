"""From the pool to a printed issue: the draft of a period, its DOCX, its signature.

The same period gives the same draft with the editor's work in it; numbers are the ledger's
(design section 4). The DOCX is built outside any transaction and attached only if the draft is
still what it was built from.
"""

import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin.assembly import Candidate, Choice, period_of, select
from bulletin.errors import ConflictError, NothingToPrintError
from bulletin.model import Entry, Frozen, Issue, Section, Series
from services.context import Office
from services.distribution import distribute
from services.intake import Advance, Fate, Outcome, receive_and_read
from services.notices import queue_receipts
from services.previews import keep_pdf
from services.requests import CompileRequest
from store.database import Transaction
from store.records import ArticleFilter, ArticleRecord, ArticleState, IssueRecord, IssueState

if TYPE_CHECKING:
    from builders.printing import Printed

ATTEMPTS = 20
"""Times a draft is built again because somebody changed it meanwhile."""

FREE = (ArticleState.NEW, ArticleState.SPARE)

PAGE_COUNT = "*"
"""The key of the number of pages among the pages of bookmarks; no bookmark can be called so."""


class Line(Frozen):
    """One entry or waiting article, as a list shows it."""

    id: str
    title: str
    unit: str = ""
    section: str = ""
    reason: str = ""


class SectionLines(Frozen):
    name: str
    entries: tuple[Line, ...]


class Draft(Frozen):
    """The draft of a period as assembled."""

    issue_id: int
    label: str
    number: int
    state: str
    changed: bool
    sections: tuple[SectionLines, ...]
    spare: tuple[Line, ...]
    messages: tuple[str, ...]


class Printing(Frozen):
    """A built issue: its bytes are in the archive, a copy where the request asked for one."""

    docx: str
    sha256: str
    page_count: int
    estimated: bool
    """Whether the page numbers are an estimate, because LibreOffice is missing."""
    files: tuple[str, ...]
    messages: tuple[str, ...]


class CompileResult(Frozen):
    """What `bulletin compile` reports (design section 3, with more keys)."""

    issue: int
    label: str
    number: int
    state: str
    changed: bool
    docx: str
    files: tuple[str, ...]
    page_count: int
    articles: tuple[Line, ...]
    sections: tuple[SectionLines, ...]
    spare: tuple[Line, ...]
    rejected: tuple[Outcome, ...]
    duplicates: tuple[Outcome, ...]
    failed: tuple[Outcome, ...]
    outcomes: tuple[Outcome, ...]
    messages: tuple[str, ...]
    seconds: float


def compile_issue(office: Office, request: CompileRequest, advance: Advance) -> CompileResult:
    """The draft of the period with everything that has arrived, printed. Without Prefect."""
    started = time.perf_counter()
    outcomes = receive_and_read(office, request.sources or office.default_sources(), advance)
    advance(0, 2, "编排")
    draft = assemble(office, request)
    advance(1, 2, "排版")
    printing = print_draft(office, draft.issue_id, request)
    return conclude(outcomes, draft, printing, time.perf_counter() - started)


def conclude(outcomes: Iterable[Outcome], draft: Draft, printing: Printing, seconds: float) -> CompileResult:
    """The report of a run, from what its steps returned."""
    every = tuple(outcomes)

    def of(*fates: Fate) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in every if outcome.fate in fates)

    return CompileResult(
        issue=draft.issue_id,
        label=draft.label,
        number=draft.number,
        state=draft.state,
        changed=draft.changed,
        docx=printing.docx,
        files=printing.files,
        page_count=printing.page_count,
        articles=tuple(line for section in draft.sections for line in section.entries),
        sections=draft.sections,
        spare=draft.spare,
        rejected=of(Fate.REJECTED, Fate.PLAN, Fate.ARCHIVED),
        duplicates=of(Fate.DUPLICATE),
        failed=of(Fate.REFUSED),
        outcomes=every,
        messages=draft.messages + printing.messages,
        seconds=round(seconds, 3),
    )


# ---------------------------------------------------------------- the draft


def assemble(office: Office, request: CompileRequest) -> Draft:
    """The draft of the period: made, or filled up with what has come since.

    Raises NothingToPrintError when there is nothing to print, NumberingError for a number that is taken.
    """
    day = request.date or office.today()
    period = request.period or period_of(day)
    key = office.publication.key
    with office.store.transaction() as unit:
        record, _ = unit.issues.draft(office.publication, period, day, series=request.series, number=request.number)
        if record.state is IssueState.ISSUED:
            return _as_it_stands(record, f"{period} 的{record.number.label}已经签发，没有改动；另编一期请用 --period")
        selection = select(_candidates(office, unit), office.publication.sections, record.issue.sections)
        if not any(section.entries for section in selection.sections):
            raise NothingToPrintError("没有可刊用的稿件，没有编出新的一期", subject=period)
        issue = _issue(office, record.issue, selection.sections, request.date or record.date)
        saved = unit.issues.save(key, record.id, record.version, issue)
        spare = [choice.article for choice in selection.waiting]
        unit.articles.set_state(key, spare, ArticleState.SPARE)
    changed = issue.sections != record.issue.sections or record.docx is None
    message = "" if changed else "没有新的稿件，草稿没有变化"
    return _draft(saved, selection.choices, changed, (message,) if message else ())


def _candidates(office: Office, unit: Transaction) -> list[Candidate]:
    """The articles of the pool that could be printed now."""
    key = office.publication.key
    asked = ArticleFilter(states=FREE, sections=office.publication.section_names)
    records = unit.articles.records(key, unit.articles.ids(key, asked))
    return [candidate_of(office, record) for record in records]


def candidate_of(office: Office, record: ArticleRecord) -> Candidate:
    """The article with what the order looks at."""
    from services.judging import rank_of

    rank, body = rank_of(office, record.article)
    return Candidate(
        article=record.article,
        section=record.section,
        rank=rank,
        body=body,
        received=record.created,
        wish=record.wish,
    )


def _issue(office: Office, standing: Issue, sections: tuple[Section, ...], day: date) -> Issue:
    """The issue with its sections and the publication as it is set today."""
    publication = office.publication
    return standing.model_copy(
        update={
            "publication": publication.name,
            "issuer": publication.issuer,
            "distribution": publication.distribution,
            "copies": publication.copies,
            "printed_by": publication.printed_by,
            "date": day,
            "sections": sections,
        }
    )


def _draft(record: IssueRecord, choices: Iterable[Choice], changed: bool, messages: tuple[str, ...]) -> Draft:
    why = {choice.article: "；".join(reason.text for reason in choice.reasons) for choice in choices}
    return Draft(
        issue_id=record.id,
        label=record.number.label,
        number=record.number.key,
        state="草稿" if record.state is IssueState.DRAFT else "已签发",
        changed=changed,
        sections=tuple(
            SectionLines(
                name=section.name,
                entries=tuple(_line(entry, section.name, why.get(entry.article, "")) for entry in section.entries),
            )
            for section in record.issue.sections
        ),
        spare=tuple(
            Line(id=choice.article, title=choice.title, section=choice.section, reason=why[choice.article])
            for choice in choices
            if not choice.place
        ),
        messages=messages,
    )


def _line(entry: Entry, section: str, reason: str) -> Line:
    return Line(id=entry.article, title=entry.title, unit=entry.unit, section=section, reason=reason)


def _as_it_stands(record: IssueRecord, message: str) -> Draft:
    return _draft(record, (), False, (message,))


# ---------------------------------------------------------------- the print


def print_draft(office: Office, issue_id: int, request: CompileRequest | None = None) -> Printing:
    """The issue's DOCX, attached to the draft; built again when the draft changed meanwhile."""
    key = office.publication.key
    for _ in range(ATTEMPTS):
        with office.store.reading() as unit:
            record = unit.issues.get(key, issue_id)
        if record.docx and office.store.files.has(record.docx):
            return _printing(office, record, request)
        printed = build(office, record.issue)
        sha256 = office.store.files.put(printed.docx)
        if printed.pdf:
            keep_pdf(office, sha256, printed.pdf)
        try:
            with office.store.transaction() as unit:
                pages = {**printed.pages, PAGE_COUNT: printed.page_count}
                record = unit.issues.attach(key, issue_id, record.version, sha256, pages)
        except ConflictError:
            continue
        record = _issue_at_once(office, record)
        return _printing(office, record, request, printed)
    raise ConflictError("草稿一直在被别人修改，没有排成版")


def build(office: Office, issue: Issue) -> "Printed":
    """The issue set in the publication's style, its pictures from the archive."""
    from builders.pdf import find_office
    from builders.printing import print_issue

    return print_issue(issue, office.style, pictures_of(office, issue.entries), find_office())


def pictures_of(office: Office, entries: Iterable[Entry]) -> dict[str, bytes]:
    """The bytes of every picture that the entries name and the archive has."""
    wanted = {block.picture for entry in entries for block in entry.blocks if block.picture}
    return {name: office.store.files.get(name) for name in sorted(wanted) if office.store.files.has(name)}


def _issue_at_once(office: Office, record: IssueRecord) -> IssueRecord:
    if not office.publication.issue_at_once:
        return record
    with office.store.transaction() as unit:
        signed = unit.issues.sign(office.publication.key, record.id, record.version, who="自动签发")
        distribute(office, unit, signed)
    queue_receipts(office, final=True)
    return signed


def file_name(issue: Issue) -> str:
    """The name of the DOCX on an editor's disk: 工作简报第455期.docx."""
    name = issue.publication.split()[-1]
    revision = f"（更正{issue.revision}）" if issue.revision else ""
    return f"{name}{issue.number.label}{revision}.docx"


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
    estimated = printed is not None and printed.estimated
    if estimated:
        messages.append("没有找到 LibreOffice，目录页码为估算；安装后重新编期即可得到准确页码（见 bulletin doctor）")
    return Printing(
        docx=str(path),
        sha256=record.docx,
        page_count=record.pages.get(PAGE_COUNT, 0),
        estimated=estimated,
        files=tuple(files),
        messages=tuple(messages),
    )


def write_whole(path: Path, content: bytes) -> Path:
    """The path, holding all of the content or what it held before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{time.time_ns()}.part")
    part.write_bytes(content)
    part.replace(path)
    return path


# ---------------------------------------------------------------- signing


def _find(office: Office, unit: Transaction, number: int, series: Series) -> IssueRecord:
    return unit.issues.by_number(office.publication.key, number, series=series)


def sign_issue(office: Office, number: int, series: Series, who: str) -> dict[str, Any]:
    """The signed issue: frozen, with the hash of its bytes. The DOCX is built first where it is out of date."""
    with office.store.reading() as unit:
        record = _find(office, unit, number, series)
    signed = sign_draft(office, record.id, who)
    return {"label": signed.number.label, "number": signed.number.key, "sha256": signed.docx or ""}


def sign_draft(office: Office, issue_id: int, who: str, version: int | None = None, remark: str = "") -> IssueRecord:
    """The draft, issued; ConflictError where it is no longer at the version that the signer saw."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
    if record.state is IssueState.DRAFT and record.docx is None:
        print_draft(office, issue_id)
    with office.store.transaction() as unit:
        seen = unit.issues.get(key, issue_id).version if version is None else version
        signed = unit.issues.sign(key, issue_id, seen, who=who)
        unit.audit.write(key, who, "签发", signed.number.label, remark)
        distribute(office, unit, signed)
    queue_receipts(office, final=True)
    return signed


def discard_issue(office: Office, number: int, series: Series, who: str = "") -> dict[str, Any]:
    """What was discarded: the draft's articles are back in the pool, its number is free."""
    with office.store.transaction() as unit:
        record = _find(office, unit, number, series)
        unit.issues.discard(office.publication.key, record.id, version=record.version)
        unit.audit.write(office.publication.key, who, "作废草稿", record.number.label)
    return {"label": record.number.label, "number": record.number.key, "articles": len(record.issue.entries)}


def correct_issue(office: Office, number: int, series: Series, content: str, reason: str, who: str) -> dict[str, Any]:
    """The corrected issue as a new revision with its reason; the earlier one stays in the archive."""
    with office.store.reading() as unit:
        record = _find(office, unit, number, series)
    issue = Issue.model_validate_json(content).model_copy(
        update={"number": record.number, "revision": record.revision + 1}
    )
    printed = build(office, issue)
    sha256 = office.store.files.put(printed.docx)
    with office.store.transaction() as unit:
        corrected = unit.issues.correct(
            office.publication.key, record.id, record.version, issue, sha256, printed.pages, reason=reason, who=who
        )
        unit.audit.write(office.publication.key, who, "更正", corrected.number.label, reason)
        distribute(office, unit, corrected, reason)
    return {"label": corrected.number.label, "revision": corrected.revision, "sha256": sha256}


def drafts(office: Office) -> list[dict[str, Any]]:
    """The drafts that wait for a signature, newest first."""
    with office.store.reading() as unit:
        rows = unit.issues.find(office.publication.key, state=IssueState.DRAFT)
        return [
            {
                "label": row.number.label,
                "number": row.number.key,
                "period": row.period or "",
                "date": row.date.isoformat(),
                "articles": len(unit.issues.get(office.publication.key, row.id).issue.entries),
            }
            for row in rows
        ]
