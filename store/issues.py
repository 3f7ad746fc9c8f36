"""Issues: drafts by period, signed issues that never change, imported ones, and their revisions.

Every act that touches a number holds the ledger (see store.ledger) until its transaction ends.
"""

from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bulletin.errors import ConflictError, NotFoundError, NumberingError, StateError
from bulletin.model import BackIssue, Issue, IssueNumber, Publication, Series
from store.claims import Claims
from store.ground import PAGES
from store.ledger import DRAFT, ISSUED, Ledger, Row, clashes
from store.records import IssueRecord, IssueRow, IssueState, Revision
from store.schema import issues, revisions
from store.search import Search

WHERE = "用 bulletin issue list 看草稿，用 bulletin archive list 看已签发的各期"
LISTED = [column for column in issues.c if column.name not in ("pages", "data", "follows")]


class Issues:
    """The issues of every publication."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._claims = Claims(connection, now)

    # ------------------------------------------------------------ drafts

    def draft(
        self,
        publication: Publication,
        period: str,
        day: date,
        *,
        series: Series = Series.REGULAR,
        number: int | None = None,
    ) -> tuple[IssueRecord, bool]:
        """The issue of a period and whether it was begun just now.

        The same period gives the same issue, with the editor's work in it, also when it is signed
        already. `number` is the one an editor wants; NumberingError where it is not free.
        """
        ledger = Ledger.open(self._connection, publication, series)
        row = self._of_period(publication.key, series, period)
        if row is not None:
            if number is not None:
                self._rename(ledger, row, number)
            return self.get(publication.key, row["id"]), False
        if number is not None:
            ledger.check_free(number, day.year)
        with ledger.settling():
            id = self._begin(publication, series, period, day, number)
        return self.get(publication.key, id), True

    def _of_period(self, publication: str, series: Series, period: str) -> Row | None:
        query = select(issues).where(
            issues.c.publication == publication,
            issues.c.series == series.value,
            issues.c.period == period,
            issues.c.state != IssueState.DISCARDED.value,
        )
        return self._connection.execute(query).mappings().first()

    def _rename(self, ledger: Ledger, row: Row, number: int) -> None:
        held = row["total"] if ledger.by_total else row["in_year"]
        if held == number:
            self._set(row["id"], fixed=number)
            return
        if row["state"] == ISSUED:
            raise NumberingError(
                f"这一期（{row['period']}）已按第{held}期签发", subject=f"第{number}期", advice="签发后期号不再改变"
            )
        ledger.check_free(number, row["date"].year, own=row["id"])
        with ledger.settling():
            self._set(row["id"], fixed=number)

    def _begin(self, publication: Publication, series: Series, period: str, day: date, number: int | None) -> int:
        issue = Issue(
            publication=publication.name,
            # Replaced by the ledger before anybody sees it.
            number=IssueNumber(series=series, total=number or 1),
            date=day,
            issuer=publication.issuer,
            distribution=publication.distribution,
            copies=publication.copies,
            secrecy=publication.secrecy,
            printed_by=publication.printed_by,
        )
        values = self._new(publication.key, issue) | {"period": period, "fixed": number, "state": DRAFT, "version": 0}
        return self._insert(values)

    def _new(self, publication: str, issue: Issue) -> dict[str, Any]:
        values: dict[str, Any] = {"publication": publication, "series": issue.number.series.value, "date": issue.date}
        values |= {"revision": issue.revision, "version": 1, "imported": False, "pages": "{}"}
        return values | {"created": self._now, "updated": self._now, "data": issue.model_dump_json()}

    def _insert(self, values: dict[str, Any]) -> int:
        return int(self._connection.execute(insert(issues).returning(issues.c.id), values).scalar_one())

    def save(self, publication: str, id: int, version: int, issue: Issue) -> IssueRecord:
        """The draft with new content; its number stays the ledger's, its articles are 采用.

        Articles that are no longer in it go back to the pool as 备用. Saving the same content
        changes nothing. Raises ConflictError when the draft is no longer at `version`, StateError
        when it is signed or takes an article that another issue has.
        """
        record = self._draft(publication, id, version)
        moved = issue.date.year != record.date.year
        # The ledger comes before the row, always, so that two never wait for each other.
        ledger = Ledger(self._connection, publication, record.number.series) if moved else None
        issue = issue.model_copy(update={"number": record.number, "revision": 0})
        if issue == record.issue:
            return record
        changes: dict[str, Any] = {"data": issue.model_dump_json(), "date": issue.date, "docx": None, "pages": "{}"}
        if ledger is None:
            self._change(record, **changes)
        else:
            with ledger.settling():
                self._change(record, **changes)
        self._claims.take(publication, id, issue)
        return self.get(publication, id)

    def attach(self, publication: str, id: int, version: int, docx: str, pages: Mapping[str, int]) -> IssueRecord:
        """The draft with the DOCX built from it, by SHA-256; ConflictError when it has changed since `version`."""
        record = self._draft(publication, id, version)
        self._change(record, bump=0, docx=docx, pages=PAGES.dump_json(dict(pages)).decode())
        return self.get(publication, id)

    def discard(self, publication: str, id: int, *, version: int | None = None) -> None:
        """Takes a draft back: its articles return to the pool, its number is free, later drafts move up."""
        record = self._draft(publication, id, version)
        ledger = Ledger(self._connection, publication, record.number.series)
        record = self._draft(publication, id, version)
        with ledger.settling():
            self._change(record, state=IssueState.DISCARDED.value, **_numbers(record.number))
        self._claims.release(publication, id)

    # ------------------------------------------------------------ issued

    def sign(self, publication: str, id: int, version: int, *, who: str) -> IssueRecord:
        """The issue, issued: its number, content and bytes are final, its articles 已刊.

        Raises StateError where no DOCX is attached, ConflictError when it has changed since
        `version`, NumberingError where an earlier draft must be signed or discarded first.
        """
        ledger = Ledger(self._connection, publication, self.get(publication, id).number.series)
        record = self._draft(publication, id, version)
        if record.docx is None:
            raise StateError(
                "这一期还没有排版，或排版后又改过", subject=record.number.label, advice="请先重新排版再签发"
            )
        row = next(row for row in ledger.rows(DRAFT) if row["id"] == id)
        ledger.check_turn(row)
        follows = ledger.highest() if ledger.by_total else ledger.highest(row["year"])
        with ledger.settling():
            final = _numbers(record.number)
            self._change(record, state=ISSUED, signed=self._now, signed_by=who, follows=follows, **final)
        self._keep_revision(publication, id, reason="", who=who)
        self._claims.publish(publication, id, record.issue)
        return self.get(publication, id)

    def correct(
        self,
        publication: str,
        id: int,
        version: int,
        issue: Issue,
        docx: str,
        pages: Mapping[str, int],
        *,
        reason: str,
        who: str,
    ) -> IssueRecord:
        """The issue in a new revision; the earlier ones stay as they are.

        `issue.revision` must be the next one and its number the same: the bytes were built with them.
        """
        record = self.get(publication, id)
        self._check(record, IssueState.ISSUED, version)
        if not reason.strip():
            raise StateError("更正要写明原因", subject=record.number.label)
        if issue.number != record.number or issue.revision != record.revision + 1:
            raise StateError("更正不能改期号，版次要顺延", subject=record.number.label)
        self._change(
            record,
            data=issue.model_dump_json(),
            date=issue.date,
            revision=issue.revision,
            docx=docx,
            pages=PAGES.dump_json(dict(pages)).decode(),
        )
        self._keep_revision(publication, id, reason=reason, who=who)
        self._claims.publish(publication, id, issue)
        return self.get(publication, id)

    def import_issue(
        self, publication: Publication, back: BackIssue, *, docx: str | None = None, who: str = ""
    ) -> tuple[IssueRecord, bool]:
        """A past issue in the archive, and whether it is new there.

        The same file, or another with the same content, is the same issue. Open drafts move behind
        it. Raises NumberingError where another issue has its number.
        """
        number = back.issue.number
        ledger = Ledger.open(self._connection, publication, number.series)
        for row in ledger.rows(ISSUED):
            if clashes(row, number):
                known = self.get(publication.key, row["id"])
                if known.source == back.source or known.issue == back.issue:
                    return known, False
                raise NumberingError("归档中已有这一期，内容不同", subject=number.label, advice="请核对期号后再导入")
        ledger.check_import(number)
        values = self._new(publication.key, back.issue) | {"state": ISSUED, "imported": True, "docx": docx}
        values |= _numbers(number) | {"source": back.source, "signed": self._now, "signed_by": who}
        with ledger.settling():
            id = self._insert(values)
        self._keep_revision(publication.key, id, reason="导入", who=who)
        self._claims.publish(publication.key, id, back.issue)
        return self.get(publication.key, id), True

    def _keep_revision(self, publication: str, id: int, *, reason: str, who: str) -> None:
        row = self._connection.execute(select(issues).where(issues.c.id == id)).mappings().one()
        kept = {name: row[name] for name in ("revision", "docx", "pages", "data")}
        self._connection.execute(insert(revisions), kept | {"issue": id, "reason": reason, "who": who, "at": self._now})
        Search(self._connection).put_issue(publication, id, Issue.model_validate_json(row["data"]))

    # ------------------------------------------------------------ looking up

    def get(self, publication: str, id: int) -> IssueRecord:
        """The issue by its id; NotFoundError where the publication has none such."""
        query = select(issues).where(issues.c.publication == publication, issues.c.id == id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("没有这一期", subject=str(id))
        return _record(row)

    def by_number(
        self, publication: str, number: int, *, series: Series = Series.REGULAR, year: int | None = None
    ) -> IssueRecord:
        """The issue people call by this number: the total, else the number in `year` (the latest that has it)."""
        rows = [row for row in self._series(publication, series) if year is None and row["total"] == number]
        rows = rows or [row for row in self._series(publication, series, year) if row["in_year"] == number]
        if not rows:
            raise NotFoundError("没有这一期", subject=f"第{number}期", advice=WHERE)
        return self.get(publication, max(rows, key=lambda row: row["year"] or 0)["id"])

    def span(
        self, publication: str, first: int, last: int, *, series: Series = Series.REGULAR, year: int | None = None
    ) -> tuple[IssueRecord, ...]:
        """The issued issues from one number to another, both included, in order."""
        found: dict[int, int] = {}
        for row in self._series(publication, series, year):
            key = row["total"] if year is None and row["total"] is not None else row["in_year"]
            if row["state"] == ISSUED and key is not None and first <= key <= last:
                found[row["id"]] = key
        return tuple(self.get(publication, id) for id in sorted(found, key=lambda id: (found[id], id)))

    def _series(self, publication: str, series: Series, year: int | None = None) -> Sequence[Row]:
        query = select(issues.c.id, issues.c.state, issues.c.total, issues.c.year, issues.c.in_year).where(
            issues.c.publication == publication,
            issues.c.series == series.value,
            issues.c.state != IssueState.DISCARDED.value,
        )
        if year is not None:
            query = query.where(issues.c.year == year)
        return self._connection.execute(query).mappings().all()

    def find(
        self,
        publication: str,
        *,
        state: IssueState | None = None,
        series: Series | None = None,
        year: int | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[IssueRow, ...]:
        """The issues, newest first, discarded ones only when asked for; `year` is that of the date."""
        query = select(*LISTED).where(issues.c.publication == publication)
        wanted = issues.c.state != IssueState.DISCARDED.value if state is None else issues.c.state == state.value
        query = query.where(wanted)
        if series is not None:
            query = query.where(issues.c.series == series.value)
        if year is not None:
            if not MINYEAR <= year <= MAXYEAR:
                return ()
            query = query.where(issues.c.date.between(date(year, 1, 1), date(year, 12, 31)))
        query = query.order_by(issues.c.date.desc(), issues.c.id.desc()).limit(limit).offset(offset)
        return tuple(IssueRow.model_validate(_fields(row)) for row in self._connection.execute(query).mappings())

    def revisions(self, publication: str, id: int) -> tuple[Revision, ...]:
        """Every printing of an issued issue, the first one first."""
        self.get(publication, id)
        rows = self._connection.execute(
            select(revisions).where(revisions.c.issue == id).order_by(revisions.c.revision)
        ).mappings()
        return tuple(_revision(row) for row in rows)

    # ------------------------------------------------------------ changing a row

    def _draft(self, publication: str, id: int, version: int | None) -> IssueRecord:
        record = self.get(publication, id)
        self._check(record, IssueState.DRAFT, version)
        return record

    @staticmethod
    def _check(record: IssueRecord, state: IssueState, version: int | None) -> None:
        if record.state is not state:
            said = {IssueState.DRAFT: "还是草稿", IssueState.ISSUED: "已签发", IssueState.DISCARDED: "已撤销"}
            raise StateError(f"这一期{said[record.state]}", subject=record.number.label)
        if version is not None and record.version != version:
            raise ConflictError("这一期已被别人改过", subject=record.number.label)

    def _change(self, record: IssueRecord, bump: int = 1, **values: Any) -> None:
        query = update(issues).where(issues.c.id == record.id, issues.c.version == record.version)
        values |= {"version": record.version + bump, "updated": self._now}
        if not self._connection.execute(query.values(values)).rowcount:
            raise ConflictError("这一期已被别人改过", subject=record.number.label)

    def _set(self, id: int, **values: Any) -> None:
        self._connection.execute(update(issues).where(issues.c.id == id).values(updated=self._now, **values))


def _numbers(number: IssueNumber) -> dict[str, Any]:
    return {"total": number.total, "year": number.year, "in_year": number.in_year}


def _fields(row: Row) -> dict[str, Any]:
    fields = {name: row[name] for name in IssueRow.model_fields if name not in ("number", "fixed")}
    number = IssueNumber(series=row["series"], total=row["total"], year=row["year"], in_year=row["in_year"])
    return fields | {"number": number, "fixed": row["fixed"] is not None}


def _record(row: Row) -> IssueRecord:
    more = {"issue": Issue.model_validate_json(row["data"]), "pages": PAGES.validate_json(row["pages"])}
    return IssueRecord.model_validate(_fields(row) | more)


def _revision(row: Row) -> Revision:
    fields = {name: row[name] for name in ("revision", "reason", "who", "at", "docx")}
    more = {"issue": Issue.model_validate_json(row["data"]), "pages": PAGES.validate_json(row["pages"])}
    return Revision.model_validate(fields | more | {"issue_id": row["issue"]})
