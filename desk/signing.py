"""签发: the checklist, what was changed in each article, and the signature or the way back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bulletin.errors import ConflictError, StateError
from desk.frame import redirect, render
from desk.security import Editor, Signer, guard
from services import draftviews, redlines, signing, stages
from services.checklist import checklist, stopping
from store.account_records import Role
from store.records import IssueState

router = APIRouter(dependencies=guard(Role.EDITOR))

MANY = 20
"""Characters changed from which on an article's difference lies open: a date line that fell away is no news."""


@router.get("/signing")
def index(request: Request, who: Editor) -> Response:
    """The drafts on their way; the one that waits for a signature at once, where there is but one."""
    waiting = draftviews.to_sign(who.office)
    if len(waiting) == 1:
        return redirect(request, f"/signing/{waiting[0].row.id}")
    return render(request, "signing_list.html", {"drafts": draftviews.drafts(who.office)})


@router.get("/signing/{id}")
def page(request: Request, who: Editor, id: int) -> Response:
    """What a signer looks at before signing."""
    view = draftviews.view(who.office, id)
    if view.record.state is IssueState.ISSUED:
        return redirect(request, f"/archive/{id}")
    checks = checklist(who.office, id)
    context = {"view": view, "checks": checks, "stopping": stopping(checks), "may_sign": who.may("signer")}
    return render(request, "signing.html", context)


@router.get("/signing/{id}/difference/{article}")
def difference(request: Request, who: Editor, id: int, article: str) -> Response:
    """One article as printed beside what was handed in."""
    found = redlines.compare(who.office, id, article)
    opened = found.difference is not None and found.difference.inserted + found.difference.deleted >= MANY
    return render(request, "signing_difference.html", {"found": found, "opened": opened})


@router.post("/signing/{id}/sign")
def sign(
    request: Request, who: Signer, id: int, version: Annotated[int, Form()], despite: Annotated[bool, Form()] = False
) -> Response:
    """Number and signature in one act; who comes second, in another window or by a double click, sees it signed."""
    try:
        record = signing.sign(who.office, id, version, who.who, despite=despite)
    except (ConflictError, StateError):
        # Looked at afterwards: the two may come at the same moment.
        with who.office.store.reading() as unit:
            state = unit.issues.get(who.office.publication.key, id).state
        if state is not IssueState.ISSUED:
            raise
        return redirect(request, f"/archive/{id}", "这一期已经签发，没有再签一次")
    return redirect(request, f"/archive/{id}", f"{record.number.label}已签发，存入归档")


@router.post("/signing/{id}/return")
def send_back(
    request: Request, who: Signer, id: int, version: Annotated[int, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Back to the editors, with a word why."""
    stages.send_back(who.office, id, version, who.who, note)
    return redirect(request, "/signing", "已退回编辑")
