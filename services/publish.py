"""From the pool to a printed issue: the draft of a period, its DOCX, its signature.

The same period gives the same draft with the editor's work in it; numbers are the ledger's
(design section 4).
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from bulletin.assembly import Candidate, Choice, entry_of, one_more, period_of, select
from bulletin.errors import FetchError, NothingToPrintError
from bulletin.model import Entry, Frozen, Issue, Section
from services.ahead import loaded_ahead
from services.context import Office
from services.intake import Advance, receive_and_read
from services.issuing import set_draft
from services.outcomes import Fate, Outcome
from services.requests import CompileRequest
from services.typesetting import Printing
from store.database import Transaction
from store.records import ArticleFilter, ArticleRow, ArticleState, IssueRecord, IssueState

TOLD = 20
"""Submissions that are listed where nothing could be printed: a screenful."""
CHECK = "请按以上说明处理；不采用和待定的，可在稿库里改入栏目后再编"

FREE = (ArticleState.NEW, ArticleState.SPARE)
MANY = 100_000
OPENING = 600
"""Characters of a body in which its acting body is named."""


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
    pending: tuple[Outcome, ...]
    failed: tuple[Outcome, ...]
    outcomes: tuple[Outcome, ...]
    messages: tuple[str, ...]
    seconds: float


def compile_issue(
    office: Office, request: CompileRequest, advance: Advance, before: tuple[Outcome, ...] = ()
) -> CompileResult:
    """The draft of the period with everything that has arrived, printed. Without Prefect.

    `before` is what came of submissions that the caller took in already.
    """
    started = time.perf_counter()
    loaded_ahead()
    outcomes = before + receive_and_read(office, request.sources or office.default_sources(), advance)
    advance(0, 2, "编排")
    with told_what_came(outcomes):
        draft = assemble(office, request)
    advance(1, 2, "排版")
    printing = set_draft(office, draft.issue_id, request)
    return conclude(outcomes, draft, printing, time.perf_counter() - started)


@contextmanager
def told_what_came(outcomes: Iterable[Outcome]) -> Iterator[None]:
    """Where there is nothing to print, the error says of each submission why: it may all have been one wrong path.

    Where a source was lost it is a FetchError: that nothing came is not known yet.
    """
    try:
        yield
    except NothingToPrintError as error:
        told = [one for one in outcomes if not one.smooth]
        lines = [f"{one.name}：{one.reason or one.fate.value}" for one in told[:TOLD]]
        if len(told) > TOLD:
            lines.append(f"另有 {len(told) - TOLD} 件，在编辑台的“收稿”里可以看到")
        if not lines:
            raise
        message = "\n  ".join((f"{error.message}。来稿的情况：", *lines))
        kind = FetchError if any(one.lost for one in told) else NothingToPrintError
        raise kind(message, subject=error.subject, advice=CHECK) from error


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
        pending=of(Fate.PENDING),
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
            return _as_it_stands(
                record,
                f"{period} 的{record.number.label}已经签发，没有改动；"
                f"另编一期，期次请写 {one_more(period)}（命令行用 --period）",
            )
        selection = select(
            _candidates(office, unit),
            office.publication.sections,
            lambda id: entry_of(unit.articles.get(key, id).article),
            record.issue.sections,
        )
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
    rows = unit.articles.find(key, asked, descending=False, limit=MANY).rows
    openings = unit.search.openings(key, [row.id for row in rows], OPENING)
    return [_candidate(office, row, openings.get(row.id, "")) for row in rows]


def _candidate(office: Office, row: ArticleRow, opening: str) -> Candidate:
    from services.judging import rank_of

    rank, body = rank_of(office, row.title, row.unit, opening)
    return Candidate(
        id=row.id,
        title=row.title,
        section=row.section,
        date=row.date,
        length=row.length,
        rank=rank,
        body=body,
        received=row.created,
        wish=row.wish,
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
