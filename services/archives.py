"""The archive: past issues listed, searched, given back and brought in."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bulletin.errors import BulletinError, NotFoundError, SettingsError
from bulletin.fingerprint import letters
from bulletin.model import BackIssue, Frozen, Series
from services.context import Office
from services.files import file_name, write_whole
from services.forms import in_form
from services.intake import Advance
from services.pastissues import keep_issue
from services.reading import gather, read
from services.requests import ExportRequest
from store.records import IssueRecord, IssueState

ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the same issues give the same bytes on any day."""


class Exported(Frozen):
    """One file written: which issue, where, and the hash of its bytes."""

    label: str
    number: int
    path: str
    sha256: str


class Imported(Frozen):
    """What came of one file: the issue it holds, or why it could not be brought in."""

    name: str
    label: str = ""
    number: int = 0
    date: str = ""
    entries: int = 0
    new: bool = False
    error: str = ""
    note: str = ""
    """Something to look at, though the issue is in the archive."""


# ---------------------------------------------------------------- looking up


def list_issues(office: Office, year: int | None = None) -> list[dict[str, Any]]:
    """The issued issues, newest first."""
    with office.store.reading() as unit:
        rows = unit.issues.find(office.publication.key, state=IssueState.ISSUED, year=year)
    return [
        {
            "label": row.number.label,
            "number": row.number.key,
            "series": row.number.series.value,
            "date": row.date.isoformat(),
            "revision": row.revision,
            "imported": row.imported,
            "signed_by": row.signed_by,
            "sha256": row.docx or "",
        }
        for row in rows
    ]


def search_issues(office: Office, query: str, limit: int = 20) -> list[dict[str, Any]]:
    """The entries of issued issues that hold every word of the query, with the passages."""
    with office.store.reading() as unit:
        hits = unit.search.find(office.publication.key, query, kind="entry", limit=limit).hits
        labels = {hit.owner: unit.issues.get(office.publication.key, int(hit.owner)).number for hit in hits}
    return [
        {
            "label": labels[hit.owner].label,
            "number": labels[hit.owner].key,
            "title": hit.title,
            "unit": hit.unit,
            "passages": ["".join(text for text, _ in passage) for passage in hit.passages],
        }
        for hit in hits
    ]


# ---------------------------------------------------------------- giving back


def parse_range(text: str) -> list[tuple[int, int]]:
    """The spans of 455, 450-456 or 450,452-454; SettingsError for anything else."""
    spans = []
    for part in text.replace("，", ",").replace("—", "-").replace("–", "-").replace("～", "-").split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise SettingsError(f"看不懂的期号：{text}", advice="写作 455，或 450-456，或 450,452-454")
        if int(last or first) < int(first):
            raise SettingsError(f"期号前后写反了：{part.strip()}", advice=f"写作 {last}-{first}")
        spans.append((int(first), int(last or first)))
    return spans


def issued(office: Office, numbers: str, series: Series) -> list[IssueRecord]:
    """The issued issues of a range, in order; NotFoundError where it holds none."""
    key = office.publication.key
    with office.store.reading() as unit:
        found = [
            record
            for first, last in parse_range(numbers)
            for record in unit.issues.span(key, first, last, series=series)
        ]
    if not found:
        raise NotFoundError("归档中没有这些期", subject=numbers, advice="用 bulletin archive list 看已有哪些期")
    return list({record.id: record for record in found}.values())


def missing(numbers: str, found: Iterable[int]) -> str:
    """Those that were asked for and are not there, in the words of a range (450-454,457); empty where all are."""
    there, gaps = sorted(set(found)), []
    for first, last in parse_range(numbers):
        begin = first
        for number in [*(one for one in there if first <= one <= last), last + 1]:
            if begin < number:
                gaps.append(f"{begin}-{number - 1}" if begin < number - 1 else str(begin))
            begin = number + 1
    return ",".join(dict.fromkeys(gaps))


def export_issues(office: Office, request: ExportRequest) -> tuple[Exported, ...]:
    """The files written: one an issue in the form asked for, or one ZIP with a manifest."""
    folder = Path(request.out).expanduser()
    files = [
        (
            Path(file_name(record.issue)).with_suffix(f".{request.form}").name,
            record,
            in_form(office, record, request.form),
        )
        for record in issued(office, request.numbers, request.series)
    ]
    if request.zip:
        name = f"{files[0][1].issue.publication.split()[-1]}{request.numbers.replace(',', '、')}.zip"
        path = write_whole(folder / name, zip_of(files))
        return tuple(_exported(record, path, content) for _, record, content in files)
    return tuple(_exported(record, write_whole(folder / name, content), content) for name, record, content in files)


def _exported(record: IssueRecord, path: Path, content: bytes) -> Exported:
    digest = hashlib.sha256(content).hexdigest()
    return Exported(label=record.number.label, number=record.number.key, path=str(path), sha256=digest)


def zip_of(files: Sequence[tuple[str, IssueRecord, bytes]]) -> bytes:
    """A ZIP of DOCX files and a manifest.json that names number, date and hash of each."""
    manifest = [
        {
            "file": name,
            "label": record.number.label,
            "number": record.number.key,
            "date": record.date.isoformat(),
            "revision": record.revision,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, record, content in files
    ]
    members = [(name, content) for name, _, content in files]
    members.append(("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2).encode()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, ZIP_MOMENT), content)
    return buffer.getvalue()


# ---------------------------------------------------------------- bringing in


def import_issues(office: Office, sources: Iterable[str], advance: Advance) -> list[Imported]:
    """What came of each file: every past issue that can be read is in the archive, the rest is reported."""
    report = []
    for count, found in enumerate(gather(sources, office.settings), 1):
        advance(count, count, "导入往期")
        if isinstance(found, BulletinError):
            report.append(Imported(name=found.subject, error=str(found)))
            continue
        [reading] = read([found])
        name = found.origin or found.name
        if reading.error:
            report.append(Imported(name=name, error=str(reading.error)))
            continue
        backs = [piece for piece in reading.pieces if isinstance(piece, BackIssue)]
        if not backs:
            report.append(Imported(name=name, error="不像一期简报：没有找到期号和栏目，没有导入"))
        for content in (found.content, *reading.pictures.values()):
            office.store.files.put(content)
        docx = found.sha256 if reading.format == "docx" and len(backs) == 1 else None
        report += [_import(office, back, name, docx) for back in backs]
    return report


def _import(office: Office, back: BackIssue, name: str, docx: str | None) -> Imported:
    """Put one past issue into the ledger, its entries into the pool as 已刊, so that repeats are recognised."""
    try:
        with office.store.transaction() as unit:
            record, new = keep_issue(office, unit, back, docx)
    except BulletinError as error:
        return Imported(name=name, label=back.issue.number.label, error=str(error))
    return Imported(
        name=name,
        label=record.number.label,
        number=record.number.key,
        date=record.date.isoformat(),
        entries=len(back.issue.entries),
        new=new,
        note=_other_name(back.issue.publication, office.publication.name),
    )


def _other_name(found: str, own: str) -> str:
    """A word of warning where the masthead is not the publication's: names change, but files also go astray."""
    same = letters(found) in letters(own) or letters(own) in letters(found)
    return "" if same else f"报头刊名是“{found}”，请核对是否本刊"
