"""统计: what each unit handed in and what was printed of it, with the office's own points."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bulletin.errors import NotFoundError
from desk.archive import download
from desk.frame import render
from desk.security import Editor, Visitor, guard
from services.scoring import period_span
from services.shelves import MEDIA_TYPES, Copy
from store.account_records import Role

router = APIRouter(dependencies=guard(Role.EDITOR))

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS = 5
"""Years that the choice of a period offers."""


@router.get("/figures")
def page(request: Request, who: Editor, period: str = "") -> Response:
    """The figures of a period."""
    from services.contributions import report

    chosen = period or str(who.office.today().year)
    context = {"report": report(who.office, chosen), "period": chosen, "periods": list(_periods(who.office.today()))}
    return render(request, "figures.html", context)


def _periods(today: date) -> Iterator[tuple[str, str]]:
    """Value and name of the periods to choose from: this year's months and quarters, then years."""
    name = partial(lambda period: (period, period_span(period)[2]))
    for month in range(today.month, 0, -1):
        yield name(f"{today.year}-{month:02d}")
    for quarter in range((today.month + 2) // 3, 0, -1):
        yield name(f"{today.year}-Q{quarter}")
    for year in range(today.year, today.year - YEARS, -1):
        yield name(str(year))


@router.get("/figures/chart/{kind}.svg")
def chart(who: Editor, kind: str, period: str) -> Response:
    """One chart as a picture."""
    from services import charts
    from services.contributions import report

    kinds = {"units": charts.units_chart, "months": charts.months_chart}
    if kind not in kinds:
        raise NotFoundError("没有这张图", subject=kind)
    svg = kinds[kind](report(who.office, period))
    # The picture brings its own styles and may do nothing else.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(svg, media_type="image/svg+xml", headers={"Content-Security-Policy": policy})


@router.get("/figures/{form}")
def file(who: Editor, form: str, period: str) -> Response:
    """The figures as a workbook, or the 通报 as DOCX."""
    return download(_file(who, form, period))


def _file(who: Visitor, form: str, period: str) -> Copy:
    from services import charts
    from services.contributions import report, workbook

    found = report(who.office, period)
    if form == "table.xlsx":
        return Copy(name=f"{found.title}.xlsx", content=workbook(found), media_type=XLSX)
    if form == "notice.docx":
        content = charts.notice(who.office, found)
        return Copy(name=f"关于{found.title}的通报.docx", content=content, media_type=MEDIA_TYPES["docx"])
    raise NotFoundError("没有这个文件", subject=form)
