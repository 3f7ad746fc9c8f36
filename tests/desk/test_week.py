"""The week's work by the buttons an editor would press, counted; two editors at once; what each role may do."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from services.publish import assemble
from services.requests import CompileRequest
from tests.conftest import ROOT
from tests.desk.conftest import Desk
from tests.desk.samples import PLACES, fill, story

pytestmark = pytest.mark.slow

Open = Callable[..., Page]

SUBMISSIONS = 30
MOST_CLICKS = 12
"""From an inbox of thirty submissions to a signed issue, where the machine's proposals are right."""
TOPICS = ("基层宣讲", "读书分享", "导师帮带", "流动课堂")


class Hand:
    """Presses buttons and counts."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()


def submissions(folder: Path) -> list[Path]:
    """Thirty files as units send them: the samples, and texts for the rest."""
    folder.mkdir()
    files = sorted(path for path in (ROOT / "data" / "samples").rglob("*") if path.is_file())[:20]
    for number in range(SUBMISSIONS - len(files)):
        path = folder / f"来稿{number}.txt"
        path.write_text(story(PLACES[number % len(PLACES)], TOPICS[number % len(TOPICS)]), "utf-8")
        files.append(path)
    return files


def test_from_thirty_submissions_to_a_signed_issue_in_twelve_clicks(
    desk_server: Desk, signed_in: Open, tmp_path: Path
) -> None:
    hand = Hand()
    editor = signed_in("editor")
    hand.clicks += 1  # 登录
    hand.click(editor.get_by_role("link", name="收稿", exact=True))
    with editor.expect_file_chooser() as chooser:
        hand.click(editor.get_by_text("选择文件", exact=True))
    chooser.value.set_files(submissions(tmp_path / "in"))
    expect(editor.get_by_text("这次报送的结果").first).to_be_visible()
    hand.click(editor.get_by_role("link", name="编排", exact=True))
    hand.click(editor.get_by_role("button", name="编一期"))
    editor.wait_for_url("**/arrange/*")
    expect(editor.locator(".entry").first).to_be_visible()
    titles = editor.locator(".entry .headline a").all_text_contents()
    assert len(titles) >= 10
    hand.click(editor.get_by_role("button", name="送签"))
    expect(editor.get_by_text("已送签，等签发人签发")).to_be_visible()

    signer = signed_in("signer")
    hand.clicks += 1  # 登录
    hand.click(signer.get_by_role("link", name="签发", exact=True))
    despite = signer.get_by_label("仍要签发")
    if despite.count():
        hand.click(despite)
    hand.click(signer.get_by_role("button", name="签发第1期"))
    signer.wait_for_url("**/archive/*")
    expect(signer.get_by_text("第1期已签发，存入归档")).to_be_visible()
    with signer.expect_download() as download:
        hand.click(signer.get_by_role("link", name="下载 DOCX"))
    assert download.value.suggested_filename == "工作简报第1期.docx"
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as package:
        text = package.read("word/document.xml").decode()
    assert titles[0].split()[0][:8] in text
    assert hand.clicks <= MOST_CLICKS, f"{hand.clicks} clicks"

    # Signed is signed: the draft's page leads to the archive, and no button changes it.
    editor.goto(f"{desk_server.address}/arrange/1")
    editor.wait_for_url("**/archive/1")
    assert not editor.get_by_role("link", name="更正").count()


@pytest.fixture
def draft(desk_server: Desk) -> int:
    """A draft of four articles in every section."""
    fill(desk_server.office, 12)
    return assemble(desk_server.office, CompileRequest()).issue_id


def order(page: Page) -> list[str]:
    """The articles of the draft from first to last."""
    ids: list[str] = page.locator(".entry").evaluate_all("entries => entries.map(entry => entry.dataset.article)")
    return ids


def test_two_editors_at_once(desk_server: Desk, signed_in: Open, draft: int) -> None:
    first, second = signed_in("editor"), signed_in("administrator")
    for page in (first, second):
        page.goto(f"{desk_server.address}/arrange/{draft}")
    before = order(first)
    expect(second.locator(".entry")).to_have_count(len(before))
    last = second.locator(".entry").last
    with first.expect_response("**/act"):
        first.locator("button[value=out]").first.click()
    expect(first.locator(".entry")).to_have_count(len(before) - 1)
    last.locator("summary").click()
    last.get_by_label("按语", exact=True).fill("这是第二个编辑写的按语。")
    with second.expect_response("**/act") as answer:
        last.get_by_role("button", name="保存").click()
    assert answer.value.status == 409
    told = second.locator("#conflict")
    expect(told).to_contain_text("没有保存")
    expect(told).to_contain_text("编辑甲")
    expect(told).to_contain_text("移出本期")
    assert order(second) == before[1:]
    told.get_by_role("button", name="仍要做我这一步").click()
    expect(second.locator("#conflict")).to_have_count(0)
    expect(second.get_by_text("有按语")).to_have_count(1)
    with desk_server.office.store.reading() as unit:
        issue = unit.issues.get("default", draft).issue
    assert [entry.article for entry in issue.entries] == before[1:]
    assert issue.entries[-1].note == "这是第二个编辑写的按语。"


def test_the_other_editor_is_shown_without_doing_anything(desk_server: Desk, signed_in: Open, draft: int) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/arrange/{draft}")
    version = page.locator("#draft").get_attribute("data-version")
    with_other = signed_in("administrator")
    with_other.goto(f"{desk_server.address}/arrange/{draft}")
    with with_other.expect_response("**/act"):
        with_other.locator("button[value=down]").first.click()
    answer = page.request.get(f"{desk_server.address}/arrange/{draft}/watch?version={version}")
    assert "管理甲" in answer.text()
    assert "看最新的草稿" in answer.text()


def test_order_by_dragging_by_keys_and_from_the_pool(desk_server: Desk, signed_in: Open, draft: int) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/arrange/{draft}")

    def now() -> list[str]:
        return order(page)[4:8]

    def acted() -> None:
        """Waits until the draft has been shown anew."""
        nonlocal version
        expect(page.locator("#draft")).not_to_have_attribute("data-version", version)
        version = page.locator("#draft").get_attribute("data-version") or ""

    ids, version = now(), page.locator("#draft").get_attribute("data-version") or ""
    with page.expect_response("**/act"):
        page.locator(f'[data-article="{ids[0]}"] .handle').drag_to(
            page.locator(f'[data-article="{ids[2]}"]'), target_position={"x": 60, "y": 50}
        )
    acted()
    assert now()[:3] == [ids[1], ids[2], ids[0]]
    page.locator(f'[data-article="{ids[0]}"] .handle').focus()
    with page.expect_response("**/act"):
        page.keyboard.press("ArrowUp")
    acted()
    assert now()[:3] == [ids[1], ids[0], ids[2]]
    assert page.evaluate("document.activeElement.id") == f"handle-{ids[0]}"
    with page.expect_response("**/act"):
        page.locator(f'[data-article="{ids[1]}"] button[value=out]').click()
    spare = page.locator(f'.spare[data-article="{ids[1]}"]')
    expect(spare).to_be_visible()
    with page.expect_response("**/act"):
        spare.get_by_role("button", name="编入").click()
    expect(page.locator(f'.entry[data-article="{ids[1]}"]')).to_be_visible()
    assert order(page)[7] == ids[1]


def test_without_scripts_the_buttons_work_too(desk_server: Desk, signed_in: Open, draft: int) -> None:
    page = signed_in("editor")
    page.context.route("**/*.js*", lambda route: route.abort())
    page.goto(f"{desk_server.address}/arrange/{draft}")
    before = order(page)
    page.locator("button[value=out]").first.click()
    expect(page.locator(".entry")).to_have_count(len(before) - 1)
    page.get_by_role("button", name="送签").click()
    expect(page.get_by_text("已送签，等签发人签发")).to_be_visible()


def test_the_way_back_with_a_word_why(desk_server: Desk, signed_in: Open, draft: int) -> None:
    editor, signer = signed_in("editor"), signed_in("signer")
    editor.goto(f"{desk_server.address}/arrange/{draft}")
    editor.get_by_role("button", name="送签").click()
    signer.goto(f"{desk_server.address}/signing")
    signer.get_by_label("意见").fill("第二篇标题再斟酌")
    signer.get_by_role("button", name="退回编辑").click()
    editor.goto(f"{desk_server.address}/arrange/{draft}")
    expect(editor.get_by_text("第二篇标题再斟酌")).to_be_visible()
    expect(editor.get_by_role("button", name="送签")).to_be_visible()


@pytest.mark.parametrize("path", ["/arrange", "/signing", "/archive", "/figures", "/runs", "/arrange/1", "/archive/1"])
def test_a_contributor_has_no_part_in_it(desk_server: Desk, signed_in: Open, path: str) -> None:
    page = signed_in("contributor")
    assert page.request.get(desk_server.address + path).status == 403


def test_an_editor_does_not_sign(desk_server: Desk, signed_in: Open, draft: int) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/arrange/{draft}")
    page.get_by_role("button", name="送签").click()
    assert not page.get_by_role("button", name="签发第").count()
    csrf = page.locator("input[name=csrf]").first.get_attribute("value") or ""
    form = {"csrf": csrf, "version": "1"}
    for act in ("sign", "return"):
        answer = page.request.post(f"{desk_server.address}/signing/{draft}/{act}", form=form)
        assert answer.status == 403
    without = page.request.post(f"{desk_server.address}/arrange/{draft}/act", form={"version": "1", "act": "note"})
    assert without.status == 403
