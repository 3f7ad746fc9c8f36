"""稿库."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.frame import render
from desk.security import Editor, guard
from store.account_records import Role

router = APIRouter(dependencies=guard(Role.EDITOR))


@router.get("/pool")
def page(request: Request, visitor: Editor) -> HTMLResponse:
    """The page."""
    return render(request, "placeholder.html", {"title": "稿库"})
