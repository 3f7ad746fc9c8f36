"""Pictures of every page of the desk for the documentation: `make screenshots` writes docs/desk/*.png.

A desk is started over an empty home; the samples of the project are sent in, one issue is signed and
the next one begun. Every page is taken wide and narrow; the main ones in dark, too.
"""

import argparse
import io
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bulletin.model import Series
from desk.app import create_app
from services.accounts import add_account
from services.context import Office, open_office
from services.issuing import sign_issue
from services.publish import assemble
from services.requests import CompileRequest
from services.settings import PROJECT, read_settings
from services.typesetting import print_draft
from services.uploads import read_arrivals, submit
from store.account_records import Role
from store.records import ArticleFilter, ArticleState

COLOURS = 128
"""Of a picture: text on plain ground needs no more, and the files stay small."""

WIDE, NARROW = (1280, 860), (390, 860)

PAGES = {
    "intake": "/intake",
    "pool": "/pool?state=all",
    "pool-search": "/pool?words=学习",
    "article": "/pool/{article}",
    "article-edit": "/pool/{article}/edit",
    "arrange": "/arrange",
    "signing": "/signing",
    "archive": "/archive",
    "figures": "/figures",
    "runs": "/runs",
    "accounts": "/accounts",
    "me": "/me",
    "api": "/api",
}
DARK = ("intake", "pool", "article", "arrange", "signing", "figures")


def prepare(office: Office, password: str) -> str:
    """Fills the office; gives the id of an article worth looking at."""
    people = (("chen", Role.ADMINISTRATOR, "", "陈编"), ("wu", Role.CONTRIBUTOR, "望河市委宣传部", "吴通"))
    accounts = [add_account(office, name, password, role, unit=unit, person=who) for name, role, unit, who in people]
    files = sorted(path for path in (PROJECT / "data" / "samples").rglob("*") if path.is_file())
    for account, chosen in zip(accounts, (files[::2], files[1::2]), strict=True):
        given = [(str(path.relative_to(PROJECT / "data" / "samples")), "", path.read_bytes()) for path in chosen]
        read_arrivals(office, [a.sha256 for a in submit(office, account, given) if a.sha256], lambda done, total: None)
        last_week = office.today() - timedelta(days=7)
        draft = assemble(office, CompileRequest(date=last_week if account.role is Role.ADMINISTRATOR else None))
        print_draft(office, draft.issue_id)
        if account.role is Role.ADMINISTRATOR:
            sign_issue(office, draft.number, Series.REGULAR, "陈编")
    with office.store.reading() as unit:
        ids = unit.articles.ids(office.publication.key, ArticleFilter(states=(ArticleState.USED, ArticleState.NEW)))
        records = unit.articles.records(office.publication.key, ids)
    return max(records, key=lambda record: (len(record.hints), len(record.article.changes))).id


@contextmanager
def running(office: Office) -> Iterator[str]:
    """The address of a desk over the office."""
    server = uvicorn.Server(uvicorn.Config(create_app(office=office), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def visit(browser: Browser, address: str, name: str, password: str, size: tuple[int, int], scheme: str) -> Page:
    """A page on which somebody is signed in."""
    dark = "dark" if scheme == "dark" else "light"
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=dark, locale="zh-CN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def take(page: Page, address: str, file: Path) -> None:
    """Writes the picture of a page and says where it is wider than the screen."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    print(f"{file.name} {urlsplit(address).path}" + (f"：比屏幕宽 {excess} 像素" if excess > 0 else ""))


def main() -> None:
    """Take all pictures, or those of the pages named."""
    parser = argparse.ArgumentParser(description="编辑台各页的图片")
    parser.add_argument("pages", nargs="*", help="只拍这几页")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "desk")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        office = open_office(read_settings(Path(folder)))
        article = prepare(office, password)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with running(office) as address:
            for kind, size, scheme in (("wide", WIDE, "light"), ("narrow", NARROW, "light"), ("dark", WIDE, "dark")):
                page = visit(browser, address, "chen", password, size, scheme)
                for name, path in PAGES.items():
                    if (kind != "dark" or name in DARK) and (not given.pages or name in given.pages):
                        take(page, address + path.format(article=article), given.out / f"{name}-{kind}.png")
            page = visit(browser, address, "wu", password, NARROW, "dark")
            take(page, f"{address}/intake", given.out / "contributor-narrow-dark.png")
            page.context.clear_cookies()
            take(page, f"{address}/sign-in", given.out / "sign-in-narrow-dark.png")
        browser.close()
        office.store.close()


if __name__ == "__main__":
    main()
