"""The editors' desk as an application: one process, one address, everything it needs shipped with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from threading import Lock

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from desk import api, archive, arrange, article, figures, intake, monitoring, people, pool, problems, runs, signing
from desk.batches import Batches
from desk.frame import STATIC
from services.context import Office, open_office
from services.settings import Settings, door, publications, read_publication, read_settings

ROUTERS = (
    people.door,
    people.router,
    intake.router,
    pool.router,
    article.router,
    article.pictures,
    arrange.router,
    signing.router,
    archive.router,
    figures.router,
    runs.router,
    api.router,
    api.pages,
    monitoring.router,
)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
"""Nothing from elsewhere, nothing inline: a script in somebody's submission has no way to run."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

Handler = Callable[[Request], Awaitable[Response]]


class Offices:
    """The office of each publication, over one store."""

    def __init__(self, first: Office) -> None:
        self._first = first
        self._open: dict[str, Office] = {first.publication.key: first}
        self._lock = Lock()

    def __call__(self, publication: str = "") -> Office:
        """The office of a publication, where the key is empty the one of the door, which is for accounts alone.

        NotFoundError for an unknown key, SettingsError for one whose file is broken.
        """
        if not publication:
            return self._first
        with self._lock:
            if publication not in self._open:
                found = read_publication(self._first.settings, publication)
                self._open[publication] = replace(self._first, publication=found)
            return self._open[publication]


def create_app(settings: Settings | None = None, office: Office | None = None) -> FastAPI:
    """The application of one home folder; the settings are read from the environment where none are given."""
    first = office or _first(settings or read_settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        for key in publications(first.settings):
            app.state.batches.catch_up(app.state.offices(key))
        yield
        app.state.batches.close()
        if office is None:
            first.store.close()

    # No pages from FastAPI itself: its documentation loads scripts from elsewhere.
    app = FastAPI(title="工作简报接口", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = first.settings
    app.state.offices = Offices(first)
    app.state.batches = Batches()
    problems.install(app)
    app.middleware("http")(_harden)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
    return app


def _first(settings: Settings) -> Office:
    return open_office(settings, door(settings))


async def _harden(request: Request, call_next: Handler) -> Response:
    """Adds the headers that keep a page to itself."""
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
