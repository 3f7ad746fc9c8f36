"""A real desk: uvicorn over a real store in an empty home, looked at with apt's Chromium.

`desk_server` is the address and the office behind it, `page` an empty browser page, and
`signed_in("editor")` a page on which somebody with that role is signed in.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from desk.app import create_app
from services.accounts import add_account
from services.context import Office, open_office
from services.settings import read_settings
from store.account_records import Role

PASSWORD = "云江简报2026"
UNIT = "临川市教育局"
PATIENCE = 120
"""In seconds: a bound against hanging, not a measure. LibreOffice alone takes 20 s to start on a loaded machine."""
MILLISECONDS = 1000 * PATIENCE

expect.set_options(timeout=MILLISECONDS)


@dataclass(frozen=True)
class Desk:
    """A running desk; one account for each role, named like the role, with `PASSWORD`."""

    address: str
    office: Office

    def add_account(self, name: str, role: Role, unit: str = "") -> None:
        """A person with the password of the tests."""
        add_account(self.office, name, PASSWORD, role, unit=unit, person=f"{role.label}{name}")


@contextmanager
def serve(home: Path) -> Iterator[Desk]:
    """A desk over the home folder."""
    office = open_office(read_settings(home, publication="default"))
    server = uvicorn.Server(uvicorn.Config(create_app(office=office), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the desk did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Desk(f"http://127.0.0.1:{port}", office)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        office.store.close()


@pytest.fixture(scope="session")
def staffed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the accounts and nothing else; hashing their passwords takes a while, so it is copied."""
    home = tmp_path_factory.mktemp("desk") / "home"
    office = open_office(read_settings(home, publication="default"))
    for role in Role:
        unit = UNIT if role is Role.CONTRIBUTOR else ""
        add_account(office, role.value, PASSWORD, role, unit=unit, person=f"{role.label}甲")
    office.store.close()
    return home


@pytest.fixture
def desk_server(staffed_home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk with an empty pool."""
    shutil.copytree(staffed_home, tmp_path / "home")
    with serve(tmp_path / "home") as desk:
        yield desk


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of its own session (cookies are not shared)."""
    contexts = []

    def open_page(width: int = 1280, height: int = 860, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN", accept_downloads=True
        )
        context.set_default_timeout(MILLISECONDS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def sign_in(page: Page, desk: Desk, name: str, password: str = PASSWORD) -> None:
    """Signs in as a person would, at the door."""
    page.goto(f"{desk.address}/sign-in")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@pytest.fixture
def signed_in(desk_server: Desk, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """A function: signed_in("editor") is a page with that role; name= for another account, width= and scheme= for
    another screen."""

    def open_page(role: str = "editor", *, name: str = "", **screen: object) -> Page:
        page = new_page(**screen)
        sign_in(page, desk_server, name or role)
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    return open_page
