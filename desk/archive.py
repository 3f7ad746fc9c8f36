"""归档: every issue by year, its printings, every word of it, and who was printed when."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bulletin.errors import NotFoundError
from desk.arrange import PAGE_POLICY
from desk.frame import redirect, render
from desk.security import Editor, Signer, guard
from services import previews, shelves, signing
from services.shelves import Copy
from services.signing import Correction
from store.account_records import Role

router = APIRouter(dependencies=guard(Role.EDITOR))


@router.get("/archive")
def index(request: Request, who: Editor, year: int | None = None, words: str = "", page: int = 1) -> Response:
    """The covers of a year, or what holds the words."""
    page = max(1, page)
    found = shelves.find_printed(who.office, words, page) if words.strip() else None
    shelf = shelves.shelf(who.office, year)
    covers = {row.id: previews.cover_of(who.office, row) for row in shelf.rows} if found is None else {}
    context = {"shelf": shelf, "words": words, "found": found, "page": page, "per_page": shelves.PAGE, "covers": covers}
    return render(request, "archive.html", context)


@router.get("/archive/unit")
def unit(request: Request, who: Editor, name: str, page: int = 1) -> Response:
    """What was printed of one unit, and when."""
    page = max(1, page)
    found = shelves.published_by(who.office, name, page)
    return render(request, "archive_unit.html", {"name": name, "found": found, "page": page, "per_page": shelves.PAGE})


@router.post("/archive/zip")
def package(who: Editor, issues: Annotated[list[int] | None, Form()] = None) -> Response:
    """The chosen issues in one ZIP."""
    return download(shelves.package(who.office, issues or []))


@router.get("/archive/{id}")
def page(request: Request, who: Editor, id: int) -> Response:
    """One issue."""
    volume = shelves.volume(who.office, id)
    return render(request, "archive_issue.html", {"volume": volume, "may_correct": who.may("signer")})


@router.get("/archive/{id}/copy.{form}")
def copy(who: Editor, id: int, form: str, revision: Annotated[int | None, Query()] = None) -> Response:
    """One issue as a file."""
    found = shelves.copy_of(who.office, id, form, revision)
    return download(found)


@router.get("/archive/{id}/correct/{entry}")
def correction(request: Request, who: Signer, id: int, entry: int) -> Response:
    """The form that corrects one article of an issued issue."""
    volume = shelves.volume(who.office, id)
    entries = volume.record.issue.entries
    if not 0 <= entry < len(entries):
        raise NotFoundError("本期没有这一篇", subject=str(entry + 1))
    return render(request, "archive_correct.html", {"volume": volume, "at": entry, "entry": entries[entry]})


@router.post("/archive/{id}/correct/{entry}")
async def correct(request: Request, who: Signer, id: int, entry: int) -> Response:
    """Makes the revision."""
    from starlette.concurrency import run_in_threadpool

    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    paragraphs = {
        int(name.removeprefix("block-")): text.replace("\r\n", "\n")
        for name, text in form.items()
        if name.startswith("block-") and name.removeprefix("block-").isdecimal()
    }
    change = Correction(title=form.get("title"), paragraphs=paragraphs)
    version, reason = int(form.get("version") or -1), form.get("reason", "")
    done = await run_in_threadpool(
        signing.correct, who.office, id, version, {entry: change}, reason=reason, who=who.who
    )
    return redirect(request, f"/archive/{id}", f"{done.number.label}已更正，原版仍在归档中")


@router.get("/archive/{id}/preview")
def preview(request: Request, who: Editor, id: int, shown: str = "", pages: int = 0) -> Response:
    """The pages of the issue."""
    context = {"id": id, "preview": previews.preview(who.office, id), "shown": shown, "shown_pages": 0}
    return render(request, "preview.html", context)


def download(found: Copy) -> Response:
    """A file under its Chinese name; a page of ours is shown in its own closed box."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    if found.media_type.startswith("text/html"):
        headers["Content-Security-Policy"] = PAGE_POLICY
    return Response(found.content, media_type=found.media_type, headers=headers)
