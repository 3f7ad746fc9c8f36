"""The door: who gets in, who does not, what each role sees, what is kept of it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from services import accounts
from services.setup import SetupRequest, set_up
from store.account_records import Role
from tests.desk.conftest import PASSWORD, PATIENCE, Desk, serve, sign_in

Open = Callable[..., Page]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("contributor", ["收稿"]),
        ("editor", ["收稿", "稿库", "编排", "签发", "归档", "统计", "运行"]),
        ("signer", ["收稿", "稿库", "编排", "签发", "归档", "统计", "运行"]),
        ("administrator", ["收稿", "稿库", "编排", "签发", "归档", "统计", "运行", "账号"]),
    ],
)
def test_each_role_sees_its_pages(signed_in: Open, role: str, seen: list[str]) -> None:
    page = signed_in(role)
    expect(page.get_by_role("navigation", name="主导航").get_by_role("link")).to_have_text(seen)


def test_a_publication_whose_file_is_broken_leaves_the_desk_to_the_others(
    staffed_home: Path, tmp_path: Path, page: Page
) -> None:
    home = shutil.copytree(staffed_home, tmp_path / "home")
    (home / "publications").mkdir()
    (home / "publications" / "shi.toml").write_text("name = “望河”", "utf-8")
    with serve(home) as desk:
        sign_in(page, desk, "editor")
        expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
        metrics = requests.get(f"{desk.address}/metrics", timeout=PATIENCE).text
    assert 'bulletin_publication_good{publication="default"} 1' in metrics
    assert 'bulletin_publication_good{publication="shi"} 0' in metrics


@pytest.mark.parametrize("width", [390, 1440])
def test_two_publications_are_told_apart_where_one_changes_between_them(
    staffed_home: Path, tmp_path: Path, new_page: Open, width: int
) -> None:
    home = shutil.copytree(staffed_home, tmp_path / "home")
    for key, name in (("default", "云江 工作简报"), ("shi", "望河 工作简报")):
        set_up(home, SetupRequest(key=key, name=name, issuer="某办公室"))
    page = new_page(width=width)
    with serve(home) as desk:
        sign_in(page, desk, "editor")
        choice = page.get_by_label("刊物")
        expect(choice.locator("option")).to_have_text(["云江工作简报", "望河工作简报"])
        # Its height is that of the characters and what stands around them.
        assert choice.evaluate("one => one.clientHeight - 1.5 * parseFloat(getComputedStyle(one).fontSize)") > 0
        choice.select_option("望河工作简报")
        expect(page.get_by_label("刊物").locator("option:checked")).to_have_text("望河工作简报")


@pytest.mark.parametrize("path", ["/pool", "/arrange", "/signing", "/archive", "/figures", "/runs", "/accounts"])
def test_a_contributor_is_kept_out(desk_server: Desk, signed_in: Open, path: str) -> None:
    page = signed_in("contributor")
    answer = page.goto(desk_server.address + path)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="没有权限")).to_be_visible()


def test_nobody_gets_in_without_signing_in_and_comes_back_where_he_wanted(desk_server: Desk, page: Page) -> None:
    page.goto(f"{desk_server.address}/pool?state=spare")
    assert page.url == f"{desk_server.address}/sign-in?next=/pool%3Fstate%3Dspare"
    page.get_by_label("用户名").fill("editor")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/pool?state=spare")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_door_sends_nobody_elsewhere(desk_server: Desk, target: str) -> None:
    form = {"name": "editor", "password": PASSWORD, "next": target}
    answer = requests.post(f"{desk_server.address}/sign-in", data=form, allow_redirects=False, timeout=PATIENCE)
    assert answer.headers["location"] == "/"


def test_ten_wrong_passwords_lock_the_account_and_the_right_one_no_longer_helps(
    desk_server: Desk, signed_in: Open, page: Page
) -> None:
    for _ in range(10):
        sign_in(page, desk_server, "editor", "不是这个密码")
        expect(page.get_by_role("alert")).to_contain_text(re.compile("用户名或密码不对|已暂停登录"))
    expect(page.get_by_role("alert")).to_contain_text("已暂停登录，请 15 分钟后再试")
    sign_in(page, desk_server, "editor")
    expect(page.get_by_role("alert")).to_contain_text("已暂停登录")
    administrator = signed_in("administrator")
    administrator.goto(f"{desk_server.address}/accounts")
    row = administrator.get_by_role("row", name=re.compile("^editor "))
    expect(row).to_contain_text("已锁定")
    row.get_by_text("修改").click()
    row.get_by_role("button", name="解锁").click()
    expect(administrator.get_by_text("账号 editor 已解锁")).to_be_visible()
    sign_in(page, desk_server, "editor")
    page.wait_for_url("**/pool")


def test_an_unknown_name_is_answered_and_locked_like_a_known_one(desk_server: Desk) -> None:
    def answers(name: str) -> list[str]:
        found = []
        for _ in range(6):
            answer = requests.post(
                f"{desk_server.address}/sign-in", data={"name": name, "password": "不是这个密码"}, timeout=PATIENCE
            )
            found.append(re.sub(r"\s+", "", answer.text.replace(name, "")))
        return found

    assert answers("editor") == answers("nobody")


def test_guesses_from_one_address_over_many_names_are_stopped(desk_server: Desk) -> None:
    for number in range(accounts.MOST_FROM_ADDRESS):
        with pytest.raises(accounts.AccessError):
            accounts.sign_in(desk_server.office, f"name{number}", "不是这个密码", "192.0.2.7")
    with pytest.raises(accounts.AccessError, match="已暂停"):
        accounts.sign_in(desk_server.office, "editor", PASSWORD, "192.0.2.7")
    assert accounts.sign_in(desk_server.office, "editor", PASSWORD, "192.0.2.8")


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_signing_out(
    desk_server: Desk, signed_in: Open
) -> None:
    page = signed_in("editor")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "bulletin_session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    stolen = requests.get(
        f"{desk_server.address}/pool",
        cookies={"bulletin_session": cookie["value"]},
        allow_redirects=False,
        timeout=PATIENCE,
    )
    assert stolen.status_code == 303


def test_who_only_looked_when_signed_out_is_not_told_that_something_was_lost(desk_server: Desk) -> None:
    page = f"{desk_server.address}/intake"
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answer = requests.get(f"{page}/batches/1", headers=headers, timeout=PATIENCE)
    assert answer.status_code == 401
    door = requests.get(desk_server.address + answer.headers["HX-Redirect"], timeout=PATIENCE).text
    assert "登录已过期。" in door
    assert "没有保存" not in door
    assert 'name="next" value="/intake"' in door


def test_who_is_signed_out_at_work_is_told_so_and_led_back(desk_server: Desk, signed_in: Open) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/me")
    page.context.clear_cookies()
    page.get_by_label("用途").fill("脚本")
    page.get_by_role("button", name="新建令牌").click()
    expect(page.get_by_text("登录已过期，刚才这一步没有保存")).to_be_visible()
    page.get_by_label("用户名").fill("editor")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")


def test_fields_complain_in_chinese(page: Page, desk_server: Desk) -> None:
    page.goto(f"{desk_server.address}/sign-in")
    page.get_by_role("button", name="登录").click()
    name = page.get_by_label("用户名")
    assert name.evaluate("field => field.validationMessage") == "请填写这一项"
    name.fill("editor")
    assert name.evaluate("field => field.validationMessage") == ""


def _session(desk: Desk, name: str) -> requests.Session:
    session = requests.Session()
    session.post(f"{desk.address}/sign-in", data={"name": name, "password": PASSWORD}, timeout=PATIENCE)
    return session


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "wrong"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_request_that_no_page_of_ours_sent_changes_nothing(desk_server: Desk, headers: dict[str, str]) -> None:
    session = _session(desk_server, "administrator")
    form = {"name": "intruder", "password": "intruder-1234", "role": "administrator"}
    answer = session.post(f"{desk_server.address}/accounts", data=form, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 403
    assert "intruder" not in {account.name for account in accounts.list_accounts(desk_server.office)}


def test_the_administrator_makes_changes_and_disables_an_account(
    desk_server: Desk, signed_in: Open, page: Page
) -> None:
    administrator = signed_in("administrator")
    administrator.get_by_role("link", name="账号").click()
    form = administrator.locator("form[action='/accounts']")
    form.get_by_label("用户名").fill("liu")
    form.get_by_label("初始密码").fill(PASSWORD)
    form.get_by_label("角色").select_option(label="投稿")
    form.get_by_role("button", name="新建账号").click()
    expect(administrator.get_by_role("alert")).to_contain_text("投稿账号要写明单位")
    form.get_by_label("用户名").fill("liu")
    form.get_by_label("初始密码").fill(PASSWORD)
    form.get_by_label("角色").select_option(label="投稿")
    form.get_by_label("单位").fill(UNIT_OF_LIU)
    form.get_by_label("邮箱").fill("liu@example.org")
    form.get_by_role("button", name="新建账号").click()
    expect(administrator.get_by_text("已建立账号 liu")).to_be_visible()
    sign_in(page, desk_server, "liu")
    page.wait_for_url("**/intake")
    page.goto(f"{desk_server.address}/me")
    expect(page.get_by_label("邮箱")).to_have_value("liu@example.org")
    page.get_by_label("邮箱").fill("liu@shuiwu.example")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("邮箱已保存")).to_be_visible()
    assert [one.mail for one in accounts.list_accounts(desk_server.office) if one.name == "liu"] == [
        "liu@shuiwu.example"
    ]
    administrator.reload()
    row = administrator.get_by_role("row", name=re.compile("^liu "))
    row.get_by_text("修改").click()
    expect(row.get_by_label("邮箱")).to_have_value("liu@shuiwu.example")
    row.get_by_role("button", name="停用").click()
    expect(administrator.get_by_text("账号 liu 已停用")).to_be_visible()
    page.goto(f"{desk_server.address}/intake")
    assert "/sign-in" in page.url
    with desk_server.office.store.reading() as work:
        acts = [(entry.who, entry.act, entry.subject) for entry in work.audit.find("")]
    assert ("administrator", "停用账号", "liu") in acts
    assert ("administrator", "新建账号", "liu") in acts


UNIT_OF_LIU = "临川市水务局"


def test_the_last_administrator_stays(desk_server: Desk) -> None:
    with pytest.raises(accounts.StateError, match="至少要留一个"):
        accounts.change_account(desk_server.office, "administrator", disabled=True)
    with pytest.raises(accounts.StateError, match="至少要留一个"):
        accounts.change_account(desk_server.office, "administrator", role=Role.EDITOR)


def test_a_person_changes_his_password_and_other_sessions_end(desk_server: Desk, signed_in: Open) -> None:
    page, elsewhere = signed_in("editor"), signed_in("editor")
    page.goto(f"{desk_server.address}/me")
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码（").fill("另一个新密码99")
    page.get_by_label("再输入一次").fill("另一个新密码99")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()
    elsewhere.goto(f"{desk_server.address}/pool")
    assert "/sign-in" in elsewhere.url


@pytest.mark.parametrize("password", ["短1", "aaaaaaaaaa", "newcomer"])
def test_a_password_that_is_easy_to_guess_is_refused(desk_server: Desk, password: str) -> None:
    with pytest.raises(accounts.SettingsError, match="密码"):
        accounts.add_account(desk_server.office, "newcomer", password, Role.EDITOR)


def test_secrets_are_not_in_the_database(desk_server: Desk) -> None:
    secret = accounts.sign_in(desk_server.office, "editor", PASSWORD)
    token = accounts.make_token(desk_server.office, "editor", "周报脚本", "editor")
    home = desk_server.office.settings.home
    kept = b"".join(path.read_bytes() for path in home.glob("bulletin.db*"))
    assert secret.encode() not in kept
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept
