"""Intake: what arrives is stored as received, read, judged and put into the pool.

Two steps, so that nothing is lost when the machine stops between them: `receive` stores the bytes
and notes each arrival; `read_received` reads whatever is still waiting, in batches, each batch in
one transaction. Both can be run again at any time.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from bulletin.errors import BulletinError, StateError
from bulletin.model import (
    PENDING,
    REJECTED,
    Article,
    BackIssue,
    Channel,
    Frozen,
    Likeness,
    Piece,
    StudyPlan,
    Submission,
    Verdict,
)
from services.context import Office
from services.examining import Examined, examine, examine_all
from services.reading import gather
from services.records import reason_texts
from store.database import Transaction
from store.records import ArticleState, SubmissionRecord, SubmissionState

log = logging.getLogger(__name__)

BATCH = 64
"""Submissions in one transaction: few enough that a killed run repeats seconds of work only."""

READING = "读稿、清理、分栏、查重"

Advance = Callable[[int, int, str], None]


class Fate(StrEnum):
    """What became of a piece, in the editor's words."""

    TAKEN = "收入稿库"
    PENDING = "待定"
    DUPLICATE = "重复"
    REJECTED = "不采用"
    PLAN = "学习计划"
    ARCHIVED = "往期简报"
    REFUSED = "未能读取"
    KNOWN = "已收过"
    OLD = "旧稿"


class Outcome(Frozen):
    """What came of one piece of one submission, or of a submission that could not be read."""

    name: str
    fate: Fate
    title: str = ""
    reason: str = ""
    source: str = ""
    """SHA-256 of the submission."""
    article: str = ""
    section: str = ""
    code: str = ""

    @property
    def failed(self) -> bool:
        return self.fate is Fate.REFUSED


def receive_and_read(office: Office, sources: Iterable[str], advance: Advance) -> tuple[Outcome, ...]:
    """Everything that came of the sources, and of what an earlier run left unread."""
    received = receive(office, sources, advance)
    return received + read_received(office, advance)


def receive(
    office: Office, sources: Iterable[str], advance: Advance, channel: Channel | None = None
) -> tuple[Outcome, ...]:
    """What could not be had, and what had been received before; the new ones now wait to be read.

    `channel` is put down instead of the one they came by: Channel.ARCHIVE makes old material of them.
    """
    outcomes: list[Outcome] = []
    batch: list[Submission] = []
    for count, found in enumerate(gather(sources, office.settings), 1):
        advance(count, count, "收取来稿")
        if isinstance(found, BulletinError):
            outcomes.append(Outcome(name=found.subject, fate=Fate.REFUSED, reason=_reason(found), code=found.code))
            continue
        batch.append(found.model_copy(update={"channel": channel}) if channel else found)
        if len(batch) >= BATCH:
            outcomes += store_submissions(office, batch)
            batch = []
    outcomes += store_submissions(office, batch)
    return tuple(outcomes)


def store_submissions(office: Office, batch: Sequence[Submission]) -> list[Outcome]:
    """The bytes go to disk before the database speaks of them; what was known is said so."""
    for submission in batch:
        office.store.files.put(submission.content)
    key = office.publication.key
    with office.store.transaction() as unit:
        new = {s.sha256 for s in batch if unit.submissions.receive(key, s)}
        known = unit.submissions.known(key, [s.sha256 for s in batch if s.sha256 not in new])
    return [
        Outcome(name=s.name, fate=Fate.KNOWN, source=s.sha256, reason="同一文件以前收过，不再重复处理")
        for s in batch
        if s.sha256 in known and known[s.sha256].state is SubmissionState.READ
    ]


def waiting(office: Office) -> tuple[SubmissionRecord, ...]:
    """The submissions that are stored but not yet read, oldest first."""
    with office.store.reading() as unit:
        found = unit.submissions.find(office.publication.key, state=SubmissionState.RECEIVED, limit=1_000_000)
    return tuple(reversed(found))


def read_received(office: Office, advance: Advance) -> tuple[Outcome, ...]:
    """What came of every submission that was waiting to be read."""
    todo = waiting(office)
    outcomes: list[Outcome] = []
    done = 0
    advance(done, len(todo), READING)
    for examined in examine_all(office, todo, BATCH):
        outcomes += save(office, examined)
        done += len(examined)
        advance(done, len(todo), READING)
    return tuple(outcomes)


def read_batch(office: Office, records: Sequence[SubmissionRecord]) -> list[Outcome]:
    """What came of these submissions: read and judged outside, saved in one transaction."""
    return save(office, examine(office, records))


def save(office: Office, examined: Sequence[Examined]) -> list[Outcome]:
    """What came of these submissions, saved in one transaction."""
    with office.store.transaction() as unit:
        outcomes = [outcome for one in examined for outcome in _save(office, unit, one)]
    for outcome in outcomes:
        ids = {"publication": office.publication.key} | outcome.model_dump(include={"source", "article"})
        log.info("%s：%s", outcome.name, outcome.fate, extra={k: v for k, v in ids.items() if v})
    return outcomes


def _save(office: Office, unit: Transaction, examined: Examined) -> list[Outcome]:
    """Put one submission's pieces into the pool; nothing when another process has just done it."""
    key, submission, error = office.publication.key, examined.record, examined.error
    if unit.submissions.get(key, submission.sha256).state is not SubmissionState.RECEIVED:
        return []
    if error:
        unit.submissions.refuse(key, submission.sha256, error)
        return [
            Outcome(
                name=submission.name,
                fate=Fate.REFUSED,
                reason=_reason(error),
                source=submission.sha256,
                code=error.code,
            )
        ]
    outcomes = [_save_piece(office, unit, examined, piece) for piece in examined.pieces]
    refused = [o for o in outcomes if o.code]
    if refused and len(refused) == len(outcomes):
        unit.submissions.refuse(key, submission.sha256, StateError(refused[0].reason))
    else:
        unit.submissions.read(key, submission.sha256)
    return outcomes


def _save_piece(office: Office, unit: Transaction, examined: Examined, piece: Piece) -> Outcome:
    submission = examined.record
    match piece:
        case Article():
            return _save_article(office, unit, examined, piece)
        case StudyPlan():
            unit.plans.add(office.publication.key, piece)
            return Outcome(
                name=submission.name,
                fate=Fate.PLAN,
                title=piece.title,
                source=submission.sha256,
                reason=f"学习计划不刊登，已作为数据保存（专题 {len(piece.topics)} 个，日程 {len(piece.schedule)} 项）",
            )
        case BackIssue():
            past = _keep_past_issue if submission.channel is Channel.ARCHIVE else _past_issue
            return past(office, unit, examined, piece)


def _keep_past_issue(office: Office, unit: Transaction, examined: Examined, piece: BackIssue) -> Outcome:
    """A past issue among old material goes into the archive, under its own number or not at all."""
    from services.pastissues import keep_issue

    submission, label = examined.record, piece.issue.number.label
    title = f"{piece.issue.publication} {label}"
    try:
        with unit.attempt():
            _, new = keep_issue(office, unit, piece, submission.sha256 if examined.format == "docx" else None)
    except BulletinError as error:
        reason = _reason(error)
        return Outcome(
            name=submission.name,
            fate=Fate.REFUSED,
            title=title,
            reason=reason,
            source=submission.sha256,
            code=error.code,
        )
    reason = f"{label}已存入归档" if new else f"{label}早已在归档中"
    return Outcome(name=submission.name, fate=Fate.ARCHIVED, title=title, reason=reason, source=submission.sha256)


def _past_issue(office: Office, unit: Transaction, examined: Examined, piece: BackIssue) -> Outcome:
    """A past issue among the submissions: known to the archive, or to be imported, never printed again."""
    from services.numbers import archived

    submission, label = examined.record, piece.issue.number.label
    known = archived(unit, office.publication.key, piece.issue.number)
    reason = (
        f"这是已在归档中的{label}，不再刊登"
        if known
        else f"这是一期已刊简报（{label}），归档中没有；请用 bulletin archive import 导入"
    )
    return Outcome(
        name=submission.name,
        fate=Fate.ARCHIVED,
        title=f"{piece.issue.publication} {label}",
        reason=reason,
        source=submission.sha256,
    )


def _save_article(office: Office, unit: Transaction, examined: Examined, article: Article) -> Outcome:
    from services.duplicates import find_likeness, remember

    submission = examined.record
    judgement, trace = examined.judgements[article.id], examined.traces[article.id]
    likeness = find_likeness(office, unit, article, trace)
    state, fate, reason = _fate(judgement.verdict, likeness)
    if submission.channel is Channel.ARCHIVE and state is not ArticleState.DUPLICATE:
        state, fate, reason = ArticleState.OLD, Fate.OLD, "旧稿：可检索，用于查重，不再刊登"
    if likeness.duplicate_of:
        reason = _duplicate_reason(office, unit, likeness)
    unit.articles.add(
        office.publication.key,
        article,
        verdict=judgement.verdict,
        likeness=likeness,
        hints=judgement.hints,
        abstract=judgement.abstract,
        state=state,
    )
    remember(office, unit, article, trace)
    return Outcome(
        name=submission.name,
        fate=fate,
        title=article.title,
        reason=reason,
        source=submission.sha256,
        article=article.id,
        section=judgement.verdict.section,
    )


def _fate(verdict: Verdict, likeness: Likeness) -> tuple[ArticleState, Fate, str]:
    # The words that decided are in the verdict; a table of a hundred pieces shows the rule alone.
    why = verdict.reasons[0].text if verdict.reasons else "没有可说的依据"
    if likeness.duplicate_of:
        return ArticleState.DUPLICATE, Fate.DUPLICATE, "；".join(reason_texts(likeness.reasons))
    if verdict.section == REJECTED:
        return ArticleState.REJECTED, Fate.REJECTED, why
    if verdict.section == PENDING:
        options = " 或 ".join(name for name, _ in verdict.candidates[:2])
        return ArticleState.NEW, Fate.PENDING, f"拿不准：{options}；{why}"
    return ArticleState.NEW, Fate.TAKEN, why


def _duplicate_reason(office: Office, unit: Transaction, likeness: Likeness) -> str:
    """Of which article it is a duplicate, and where that one was printed."""
    from services.numbers import label_of

    first = unit.articles.get(office.publication.key, likeness.duplicate_of or "")
    published = first.state is ArticleState.PUBLISHED
    where = f"已刊于{label_of(office, unit, first.issue)}" if published else ""
    where = "那是一篇旧稿" if first.state is ArticleState.OLD else where
    detail = "；".join(reason_texts(likeness.reasons)[:1])
    return f"与《{first.title}》重复（相似 {likeness.similarity:.0%}）" + "".join(
        f"；{p}" for p in (where, detail) if p
    )


def _reason(error: BulletinError) -> str:
    return f"{error.message}；{error.advice}" if error.advice else error.message
