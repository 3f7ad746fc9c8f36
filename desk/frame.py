"""What every page shares: templates, the navigation, notices, redirects."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.security import Visitor
from services.settings import Settings, publications
from store.account_records import Role

HERE = Path(__file__).parent
STATIC = HERE / "static"
NOTICE = "bulletin_notice"
"""Cookie that carries one sentence over a redirect."""

NAVIGATION = (
    ("收稿", "/intake", Role.CONTRIBUTOR),
    ("稿库", "/pool", Role.EDITOR),
    ("编排", "/arrange", Role.EDITOR),
    ("签发", "/signing", Role.EDITOR),
    ("归档", "/archive", Role.EDITOR),
    ("统计", "/figures", Role.EDITOR),
    ("运行", "/runs", Role.EDITOR),
    ("账号", "/accounts", Role.ADMINISTRATOR),
)

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    # Everything, whatever its file is called: what is shown was written by others.
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _static(path: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    return f"/static/{path}?{int((STATIC / path).stat().st_mtime)}"


def _day(value: date | datetime | None) -> str:
    """11月20日; with the year where it is not this one. Empty for None."""
    if value is None:
        return ""
    return f"{value.year}年{value.month}月{value.day}日"


def _short_day(value: date | None) -> str:
    return "" if value is None else value.strftime("%Y-%m-%d")


def _query(changes: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """A query string: what was given with the changes; empty values are left out."""
    merged = {key: value for key, value in {**given, **changes}.items() if value not in ("", None, (), [])}
    return "?" + urlencode(merged, doseq=True) if merged else "?"


_templates.globals["static"] = _static
_templates.filters["day"] = _day
_templates.filters["short_day"] = _short_day
_templates.filters["with_query"] = lambda given, **changes: _query(changes, given)
_templates.filters["thousands"] = lambda number: f"{number:,}"


def moment(request: Request, value: datetime | None) -> str:
    """A moment in the office's time zone: 11-20 08:05."""
    if value is None:
        return ""
    settings: Settings = request.app.state.settings
    return value.astimezone(settings.zone).strftime("%m-%d %H:%M")


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page (and not for a whole page of a boosted link)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page or fragment. Every template knows `visitor`, `csrf`, `navigation`, `path`, `notice`, `moment`."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    fragment = is_fragment(request)
    notice = "" if fragment else pending_notice(request)
    shared = {
        "request": request,
        "visitor": visitor,
        "csrf": visitor.csrf if visitor else "",
        "publication": visitor.office.publication if visitor else None,
        "publications": _publications(request, visitor),
        "navigation": [(name, path) for name, path, role in NAVIGATION if visitor and visitor.role.covers(role)],
        "path": request.url.path,
        "fragment": fragment,
        "notice": notice,
        "moment": lambda value: moment(request, value),
    }
    text = _templates.get_template(template).render({**shared, **(context or {})})
    response = HTMLResponse(text, status)
    if notice:
        response.delete_cookie(NOTICE)
    return response


def _publications(request: Request, visitor: Visitor | None) -> list[tuple[str, str]]:
    """Key and name of the publications the visitor may change to."""
    if visitor is None:
        return []
    allowed = visitor.account.publications
    settings: Settings = request.app.state.settings
    found = [(key, one.name) for key, one in publications(settings).items() if not allowed or key in allowed]
    return found if len(found) > 1 else []


def pending_notice(request: Request) -> str:
    """What the page before wanted said and no page has shown yet."""
    return unquote(request.cookies.get(NOTICE, ""))


def redirect(request: Request, path: str, notice: str = "") -> Response:
    """Sends the browser to another page of ours, where the notice is shown once; works for htmx, too."""
    if is_fragment(request):
        response: Response = Response(status_code=204, headers={"HX-Redirect": path})
    else:
        response = RedirectResponse(path, 303)
    if notice:
        response.set_cookie(NOTICE, quote(notice), max_age=60, httponly=True, samesite="lax")
    return response


def local_path(address: str, default: str = "/") -> str:
    """The address when it is a path on this site, else the default: no open redirects."""
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if safe and "\\" not in address and address.isprintable() else default
