"""What was read and judged goes into the pool: one transaction a batch, each article compared with all before it."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bulletin.errors import BulletinError, StateError
from bulletin.model import PENDING, REJECTED, Article, BackIssue, Channel, Likeness, Piece, StudyPlan, Verdict
from services.context import Office
from services.duplicates import Pool
from services.examining import Examined
from services.outcomes import Fate, Outcome
from services.records import reason_texts
from store.database import Transaction
from store.records import ArticleChange, ArticleRecord, ArticleState, SubmissionState

log = logging.getLogger(__name__)


def save(office: Office, examined: Sequence[Examined], compared: dict[str, Article] | None = None) -> list[Outcome]:
    """What came of these submissions, saved in one transaction; `compared` keeps articles for the next ones of a run."""
    key = office.publication.key
    with office.store.transaction() as unit, Pool(office, unit, compared) as pool:
        known = unit.submissions.known(key, [one.record.sha256 for one in examined])
        # What another process has done meanwhile is left to it.
        todo = [one for one in examined if known[one.record.sha256].state is SubmissionState.RECEIVED]
        pool.expect(trace for one in todo for trace in one.traces.values())
        saving = _Saving(office, unit, pool)
        outcomes = [outcome for one in todo for outcome in saving.submission(one)]
        saving.write()
    for outcome in outcomes:
        ids = {"publication": key} | outcome.model_dump(include={"source", "article"})
        log.info("%s：%s", outcome.name, outcome.fate, extra={k: v for k, v in ids.items() if v})
    return outcomes


@dataclass
class _Saving:
    """One unit of work: articles and submissions are written together at its end."""

    office: Office
    unit: Transaction
    pool: Pool
    arrivals: list[ArticleChange] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.office.publication.key

    def write(self) -> None:
        """Writes down what has gathered."""
        self.unit.articles.add_all(self.key, self.arrivals)
        self.unit.submissions.read(self.key, self.read)
        self.arrivals.clear()
        self.read.clear()

    def submission(self, examined: Examined) -> Iterator[Outcome]:
        """What came of each of a submission's pieces."""
        submission, error = examined.record, examined.error
        if error:
            self.unit.submissions.refuse(self.key, submission.sha256, error)
            yield Outcome.refused(submission.name, error, source=submission.sha256)
            return
        outcomes = [self._piece(examined, piece) for piece in examined.pieces]
        refused = [o for o in outcomes if o.code]
        if refused and len(refused) == len(outcomes):
            self.unit.submissions.refuse(self.key, submission.sha256, StateError(refused[0].reason))
        else:
            self.read.append(submission.sha256)
        yield from outcomes

    def _piece(self, examined: Examined, piece: Piece) -> Outcome:
        submission = examined.record
        match piece:
            case Article():
                return self._article(examined, piece)
            case StudyPlan():
                self.unit.plans.add(self.key, piece)
                return Outcome(
                    name=submission.name,
                    fate=Fate.PLAN,
                    title=piece.title,
                    source=submission.sha256,
                    reason=f"学习计划不刊登，已作为数据保存（专题 {len(piece.topics)} 个，日程 {len(piece.schedule)} 项）",
                )
            case BackIssue():
                if submission.channel is not Channel.ARCHIVE:
                    return _past_issue(self.office, self.unit, examined, piece)
                # Its articles are known to those that come after it in this batch.
                outcome = _keep_past_issue(self.office, self.unit, examined, piece)
                self.pool.settle()
                return outcome

    def _article(self, examined: Examined, article: Article) -> Outcome:
        submission = examined.record
        judgement, trace = examined.judgements[article.id], examined.traces[article.id]
        likeness = self.pool.find_likeness(article, trace)
        state, fate, reason = _fate(judgement.verdict, likeness)
        if submission.channel is Channel.ARCHIVE and state is not ArticleState.DUPLICATE:
            state, fate, reason = ArticleState.OLD, Fate.OLD, "旧稿：可检索，用于查重，不再刊登"
        if likeness.duplicate_of:
            first = self._first(likeness.duplicate_of)
            likeness = likeness.model_copy(update={"duplicate_of": first.id})
            reason = _duplicate_reason(self.office, self.unit, likeness, first)
        self.arrivals.append(
            ArticleChange(
                article=article,
                verdict=judgement.verdict,
                likeness=likeness,
                hints=judgement.hints,
                abstract=judgement.abstract,
                state=state,
            )
        )
        self.pool.remember(article, trace)
        return Outcome(
            name=submission.name,
            fate=fate,
            title=article.title,
            reason=reason,
            source=submission.sha256,
            article=article.id,
            section=judgement.verdict.section,
        )

    def _first(self, id: str) -> ArticleRecord:
        """Of the versions of an article, the first."""
        # It may be one of those that are not written yet.
        self.write()
        found = self.unit.articles.get(self.key, id)
        return self.unit.articles.get(self.key, found.duplicate_of) if found.duplicate_of else found


def _keep_past_issue(office: Office, unit: Transaction, examined: Examined, piece: BackIssue) -> Outcome:
    """A past issue among old material goes into the archive, under its own number or not at all."""
    from services.pastissues import keep_issue

    submission, label = examined.record, piece.issue.number.label
    title = f"{piece.issue.publication} {label}"
    try:
        with unit.attempt():
            alone = examined.format == "docx" and len(examined.pieces) == 1
            _, new = keep_issue(office, unit, piece, submission.sha256 if alone else None)
    except BulletinError as error:
        return Outcome.refused(submission.name, error, title=title, source=submission.sha256)
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


def _duplicate_reason(office: Office, unit: Transaction, likeness: Likeness, first: ArticleRecord) -> str:
    """Of which article it is a duplicate, and where that one was printed."""
    from services.numbers import label_of

    published = first.state is ArticleState.PUBLISHED
    where = f"已刊于{label_of(office, unit, first.issue)}" if published else ""
    where = "那是一篇旧稿" if first.state is ArticleState.OLD else where
    detail = "；".join(reason_texts(likeness.reasons)[:1])
    return f"与《{first.title}》重复（相似 {likeness.similarity:.0%}）" + "".join(
        f"；{p}" for p in (where, detail) if p
    )
