"""The values that flow through the pipeline, all frozen.

    Submission -> Document -> Article -> Verdict -> Issue -> bytes -> archive
    (来稿)        (读出)      (稿件)     (栏目/查重) (一期)    (成品)   (归档)

Readers and builders meet here and nowhere else. Dates are days (`datetime.date`), moments are
aware datetimes, text is NFC Unicode without line breaks inside a block.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

REJECTED = "不采用"
"""The section of an article that no section takes."""

PENDING = "待定"
"""The section of an article whose verdict is too uncertain to act on."""


class Frozen(BaseModel):
    """A value: immutable, compared by content, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- what arrives


class Channel(StrEnum):
    FOLDER = "folder"
    UPLOAD = "upload"
    MAIL = "mail"
    FEED = "feed"
    URL = "url"
    ARCHIVE = "archive"
    """Old material, brought in to be searched and compared with; it is not printed again."""


class Submission(Frozen):
    """Bytes exactly as received, with where they came from."""

    name: str
    content: bytes = Field(repr=False)
    channel: Channel = Channel.FOLDER
    media_type: str = ""
    unit: str = ""
    origin: str = ""
    """Path, address or message id; for a member of a container, `container!member`."""
    received: dt.datetime | None = None

    @cached_property
    def sha256(self) -> str:
        """The name under which the bytes are stored."""
        return hashlib.sha256(self.content).hexdigest()


# ---------------------------------------------------------------- what is read out


class BlockType(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    IMAGE = "image"


class Role(StrEnum):
    """What a paragraph is in its article, where it is not plain body."""

    BODY = "body"
    SUBTITLE = "subtitle"
    BYLINE = "byline"
    KEYWORDS = "keywords"
    SIGNATURE = "signature"
    DATE = "date"
    NOTE = "note"
    QUOTE = "quote"


class Block(Frozen):
    """One heading, paragraph, table or image.

    `at` names the blocks of the reader's raw document that it was made from, so that every
    printed paragraph can be traced back; a paragraph joined over a page break has two.
    """

    type: BlockType = BlockType.PARAGRAPH
    text: str = ""
    """The text of a heading or paragraph; the caption of a table or image."""
    level: int = 0
    """Heading: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）. Paragraph: level of its run-in heading."""
    lead: int = 0
    """How many characters of `text` are a run-in heading; 0 where there is none."""
    role: Role = Role.BODY
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    picture: str = ""
    """SHA-256 of the picture's bytes, kept beside the document."""
    alt: str = ""
    at: tuple[int, ...] = ()

    @property
    def plain(self) -> str:
        """All visible text of the block, cells one a line."""
        if not self.rows:
            return self.text
        cells = [cell for row in self.rows for cell in row]
        return "\n".join(part for part in (self.text, *cells) if part)


class Change(Frozen):
    """One thing that reading or cleaning took away, joined or replaced, so that it can be shown and undone."""

    rule: str
    """Stable code: which rule did it."""
    reason: str
    """The same in Chinese, for the editor."""
    before: str
    after: str = ""
    at: int = 0
    """Index of the raw block it happened in (the first of two that were joined)."""
    start: int = 0
    """Offset of `before` in the text of that raw block."""

    @property
    def key(self) -> str:
        """A name that is the same in every run over the same document."""
        seed = f"{self.rule}|{self.at}|{self.start}|{self.before}|{self.after}"
        return hashlib.sha256(seed.encode()).hexdigest()[:12]


NEW_PAGE = 9
"""Empty lines as which the beginning of a page counts."""


class Document(Frozen):
    """What one reader saw in one submission, before any cleaning.

    The reader removes only what belongs to the carrier (site furniture, running heads, markup)
    and says so in `changes`.
    """

    source: str
    """SHA-256 of the submission."""
    name: str
    format: str
    """Key of the row in the format table: docx, html, txt ..."""
    blocks: tuple[Block, ...] = ()
    title: str = ""
    subtitle: str = ""
    unit: str = ""
    author: str = ""
    date: dt.date | None = None
    place: str = ""
    keywords: tuple[str, ...] = ()
    address: str = ""
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = Field(default_factory=dict, repr=False)
    """The bytes of each picture, by SHA-256."""
    looks: Mapping[int, str] = Field(default_factory=dict, repr=False)
    """How short paragraphs that are set otherwise than the text are set, by raw block: what is set alike has one name."""
    gaps: Mapping[int, int] = Field(default_factory=dict, repr=False)
    """How many empty lines stand above a raw block; a new page or a rule counts as `NEW_PAGE`."""


# ---------------------------------------------------------------- what can be published


class Article(Frozen):
    """One publishable piece (稿件)."""

    source: str
    """SHA-256 of the submission it came in."""
    part: int = 0
    """Which piece of that submission: 0, 1, 2 ..."""
    name: str = ""
    title: str = ""
    subtitle: str = ""
    unit: str = ""
    author: str = ""
    date: dt.date | None = None
    place: str = ""
    keywords: tuple[str, ...] = ()
    address: str = ""
    blocks: tuple[Block, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A short name that the same piece of the same submission always gets."""
        return f"{self.source[:12]}-{self.part}"

    @property
    def body(self) -> str:
        """The text of all blocks, one a line."""
        return "\n".join(filter(None, [block.plain for block in self.blocks]))


class Topic(Frozen):
    number: str
    title: str
    text: str = ""


class Session(Frozen):
    """One row of a plan's schedule."""

    number: str = ""
    when: str = ""
    content: str = ""
    form: str = ""


class StudyPlan(Frozen):
    """A unit's study plan (学习计划): kept as data, never printed."""

    source: str
    name: str = ""
    title: str = ""
    organisation: str = ""
    year: int | None = None
    date: dt.date | None = None
    requirements: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    schedule: tuple[Session, ...] = ()
    blocks: tuple[Block, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()


# ---------------------------------------------------------------- what is judged


class Reason(Frozen):
    """Why: the rule, what it says in Chinese, the words that decided and how much they weighed."""

    rule: str
    text: str
    evidence: str = ""
    weight: float = 0.0


class Verdict(Frozen):
    """Into which section an article goes."""

    section: str
    confidence: float
    candidates: tuple[tuple[str, float], ...] = ()
    """Section and probability, the likeliest first."""
    reasons: tuple[Reason, ...] = ()
    by_editor: bool = False


class Likeness(Frozen):
    """Whether an article is one that is already known."""

    duplicate_of: str | None = None
    """Id of the article it repeats, or None for the first of its kind."""
    similarity: float = 0.0
    passages: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class HintLevel(StrEnum):
    MUST = "必改"
    LIKELY = "疑似"
    NOTE = "提示"


class Hint(Frozen):
    """One proofreading hint; it never changes the text."""

    rule: str
    level: HintLevel
    block: int
    """Index of the block; -1 for the title."""
    span: tuple[int, int]
    text: str
    suggestion: str = ""
    message: str = ""


# ---------------------------------------------------------------- what is printed


class Series(StrEnum):
    REGULAR = "正刊"
    EXTRA = "增刊"


class NumberScheme(StrEnum):
    TOTAL = "total"
    YEARLY = "yearly"
    BOTH = "both"


class IssueNumber(Frozen):
    """第455期, 2023年第12期, or 2023年第12期（总第455期）.

    `total` counts from the first issue of the series, `in_year` from the first of the year.
    """

    series: Series = Series.REGULAR
    total: int | None = None
    year: int | None = None
    in_year: int | None = None

    @property
    def key(self) -> int:
        """The number people call the issue by, within its series."""
        number = self.total if self.total is not None else self.in_year
        if number is None:
            raise ValueError("an issue number needs a total or a number in the year")
        return number

    @property
    def label(self) -> str:
        """As printed in the masthead: 第455期."""
        extra = Series.EXTRA.value if self.series is Series.EXTRA else ""
        if self.in_year is None:
            return f"{extra}第{self.total}期"
        label = f"{self.year}年{extra}第{self.in_year}期"
        return f"{label}（总第{self.total}期）" if self.total is not None else label


class Entry(Frozen):
    """One article as printed."""

    title: str
    subtitle: str = ""
    unit: str = ""
    author: str = ""
    date: dt.date | None = None
    note: str = ""
    """编者按 before the article."""
    blocks: tuple[Block, ...] = ()
    article: str = ""
    """Id of the article in the pool; empty for an imported issue."""
    contents_title: str = ""
    """The title in the contents, where it differs from the one in the body."""


class Section(Frozen):
    name: str
    entries: tuple[Entry, ...] = ()


class Distribution(Frozen):
    """报 (superiors), 送 (peers), 发 (subordinates), one recipient or group of recipients a string."""

    report: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()

    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lines to print, label and recipients, empty ones left out."""
        every = (("报", self.report), ("送", self.send), ("发", self.issue))
        return tuple((label, names) for label, names in every if names)


class Issue(Frozen):
    """One issue as printed: everything a builder needs, nothing it must look up."""

    publication: str
    """Name in the masthead; a space marks where its lines break."""
    number: IssueNumber
    date: dt.date
    issuer: str
    sections: tuple[Section, ...] = ()
    distribution: Distribution = Distribution()
    note: str = ""
    """编者按 of the whole issue."""
    copies: int | None = None
    secrecy: str = ""
    """密级 and term, or 内部资料: printed at the top left."""
    copy_number: str = ""
    """份号: printed at the top right."""
    printed_by: str = ""
    """印发 unit where it is not the issuer."""
    revision: int = 0
    """0 for the first printing, then 1, 2 ... for corrections."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)


class BackIssue(Frozen):
    """A past issue as read from a file, for the archive."""

    source: str
    name: str = ""
    issue: Issue
    first: int = 0
    """How many entries stand before its own in the file, where that holds several issues."""
    around: tuple[Block, ...] = ()
    """Masthead, note and contents of the issue, names of sections and 版记: what is printed and in no entry."""
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()


Piece = Article | BackIssue | StudyPlan
"""What a document can turn out to be."""


# ---------------------------------------------------------------- the publication


class SectionRule(Frozen):
    """A section of the publication: what it takes, how much of it, in which order."""

    name: str
    definition: str = ""
    quota: int = Field(default=8, ge=0)
    """How many articles an issue takes at the most."""
    characters: int = Field(default=0, ge=0)
    """How many characters an issue takes at the most; 0 for no limit."""


MOST_NUMBER = 999_999
"""Of an issue: no publication comes near it, and a slip of the pen is told before a database chokes on it."""


class Numbering(Frozen):
    scheme: NumberScheme = NumberScheme.TOTAL
    start: int = Field(default=1, ge=1, le=MOST_NUMBER)
    """The first total number, where the ledger knows no earlier one."""


class Publication(Frozen):
    """A publication (刊物): all that is its own, as data."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "default"
    name: Annotated[str, Field(pattern=r"\S")]
    issuer: str
    sections: tuple[SectionRule, ...]
    numbering: Numbering = Numbering()
    distribution: Distribution = Distribution()
    copies: int | None = None
    secrecy: str = ""
    printed_by: str = ""
    style: str = "default"
    """Name of its house style."""
    style_overrides: Mapping[str, str | float | bool] = Field(default_factory=dict)
    template: str = ""
    """File name of a DOCX in the folder `templates` of the home, whose masthead and styles are printed."""
    contents_pages: bool = False
    """Whether the contents carry page numbers."""
    issue_at_once: bool = False
    """Whether a compiled issue is issued without waiting for a signature."""
    level: Literal["central", "province", "city", "county"] = "province"
    """Level of the office that publishes it: what counts as 上级."""
    region: str = ""
    """Place the office answers for, as written in texts (江南省)."""
    threshold: float = Field(default=0.5, ge=0, le=1)
    """Below this confidence an article waits as 待定."""

    @property
    def section_names(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.sections)
