"""采用情况: what each unit handed in and what of it was printed, with the office's own points.

The only module that uses pandas. The scoring is data (data/reference/scoring/, or the home's own).
A piece counts for the unit that handed it in; where nobody did, for the unit it is printed under.
"""

import io
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bulletin.model import Frozen, Issue
from services.context import Office
from services.scoring import Scoring, period_span, read_scoring
from store.database import Transaction
from store.records import IssueState

UNNAMED = "（未写明单位）"
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet may take for a formula (OWASP, CSV injection)."""
KEPT = 24


class Used(Frozen):
    """One printed article."""

    label: str
    date: date
    section: str
    title: str
    unit: str
    lead: bool
    characters: int


class UnitLine(Frozen):
    place: int
    """Rank by points, then by what was printed; the same for equals, 0 for what names no unit."""
    unit: str
    submitted: int
    used: int
    by_section: tuple[int, ...]
    leads: int
    missing: int
    """Pieces it handed in too few, month by month."""
    points: float

    @property
    def rate(self) -> float:
        return self.used / self.submitted if self.submitted else 0.0


class MonthLine(Frozen):
    month: str
    submitted: int
    used: int


class Report(Frozen):
    title: str
    since: date
    until: date
    """The last day."""
    sections: tuple[str, ...]
    units: tuple[UnitLine, ...]
    months: tuple[MonthLine, ...]
    silent: tuple[str, ...]
    """零报送: units that should have handed something in and did not."""
    used: tuple[Used, ...]
    issues: int
    submitted: int
    scoring: Scoring


_known: OrderedDict[tuple[object, ...], Report] = OrderedDict()
"""The last reports, by all that they are made from: making one reads every arrival of its span."""


def report(office: Office, period: str) -> Report:
    """The figures of a year, a quarter or a month."""
    since, until, name = period_span(period)
    scoring, key = read_scoring(office), office.publication.key
    with office.store.reading() as unit:
        rows = unit.issues.find(key, state=IssueState.ISSUED)
        issues = tuple((row.id, row.version) for row in reversed(rows) if since <= row.date <= until)
        expected = tuple(sorted({scoring.unit(one) for one in (*scoring.units, *_account_units(unit, key))}))
        made_from: tuple[object, ...] = (
            str(office.settings.home),
            office.publication.model_dump_json(),
            since,
            until,
            issues,
            expected,
        )
        made_from += (scoring.model_dump_json(), unit.submissions.mark(key), office.today())
        if made_from not in _known:
            used = tuple(_used(unit, office, scoring, [id for id, _ in issues]))
            handed = _handed(unit, office, scoring, since, until)
            title = f"{office.publication.name.split()[-1]}{name}采用情况"
            months = _month_names(since, min(until, office.today()))
            _known[made_from] = _report(
                office, title, (since, until), handed, used, months, scoring, expected, len(issues)
            )
        while len(_known) > KEPT:
            _known.popitem(last=False)
        return _known[made_from]


def _account_units(unit: Transaction, publication: str) -> Iterable[str]:
    """The units of the contributors' accounts."""
    return (
        account.unit
        for account in unit.accounts.find()
        if account.unit and not account.disabled and (not account.publications or publication in account.publications)
    )


def _report(
    office: Office,
    title: str,
    span: tuple[date, date],
    handed: pd.DataFrame,
    used: tuple[Used, ...],
    months: list[str],
    scoring: Scoring,
    expected: tuple[str, ...],
    issues: int,
) -> Report:
    printed = pd.DataFrame([one.model_dump() for one in used], columns=list(Used.model_fields))
    printed["month"] = [day.strftime("%Y-%m") for day in printed["date"]]
    sections = tuple(dict.fromkeys((*office.publication.section_names, *(one.section for one in used))))
    senders = set(handed["unit"])
    return Report(
        title=title,
        since=span[0],
        until=span[1],
        sections=sections,
        units=_unit_lines(handed, printed, sections, months, scoring, expected),
        months=_month_lines(handed, printed, months),
        silent=tuple(name for name in expected if name not in senders),
        used=used,
        issues=issues,
        submitted=len(handed),
        scoring=scoring,
    )


def _handed(unit: Transaction, office: Office, scoring: Scoring, since: date, until: date) -> pd.DataFrame:
    """One row for each piece of each unit (for a file, where it held none): piece, unit, moment, month."""
    zone = office.settings.zone
    end = datetime.combine(until + timedelta(days=1), time(), zone)
    arrivals = unit.submissions.arrivals(office.publication.key, datetime.combine(since, time(), zone), end)
    rows = [(piece, scoring.unit(name) or UNNAMED, moment.astimezone(zone)) for piece, name, moment in arrivals]
    handed = pd.DataFrame(rows, columns=["piece", "unit", "moment"]).drop_duplicates(["piece", "unit"])
    handed["month"] = [moment.strftime("%Y-%m") for moment in handed["moment"]]
    return handed


def _used(unit: Transaction, office: Office, scoring: Scoring, issues: Iterable[int]) -> Iterable[Used]:
    """Every printed article, in the order of the issues."""
    key = office.publication.key
    for id in issues:
        record = unit.issues.get(key, id)
        senders = _senders(unit, key, record.issue)
        for section in record.issue.sections:
            for place, entry in enumerate(section.entries):
                yield Used(
                    label=record.number.label,
                    date=record.date,
                    section=section.name,
                    title=entry.title,
                    unit=scoring.unit(senders.get(entry.article, "") or entry.unit) or UNNAMED,
                    lead=place == 0,
                    characters=sum(len("".join(block.plain.split())) for block in entry.blocks),
                )


def _senders(unit: Transaction, publication: str, issue: Issue) -> dict[str, str]:
    """The unit that handed in each article of an issue."""
    articles = unit.articles.records(publication, [entry.article for entry in issue.entries if entry.article])
    known = unit.submissions.known(publication, [article.source for article in articles])
    return {article.id: known[article.source].unit for article in articles if article.source in known}


def _month_names(since: date, until: date) -> list[str]:
    return [f"{since.year}-{month:02d}" for month in range(since.month, until.month + 1)] if since <= until else []


def _unit_lines(
    handed: pd.DataFrame,
    printed: pd.DataFrame,
    sections: tuple[str, ...],
    months: list[str],
    scoring: Scoring,
    expected: tuple[str, ...],
) -> tuple[UnitLine, ...]:
    names = sorted({*handed["unit"], *printed["unit"], *expected})
    by_section = pd.crosstab(printed["unit"], printed["section"])
    by_section = by_section.reindex(index=names, columns=list(sections), fill_value=0)
    # Nobody is late before the first piece of all has come.
    first = handed["month"].min() if len(handed) else ""
    asked = [month for month in months if first and month >= first]
    by_month = pd.crosstab(handed["unit"], handed["month"]).reindex(index=names, columns=asked, fill_value=0)
    short = (scoring.minimum - by_month).clip(lower=0).sum(axis=1)
    counts = pd.DataFrame(
        {
            "submitted": handed.groupby("unit").size(),
            "leads": printed[printed["lead"].astype(bool)].groupby("unit").size(),
            "long": printed[printed["characters"] >= scoring.long_from].groupby("unit").size(),
        }
    ).reindex(names)
    counts["missing"] = [short[name] if name in expected else 0 for name in names]
    whole = counts.fillna(0).astype(int)
    lines = [
        _line(name, dict(zip(sections, map(int, of_section), strict=True)), tuple(map(int, row)), scoring)
        for name, of_section, row in zip(names, by_section.to_numpy(), whole.to_numpy(), strict=True)
    ]
    lines.sort(key=lambda line: (line.unit == UNNAMED, -line.points, -line.used, -line.submitted, line.unit))
    return tuple(_ranked(lines))


def _line(name: str, by_section: dict[str, int], counts: tuple[int, ...], scoring: Scoring) -> UnitLine:
    """The figures of one unit with its points, not yet ranked."""
    submitted, leads, long, missing = counts
    points = sum(count * scoring.points.get(section, scoring.used) for section, count in by_section.items())
    points += submitted * scoring.submitted + leads * scoring.lead + long * scoring.long - missing * scoring.missing
    return UnitLine(
        place=0,
        unit=name,
        submitted=submitted,
        used=sum(by_section.values()),
        by_section=tuple(by_section.values()),
        leads=leads,
        missing=missing,
        points=round(points, 2),
    )


def _ranked(lines: Iterable[UnitLine]) -> Iterable[UnitLine]:
    """The sorted lines with their rank: equals share one."""
    last: tuple[float, int] | None = None
    place = 0
    for count, line in enumerate(lines, 1):
        place = place if (line.points, line.used) == last else count
        last = (line.points, line.used)
        yield line if line.unit == UNNAMED else line.model_copy(update={"place": place})


def _month_lines(handed: pd.DataFrame, printed: pd.DataFrame, months: list[str]) -> tuple[MonthLine, ...]:
    submitted = handed.groupby("month").size().reindex(months, fill_value=0)
    used = printed.groupby("month").size().reindex(months, fill_value=0)
    return tuple(MonthLine(month=month, submitted=int(submitted[month]), used=int(used[month])) for month in months)


# ---------------------------------------------------------------- as a workbook


def workbook(found: Report) -> bytes:
    """The report as XLSX: units, months, every printed article, units that handed nothing in."""
    units = pd.DataFrame(
        [
            {
                "名次": line.place or "",
                "单位": line.unit,
                "报送件数": line.submitted,
                "采用篇数": line.used,
                **dict(zip(found.sections, line.by_section, strict=True)),
                "头条": line.leads,
                "少报件数": line.missing,
                "得分": line.points,
            }
            for line in found.units
        ]
    )
    months = pd.DataFrame([{"月份": m.month, "报送件数": m.submitted, "采用篇数": m.used} for m in found.months])
    names = {"label": "期号", "date": "日期", "section": "栏目", "title": "标题", "unit": "单位"}
    used = pd.DataFrame([one.model_dump(include=set(names)) for one in found.used], columns=list(names))
    sheets = {
        "采用情况": units,
        "按月": months,
        "刊用明细": used.rename(columns=names),
        "零报送": pd.DataFrame({"单位": list(found.silent)}),
    }
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, sheet in sheets.items():
            sheet.map(safe_cell).rename(columns=safe_cell).to_excel(writer, sheet_name=name, index=False)
            _fit(writer.sheets[name])
    return buffer.getvalue()


def safe_cell(value: object) -> object:
    """The value, so that no spreadsheet computes it: what looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _fit(sheet: Worksheet) -> None:
    """Widens the columns to what stands in them, and keeps the head in sight."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(sheet.iter_cols(values_only=True), 1):
        longest = max(sum(2 if ord(c) > 127 else 1 for c in str(value or "")) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, longest + 3)
