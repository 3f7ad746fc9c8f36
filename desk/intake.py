"""收稿."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.frame import render
from desk.security import Contributor, guard
from store.account_records import Role

router = APIRouter(dependencies=guard(Role.CONTRIBUTOR))


@router.get("/intake")
def page(request: Request, visitor: Contributor) -> HTMLResponse:
    """The page."""
    return render(request, "placeholder.html", {"title": "收稿"})
