"""Scripts in what others wrote never run; every page can be used by everybody; nothing speaks English."""

import re
from collections.abc import Callable

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bulletin.model import Article, Block, BlockType, Hint, HintLevel, Reason, Verdict
from services import uploads
from store.account_records import Role
from tests.desk.conftest import PATIENCE, Desk
from tests.desk.samples import account, fill, send, story

Open = Callable[..., Page]

EVIL = "<script>window.hit=1</script><img src=x onerror=window.hit=1>'\"><svg onload=window.hit=1>{{7*7}}"
ALLOWED = re.compile(
    r"Word|WPS|PDF|DOCX|HTML|ZIP|XLSX|OpenAPI|Authorization|Bearer|OCR|RSS|Esc|Ctrl|Prefect|chrome|curl|SHA-256|API"
)


def test_a_script_in_title_body_file_name_and_unit_never_runs(desk_server: Desk, signed_in: Open) -> None:
    office = desk_server.office
    unit = f"临川{EVIL[:60]}局"
    desk_server.add_account("evil", Role.CONTRIBUTOR, unit)
    text = f"{EVIL}\n{EVIL}\n" + story() + EVIL
    name = f"{EVIL.replace('/', '')}.txt"
    arrivals = uploads.submit(office, account(desk_server, "evil"), [(name, "text/plain", text.encode())])
    uploads.read_arrivals(office, [arrivals[0].sha256], lambda done, total: None)
    blocks = (Block(type=BlockType.HEADING, level=1, text=EVIL), Block(text=EVIL), Block(rows=((EVIL,),), type="table"))
    article = Article(
        source=arrivals[0].sha256, part=7, title=EVIL, subtitle=EVIL, unit=unit, author=EVIL, blocks=blocks
    )
    reason = Reason(rule="x", text=EVIL, evidence=EVIL)
    verdict = Verdict(section=office.publication.section_names[0], confidence=0.9, reasons=(reason,))
    hint = Hint(rule="x", level=HintLevel.MUST, block=1, span=(0, 9), text=EVIL[:9], suggestion=EVIL, message=EVIL)
    with office.store.transaction() as work:
        work.articles.add(office.publication.key, article, verdict=verdict, hints=(hint,), abstract=EVIL)
        ids = work.articles.ids(office.publication.key)
    assert ids
    page = signed_in("administrator")
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    paths = ["/intake", "/pool", "/pool?state=all&words=script", "/accounts", *(f"/pool/{id}" for id in ids)]
    for path in [*paths, *(f"/pool/{id}/edit" for id in ids), "/arrange", "/signing", "/archive", "/runs"]:
        page.goto(desk_server.address + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hit") is None, path
        assert page.locator("script:not([src])").count() == 0, path
    assert not alarms
    page.goto(desk_server.address + "/intake")
    expect(page.locator("#received")).to_contain_text("<script>window.hit=1")


def test_the_browser_itself_would_refuse_an_inline_script(desk_server: Desk, signed_in: Open) -> None:
    page = signed_in("editor")
    page.evaluate("const s=document.createElement('script');s.textContent='window.hit=1';document.body.append(s)")
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("path", ["/sign-in", "/pool", "/nowhere", "/api/articles", "/health", "/static/desk.css"])
def test_every_answer_carries_the_headers(desk_server: Desk, path: str) -> None:
    headers = requests.get(desk_server.address + path, timeout=PATIENCE).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_of_a_session_are_not_kept_by_the_browser(desk_server: Desk) -> None:
    assert requests.get(f"{desk_server.address}/sign-in", timeout=PATIENCE).headers["cache-control"] == "no-store"


@pytest.fixture
def busy(desk_server: Desk) -> str:
    """A desk with something on every page; the id of an article that has been edited and has hints."""
    fill(desk_server.office, 60)
    text = story().replace("11月12日，", "11月31日,")
    return send(desk_server.office, account(desk_server, "contributor"), 宣讲=text)["宣讲"]


PAGES = [
    "/intake",
    "/pool",
    "/pool?words=学习",
    "/pool/{id}",
    "/pool/{id}/edit",
    "/accounts",
    "/me",
    "/api",
    "/nowhere",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(desk_server: Desk, signed_in: Open, new_page: Open, busy: str, scheme: str) -> None:
    door = new_page(scheme=scheme)
    door.goto(f"{desk_server.address}/sign-in")
    page = signed_in("administrator", scheme=scheme)
    found = {"/sign-in": Axe().run(door)}
    for path in PAGES:
        page.goto(desk_server.address + path.format(id=busy))
        page.wait_for_load_state("networkidle")
        found[path] = Axe().run(page)
    serious = [
        (path, violation["id"], violation["nodes"][0]["html"][:160])
        for path, result in found.items()
        for violation in result.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert not serious


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_nothing_is_wider_than_the_screen(desk_server: Desk, signed_in: Open, busy: str, width: int) -> None:
    page = signed_in("administrator", width=width)
    for path in PAGES:
        page.goto(desk_server.address + path.format(id=busy))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_no_page_speaks_english(desk_server: Desk, signed_in: Open, busy: str) -> None:
    page = signed_in("administrator")
    for path in ["/intake", "/pool", "/pool/{id}", "/accounts", "/me", "/nowhere"]:
        page.goto(desk_server.address + path.format(id=busy))
        page.wait_for_load_state("networkidle")
        text = page.evaluate(
            "document.title + document.body.innerText + "
            "[...document.querySelectorAll('[title],[aria-label],[placeholder]')]"
            ".map(e => e.title + e.ariaLabel + e.placeholder).join(' ')"
        )
        names = re.compile("|".join([*(role.value for role in Role), "null", "undefined", r"\w+\.txt", "bulletin"]))
        words = re.findall(r"[A-Za-z]{2,}", names.sub("", ALLOWED.sub("", text)))
        assert not words, (path, words[:10])
