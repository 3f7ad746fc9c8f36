"""收稿: files, folders, text and links come in; everybody learns what became of his own."""

import io
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from bulletin.model import REJECTED, Series
from services import review, uploads
from services.intake import waiting
from services.issuing import sign_issue
from services.publish import assemble
from services.requests import CompileRequest
from services.typesetting import print_draft
from store.records import ArticleState
from tests.desk.conftest import PASSWORD, PATIENCE, UNIT, Desk, serve, sign_in
from tests.desk.samples import account, send, story

Open = Callable[..., Page]


def test_files_are_taken_read_and_told_about_one_by_one(desk_server: Desk, signed_in: Open, tmp_path: Path) -> None:
    (tmp_path / "宣讲.txt").write_text(story(), "utf-8")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 this is no archive")
    with zipfile.ZipFile(tmp_path / "两篇.zip", "w") as container:
        container.writestr("望河.txt", story("望河", "读书"))
        container.writestr("松岭.txt", story("松岭", "联学"))
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/intake")
    page.locator("#files").set_input_files([tmp_path / "宣讲.txt", tmp_path / "坏.docx", tmp_path / "两篇.zip"])
    batch = page.locator("#batch")
    expect(batch.get_by_role("heading", name="这次报送的结果")).to_be_visible()
    expect(batch.locator(".fate").first).to_contain_text("坏.docx")
    expect(batch.locator(".fate").first).to_contain_text("未")
    expect(batch.get_by_role("link", name="临川市扎实推进基层宣讲工作")).to_be_visible()
    expect(batch.locator(".fate")).to_have_count(4)
    expect(page.locator("#received").get_by_text("望河.txt")).to_be_visible()
    expect(page.locator("#received .fate-when").first).to_contain_text("编辑甲")


def test_the_second_of_two_files_with_the_same_bytes_is_told_about(
    desk_server: Desk, signed_in: Open, tmp_path: Path
) -> None:
    for name in ("宣讲.txt", "宣讲（副本）.txt"):
        (tmp_path / name).write_text(story(), "utf-8")
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/intake")
    page.locator("#files").set_input_files([tmp_path / "宣讲.txt", tmp_path / "宣讲（副本）.txt"])
    batch = page.locator("#batch")
    expect(batch.get_by_role("heading", name="1 份收到，1 份相同")).to_be_visible()
    expect(batch.locator(".fate").first).to_contain_text("宣讲（副本）.txt")
    expect(batch.locator(".fate").first).to_contain_text("与 宣讲.txt 是同一文件，只收一次")


def test_a_dropped_folder_names_the_unit(desk_server: Desk, signed_in: Open, tmp_path: Path) -> None:
    folder = tmp_path / "雁洲县委办公室"
    folder.mkdir()
    (folder / "简讯.txt").write_text(story("雁洲"), "utf-8")
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/intake")
    page.locator("#folder").set_input_files(folder)
    expect(page.get_by_role("heading", name="这次报送的结果")).to_be_visible()
    expect(page.locator("#batch .fate")).to_contain_text("雁洲县委办公室")


def test_a_pasted_text_becomes_an_article(desk_server: Desk, signed_in: Open) -> None:
    page = signed_in("contributor")
    page.get_by_label("粘贴文字").fill(story("石桥"))
    page.get_by_role("button", name="报送文字").click()
    expect(page.locator("#batch")).to_contain_text("石桥市扎实推进基层宣讲工作")
    expect(page.get_by_label("粘贴文字")).to_have_value("")


def test_without_scripts_the_forms_work_too(desk_server: Desk) -> None:
    session = requests.Session()
    session.post(f"{desk_server.address}/sign-in", data={"name": "editor", "password": PASSWORD}, timeout=PATIENCE)
    csrf = (
        session.get(f"{desk_server.address}/intake", timeout=PATIENCE)
        .text.split('name="csrf" value="')[1]
        .split('"')[0]
    )
    answer = session.post(
        f"{desk_server.address}/intake/text", data={"csrf": csrf, "text": story(), "title": ""}, timeout=PATIENCE
    )
    assert answer.history[0].status_code == 303
    assert "/intake?batch=" in answer.url


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "http://localhost/", "http://169.254.169.254/latest", "file:///etc/passwd"]
)
def test_a_link_into_the_own_network_is_not_followed(desk_server: Desk, address: str) -> None:
    (arrival,) = uploads.submit_link(desk_server.office, account(desk_server, "contributor"), address)
    assert arrival.problem
    assert not arrival.sha256


def test_a_contributor_sees_the_fate_of_his_own_and_nothing_of_others(desk_server: Desk, signed_in: Open) -> None:
    office = desk_server.office
    own = send(
        office,
        account(desk_server, "contributor"),
        采用的=story("清澜", "导学"),
        不用的=story("白塔", "读书"),
        等着=story("云浦"),
    )
    secret = story("望河", "机密项目").replace("望河市扎实推进", "望河市悄悄推进")
    foreign = send(office, account(desk_server, "editor"), 别人的=secret)
    send(office, account(desk_server, "contributor"), 同题=secret.replace("126支", "127支"))
    key = office.publication.key
    with office.store.reading() as unit:
        versions = {name: unit.articles.get(key, id).version for name, id in own.items()}
    review.decide_section(office, own["不用的"], versions["不用的"], REJECTED, "编辑甲")
    with office.store.transaction() as unit:
        unit.articles.set_state(key, [own["等着"]], ArticleState.SPARE)
    page = signed_in("contributor")
    assert page.url.endswith("/intake")
    received = page.locator("#received")
    expect(received.locator(".fate", has_text="不用的.txt")).to_contain_text("编辑决定不采用")
    expect(received.locator(".fate", has_text="等着.txt")).to_contain_text("备用")
    expect(received.locator(".fate", has_text="同题.txt")).to_contain_text("与已有稿件重复")
    assert "别人的" not in page.content()
    assert not received.get_by_role("link", name="望河").count()
    with office.store.reading() as unit:
        source = unit.articles.get(key, foreign["别人的"]).source
    answer = page.request.get(f"{desk_server.address}/files/{source}")
    assert answer.status == 404


def test_the_fate_names_the_issue(desk_server: Desk, signed_in: Open) -> None:
    office = desk_server.office
    send(office, account(desk_server, "contributor"), 好稿=story("临川", "导学"))
    page = signed_in("contributor")
    expect(page.locator("#received")).to_contain_text("待编")
    draft = assemble(office, CompileRequest())
    page.reload()
    expect(page.locator("#received")).to_contain_text("已选用")
    print_draft(office, draft.issue_id)
    sign_issue(office, draft.number, Series.REGULAR, "签发甲")
    page.reload()
    expect(page.locator("#received")).to_contain_text(f"采用于{draft.label}")


def test_a_file_comes_back_as_it_was_received_and_never_as_a_page(desk_server: Desk, signed_in: Open) -> None:
    content = b"<html><script>alert(1)</script><p>" + story().encode() + b"</p></html>"
    (arrival,) = uploads.submit(
        desk_server.office, account(desk_server, "contributor"), [("页.html", "text/html", content)]
    )
    page = signed_in("contributor")
    answer = page.request.get(f"{desk_server.address}/files/{arrival.sha256}")
    assert answer.body() == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_another_person_of_the_unit_sees_it_and_another_unit_does_not(desk_server: Desk, new_page: Open) -> None:
    send(desk_server.office, account(desk_server, "contributor"), 单位稿=story())
    desk_server.add_account("colleague", account(desk_server, "contributor").role, UNIT)
    desk_server.add_account("stranger", account(desk_server, "contributor").role, "松岭市水务局")
    for name, count in (("colleague", 1), ("stranger", 0)):
        page = new_page()
        sign_in(page, desk_server, name)
        page.wait_for_url("**/intake")
        expect(page.locator("#received .fate")).to_have_count(count)


def test_what_an_earlier_process_left_unread_is_read_at_the_next_start(staffed_home: Path, tmp_path: Path) -> None:
    shutil.copytree(staffed_home, tmp_path / "home")
    with serve(tmp_path / "home") as desk:
        uploads.submit(desk.office, account(desk, "editor"), [("迟到.txt", "text/plain", story().encode())])
    with serve(tmp_path / "home") as desk:
        end = time.monotonic() + PATIENCE
        while waiting(desk.office) and time.monotonic() < end:
            time.sleep(0.1)
        assert not waiting(desk.office)


def test_an_oversized_file_is_refused_with_a_reason(
    desk_server: Desk, signed_in: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.intake.LARGEST", 1000)
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/intake")
    page.locator("#files").set_input_files(
        {"name": "大.txt", "mimeType": "text/plain", "buffer": io.BytesIO(b"x" * 2000).read()}
    )
    expect(page.locator("#uploading")).to_contain_text("文件超过")
