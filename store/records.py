"""What the store gives back: frozen values, one for each kind of row."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from bulletin.assembly import Wish
from bulletin.model import (
    Article,
    Channel,
    Frozen,
    Hint,
    Issue,
    IssueNumber,
    Likeness,
    Verdict,
)

# ---------------------------------------------------------------- submissions


class SubmissionState(StrEnum):
    RECEIVED = "received"
    READ = "read"
    REFUSED = "refused"


class Receipt(Frozen):
    """One arrival of some bytes: who sent them, under which name, when."""

    sha256: str
    name: str
    channel: Channel
    unit: str
    origin: str
    received: datetime


class SubmissionRecord(Frozen):
    """A submission without its bytes, which are in the archive of files under `sha256`."""

    sha256: str
    name: str
    media_type: str
    channel: Channel
    unit: str
    origin: str
    received: datetime
    size: int
    state: SubmissionState
    code: str = ""
    """Code of the error that refused it; with its message and advice in Chinese."""
    message: str = ""
    advice: str = ""
    parent: str = ""
    """SHA-256 of the container it came in."""


# ---------------------------------------------------------------- the pool


class ArticleState(StrEnum):
    NEW = "new"
    SPARE = "spare"
    USED = "used"
    PUBLISHED = "published"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    OLD = "old"
    """Brought in with the archive: searched and compared with, never printed again."""

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    ArticleState.NEW: "待编",
    ArticleState.SPARE: "备用",
    ArticleState.USED: "采用",
    ArticleState.PUBLISHED: "已刊",
    ArticleState.REJECTED: "不采用",
    ArticleState.DUPLICATE: "重复",
    ArticleState.OLD: "旧稿",
}

IN_ISSUE = frozenset({ArticleState.USED, ArticleState.PUBLISHED})
"""The states that only an issue gives and takes."""


class ArticleRow(Frozen):
    """An article as a list shows it."""

    id: str
    source: str
    title: str
    unit: str
    author: str
    date: date | None
    length: int
    """Characters of the body."""
    section: str
    confidence: float
    state: ArticleState
    issue: int | None
    """Id of the issue it stands in."""
    duplicate_of: str | None
    family: str
    """Id of the first of the articles that are versions of one another."""
    hints_open: int
    """How many hints stand open."""
    abstract: str
    created: datetime
    updated: datetime
    version: int
    wish: Wish


class ArticleRecord(ArticleRow):
    """An article with all that is known of it."""

    article: Article
    verdict: Verdict | None = None
    likeness: Likeness | None = None
    hints: tuple[Hint, ...] = ()
    undone: tuple[str, ...] = ()
    """Keys of the cleaning changes that an editor took back."""


class ArticleChange(Frozen):
    """New values for an article; None leaves one as it is."""

    article: Article | None = None
    verdict: Verdict | None = None
    likeness: Likeness | None = None
    hints: tuple[Hint, ...] | None = None
    undone: tuple[str, ...] | None = None
    abstract: str | None = None
    wish: Wish | None = None
    state: ArticleState | None = None
    family: str | None = None


class Edit(Frozen):
    """One edit of an article: what it held before."""

    version: int
    """The version that the edit replaced."""
    at: datetime
    who: str
    act: str
    before: ArticleChange


class ArticleSort(StrEnum):
    CREATED = "created"
    DATE = "date"
    TITLE = "title"
    LENGTH = "length"
    CONFIDENCE = "confidence"


class ArticleFilter(Frozen):
    """Which articles a list shows: all conditions hold; an empty one asks nothing."""

    states: tuple[ArticleState, ...] = ()
    sections: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    family: str = ""
    issue: int | None = None
    since: date | None = None
    """First day, by the article's own date."""
    until: date | None = None
    title: str = ""
    """Words that stand in the title."""
    words: str = ""
    """Words, parted by blanks, that all stand in title or text; of very many the most recently stored."""


class ArticlePage(Frozen):
    rows: tuple[ArticleRow, ...]
    total: int


# ---------------------------------------------------------------- issues


class IssueState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"


class IssueRow(Frozen):
    """An issue as a list shows it."""

    id: int
    publication: str
    number: IssueNumber
    period: str | None
    """The week or day it was compiled for; None for an imported one."""
    state: IssueState
    fixed: bool
    """Whether an editor named the number; else it follows the ledger."""
    date: date
    revision: int
    version: int
    imported: bool
    source: str | None
    """SHA-256 of the file an imported issue was read from."""
    docx: str | None
    """SHA-256 of the DOCX; None for a draft that was changed since it was built."""
    signed_by: str
    created: datetime
    updated: datetime
    signed: datetime | None


class IssueRecord(IssueRow):
    """An issue with its content and the pages of its bookmarks."""

    issue: Issue
    pages: Mapping[str, int] = Field(default_factory=dict)


class Revision(Frozen):
    """One printing of an issued issue, never changed afterwards."""

    issue_id: int
    revision: int
    reason: str
    who: str
    at: datetime
    docx: str | None
    pages: Mapping[str, int]
    issue: Issue


# ---------------------------------------------------------------- search, feedback, outbox, audit


class Hit(Frozen):
    """One text that holds what was searched for."""

    kind: str
    """article: in the pool; entry: in an issued issue."""
    owner: str
    """Id of the article, or of the issue as a string."""
    position: int
    """Which entry of the issue; 0 for an article."""
    title: str
    unit: str
    date: date | None
    passages: tuple[tuple[tuple[str, bool], ...], ...] = ()
    """Each passage as pieces of text, with whether the piece is a match."""


class Hits(Frozen):
    hits: tuple[Hit, ...]
    total: int
    """How many there are, counted up to the limit of `store.search.MOST`."""


class Correction(Frozen):
    """An editor's last word on an article."""

    article: str
    was: str
    now: str
    who: str
    at: datetime


class MessageState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Message(Frozen):
    """What is to be sent, once, to one recipient."""

    channel: str
    """mail, or the kind of a webhook."""
    recipient: str
    subject: str = ""
    text: str = ""
    attachments: tuple[tuple[str, str], ...] = ()
    """File name and SHA-256 of each."""
    about: tuple[str, ...] = ()
    """What the recipient learns by it (the id and state of an article): nobody is told twice."""


class MessageRecord(Frozen):
    id: int
    publication: str
    key: str
    state: MessageState
    attempts: int
    error: str
    due: datetime
    created: datetime
    updated: datetime
    message: Message


class AuditEntry(Frozen):
    at: datetime
    publication: str
    who: str
    act: str
    subject: str
    detail: str


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Run(Frozen):
    id: int
    publication: str
    kind: str
    period: str
    state: RunState
    started: datetime
    ended: datetime | None
    note: str
