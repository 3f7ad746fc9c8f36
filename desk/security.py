"""Who is asking, what he may do, and whether his own browser page sent it.

A session is a random secret in an HttpOnly, SameSite=Lax cookie. Every unsafe method carries the
session's CSRF token besides: in the header `X-CSRF-Token` (htmx and scripts of the page) or the
hidden field `csrf` (forms). Scripts use a bearer token and no cookie, on /api only.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from bulletin.errors import AccessError
from services import accounts
from services.context import Office
from store.account_records import Account, Role

COOKIE = "bulletin_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedInError(Exception):
    """Nobody is signed in: a page sends to the door, a script gets 401."""


@dataclass(frozen=True)
class Visitor:
    """A signed-in person at work on one publication."""

    account: Account
    office: Office
    csrf: str = ""
    secret: str = ""
    """The session's secret; empty for a script."""

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def who(self) -> str:
        """The name that histories and the log show."""
        return self.account.shown

    @property
    def role(self) -> Role:
        return self.account.role

    def may(self, role: str) -> bool:
        return self.account.role.covers(Role(role))


def offices(request: Request) -> Callable[[str], Office]:
    """The function that gives the office of a publication."""
    return cast(Callable[[str], Office], request.app.state.offices)


def visitor(request: Request) -> Visitor:
    """Who is signed in; NotSignedInError where nobody is. Asked once a request."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = _from_token(request) if request.url.path.startswith("/api/") else None
        known = known or _from_cookie(request)
        request.state.visitor = known
    return known


def _from_cookie(request: Request) -> Visitor:
    secret = request.cookies.get(COOKIE, "")
    door = offices(request)("")
    record = accounts.session(door, secret) if secret else None
    if record is None:
        raise NotSignedInError
    office = offices(request)(_chosen(request, record.account, record.publication))
    accounts.may_see(record.account, office.publication.key)
    return Visitor(record.account, office, record.csrf, secret)


def _chosen(request: Request, account: Account, publication: str) -> str:
    """The publication to work on: the chosen one while it may be seen, else the account's first, else the main one."""
    allowed = account.publications
    if publication and (not allowed or publication in allowed):
        return publication
    return allowed[0] if allowed else str(request.app.state.settings.publication)


def _from_token(request: Request) -> Visitor | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        return None
    account = accounts.token_account(offices(request)(""), secret.strip())
    if account is None:
        raise NotSignedInError
    wanted = request.query_params.get("publication", "")
    office = offices(request)(wanted or _chosen(request, account, ""))
    accounts.may_see(account, office.publication.key)
    return Visitor(account, office)


async def same_page(request: Request) -> None:
    """Raises AccessError for an unsafe request that no page of ours has sent."""
    if request.method in SAFE:
        return
    _same_origin(request)
    signed_in: Visitor | None = getattr(request.state, "visitor", None)
    if signed_in is None or not signed_in.secret:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode(), signed_in.csrf.encode()):
        raise AccessError("页面已经过期，没有保存", advice="请刷新页面后重试")


def _same_origin(request: Request) -> None:
    """What the browser itself says about where the request comes from."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    foreign = bool(origin) and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", "")
    if site in ("cross-site", "same-site") or foreign or (origin == "null" and site != "same-origin"):
        raise AccessError("这个请求不是从本系统的页面发出的，没有执行")


def signed_in(role: Role) -> Callable[[Request], Visitor]:
    """A dependency: the visitor, who has at least this role; AccessError otherwise."""

    def check(request: Request) -> Visitor:
        found = visitor(request)
        if not found.account.role.covers(role):
            raise AccessError(f"这一页需要{role.label}权限", advice="如有需要，请联系管理员")
        return found

    return check


Contributor = Annotated[Visitor, Depends(signed_in(Role.CONTRIBUTOR))]
Editor = Annotated[Visitor, Depends(signed_in(Role.EDITOR))]
Signer = Annotated[Visitor, Depends(signed_in(Role.SIGNER))]
Administrator = Annotated[Visitor, Depends(signed_in(Role.ADMINISTRATOR))]


def guard(role: Role) -> list[Dependency]:
    """The dependencies of a router: this role at least, and unsafe requests only from our own pages."""
    return [Dependency(signed_in(role)), Dependency(same_page)]
