"""What people send in through the desk, and what became of it, for the eyes of whoever asks.

A contributor sees the pieces that his account sent in or that came from his unit, and nothing of
anybody else's: not even the title of the article that his own repeats.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from bulletin.errors import BulletinError, EmptyError, NotFoundError
from bulletin.model import PENDING, REJECTED, Channel, Frozen, Submission
from services.context import Office
from services.intake import read_batch, store_submissions
from services.records import reason_texts
from store.account_records import Account, Role
from store.database import Transaction
from store.records import ArticleFilter, ArticleRecord, ArticleState, IssueState, SubmissionRecord, SubmissionState

GROUP = 8
"""Submissions read in one go: few enough to show progress, enough for LibreOffice to start once."""
PAGE = 30


class Arrival(Frozen):
    """One file as it came in: stored under `sha256`, or refused at the door with a `problem`."""

    name: str
    sha256: str = ""
    problem: str = ""
    known: bool = False
    """Whether the same bytes had been received before."""
    twin: str = ""
    """The name under which the same bytes came in with it."""


class Tone(StrEnum):
    GOOD = "good"
    WAITING = "info"
    SPARE = ""
    DOUBT = "warn"
    BAD = "bad"


class PieceFate(Frozen):
    """What became of one piece, in the words of the one who asks."""

    title: str
    label: str
    tone: Tone
    reason: str = ""
    article: str = ""
    section: str = ""


class SubmissionFate(Frozen):
    """What became of one file."""

    sha256: str
    name: str
    unit: str
    sender: str
    received: datetime
    label: str
    tone: Tone
    reason: str = ""
    pieces: tuple[PieceFate, ...] = ()


# ---------------------------------------------------------------- sending in


def submit(office: Office, account: Account, files: Iterable[tuple[str, str, bytes]]) -> tuple[Arrival, ...]:
    """What came of each file (path as the browser says, media type, bytes), containers opened; none is read yet.

    The unit is the account's own where it has one; else the outermost folder that names one.
    """
    from collectors.names import unit_of

    found: list[Submission] = []
    for path, media_type, content in files:
        folders, name = _parts(path)
        found.append(
            Submission(
                name=name,
                content=content,
                media_type=media_type,
                channel=Channel.UPLOAD,
                unit=account.unit or unit_of(folders),
                received=office.now(),
            )
        )
    return _receive(office, account, found)


def submit_text(office: Office, account: Account, title: str, text: str) -> tuple[Arrival, ...]:
    """What came of a pasted text; its first line is its title where none is given. Raises EmptyError."""
    if not text.strip():
        raise EmptyError("没有粘贴文字")
    lines = [title.strip(), text.strip()] if title.strip() else [text.strip()]
    name = (title.strip() or text.strip().splitlines()[0])[:40].replace("/", "／")
    return submit(office, account, [(f"{name}.txt", "text/plain", "\n".join(lines).encode())])


def submit_link(office: Office, account: Account, address: str) -> tuple[Arrival, ...]:
    """What came of the page, list or feed at an address; addresses inside the own network are refused."""
    from services.web import fetch_all

    settings = office.settings.model_copy(update={"fetch_private": False})
    arrivals: list[Arrival] = []
    found: list[Submission] = []
    for item in fetch_all(address.strip(), settings):
        if isinstance(item, BulletinError):
            arrivals.append(_refused(item, address))
        else:
            found.append(item.model_copy(update={"unit": account.unit or item.unit, "channel": Channel.URL}))
    return (*arrivals, *_receive(office, account, found))


def _parts(path: str) -> tuple[list[str], str]:
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return parts[:-1], parts[-1] if parts else "未命名"


def _receive(office: Office, account: Account, found: Sequence[Submission]) -> tuple[Arrival, ...]:
    from collectors.containers import expand

    arrivals: list[Arrival] = []
    members: list[Submission] = []
    for submission in found:
        for member in expand(submission):
            if isinstance(member, BulletinError):
                arrivals.append(_refused(member, submission.name))
            else:
                members.append(member)
    # One that could not be read is told as such, with the reason.
    known = {outcome.source for outcome in store_submissions(office, members) if not outcome.code}
    with office.store.transaction() as unit:
        key = office.publication.key
        unit.uploads.add(key, account.name, [(member.sha256, member.name) for member in members])
        detail = "、".join(member.name for member in members)[:500]
        unit.audit.write(key, account.shown, "收稿", f"{len(members)} 份", detail)
    first: dict[str, Submission] = {}
    for member in members:
        twin = first.setdefault(member.sha256, member)
        name = "" if twin is member else twin.name
        arrivals.append(Arrival(name=member.name, sha256=member.sha256, known=member.sha256 in known, twin=name))
    return tuple(arrivals)


def _refused(error: BulletinError, name: str) -> Arrival:
    problem = f"{error.message}；{error.advice}" if error.advice else error.message
    return Arrival(name=error.subject or name, problem=problem)


def read_arrivals(office: Office, hashes: Sequence[str], advance: Callable[[int, int], None]) -> None:
    """Reads those of the files that are still waiting, in groups; `advance` is told how many are done."""
    for start in range(0, len(hashes), GROUP):
        advance(start, len(hashes))
        group = hashes[start : start + GROUP]
        with office.store.reading() as unit:
            known = unit.submissions.known(office.publication.key, group)
        # In the order in which they were sent: of two versions the first one counts.
        found = [known[sha256] for sha256 in dict.fromkeys(group) if sha256 in known]
        todo = [record for record in found if record.state is SubmissionState.RECEIVED]
        if todo:
            read_batch(office, todo)
    advance(len(hashes), len(hashes))


# ---------------------------------------------------------------- what became of it


def fates(
    office: Office, viewer: Account, *, state: SubmissionState | None = None, page: int = 1
) -> tuple[SubmissionFate, ...]:
    """One page of what was received, newest first: everything, or a contributor's own."""
    key, offset = office.publication.key, (max(page, 1) - 1) * PAGE
    with office.store.reading() as unit:
        if viewer.role is Role.CONTRIBUTOR:
            hashes: Sequence[str] = unit.uploads.own(key, viewer.name, viewer.unit, limit=PAGE, offset=offset)
        else:
            found = unit.submissions.find(key, state=state, limit=PAGE, offset=offset)
            hashes = [record.sha256 for record in found]
        return _fates(office, unit, viewer, hashes)


def fates_of(office: Office, viewer: Account, hashes: Sequence[str]) -> tuple[SubmissionFate, ...]:
    """What became of these files, which the viewer is known to have sent in."""
    with office.store.reading() as unit:
        return _fates(office, unit, viewer, hashes)


def _fates(office: Office, unit: Transaction, viewer: Account, hashes: Sequence[str]) -> tuple[SubmissionFate, ...]:
    key = office.publication.key
    known = unit.submissions.known(key, list(hashes))
    senders = unit.uploads.senders(key, list(hashes))
    people = {one.name: one.shown for one in unit.accounts.find()} if viewer.role is not Role.CONTRIBUTOR else {}
    articles: dict[str, list[ArticleRecord]] = {}
    ids = unit.articles.ids(key, ArticleFilter(sources=tuple(hashes))) if hashes else ()
    for record in unit.articles.records(key, ids):
        articles.setdefault(record.source, []).append(record)
    plans = unit.plans.titles(key, list(hashes))
    found = []
    for sha256 in dict.fromkeys(hashes):
        if sha256 not in known:
            continue
        pieces = tuple(_piece_fate(unit, key, viewer, record) for record in articles.get(sha256, ()))
        if sha256 in plans:
            plan = PieceFate(title=plans[sha256], label="学习计划", tone=Tone.SPARE, reason="不刊登，已作为数据保存")
            pieces = (*pieces, plan)
        own = [sent for sent in senders.get(sha256, ()) if sent.account == viewer.name]
        sent = own or list(senders.get(sha256, ()))
        sender = people.get(sent[0].account, "") if sent else ""
        found.append(_submission_fate(known[sha256], pieces, sender, own[0].name if own else ""))
    return tuple(found)


def _submission_fate(record: SubmissionRecord, pieces: tuple[PieceFate, ...], sender: str, name: str) -> SubmissionFate:
    label, tone, reason = "已读取", Tone.GOOD, ""
    if record.state is SubmissionState.RECEIVED:
        label, tone = "等待读取", Tone.WAITING
    elif record.state is SubmissionState.REFUSED:
        label, tone, reason = "未能读取", Tone.BAD, "；".join(part for part in (record.message, record.advice) if part)
    elif not pieces:
        label, tone, reason = "没有新稿", Tone.SPARE, "往期简报或其中没有可刊登的文字"
    return SubmissionFate(
        sha256=record.sha256,
        name=name or record.name,
        unit=record.unit,
        sender=sender,
        received=record.received,
        label=label,
        tone=tone,
        reason=reason,
        pieces=pieces,
    )


def _piece_fate(unit: Transaction, key: str, viewer: Account, record: ArticleRecord) -> PieceFate:
    label, tone, reason = _fate(unit, key, viewer, record)
    contributor = viewer.role is Role.CONTRIBUTOR
    return PieceFate(
        title=record.title or "（无标题）",
        label=label,
        tone=tone,
        reason=reason,
        article="" if contributor else record.id,
        section=record.section if record.section not in (REJECTED, PENDING) else "",
    )


def _fate(unit: Transaction, key: str, viewer: Account, record: ArticleRecord) -> tuple[str, Tone, str]:
    """Label, tone and reason."""
    match record.state:
        case ArticleState.PUBLISHED | ArticleState.USED if record.issue:
            issue = unit.issues.get(key, record.issue)
            if issue.state is IssueState.ISSUED:
                return f"采用于{issue.number.label}", Tone.GOOD, ""
            return "已选用", Tone.GOOD, "编入下一期，待签发"
        case ArticleState.DUPLICATE:
            return "未采用", Tone.SPARE, _duplicate(unit, key, viewer, record)
        case ArticleState.REJECTED:
            return "未采用", Tone.SPARE, _why(record)
        case ArticleState.SPARE:
            return "备用", Tone.WAITING, "本期未排上，留待下期"
        case ArticleState.OLD:
            return "旧稿", Tone.SPARE, "只供检索和查重，不再刊登"
    if record.section == PENDING:
        return "待编", Tone.DOUBT, "栏目待编辑确定"
    return "待编", Tone.WAITING, ""


def _why(record: ArticleRecord) -> str:
    if record.verdict is None:
        return ""
    if record.verdict.by_editor:
        return "编辑决定不采用"
    return "；".join(reason_texts(record.verdict.reasons)[:2])


def _duplicate(unit: Transaction, key: str, viewer: Account, record: ArticleRecord) -> str:
    likeness = record.likeness
    share = f"（相似 {likeness.similarity:.0%}）" if likeness else ""
    first = unit.articles.records(key, [record.duplicate_of or ""])
    if not first:
        return f"与已有稿件重复{share}"
    known = viewer.role is not Role.CONTRIBUTOR or _is_own(unit, key, viewer, first[0].source)
    return f"与{f'《{first[0].title}》' if known else '已有稿件'}重复{share}"


def _is_own(unit: Transaction, key: str, viewer: Account, sha256: str) -> bool:
    """Whether the file came from the viewer or his unit."""
    record = unit.submissions.known(key, [sha256]).get(sha256)
    if record and viewer.unit and record.unit == viewer.unit:
        return True
    return viewer.name in {sent.account for sent in unit.uploads.senders(key, [sha256]).get(sha256, ())}


def downloadable(office: Office, viewer: Account, sha256: str) -> tuple[str, bytes]:
    """Name and bytes of a file as received; NotFoundError where the viewer may not have it."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.submissions.get(key, sha256)
        if viewer.role is Role.CONTRIBUTOR and not _is_own(unit, key, viewer, sha256):
            raise NotFoundError("没有这份来稿", subject=sha256)
    return record.name, office.store.files.get(sha256)
