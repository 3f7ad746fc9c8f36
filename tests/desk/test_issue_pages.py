"""The pages of issues: hostile text stays text, axe finds nothing serious, nothing is wider than the screen."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bulletin.model import Article, Block, Verdict
from desk.frame import NOTICE
from services import stages
from services.draftviews import view
from services.issuing import sign_draft
from services.publish import assemble
from services.requests import CompileRequest
from tests.desk.conftest import Desk
from tests.desk.samples import fill

pytestmark = pytest.mark.slow

Open = Callable[..., Page]

EVIL = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">\'"{{7*7}}'
PAGES = (
    "/arrange/{draft}",
    "/signing/{draft}",
    "/archive",
    "/archive?words=学习",
    "/archive/{issued}",
    "/archive/{issued}/correct/0",
    "/archive/unit?name=临川市委宣传部",
    "/figures",
    "/runs",
    "/runs/1",
)


@pytest.fixture
def issues(desk_server: Desk) -> dict[str, int]:
    """An issued issue and a draft sent for signing, both with a hostile article at the head."""
    office = desk_server.office
    key = office.publication.key
    fill(office, 9)
    ids = []
    for number in (1, 2):
        article = Article(
            source=f"{number}".ljust(64, "e"),
            name=EVIL,
            title=f"{number}{EVIL}",
            unit=EVIL,
            author=EVIL,
            date=date(2026, 11, 21),
            blocks=(Block(text=f"{EVIL}第一段。"), Block(text="同样的一段。"), Block(text="同样的一段。")),
        )
        verdict = Verdict(section="上情下达", confidence=1.0)
        with office.store.transaction() as unit:
            unit.articles.add(key, article, verdict=verdict, abstract=EVIL)
            unit.runs.end(unit.runs.start(key, "manual", "2026-W47"), unit.runs.find(key)[0].state, EVIL)
        # Of that year whenever the tests run: the figures asked for below are those of 2026.
        form = CompileRequest(period=f"2026-W4{6 + number}", date=date(2026, 11, 13 + 7 * number))
        ids.append(assemble(office, form).issue_id)
        if number == 1:
            sign_draft(office, ids[0], EVIL)
    stages.submit(office, ids[1], view(office, ids[1]).record.version, EVIL, EVIL)
    return {"issued": ids[0], "draft": ids[1]}


def test_hostile_text_stays_text(desk_server: Desk, signed_in: Open, issues: dict[str, int]) -> None:
    page = signed_in("administrator")
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    for path in PAGES:
        page.goto(desk_server.address + path.format(**issues))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hacked") is None, path
        assert not page.locator("img[onerror]").count(), path
    page.goto(f"{desk_server.address}/signing/{issues['draft']}")
    expect(page.locator(".piece", has_text="window.hacked=1")).to_have_count(1)
    page.locator(".piece").scroll_into_view_if_needed()
    expect(page.get_by_text("没有原稿可比")).to_have_count(1)
    for path in ("/archive/{issued}/copy.html", "/arrange/{draft}/page.html", "/figures/chart/units.svg?period=2026"):
        answer = page.request.get(desk_server.address + path.format(**issues))
        assert answer.ok, path
        assert "<script>window" not in answer.text(), path
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
    assert alarms == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_those_who_see_less(
    desk_server: Desk, signed_in: Open, issues: dict[str, int], scheme: str
) -> None:
    page = signed_in("administrator", scheme=scheme)
    axe = Axe()
    for path in ("/arrange", *PAGES):
        page.goto(desk_server.address + path.format(**issues))
        page.wait_for_load_state("networkidle")
        found = axe.run(page).response["violations"]
        serious = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"{path}: {serious}"


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(
    desk_server: Desk, signed_in: Open, issues: dict[str, int], width: int
) -> None:
    page = signed_in("administrator", width=width)
    for path in PAGES:
        page.goto(desk_server.address + path.format(**issues))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_who_signs_second_sees_the_signed_issue(desk_server: Desk, signed_in: Open, issues: dict[str, int]) -> None:
    pages = [signed_in("signer") for _ in range(2)]
    for page in pages:
        page.goto(f"{desk_server.address}/signing/{issues['draft']}")
        if (despite := page.get_by_label("仍要签发")).count():
            despite.check()
    for page, said in zip(pages, ("已签发，存入归档", "这一期已经签发，没有再签一次"), strict=True):
        page.get_by_role("button", name="签发第2期").click()
        page.wait_for_url(f"**/archive/{issues['draft']}")
        expect(page.get_by_text(said)).to_be_visible()


TWICE = """async () => {
  const form = document.querySelector("form[action$='/sign']");
  const send = () => fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
  return (await Promise.all([send(), send()])).map((answer) => `${answer.status} ${new URL(answer.url).pathname}`);
}"""


def test_a_double_click_signs_once_and_leads_to_the_signed_issue(
    desk_server: Desk, signed_in: Open, issues: dict[str, int]
) -> None:
    page = signed_in("signer")
    page.goto(f"{desk_server.address}/signing/{issues['draft']}")
    if (despite := page.get_by_label("仍要签发")).count():
        despite.check()
    assert page.evaluate(TWICE) == [f"200 /archive/{issues['draft']}"] * 2
    with desk_server.office.store.reading() as unit:
        assert len(unit.issues.revisions(desk_server.office.publication.key, issues["draft"])) == 1


def test_a_correction_by_its_form(desk_server: Desk, signed_in: Open, issues: dict[str, int]) -> None:
    page = signed_in("signer")
    page.goto(f"{desk_server.address}/archive/{issues['issued']}")
    page.get_by_role("link", name="更正《").first.click()
    page.get_by_label("更正原因").fill("时间有误")
    page.get_by_label("第 2 段").fill("更正后的第二段。")
    page.get_by_role("button", name="印出更正版").click()
    expect(page.get_by_text("已更正，原版仍在归档中")).to_be_visible()
    expect(page.get_by_role("cell", name="时间有误")).to_be_visible()
    text = page.request.get(f"{desk_server.address}/archive/{issues['issued']}/copy.txt").text()
    assert "更正后的第二段。" in text
    # Of two paragraphs with the same words each is corrected by itself.
    assert "同样的一段。" in text


def test_a_paragraph_to_be_corrected_is_seen_whole(desk_server: Desk, signed_in: Open, issues: dict[str, int]) -> None:
    page = signed_in("signer", width=390)
    page.goto(f"{desk_server.address}/archive/{issues['issued']}/correct/0")
    field = page.get_by_label("第 1 段")
    field.fill("逐段通读，逐字核对。" * 12)
    assert field.evaluate("field => field.scrollHeight - field.clientHeight") <= 0


def test_files_by_their_buttons(desk_server: Desk, signed_in: Open, issues: dict[str, int], tmp_path: Path) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/archive")
    page.get_by_role("button", name="全选本年").click()
    for button, name in (("打包下载所选（ZIP）", "工作简报第1期.zip"),):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
    page.goto(f"{desk_server.address}/figures?period=2026")
    for link, name in (
        ("下载 XLSX", "工作简报2026年采用情况.xlsx"),
        ("下载通报（DOCX）", "关于工作简报2026年采用情况的通报.docx"),
    ):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_the_pages_are_shown_as_they_print(desk_server: Desk, signed_in: Open, issues: dict[str, int]) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/arrange/{issues['draft']}")
    first = page.locator(".sheets img").first
    expect(first).to_be_visible()
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 800
    before = first.get_attribute("src") or ""
    page.locator(".issue-note summary").click()
    page.get_by_label("本期按语").fill("一段新的按语。")
    page.get_by_role("button", name="保存本期按语").click()
    fresh = page.locator(".sheets:not(.old) img").first
    expect(fresh).not_to_have_attribute("src", before)


def test_a_run_by_its_form_says_why_it_failed(desk_server: Desk, signed_in: Open) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/runs")
    page.get_by_label("期次").fill("2026-W40")
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("没有可刊用的稿件")).to_be_visible()
    page.goto(f"{desk_server.address}/runs")
    expect(page.get_by_role("cell", name="失败")).to_be_visible()


def test_a_run_of_a_week_that_is_signed_says_that_nothing_was_changed(
    desk_server: Desk, signed_in: Open, issues: dict[str, int]
) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/runs")
    page.get_by_label("期次").fill("2026-W47")
    page.get_by_role("button", name="开始").click()
    # On the page of the run or, where that was open before its end, on the page of the issue.
    expect(page.get_by_text("已经签发，没有改动；另编一期，期次请写 2026-W47-2")).to_be_visible()


def test_what_a_run_said_is_not_lost_on_the_way_to_a_signed_issue(
    desk_server: Desk, signed_in: Open, issues: dict[str, int]
) -> None:
    page = signed_in("editor")
    page.context.add_cookies([{"name": NOTICE, "value": quote("已经签发，没有改动"), "url": desk_server.address}])
    page.goto(f"{desk_server.address}/arrange/{issues['issued']}")
    page.wait_for_url(f"**/archive/{issues['issued']}")
    expect(page.get_by_text("已经签发，没有改动")).to_be_visible()


def test_a_form_filled_in_wrongly_is_answered(desk_server: Desk, signed_in: Open) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/runs")
    number = page.get_by_label("期号")
    number.fill("四百")
    page.get_by_role("button", name="开始").click()
    assert number.evaluate("field => field.validationMessage") == "写数字，如 456"
    period = page.get_by_label("期次")
    period.fill("2026-W47-2")
    assert period.evaluate("field => field.checkValidity()")
    csrf = page.locator("input[name=csrf]").first.get_attribute("value") or ""
    answer = page.request.post(f"{desk_server.address}/runs", form={"csrf": csrf, "day": "昨天"})
    assert (answer.status, "2026-11-20" in answer.text()) == (422, True)
    answer = page.request.post(f"{desk_server.address}/runs", form={"csrf": csrf, "period": "第三周"})
    assert answer.status == 422
    assert "写得不对" in answer.text()
    for path in ("/figures?period=昨天", "/archive/99", "/arrange/99", "/runs/99", "/pages/x/page-1.png"):
        assert page.request.get(desk_server.address + path).status in (404, 422), path
