"""What a signer wants to know before signing: each point as it stands, with the places that need a look."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from bulletin.model import Frozen, Hint, HintLevel, Issue
from bulletin.proofread import IssueHint, Lexicon, proofread_issue
from services.arranging import behind
from services.context import Office
from services.draftviews import length_of, page_count
from store.database import Transaction
from store.records import IssueRecord, IssueState

if TYPE_CHECKING:
    from builders.fonts import FontCheck
    from builders.style import HouseStyle

TITLE_LINES = 3
"""Lines that a title may take: 2号 holds 19 characters a line, and longer titles are read by nobody."""
KEPT = 32


class Mark(StrEnum):
    GOOD = "通过"
    LOOK = "请看一眼"
    STOP = "未通过"


class Finding(Frozen):
    """One place: which article (may be none) and what is to be seen there."""

    text: str
    article: str = ""
    title: str = ""


class Check(Frozen):
    name: str
    mark: Mark
    said: str
    findings: tuple[Finding, ...] = ()

    @property
    def places(self) -> tuple[tuple[Finding, tuple[str, ...]], ...]:
        """The findings by article in the order of the issue: the first, and what is to be seen in that article."""
        groups = [list(group) for _, group in groupby(self.findings, key=lambda one: (one.article, one.title))]
        return tuple((group[0], tuple(dict.fromkeys(one.text for one in group))) for group in groups)


def checklist(office: Office, issue_id: int) -> tuple[Check, ...]:
    """Every point of the list, in the order in which a signer reads."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
        earlier = _earlier(unit, key, record)
        fresh = _behind(unit, key, record)
    hints = _hints(record.issue, office.lexicon)
    return (
        *(_hinted(record.issue, hints, *point) for point in _POINTS),
        _long_titles(office, record.issue),
        fresh,
        _sections(office, record.issue),
        _pages(office, record),
        _fonts(office),
        earlier,
    )


def stopping(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The points that are not passed."""
    return tuple(check for check in checks if check.mark is Mark.STOP)


@lru_cache(maxsize=KEPT)
def _hints(issue: Issue, lexicon: Lexicon) -> tuple[IssueHint, ...]:
    return proofread_issue(issue, lexicon)


SPECIAL = {"unpaired", "contents-title"}
"""Rules that have a line of their own in the list."""
WORDS = 30
"""Characters of the place that are quoted."""


def _ordinary(level: HintLevel) -> Callable[[Hint], bool]:
    return lambda hint: hint.level is level and hint.rule not in SPECIAL


def _of_rule(rule: str) -> Callable[[Hint], bool]:
    return lambda hint: hint.rule == rule


_POINTS: tuple[tuple[str, Callable[[Hint], bool], Mark, str, str], ...] = (
    ("必改的差错", _ordinary(HintLevel.MUST), Mark.STOP, "没有必改的差错", "处必改未改"),
    ("引号、括号、书名号配对", _of_rule("unpaired"), Mark.STOP, "全部成对", "处不成对"),
    ("疑似差错", _ordinary(HintLevel.LIKELY), Mark.LOOK, "没有疑似差错", "处疑似差错，请编辑认定"),
    ("要目与正文标题", _of_rule("contents-title"), Mark.LOOK, "一致", "处不一致"),
)
"""Points made of the proofreader's hints: name, which hints, how grave, what is said without and with any."""


def _hinted(
    issue: Issue,
    hints: tuple[IssueHint, ...],
    name: str,
    wanted: Callable[[Hint], bool],
    mark: Mark,
    good: str,
    bad: str,
) -> Check:
    found = tuple(_finding(issue, one) for one in hints if wanted(one.hint))
    if not found:
        return Check(name=name, mark=Mark.GOOD, said=good)
    return Check(name=name, mark=mark, said=f"{len(found)} {bad}", findings=found)


def _finding(issue: Issue, one: IssueHint) -> Finding:
    hint = one.hint
    advice = f"，建议“{hint.suggestion}”" if hint.suggestion else ""
    entry = issue.sections[one.section].entries[one.entry]
    return Finding(text=f"{_quoted(hint.text)}{hint.message}{advice}", article=entry.article, title=one.title)


def _quoted(text: str) -> str:
    """The place in quotation marks, those in it made single; nothing for a lone mark, which the message names."""
    if len(text) < 2:
        return ""
    shown = text if len(text) <= WORDS else f"{text[:WORDS]}……"
    return f"“{shown.translate(_SINGLE)}”"


_SINGLE = str.maketrans("“”", "‘’")


def _long_titles(office: Office, issue: Issue) -> Check:
    from builders.titles import break_title

    longest = office.style.title_room
    lines = [(entry, len(break_title(entry.title, longest))) for entry in issue.entries]
    found = tuple(
        Finding(text=f"{len(entry.title)} 字，排成 {count} 行", article=entry.article, title=entry.title)
        for entry, count in lines
        if count > TITLE_LINES
    )
    if not found:
        return Check(name="标题长短", mark=Mark.GOOD, said=f"都不超过 {TITLE_LINES} 行")
    return Check(name="标题长短", mark=Mark.LOOK, said=f"{len(found)} 个标题过长", findings=found)


def _behind(unit: Transaction, publication: str, record: IssueRecord) -> Check:
    """Articles that were edited in the pool after they had been put into the draft."""
    entries = {entry.article: entry for entry in record.issue.entries if entry.article}
    late = [
        Finding(text="稿库里的文字后来又改过，本期印的是改动前的", article=one.id, title=entries[one.id].title)
        for one in unit.articles.records(publication, tuple(entries))
        if record.state is IssueState.DRAFT and behind(entries[one.id], one)
    ]
    if not late:
        return Check(name="与稿库一致", mark=Mark.GOOD, said="本期文字与稿库一致")
    return Check(name="与稿库一致", mark=Mark.LOOK, said=f"{len(late)} 篇不一致", findings=tuple(late))


def _sections(office: Office, issue: Issue) -> Check:
    """Length of every section against its quotas."""
    standing = {section.name: section.entries for section in issue.sections}
    parts, over = [], []
    for rule in office.publication.sections:
        entries = standing.get(rule.name, ())
        characters = sum(map(length_of, entries))
        parts.append(f"{rule.name} {len(entries)} 篇 {characters} 字")
        if len(entries) > rule.quota:
            over.append(Finding(text=f"“{rule.name}”限 {rule.quota} 篇，现有 {len(entries)} 篇"))
        if rule.characters and characters > rule.characters:
            over.append(Finding(text=f"“{rule.name}”限 {rule.characters} 字，现有 {characters} 字"))
        if not entries:
            over.append(Finding(text=f"“{rule.name}”没有稿件，这个栏目本期不印"))
    mark = Mark.LOOK if over else Mark.GOOD
    return Check(name="各栏目篇幅", mark=mark, said="；".join(parts), findings=tuple(over))


def _pages(office: Office, record: IssueRecord) -> Check:
    """Number of pages and the side of the 版记: the last page must be an even one (GB/T 9704 7.4)."""
    count, exact = page_count(office, record)
    said = f"共 {count} 页" + ("" if exact else "（估算，排版后为准）")
    if not office.style.imprint.even:
        return Check(name="页数与版记", mark=Mark.GOOD, said=said)
    if count % 2:
        finding = Finding(text="末页是单数页，版记应在双数页")
        return Check(name="页数与版记", mark=Mark.STOP if exact else Mark.LOOK, said=said, findings=(finding,))
    return Check(name="页数与版记", mark=Mark.GOOD, said=f"{said}，版记在第 {count} 页（双数页）")


def _fonts(office: Office) -> Check:
    missing = tuple(
        Finding(
            text=f"{font.role}用的“{font.family}”本机没有" + (f"，以“{font.stand_in}”代替" if font.stand_in else "")
        )
        for font in _examined(office.style)
        if not font.exact
    )
    if not missing:
        return Check(name="字体", mark=Mark.GOOD, said="版式用的字体本机都有")
    said = f"本机缺 {len(missing)} 种：DOCX 不受影响，本机的 PDF 和预览用代替字体"
    return Check(name="字体", mark=Mark.LOOK, said=said, findings=missing)


_FONTS: dict[str, tuple["FontCheck", ...]] = {}
"""What was found, by the fonts asked for: it takes a process for each and changes only by installing."""


def _examined(style: "HouseStyle") -> tuple["FontCheck", ...]:
    from builders.fonts import examine_fonts

    asked = style.fonts.model_dump_json()
    if asked not in _FONTS:
        _FONTS[asked] = examine_fonts(style)
    return _FONTS[asked]


def _earlier(unit: Transaction, publication: str, record: IssueRecord) -> Check:
    """Drafts with a lower number, which must be signed or discarded first."""
    number = record.number
    rows = unit.issues.find(publication, state=IssueState.DRAFT, series=number.series)
    before = [
        Finding(text=f"{row.number.label}（{row.period or row.date.isoformat()}）还是草稿，要先签发或作废")
        for row in rows
        if row.id != record.id and (row.number.year or 0, row.number.key) < (number.year or 0, number.key)
    ]
    if not before or record.state is not IssueState.DRAFT:
        return Check(name="期号顺序", mark=Mark.GOOD, said=f"{number.label}，接续上一期")
    return Check(name="期号顺序", mark=Mark.STOP, said="前面还有未签发的草稿", findings=tuple(before))
