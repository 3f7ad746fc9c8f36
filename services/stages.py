"""How far a draft is on its way to being signed: 编排中, 已送签, 退回, 已签发.

What is sent for signing is one version of the draft. Whoever changes it afterwards takes it back by
that, so that nobody signs what he was not shown.
"""

from datetime import datetime
from enum import StrEnum

from bulletin.errors import StateError
from bulletin.model import Frozen
from services.arranging import check_version, subject_of
from services.context import Office
from store.database import Transaction
from store.records import IssueRecord, IssueState

KIND = "signing"
"""The kind of remembered decision that the stages of drafts are."""


class Stage(StrEnum):
    EDITING = "编排中"
    SUBMITTED = "待签发"
    CHANGED = "送签后又改过"
    RETURNED = "已退回"
    ISSUED = "已签发"
    DISCARDED = "已作废"


class Standing(Frozen):
    """The stage of an issue, with who brought it there, when, and what he wrote to it."""

    stage: Stage
    who: str = ""
    at: datetime | None = None
    note: str = ""


def standing(unit: Transaction, publication: str, record: IssueRecord) -> Standing:
    """Where an issue stands."""
    if record.state is IssueState.ISSUED:
        return Standing(stage=Stage.ISSUED, who=record.signed_by, at=record.signed)
    if record.state is IssueState.DISCARDED:
        return Standing(stage=Stage.DISCARDED)
    last = unit.feedback.last(publication, KIND, str(record.id))
    if last is None:
        return Standing(stage=Stage.EDITING)
    act, _, note = last.now.partition("｜")
    stage = Stage(act)
    if stage is Stage.SUBMITTED and last.was != str(record.version):
        stage = Stage.CHANGED
    return Standing(stage=stage, who=last.who, at=last.at, note=note)


def submit(office: Office, issue_id: int, version: int, who: str, note: str = "") -> Standing:
    """The draft, sent for signing as it is at `version`; StateError when there is nothing in it."""
    key = office.publication.key
    with office.store.transaction() as unit:
        record = _draft(unit, key, issue_id, version)
        if not record.issue.entries:
            raise StateError("本期还没有稿件，不能送签", subject=record.number.label)
        _remember(unit, key, record, Stage.SUBMITTED, note, who)
        unit.audit.write(key, who, "送签", subject_of(issue_id), f"{record.number.label}　{note}".strip())
        return standing(unit, key, record)


def send_back(office: Office, issue_id: int, version: int, who: str, note: str) -> Standing:
    """The draft, back with its editors; StateError without a note that says why."""
    key = office.publication.key
    if not note.strip():
        raise StateError("退回请写明意见", advice="编辑在编排页上会看到")
    with office.store.transaction() as unit:
        record = _draft(unit, key, issue_id, version)
        _remember(unit, key, record, Stage.RETURNED, note.strip(), who)
        unit.audit.write(key, who, "退回", subject_of(issue_id), f"{record.number.label}　{note.strip()}")
        return standing(unit, key, record)


def _draft(unit: Transaction, publication: str, issue_id: int, version: int) -> IssueRecord:
    record = unit.issues.get(publication, issue_id)
    if record.state is not IssueState.DRAFT:
        raise StateError("这一期已签发，不能再送签或退回", subject=record.number.label)
    check_version(unit, publication, record, version)
    return record


def _remember(unit: Transaction, publication: str, record: IssueRecord, stage: Stage, note: str, who: str) -> None:
    said = f"{stage.value}｜{note}"
    unit.feedback.add(publication, KIND, str(record.id), was=str(record.version), now=said, who=who)
