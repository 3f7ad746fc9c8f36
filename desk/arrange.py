"""编排: the draft of the week, its order and wording, what could still go in, and its pages as they will print."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from bulletin.errors import ConflictError, NotFoundError, StateError
from bulletin.rearrange import LAST
from desk.frame import is_fragment, pending_notice, redirect, render
from desk.security import Editor, Visitor, guard
from services import arranging, draftviews, previews, shelves, stages
from services.arranging import Edit
from services.issuing import discard_issue
from store.account_records import Role
from store.records import IssueState

router = APIRouter(dependencies=guard(Role.EDITOR))

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""An issue as a web page brings its own styles and may do nothing else."""


class Act(BaseModel):
    """One act on the draft, as the page's forms send it."""

    act: str
    version: int
    article: str = ""
    section: str = ""
    place: int = LAST
    title: str = ""
    subtitle: str = ""
    contents_title: str = ""
    note: str = ""


def _edit(asked: Act) -> Edit:
    """The act that a form asks for; StateError for one there is not."""
    article = asked.article
    edits = {
        "move": lambda: arranging.moving(article, asked.section, asked.place),
        "up": lambda: arranging.stepping(article, -1),
        "down": lambda: arranging.stepping(article, 1),
        "pin": lambda: arranging.pinning(article, True),
        "unpin": lambda: arranging.pinning(article, False),
        "out": lambda: arranging.leaving_out(article),
        "put": lambda: arranging.putting_in(article, asked.section, asked.place),
        "refresh": lambda: arranging.refreshing(article),
        "note": lambda: arranging.issue_note(asked.note),
        "wording": lambda: arranging.wording(
            article,
            title=asked.title,
            subtitle=asked.subtitle,
            contents_title=asked.contents_title,
            note=asked.note,
        ),
    }
    if asked.act not in edits:
        raise StateError("没有这种操作", subject=asked.act)
    return edits[asked.act]()


@router.get("/arrange")
def index(request: Request, who: Editor) -> Response:
    """The newest draft, or the way to make one."""
    drafts = draftviews.drafts(who.office)
    if drafts:
        return redirect(request, f"/arrange/{drafts[0].row.id}")
    return render(request, "arrange_none.html")


@router.get("/arrange/{id}")
def page(request: Request, who: Editor, id: int) -> Response:
    """The draft."""
    view = draftviews.view(who.office, id)
    if not view.open:
        where = f"/archive/{id}" if view.record.state is IssueState.ISSUED else "/arrange"
        # A run that ended here has said why there is nothing to arrange.
        said = pending_notice(request) or f"{view.record.number.label}{view.standing.stage.value}"
        return redirect(request, where, said)
    return _page(request, who, view)


def _page(request: Request, who: Visitor, view: draftviews.DraftView, status: int = 200, **more: object) -> Response:
    context = {
        "view": view,
        "sections": who.office.publication.section_names,
        "drafts": draftviews.drafts(who.office),
        "waiting": draftviews.waiting(who.office),
        "chosen": "",
        "words": "",
        "pool_page": 1,
        "problem": None,
        "others": (),
        "again": None,
        **more,
    }
    return render(request, "arrange.html", context, status=status)


@router.post("/arrange/{id}/act")
def act(request: Request, who: Editor, id: int, asked: Annotated[Act, Form()]) -> Response:
    """Does one thing to the draft and shows it as it is then; when somebody was faster, what he did."""
    try:
        arranging.apply(who.office, id, asked.version, _edit(asked), who.who)
    except ConflictError as error:
        return _conflict(request, who, id, asked, error)
    if not is_fragment(request):
        return redirect(request, f"/arrange/{id}")
    response = _draft(request, who, id)
    response.headers["HX-Trigger"] = "draft-changed"
    return response


def _conflict(request: Request, who: Visitor, id: int, asked: Act, error: ConflictError) -> Response:
    """The draft as the others left it, what they did, and the act once more for whoever still wants it."""
    with who.office.store.reading() as unit:
        others = arranging.changes_since(unit, who.office.publication.key, id, asked.version)
    view = draftviews.view(who.office, id)
    if not view.open:
        return redirect(request, f"/arrange/{id}")
    told = {"problem": error, "others": others, "again": asked}
    if not is_fragment(request):
        return _page(request, who, view, 409, **told)
    return _draft(request, who, id, 409, **told)


def _draft(request: Request, who: Visitor, id: int, status: int = 200, **more: object) -> HTMLResponse:
    context = {
        "view": draftviews.view(who.office, id),
        "sections": who.office.publication.section_names,
        "problem": None,
        "others": (),
        "again": None,
        **more,
    }
    return render(request, "arrange_draft.html", context, status=status)


@router.get("/arrange/{id}/draft")
def draft(request: Request, who: Editor, id: int) -> Response:
    """The draft alone, as it is now."""
    return _draft(request, who, id)


@router.get("/arrange/{id}/watch")
def watch(request: Request, who: Editor, id: int, version: int) -> Response:
    """Nothing while the draft is at that version; then who changed what."""
    with who.office.store.reading() as unit:
        record = unit.issues.get(who.office.publication.key, id)
        others = arranging.changes_since(unit, who.office.publication.key, id, version)
    context = {"id": id, "version": version, "changed": record.version != version, "others": others}
    return render(request, "arrange_watch.html", context)


@router.get("/arrange/{id}/pool")
def pool(request: Request, who: Editor, id: int, chosen: str = "", words: str = "", page: int = 1) -> Response:
    """One page of what could still be put in."""
    context = {
        "view": draftviews.view(who.office, id),
        "sections": who.office.publication.section_names,
        "waiting": draftviews.waiting(who.office, chosen, words, max(1, page)),
        "chosen": chosen,
        "words": words,
        "pool_page": max(1, page),
    }
    return render(request, "arrange_pool.html", context)


@router.post("/arrange/{id}/submit")
def submit(
    request: Request, who: Editor, id: int, version: Annotated[int, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Sends the draft for signing."""
    standing = stages.submit(who.office, id, version, who.who, note)
    return redirect(request, f"/signing/{id}", f"已送签（{standing.stage.value}）")


@router.post("/arrange/{id}/discard")
def discard(request: Request, who: Editor, id: int) -> Response:
    """Gives the draft up: its articles go back to the pool."""
    view = draftviews.view(who.office, id)
    number = view.record.number
    done = discard_issue(who.office, number.key, number.series, who.who)
    return redirect(request, "/arrange", f"{done['label']}的草稿已作废，{done['articles']} 篇稿件退回稿库")


# ---------------------------------------------------------------- pages


@router.get("/arrange/{id}/preview")
def preview(request: Request, who: Editor, id: int, shown: str = "", pages: int = 0, again: bool = False) -> Response:
    """The pages of an issue, or word that they are being made; `shown` names those that the page has meanwhile."""
    found = previews.preview(who.office, id, again=again)
    context = {"id": id, "preview": found, "shown": shown, "shown_pages": min(max(pages, 0), 500)}
    return render(request, "preview.html", context)


@router.get("/pages/{key}/{size}-{number}.png")
def picture(who: Editor, key: str, size: str, number: int) -> Response:
    """One page as a picture; it never changes."""
    try:
        content = previews.picture(who.office, key, number, size)
    except NotFoundError:
        if size != "cover":
            raise
        # It is being made: the page asks again, and nothing has gone wrong.
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=31536000, immutable"})


@router.get("/arrange/{id}/page.html")
def web_page(who: Editor, id: int) -> Response:
    """The issue as a web page, where there is no LibreOffice to print it."""
    with who.office.store.reading() as unit:
        record = unit.issues.get(who.office.publication.key, id)
    return HTMLResponse(shelves.web_page(who.office, record), headers={"Content-Security-Policy": PAGE_POLICY})
