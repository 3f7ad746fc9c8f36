"""Values as the JSON lines of the command line (design section 3)."""

from collections.abc import Iterable
from typing import Any

from bulletin.model import (
    Article,
    BackIssue,
    Block,
    Change,
    Hint,
    Issue,
    Likeness,
    Piece,
    Reason,
    StudyPlan,
    Verdict,
)

Record = dict[str, Any]


def block_record(block: Block) -> Record:
    """One block; keys that say nothing are left out, `type` and `text` never are."""
    record: Record = {"type": block.type.value, "text": block.text}
    for key in ("level", "lead", "alt", "picture", "header_rows"):
        if getattr(block, key):
            record[key] = getattr(block, key)
    if block.rows:
        record["rows"] = [list(row) for row in block.rows]
    if block.role.value != "body":
        record["role"] = block.role.value
    return record


def removed_records(changes: Iterable[Change]) -> list[Record]:
    """What was taken away or altered, with the reason an editor reads."""
    return [{"text": c.before, "reason": c.reason, "rule": c.rule, "after": c.after} for c in changes]


def piece_record(piece: Piece, source: str) -> Record:
    """The line of `bulletin extract` for one piece; `source` is the path or address it came from."""
    match piece:
        case Article():
            return _article_record(piece, source)
        case BackIssue():
            return _frame(
                source, "bulletin", piece, title=piece.issue.publication, date=piece.issue.date.isoformat()
            ) | {"issue": issue_record(piece.issue)}
        case StudyPlan():
            return _frame(
                source,
                "plan",
                piece,
                title=piece.title,
                unit=piece.organisation,
                date=piece.date.isoformat() if piece.date else "",
                blocks=[block_record(block) for block in piece.blocks],
            ) | {"plan": _plan_record(piece)}


def _frame(source: str, kind: str, piece: Piece, **values: object) -> Record:
    """The keys every line has, in their order."""
    empty: Record = {
        "source": source,
        "kind": kind,
        "title": "",
        "subtitle": "",
        "unit": "",
        "author": "",
        "date": "",
        "keywords": [],
        "blocks": [],
    }
    return empty | values | {"removed": removed_records(piece.changes), "warnings": list(piece.warnings)}


def _article_record(article: Article, source: str) -> Record:
    return _frame(
        source,
        "article" if article.title or article.blocks else "other",
        article,
        title=article.title,
        subtitle=article.subtitle,
        unit=article.unit,
        author=article.author,
        date=article.date.isoformat() if article.date else "",
        keywords=list(article.keywords),
        blocks=[block_record(block) for block in article.blocks],
    ) | {"article": article.id}


def _plan_record(plan: StudyPlan) -> Record:
    return plan.model_dump(include={"organisation", "year", "requirements", "topics", "schedule"}, mode="json")


def issue_record(issue: Issue) -> Record:
    """An issue as `bulletin extract` prints a past bulletin."""
    return {
        "publication": issue.publication,
        "number": issue.number.key,
        "label": issue.number.label,
        "date": issue.date.isoformat(),
        "issuer": issue.issuer,
        "sections": [
            {
                "name": section.name,
                "entries": [
                    {
                        "title": entry.title,
                        "contents_title": entry.contents_title or entry.title,
                        "unit": entry.unit,
                        "date": entry.date.isoformat() if entry.date else "",
                        "blocks": [block_record(block) for block in entry.blocks],
                    }
                    for entry in section.entries
                ],
            }
            for section in issue.sections
        ],
        "distribution": {
            "报": list(issue.distribution.report),
            "送": list(issue.distribution.send),
            "发": list(issue.distribution.issue),
        },
    }


def reason_texts(reasons: Iterable[Reason]) -> list[str]:
    """Each reason as one sentence, with the words that decided."""
    return [f"{r.text}：“{r.evidence}”" if r.evidence else r.text for r in reasons]


def verdict_record(identity: str, verdict: Verdict) -> Record:
    """The line of `bulletin classify`: always a section or 不采用, `pending` says it should wait."""
    best = verdict.candidates[0][0] if verdict.candidates else verdict.section
    return {
        "id": identity,
        "section": best,
        "confidence": round(verdict.confidence, 4),
        "reasons": reason_texts(verdict.reasons),
        "pending": best != verdict.section,
        "candidates": [[name, round(share, 4)] for name, share in verdict.candidates],
    }


def likeness_record(identity: str, likeness: Likeness) -> Record:
    """The line of `bulletin dedupe`."""
    return {
        "id": identity,
        "duplicate_of": likeness.duplicate_of,
        "similarity": round(likeness.similarity, 4),
        "reasons": reason_texts(likeness.reasons),
        "passages": list(likeness.passages),
    }


def hint_record(hint: Hint, source: str, section: int | None = None, entry: int | None = None) -> Record:
    """The line of `bulletin proofread`; in a past issue `section` and `entry` (from 0) say where the block is."""
    place = {} if section is None else {"section": section, "entry": entry}
    return place | {
        "source": source,
        "block": hint.block,
        "span": list(hint.span),
        "text": hint.text,
        "rule": hint.rule,
        "level": hint.level.value,
        "suggestion": hint.suggestion,
        "message": hint.message,
    }
