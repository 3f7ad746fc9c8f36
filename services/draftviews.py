"""A draft as the desk shows it: sections with their quotas, length in pages and characters, what waits in the pool."""

from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.assembly import Wish
from bulletin.model import PENDING, REJECTED, Entry, Frozen, Issue
from services.arranging import behind
from services.context import Office
from services.publish import FREE
from services.records import reason_texts
from services.stages import Stage, Standing, standing
from services.typesetting import ESTIMATED, PAGE_COUNT
from store.database import Transaction
from store.records import ArticleFilter, ArticleRecord, ArticleRow, ArticleState, IssueRecord, IssueRow, IssueState

if TYPE_CHECKING:
    from builders.style import HouseStyle

WAITING = 20
"""Articles of the pool on one page of the list beside the draft."""
KEPT = 32


class Row(Frozen):
    """One entry of the draft."""

    id: str
    entry: Entry
    place: int
    """From 1 in its section."""
    characters: int
    page: int
    """On which it begins; 0 where that is not known."""
    pinned: bool
    behind: bool
    """Whether its text was edited in the pool since."""
    must: int
    """Hints of the pool that stand open."""
    reasons: tuple[str, ...]


class Part(Frozen):
    """One section of the publication, filled or empty."""

    name: str
    quota: int
    limit: int
    """Characters it takes at the most; 0 for no limit."""
    rows: tuple[Row, ...]
    characters: int

    @property
    def over(self) -> bool:
        return len(self.rows) > self.quota or bool(self.limit and self.characters > self.limit)


class DraftView(Frozen):
    record: IssueRow
    note: str
    parts: tuple[Part, ...]
    standing: Standing
    characters: int
    pages: int
    exact: bool
    """Whether the number of pages is that of a real layout."""

    @property
    def open(self) -> bool:
        return self.record.state is IssueState.DRAFT

    @property
    def count(self) -> int:
        return sum(len(part.rows) for part in self.parts)


class Waiting(Frozen):
    """An article that could still be put in, and why it was not."""

    row: ArticleRow
    reason: str


class WaitingPage(Frozen):
    rows: tuple[Waiting, ...]
    total: int


class DraftLine(Frozen):
    """One draft in the list of drafts."""

    row: IssueRow
    articles: int
    standing: Standing


def view(office: Office, issue_id: int) -> DraftView:
    """The draft with all that the page of the arrangement shows."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
        articles = {one.id: one for one in unit.articles.records(key, [e.article for e in record.issue.entries])}
        where = standing(unit, key, record)
    count, exact = page_count(office, record)
    parts = tuple(_parts(office, record, articles))
    return DraftView(
        record=IssueRow.model_validate(record.model_dump(include=set(IssueRow.model_fields))),
        note=record.issue.note,
        parts=parts,
        standing=where,
        characters=sum(part.characters for part in parts),
        pages=count,
        exact=exact,
    )


def _parts(office: Office, record: IssueRecord, articles: dict[str, ArticleRecord]) -> list[Part]:
    standing_ = {section.name: section.entries for section in record.issue.sections}
    rules = {rule.name: (rule.quota, rule.characters) for rule in office.publication.sections}
    for name in standing_:
        # A section that the publication has given up since is still shown, and printed.
        rules.setdefault(name, (0, 0))
    pages = _article_pages(office, record)
    parts, place = [], 0
    for name, (quota, limit) in rules.items():
        rows = []
        for at, entry in enumerate(standing_.get(name, ()), 1):
            place += 1
            rows.append(_row(entry, at, pages.get(f"article{place}", 0), articles.get(entry.article)))
        total = sum(row.characters for row in rows)
        parts.append(Part(name=name, quota=quota, limit=limit, rows=tuple(rows), characters=total))
    return parts


def _row(entry: Entry, place: int, page: int, article: ArticleRecord | None) -> Row:
    return Row(
        id=entry.article,
        entry=entry.model_copy(update={"blocks": ()}),
        place=place,
        characters=length_of(entry),
        page=page,
        pinned=bool(article and article.wish.pin),
        behind=bool(article and behind(entry, article)),
        must=article.hints_open if article else 0,
        reasons=_reasons(article),
    )


def _reasons(article: ArticleRecord | None) -> tuple[str, ...]:
    """Why it stands where it does: its section, its rank."""
    if article is None or article.verdict is None:
        return ()
    if article.verdict.by_editor:
        return (f"栏目由编辑定为“{article.section}”",)
    sure = f"归入“{article.section}”，把握 {article.confidence:.0%}"
    return (sure, *reason_texts(article.verdict.reasons[:3]))


def length_of(entry: Entry) -> int:
    """Characters of an entry's text as printed, blanks aside."""
    return sum(len("".join(block.plain.split())) for block in entry.blocks)


# ---------------------------------------------------------------- pages


def page_count(office: Office, record: IssueRecord) -> tuple[int, bool]:
    """The number of pages, and whether it is that of a real layout of the draft as it stands."""
    if PAGE_COUNT in record.pages:
        return record.pages[PAGE_COUNT], ESTIMATED not in record.pages
    return _estimated(record.issue, office.style)[1], False


def _article_pages(office: Office, record: IssueRecord) -> dict[str, int]:
    return dict(record.pages) or dict(_estimated(record.issue, office.style)[0])


@lru_cache(maxsize=KEPT)
def _estimated(issue: Issue, style: "HouseStyle") -> tuple[tuple[tuple[str, int], ...], int]:
    from builders.pages import estimate

    guess = estimate(issue, style, {})
    return tuple(guess.pages.items()), guess.page_count


# ---------------------------------------------------------------- lists


def waiting(office: Office, section: str = "", words: str = "", page: int = 1) -> WaitingPage:
    """The articles that could be put in: free ones of a section (of any where empty), 待定 or 不采用, newest first."""
    key = office.publication.key
    asked = ArticleFilter(states=_states(section), sections=_sections(office, section), title=words.strip())
    with office.store.reading() as unit:
        found = unit.articles.find(key, asked, limit=WAITING, offset=(page - 1) * WAITING)
    return WaitingPage(rows=tuple(Waiting(row=row, reason=_why_waiting(row)) for row in found.rows), total=found.total)


def _states(section: str) -> tuple[ArticleState, ...]:
    return (ArticleState.REJECTED,) if section == REJECTED else FREE


def _sections(office: Office, section: str) -> tuple[str, ...]:
    if section == REJECTED:
        return ()
    return (section,) if section else (*office.publication.section_names, PENDING)


def _why_waiting(row: ArticleRow) -> str:
    if row.wish.exclude:
        return "编辑移出本期"
    if row.section == PENDING:
        return "栏目待定"
    if row.state is ArticleState.REJECTED:
        return "机器判为不采用" if row.wish == Wish() else "不采用"
    return "栏目已满，备用" if row.state is ArticleState.SPARE else "新来稿"


def drafts(office: Office) -> tuple[DraftLine, ...]:
    """The open drafts, newest first."""
    key = office.publication.key
    with office.store.reading() as unit:
        return tuple(_line(unit, key, row) for row in unit.issues.find(key, state=IssueState.DRAFT))


def to_sign(office: Office) -> tuple[DraftLine, ...]:
    """The drafts that wait for a signature."""
    return tuple(line for line in drafts(office) if line.standing.stage is Stage.SUBMITTED)


def _line(unit: Transaction, publication: str, row: IssueRow) -> DraftLine:
    record = unit.issues.get(publication, row.id)
    return DraftLine(row=row, articles=len(record.issue.entries), standing=standing(unit, publication, record))
