"""The draft on the desk (编排): as editors see it, and what they do to it.

Every act names the version of the draft that its editor saw. When somebody else has changed the
draft since, nothing is saved: ConflictError says who did what meanwhile.
"""

from collections.abc import Callable
from datetime import datetime

from bulletin.assembly import Wish, entry_of
from bulletin.errors import ConflictError, StateError
from bulletin.model import PENDING, REJECTED, Entry, Frozen, Issue, Verdict
from bulletin.rearrange import LAST, change, find, move, put, remove
from services.context import Office
from services.retraining import SECTION
from store.database import Transaction
from store.records import ArticleChange, ArticleRecord, ArticleState, IssueRecord

ACT = "编排"
PRINTED_FIELDS = ("title", "subtitle", "unit", "author", "blocks")
"""What the entry of a draft takes over from its article."""


class Done(Frozen):
    """One act on a draft, as the log keeps it."""

    version: int
    who: str
    at: datetime
    text: str


Edit = Callable[[Office, Transaction, Issue, str], tuple[Issue, str]]
"""An act: the office, the open transaction, the issue and the editor; gives the new issue and what was done."""


def apply(office: Office, issue_id: int, version: int, edit: Edit, who: str) -> IssueRecord:
    """The draft after the act, which is logged; ConflictError when it is no longer at `version`."""
    key = office.publication.key
    with office.store.transaction() as unit:
        record = unit.issues.get(key, issue_id)
        check_version(unit, key, record, version)
        issue, said = edit(office, unit, record.issue, who)
        saved = unit.issues.save(key, issue_id, version, issue)
        if saved.version != version:
            note(unit, key, saved, who, said)
    return saved


def note(unit: Transaction, publication: str, saved: IssueRecord, who: str, said: str) -> None:
    """Keeps in the log what was done to a draft, for those who work on it at the same time."""
    unit.audit.write(publication, who, ACT, subject=subject_of(saved.id), detail=f"{saved.version}｜{said}")


def subject_of(issue_id: int) -> str:
    """How the log names a draft: its number may still move."""
    return f"草稿{issue_id}"


def check_version(unit: Transaction, publication: str, record: IssueRecord, version: int) -> None:
    """Raises ConflictError saying what others did since `version`."""
    if record.version == version:
        return
    others = changes_since(unit, publication, record.id, version)
    said = "；".join(f"{done.who or '有人'} {done.text}" for done in others) or "补进了新来稿，或期号有变动"
    raise ConflictError(
        f"您打开之后，这一期已被改过：{said}。您这一步没有保存",
        subject=record.number.label,
        advice="页面已换成最新的草稿，请看过后再改",
    )


def changes_since(unit: Transaction, publication: str, issue_id: int, version: int) -> tuple[Done, ...]:
    """The acts on a draft after a version, oldest first."""
    found = [done for done in history(unit, publication, issue_id) if done.version > version]
    return tuple(reversed(found))


def history(unit: Transaction, publication: str, issue_id: int, limit: int = 50) -> tuple[Done, ...]:
    """The last acts on a draft, newest first."""
    entries = unit.audit.find(publication, subject=subject_of(issue_id), limit=limit)
    return tuple(
        Done(version=int(version), who=entry.who, at=entry.at, text=text)
        for entry in entries
        if entry.act == ACT
        for version, _, text in (entry.detail.partition("｜"),)
    )


# ---------------------------------------------------------------- acts


def moving(article: str, section: str, place: int = LAST) -> Edit:
    """To a place of a section; a change of section is an editor's verdict and teaches the classifier."""

    def edit(office: Office, unit: Transaction, issue: Issue, who: str) -> tuple[Issue, str]:
        was, _, entry = find(issue, article)
        moved = move(issue, article, section, place, office.publication.section_names)
        if was != section:
            decide_section(office, unit, article, section, who)
        _, now, _ = find(moved, article)
        return moved, f"把{_name(entry)}移到“{section}”第 {now + 1} 篇"

    return edit


def stepping(article: str, step: int) -> Edit:
    """Up (-1) or down (1) within its section."""

    def edit(office: Office, unit: Transaction, issue: Issue, who: str) -> tuple[Issue, str]:
        section, place, _ = find(issue, article)
        return moving(article, section, max(0, place + step))(office, unit, issue, who)

    return edit


def pinning(article: str, pin: bool) -> Edit:
    """To the head of its section, behind what is pinned already; or no longer held there."""

    def edit(office: Office, unit: Transaction, issue: Issue, who: str) -> tuple[Issue, str]:
        section, _, entry = find(issue, article)
        _wish(office, unit, article, Wish(pin=pin), who)
        if not pin:
            return issue.model_copy(), f"取消{_name(entry)}的置顶"
        mates = [other.article for part in issue.sections if part.name == section for other in part.entries]
        pinned = [record for record in unit.articles.records(office.publication.key, mates) if record.wish.pin]
        place = len([record for record in pinned if record.id != article])
        return move(issue, article, section, place, office.publication.section_names), f"把{_name(entry)}置顶"

    return edit


def leaving_out(article: str) -> Edit:
    """Out of this issue, and not put back by the next compile."""

    def edit(office: Office, unit: Transaction, issue: Issue, who: str) -> tuple[Issue, str]:
        _, _, entry = find(issue, article)
        _wish(office, unit, article, Wish(exclude=True), who)
        return remove(issue, article), f"把{_name(entry)}移出本期"

    return edit


def putting_in(article: str, section: str = "", place: int = LAST) -> Edit:
    """From the pool into the issue, whatever quota or machine said."""

    def edit(office: Office, unit: Transaction, issue: Issue, who: str) -> tuple[Issue, str]:
        record = unit.articles.get(office.publication.key, article)
        where = section or record.section
        if where in (PENDING, REJECTED, ""):
            raise StateError("请先选定栏目", subject=record.title)
        added = put(issue, entry_of(record.article), where, place, office.publication.section_names)
        if record.state in (ArticleState.REJECTED, ArticleState.DUPLICATE):
            unit.articles.set_state(office.publication.key, [article], ArticleState.SPARE)
        if where != record.section:
            decide_section(office, unit, article, where, who)
        _wish(office, unit, article, Wish(), who)
        return added, f"把《{record.title}》编入“{where}”"

    return edit


def wording(article: str, *, title: str, subtitle: str, contents_title: str, note: str) -> Edit:
    """Title and subtitle as printed, the title in the contents where it differs, and the 按语."""

    def edit(_office: Office, _unit: Transaction, issue: Issue, _who: str) -> tuple[Issue, str]:
        _, _, entry = find(issue, article)
        if not title.strip():
            raise StateError("标题不能为空", subject=entry.title)
        listed = contents_title.strip()
        values = {
            "title": title.strip(),
            "subtitle": subtitle.strip(),
            "contents_title": "" if listed == title.strip() else listed,
            "note": note.strip(),
        }
        names = {"title": "标题", "subtitle": "副题", "contents_title": "要目标题", "note": "按语"}
        changed = [names[field] for field, value in values.items() if value != getattr(entry, field)]
        return change(issue, article, **values), f"改了{_name(entry)}的{'、'.join(changed)}"

    return edit


def issue_note(text: str) -> Edit:
    """The 按语 of the whole issue."""

    def edit(_office: Office, _unit: Transaction, issue: Issue, _who: str) -> tuple[Issue, str]:
        return issue.model_copy(update={"note": text.strip()}), "改了本期按语" if text.strip() else "去掉了本期按语"

    return edit


def refreshing(article: str) -> Edit:
    """The entry with the article's text as the pool now has it; the 按语 stays."""

    def edit(office: Office, unit: Transaction, issue: Issue, _who: str) -> tuple[Issue, str]:
        find(issue, article)
        record = unit.articles.get(office.publication.key, article)
        fresh = entry_of(record.article)
        values = {field: getattr(fresh, field) for field in (*PRINTED_FIELDS, "date")}
        return change(issue, article, **values), f"按稿库更新了{_name(fresh)}"

    return edit


# ---------------------------------------------------------------- what acts share


def decide_section(office: Office, unit: Transaction, article: str, section: str, who: str) -> None:
    """Makes the section the editor's decision, remembered for the next training."""
    key = office.publication.key
    record = unit.articles.get(key, article)
    shares = record.verdict.candidates if record.verdict else ()
    verdict = Verdict(section=section, confidence=1.0, candidates=shares, by_editor=True)
    unit.articles.update(key, article, record.version, ArticleChange(verdict=verdict), who=who, act=ACT)
    unit.feedback.add(key, SECTION, article, was=record.section, now=section, who=who)


def behind(entry: Entry, record: ArticleRecord) -> bool:
    """Whether the pool's text has been edited since the entry was made from it."""
    return entry.blocks != record.article.blocks


def _wish(office: Office, unit: Transaction, article: str, wish: Wish, who: str) -> None:
    record = unit.articles.get(office.publication.key, article)
    if record.wish != wish:
        change_ = ArticleChange(wish=wish)
        unit.articles.update(office.publication.key, article, record.version, change_, who=who, act=ACT)


def _name(entry: Entry) -> str:
    return f"《{entry.title}》"
