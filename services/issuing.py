"""What makes an issue final or takes it back: signing, correcting, discarding; and the drafts that wait for it."""

from typing import Any

from pydantic import ValidationError

from bulletin.errors import FormatError
from bulletin.model import Issue, Series
from services.context import Office
from services.distribution import distribute
from services.notices import queue_receipts
from services.requests import CompileRequest
from services.typesetting import Printing, build, print_draft
from store.database import Transaction
from store.records import IssueRecord, IssueState


def set_draft(office: Office, issue_id: int, request: CompileRequest) -> Printing:
    """The set draft; signed at once where the publication wants that."""
    printing = print_draft(office, issue_id, request)
    if office.publication.issue_at_once:
        with office.store.reading() as unit:
            state = unit.issues.get(office.publication.key, issue_id).state
        if state is IssueState.DRAFT:
            sign_draft(office, issue_id, "自动签发")
    return printing


def _find(office: Office, unit: Transaction, number: int, series: Series) -> IssueRecord:
    return unit.issues.by_number(office.publication.key, number, series=series)


def sign_issue(office: Office, number: int, series: Series, who: str) -> dict[str, Any]:
    """The signed issue: frozen, with the hash of its bytes. The DOCX is built first where it is out of date."""
    with office.store.reading() as unit:
        record = _find(office, unit, number, series)
    signed = sign_draft(office, record.id, who)
    return {"label": signed.number.label, "number": signed.number.key, "sha256": signed.docx or ""}


def sign_draft(office: Office, issue_id: int, who: str, version: int | None = None, remark: str = "") -> IssueRecord:
    """The draft, issued; ConflictError where it is no longer at the version that the signer saw."""
    key = office.publication.key
    with office.store.reading() as unit:
        record = unit.issues.get(key, issue_id)
    if record.state is IssueState.DRAFT and record.docx is None:
        print_draft(office, issue_id)
    with office.store.transaction() as unit:
        seen = unit.issues.get(key, issue_id).version if version is None else version
        signed = unit.issues.sign(key, issue_id, seen, who=who)
        unit.audit.write(key, who, "签发", signed.number.label, remark)
        distribute(office, unit, signed)
    queue_receipts(office, final=True)
    return signed


def discard_issue(office: Office, number: int, series: Series, who: str = "") -> dict[str, Any]:
    """What was discarded: the draft's articles are back in the pool, its number is free."""
    with office.store.transaction() as unit:
        record = _find(office, unit, number, series)
        unit.issues.discard(office.publication.key, record.id, version=record.version)
        unit.audit.write(office.publication.key, who, "作废草稿", record.number.label)
    return {"label": record.number.label, "number": record.number.key, "articles": len(record.issue.entries)}


def correct_issue(
    office: Office, number: int, series: Series, content: str | bytes, reason: str, who: str
) -> dict[str, Any]:
    """The corrected issue as a new revision with its reason; the earlier one stays in the archive.

    `content` is the JSON of an issue, as the archive exports it; FormatError saying where it is none.
    """
    with office.store.reading() as unit:
        record = _find(office, unit, number, series)
    issue = _issue_of(content).model_copy(update={"number": record.number, "revision": record.revision + 1})
    printed = build(office, issue)
    sha256 = office.store.files.put(printed.docx)
    with office.store.transaction() as unit:
        corrected = unit.issues.correct(
            office.publication.key, record.id, record.version, issue, sha256, printed.pages, reason=reason, who=who
        )
        unit.audit.write(office.publication.key, who, "更正", corrected.number.label, reason)
        distribute(office, unit, corrected, reason)
    return {"label": corrected.number.label, "revision": corrected.revision, "sha256": sha256}


def _issue_of(content: str | bytes) -> Issue:
    try:
        return Issue.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "json_invalid":
            said = "不是完整的 JSON"
        elif not place:
            said = "不是整期数据"
        else:
            said = f"缺少 {place}" if first["type"] == "missing" else f"{place} 写得不对"
        advice = "请用 bulletin archive export 期号 --format json 取回整期数据，改好后再用它更正"
        raise FormatError(f"更正用的数据有误：{said}", advice=advice) from error


def drafts(office: Office) -> list[dict[str, Any]]:
    """The drafts that wait for a signature, newest first."""
    with office.store.reading() as unit:
        rows = unit.issues.find(office.publication.key, state=IssueState.DRAFT)
        return [
            {
                "label": row.number.label,
                "number": row.number.key,
                "period": row.period or "",
                "date": row.date.isoformat(),
                "articles": len(unit.issues.get(office.publication.key, row.id).issue.entries),
            }
            for row in rows
        ]
