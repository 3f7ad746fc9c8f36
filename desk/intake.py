"""收稿: sending in files, text or a link, and what became of everything."""

from collections.abc import Callable, Sequence
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from bulletin.errors import EmptyError, TooLargeError
from desk.batches import Batch, Batches
from desk.frame import redirect, render
from desk.security import Contributor, guard
from services import uploads
from services.uploads import Arrival
from store.account_records import Role
from store.records import SubmissionState

router = APIRouter(dependencies=guard(Role.CONTRIBUTOR))

LARGEST = 100 * 2**20
"""Bytes of one file: a manuscript full of photos stays below."""

STATES = {"refused": SubmissionState.REFUSED, "received": SubmissionState.RECEIVED}


def batches(request: Request) -> Batches:
    return cast(Batches, request.app.state.batches)


@router.get("/intake")
def page(request: Request, visitor: Contributor, state: str = "", page: int = 1, batch: str = "") -> Response:
    """The place to send in, and what was received."""
    found = uploads.fates(visitor.office, visitor.account, state=STATES.get(state), page=page)
    context = {
        "fates": found,
        "state": state,
        "page": max(page, 1),
        "more": len(found) == uploads.PAGE,
        "asked": {"state": state},
        "batch": _batch_context(request, visitor, batches(request).get(batch, visitor.name)),
    }
    template = "intake_list.html" if request.headers.get("HX-Target") == "received" else "intake.html"
    return render(request, template, context)


@router.post("/intake/files")
def send_files(
    request: Request,
    visitor: Contributor,
    files: Annotated[list[UploadFile], File()],
    paths: Annotated[list[str] | None, Form()] = None,
    batch: Annotated[str, Form()] = "",
) -> Response:
    """Takes files; `paths` are their names with their folders, where the browser knows them."""
    given = [file for file in files if file.filename]
    if not given:
        raise EmptyError("没有选择文件", advice="请选择或拖入要报送的文件")
    names = paths if paths and len(paths) == len(given) else [file.filename or "" for file in given]
    received = [(name, file.content_type or "", _content(file)) for name, file in zip(names, given, strict=True)]
    return _taken(request, visitor, batch, lambda: uploads.submit(visitor.office, visitor.account, received))


def _content(file: UploadFile) -> bytes:
    if (file.size or 0) > LARGEST:
        raise TooLargeError(f"文件超过 {LARGEST // 2**20} MB", subject=file.filename or "")
    return file.file.read()


@router.post("/intake/text")
def send_text(
    request: Request, visitor: Contributor, text: Annotated[str, Form()], title: Annotated[str, Form()] = ""
) -> Response:
    if not text.strip():
        raise EmptyError("没有粘贴文字", advice="请把稿件文字粘贴进来")
    return _taken(request, visitor, "", lambda: uploads.submit_text(visitor.office, visitor.account, title, text))


@router.post("/intake/link")
def send_link(request: Request, visitor: Contributor, address: Annotated[str, Form()]) -> Response:
    if not address.strip():
        raise EmptyError("没有填写网址")
    return _taken(request, visitor, "", lambda: uploads.submit_link(visitor.office, visitor.account, address))


def _taken(request: Request, visitor: Contributor, batch: str, fetch: Callable[[], Sequence[Arrival]]) -> Response:
    taken = batches(request).add(visitor.office, visitor.name, batch, fetch)
    if request.headers.get("HX-Request"):
        return render(request, "batch.html", {"batch": _batch_context(request, visitor, taken)})
    return redirect(request, f"/intake?batch={taken.id}")


@router.get("/intake/batches/{id}")
def batch_state(request: Request, visitor: Contributor, id: str) -> Response:
    """The state of a batch, as a part of the page."""
    batch = batches(request).get(id, visitor.name)
    response = render(request, "batch.html", {"batch": _batch_context(request, visitor, batch)})
    if batch and not batch.running:
        response.headers["HX-Trigger"] = "received"
    return response


def _batch_context(_request: Request, visitor: Contributor, batch: Batch | None) -> dict[str, object] | None:
    if batch is None:
        return None
    return {
        "id": batch.id,
        "running": batch.running,
        "done": batch.done,
        "total": len(batch.hashes),
        "problem": batch.problem,
        "refused": [arrival for arrival in batch.arrivals if arrival.problem],
        "twins": [arrival for arrival in batch.arrivals if arrival.twin],
        "known": {arrival.sha256 for arrival in batch.arrivals if arrival.known},
        "fates": uploads.fates_of(visitor.office, visitor.account, batch.hashes),
    }


@router.get("/files/{sha256}")
def download(visitor: Contributor, sha256: str) -> Response:
    """The file as received; always a download, never shown by the browser, whatever it holds."""
    name, content = uploads.downloadable(visitor.office, visitor.account, sha256)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(content, media_type="application/octet-stream", headers=headers)
