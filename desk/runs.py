"""运行: the weekly and manual runs, a new one by its form, how far it is, and why one failed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError

from bulletin.errors import SettingsError
from bulletin.model import Series
from desk.frame import redirect, render
from desk.security import Editor, guard
from services import runs
from services.requests import CompileRequest
from store.account_records import Role

router = APIRouter(dependencies=guard(Role.EDITOR))

Text = Annotated[str, Form()]


@router.get("/runs")
def index(request: Request, who: Editor) -> Response:
    """The last runs and the form of a new one."""
    return render(request, "runs.html", {"view": runs.list_runs(who.office), "fields": CompileRequest.model_fields})


@router.get("/runs/list")
def lines(request: Request, who: Editor) -> Response:
    """The last runs alone."""
    return render(request, "runs_list.html", {"view": runs.list_runs(who.office)})


@router.post("/runs")
def start(
    request: Request,
    who: Editor,
    number: Text = "",
    day: Text = "",
    period: Text = "",
    series: Text = Series.REGULAR.value,
    sources: Text = "",
) -> Response:
    """Begins a run; every field may be left empty."""
    try:
        asked = CompileRequest(
            number=int(number) if number.strip() else None,
            date=date.fromisoformat(day.strip()) if day.strip() else None,
            period=period.strip(),
            series=Series(series),
            sources=tuple(line.strip() for line in sources.splitlines() if line.strip().startswith("http")),
        )
    except (ValidationError, ValueError) as error:
        advice = "期号写数字，日期写作 2026-11-20，期次写作 2026-W47（同一周另编一期写 2026-W47-2），来源每行一个网址；都可以不填"
        raise SettingsError("表里有一项写得不对", advice=advice) from error
    return redirect(request, f"/runs/{runs.start(who.office, asked, who.who)}")


@router.get("/runs/{id}")
def page(request: Request, who: Editor, id: str) -> Response:
    """One run."""
    return render(request, "run.html", {"line": runs.get_run(who.office, id)})


@router.get("/runs/{id}/progress")
def progress(request: Request, who: Editor, id: str) -> Response:
    """How far the run is; when it has made an issue, on to that."""
    line = runs.get_run(who.office, id)
    if line.issue is not None and not line.live:
        return redirect(request, f"/arrange/{line.issue}", line.said)
    return render(request, "run_progress.html", {"line": line})
