"""Every error as a page in Chinese, as a message for htmx, or as JSON under /api."""

import logging
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from bulletin.errors import (
    AccessError,
    BulletinError,
    ConflictError,
    FetchError,
    NotFoundError,
    NumberingError,
    SettingsError,
    StateError,
    TooLargeError,
    UnreadableError,
)
from desk.frame import is_fragment, render
from desk.security import NotSignedInError

STATUS: tuple[tuple[type[BulletinError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (StateError, 409),
    (NumberingError, 409),
    (AccessError, 403),
    (TooLargeError, 413),
    (UnreadableError, 422),
    (FetchError, 422),
    (SettingsError, 422),
)

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不能这样做",
    409: "没有保存",
    413: "内容太大",
    422: "内容有误",
    500: "出错了",
}

_log = logging.getLogger("bulletin.desk")


def status_of(error: BulletinError) -> int:
    """The HTTP status of an error of ours."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def install(app: FastAPI) -> None:
    """Makes the application answer every error in this way."""
    app.add_exception_handler(BulletinError, _ours)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, status: int, message: str, *, advice: str = "", code: str = "", subject: str = "") -> Any:
    """The error in the form the asker understands."""
    if request.url.path.startswith("/api/"):
        body = {"code": code, "message": message, "subject": subject, "advice": advice}
        return JSONResponse(body, status)
    title = TITLES.get(status, "出错了")
    context = {"title": title, "message": message, "advice": advice, "subject": subject, "status": status}
    return render(request, "problem_part.html" if is_fragment(request) else "problem.html", context, status=status)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, BulletinError)
    return _answered(
        answer(
            request,
            status_of(error),
            error.message,
            advice=error.advice,
            code=error.code,
            subject=error.subject,
        )
    )


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        response = _answered(answer(request, 401, "请先登录，或给出有效的令牌", code="not-signed-in"))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    lost = request.method != "GET"
    if is_fragment(request) or lost:
        # Somebody was at work: the door says so, and leads back to where he was.
        door = f"/sign-in?expired={'unsaved' if lost else 'yes'}&next={quote(_page_of(request))}"
        if is_fragment(request):
            return Response(status_code=401, headers={"HX-Redirect": door})
        return RedirectResponse(door, 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted)}" if wanted != "/" else "/sign-in", 303)


def _page_of(request: Request) -> str:
    """Path and query of the page that a request was made from; what is not ours is refused at the door."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/")
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = "、".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
    return _answered(answer(request, 422, "提交的内容不完整或格式不对", code="not-valid", subject=fields))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    messages = {404: "没有这一页", 405: "这个地址不能这样访问", 413: "内容太大"}
    message = messages.get(error.status_code, "请求有误")
    return _answered(answer(request, error.status_code, message, code=f"http-{error.status_code}"))


def _unexpected(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("%s %s (%s)", request.method, request.url.path, reference, exc_info=error)
    message = "系统出了问题，已记入日志"
    advice = f"请重试；仍不行时请把编号 {reference} 告诉管理员"
    return _answered(answer(request, 500, message, advice=advice, code="internal"))


def _answered(response: Any) -> Response:
    assert isinstance(response, Response)
    return response
