"""The ledger of numbers: one row per publication and series, and the rule that keeps it without gaps.

The rule, true after every transaction:

    Open drafts whose number no editor has named carry the numbers that follow the highest one
    issued or imported (or the publication's start), in the order in which they were begun, leaving
    out numbers that an editor has named for another draft.

So a draft always carries the number it will get. When an issue is imported, signed or discarded,
the drafts behind it move, and a draft that moved must be built again before it can be signed.
An issued number never moves.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select, update

from bulletin.errors import NotFoundError, NumberingError
from bulletin.model import Issue, IssueNumber, NumberScheme, Publication, Series
from store.ground import insert_new
from store.records import IssueState
from store.schema import issues, ledger

DRAFT, ISSUED = IssueState.DRAFT.value, IssueState.ISSUED.value
Row = Mapping[Any, Any]


class Ledger:
    """The numbers of one series of one publication, locked until the transaction ends."""

    def __init__(self, connection: Connection, publication: str, series: Series) -> None:
        """Waits for its turn; NotFoundError where the series was never opened."""
        self._connection = connection
        self.publication = publication
        self.series = series
        row = self._lock()
        if row is None:
            raise NotFoundError("这个刊物还没有期号账", subject=f"{publication} {series.value}")
        self.scheme = NumberScheme(row["scheme"])
        self.start: int = row["start"]

    @classmethod
    def open(cls, connection: Connection, publication: Publication, series: Series) -> "Ledger":
        """The ledger of a publication, begun where needed, numbering as the publication says now."""
        numbering = publication.numbering
        start = numbering.start if series is Series.REGULAR else 1
        values = {"publication": publication.key, "series": series.value}
        terms = {"scheme": numbering.scheme.value, "start": start}
        insert_new(connection, ledger, values | terms)
        book = cls(connection, publication.key, series)
        if (book.scheme, book.start) != (numbering.scheme, start):
            where = (ledger.c.publication == publication.key, ledger.c.series == series.value)
            connection.execute(update(ledger).where(*where).values(terms))
            book.scheme, book.start = numbering.scheme, start
        return book

    def _lock(self) -> Row | None:
        # SQLite's BEGIN IMMEDIATE has the lock already and ignores FOR UPDATE.
        query = select(ledger).where(ledger.c.publication == self.publication, ledger.c.series == self.series.value)
        return self._connection.execute(query.with_for_update()).mappings().first()

    @property
    def by_total(self) -> bool:
        return self.scheme is not NumberScheme.YEARLY

    @property
    def by_year(self) -> bool:
        return self.scheme is not NumberScheme.TOTAL

    def rows(self, state: str) -> list[Row]:
        """The issues of the series in one state, oldest first, without their content."""
        columns = (issues.c[name] for name in ("id", "period", "total", "year", "in_year", "fixed", "date", "imported"))
        where = (
            issues.c.publication == self.publication,
            issues.c.series == self.series.value,
            issues.c.state == state,
        )
        return list(self._connection.execute(select(*columns).where(*where).order_by(issues.c.id)).mappings())

    def highest(self, year: int | None = None) -> int | None:
        """The highest number issued or imported: total, or in the year."""
        column = issues.c.total if year is None else issues.c.in_year
        query = select(func.max(column)).where(
            issues.c.publication == self.publication, issues.c.series == self.series.value, issues.c.state == ISSUED
        )
        if year is not None:
            query = query.where(issues.c.year == year)
        return self._connection.execute(query).scalar()

    def check_free(self, number: int, year: int, own: int | None = None) -> None:
        """Raises NumberingError where another issue, issued or draft, has the number an editor names."""
        if number < 1:
            raise NumberingError("期号要从 1 数起", subject=f"第{number}期")
        for state, advice in ((ISSUED, "已签发或导入的期号不能再用"), (DRAFT, "请先签发或撤销那份草稿，或换一个期号")):
            for row in self.rows(state):
                held = row["total"] if self.by_total else row["in_year"]
                if row["id"] != own and held == number and (self.by_total or row["year"] == year):
                    raise NumberingError("这个期号已有一期", subject=f"第{number}期", advice=advice)

    def check_import(self, number: IssueNumber) -> None:
        """Raises NumberingError where an editor has named the number for a draft."""
        for row in self.rows(DRAFT):
            if row["fixed"] is not None and clashes(row, number):
                raise NumberingError(
                    "这个期号已指定给一份草稿", subject=number.label, advice="请先签发或撤销那份草稿，再导入"
                )

    def check_turn(self, row: Row) -> None:
        """Raises NumberingError where a draft with a lower number must be signed or discarded first."""
        for other in self.rows(DRAFT):
            earlier_total = self.by_total and row["fixed"] is None and other["total"] < row["total"]
            follows_year = self.by_year and (self.by_total or row["fixed"] is None)
            earlier_in_year = follows_year and other["year"] == row["year"] and other["in_year"] < row["in_year"]
            if other["id"] != row["id"] and (earlier_total or earlier_in_year):
                raise NumberingError(
                    f"前面的{_label(self.series, other)}（{other['period']}）还是草稿",
                    subject=_label(self.series, row),
                    advice="请先签发它，或撤销它（稿件退回稿库，后面的草稿顺次进号）",
                )

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Numbers the open drafts anew after what happens inside."""
        before = {row["id"]: row for row in self.rows(DRAFT)}
        # Without numbers they are in nobody's way; the unique indexes hold at every moment.
        where = (issues.c.publication == self.publication, issues.c.series == self.series.value)
        blank = update(issues).where(*where, issues.c.state == DRAFT).values(total=None, year=None, in_year=None)
        self._connection.execute(blank)
        yield
        for row, number in self._numbers():
            old = before.get(row["id"])
            values = {"total": number.total, "year": number.year, "in_year": number.in_year}
            if old is None or any(old[name] != value for name, value in values.items()):
                values |= self._renumbered(row["id"], number)
            self._connection.execute(update(issues).where(issues.c.id == row["id"]).values(values))

    def _numbers(self) -> Iterator[tuple[Row, IssueNumber]]:
        """Each open draft with the number it will get."""
        drafts = self.rows(DRAFT)
        named = {(self._scope(row), row["fixed"]) for row in drafts if row["fixed"] is not None}
        last: dict[int | None, int] = {}
        for row in drafts:
            total = in_year = None
            year = row["date"].year if self.by_year else None
            if self.by_total:
                total = row["fixed"] or self._next(None, last, named)
            if self.by_year:
                fixed = None if self.by_total else row["fixed"]
                in_year = fixed or self._next(year, last, set() if self.by_total else named)
            yield row, IssueNumber(series=self.series, total=total, year=year, in_year=in_year)

    def _scope(self, row: Row) -> int | None:
        return None if self.by_total else row["date"].year

    def _next(self, year: int | None, last: dict[int | None, int], named: set[tuple[int | None, int]]) -> int:
        if year not in last:
            first = self.start if year is None else 1
            highest = self.highest(year)
            last[year] = first - 1 if highest is None else highest
        last[year] += 1
        while (year, last[year]) in named:
            last[year] += 1
        return last[year]

    def _renumbered(self, id: int, number: IssueNumber) -> dict[str, Any]:
        """What else changes with the number: the content names it, and what was built is out of date."""
        data, version = self._connection.execute(select(issues.c.data, issues.c.version).where(issues.c.id == id)).one()
        issue = Issue.model_validate_json(data).model_copy(update={"number": number})
        return {"data": issue.model_dump_json(), "version": version + 1, "docx": None, "pages": "{}"}


def clashes(row: Row, number: IssueNumber) -> bool:
    """Whether an issue has the total, or the number in the year, of another."""
    same_total = number.total is not None and row["total"] == number.total
    in_year = number.in_year is not None and (row["year"], row["in_year"]) == (number.year, number.in_year)
    return same_total or in_year


def _label(series: Series, row: Row) -> str:
    return IssueNumber(series=series, total=row["total"], year=row["year"], in_year=row["in_year"]).label
