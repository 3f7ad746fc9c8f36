"""Signing: the number and the freeze in one act; what is wrong afterwards is corrected by a revision."""

from collections.abc import Mapping

from bulletin.errors import StateError
from bulletin.model import Block, Entry, Frozen, Issue, Section
from services.checklist import checklist, stopping
from services.context import Office
from services.distribution import distribute
from services.issuing import sign_draft
from services.stages import Stage, standing
from services.typesetting import build, page_record
from store.records import IssueRecord


class Correction(Frozen):
    """What a correction puts in place of the printed text of one entry; None leaves a field as it is."""

    title: str | None = None
    paragraphs: Mapping[int, str] = {}
    """New text by the number of the block; an empty text takes the paragraph out."""


def sign(office: Office, issue_id: int, version: int, who: str, *, despite: bool = False) -> IssueRecord:
    """The issue, signed and frozen with its number.

    Raises StateError where it was not sent for signing as it now is, or where a point of the checklist
    is not passed and the signer has not said `despite`; ConflictError where it changed since `version`.
    """
    with office.store.reading() as unit:
        record = unit.issues.get(office.publication.key, issue_id)
        stage = standing(unit, office.publication.key, record).stage
    if stage in (Stage.EDITING, Stage.RETURNED, Stage.CHANGED):
        advice = "请编辑在编排页重新送签" if stage is Stage.CHANGED else "请编辑先在编排页送签"
        raise StateError(f"这一期{stage.value}，还不能签发", subject=record.number.label, advice=advice)
    open_points = stopping(checklist(office, issue_id))
    if open_points and not despite:
        names = "、".join(check.name for check in open_points)
        raise StateError(f"检查表未全部通过：{names}", subject=record.number.label, advice="退回编辑，或勾选“仍要签发”")
    remark = "未通过而仍签发：" + "、".join(check.name for check in open_points) if open_points else ""
    return sign_draft(office, issue_id, who, version, remark)


def correct(
    office: Office, issue_id: int, version: int, corrections: Mapping[int, Correction], *, reason: str, who: str
) -> IssueRecord:
    """The issue as a new revision; `corrections` by the number of the entry in the issue, from 0.

    Raises StateError for a correction that changes nothing or gives no reason.
    """
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
    issue = corrected(record.issue, corrections)
    if issue == record.issue:
        raise StateError("没有改动，不必更正", subject=record.number.label)
    if not reason.strip():
        raise StateError("更正要写明原因", subject=record.number.label)
    issue = issue.model_copy(update={"number": record.number, "revision": record.revision + 1})
    printed = build(office, issue)
    docx = office.store.files.put(printed.docx)
    pages = page_record(printed)
    with office.store.transaction() as unit:
        done = unit.issues.correct(key, issue_id, version, issue, docx, pages, reason=reason.strip(), who=who)
        unit.audit.write(key, who, "更正", done.number.label, reason.strip())
        distribute(office, unit, done, reason.strip())
    return done


def corrected(issue: Issue, corrections: Mapping[int, Correction]) -> Issue:
    """The issue with the corrections made."""
    sections, place = [], 0
    for section in issue.sections:
        entries = []
        for entry in section.entries:
            entries.append(_corrected(entry, corrections[place]) if place in corrections else entry)
            place += 1
        sections.append(Section(name=section.name, entries=tuple(entries)))
    return issue.model_copy(update={"sections": tuple(sections)})


def _corrected(entry: Entry, correction: Correction) -> Entry:
    blocks = [_block(block, correction.paragraphs.get(at)) for at, block in enumerate(entry.blocks)]
    title = correction.title.strip() if correction.title is not None else entry.title
    if not title:
        raise StateError("标题不能为空", subject=entry.title)
    return entry.model_copy(update={"title": title, "blocks": tuple(block for block in blocks if block is not None)})


def _block(block: Block, text: str | None) -> Block | None:
    """The block with its new text, or None where that is empty."""
    if text is None or text == block.text:
        return block
    text = " ".join(text.split("\n")).strip()
    # A run-in heading that was rewritten is no longer where it was.
    lead = block.lead if text[: block.lead] == block.text[: block.lead] else 0
    return block.model_copy(update={"text": text, "lead": lead}) if text else None
