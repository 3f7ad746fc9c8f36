"""`bulletin doctor` finds what is missing and says what to do."""

from pathlib import Path

import pytest

from services.doctor import examine
from services.settings import read_settings
from services.setup import SetupRequest, set_up
from tests.services.servers import post_office
from tests.services.serving import smtp

pytestmark = pytest.mark.slow


def findings(home: Path, **settings: object) -> dict[str, tuple[str, str, str]]:
    checks = examine(read_settings(home, **settings))
    assert all(check.finding for check in checks)
    assert all(check.advice for check in checks if check.state == "bad"), "whoever names a fault says what to do"
    return {check.name: (check.state, check.finding, check.advice) for check in checks}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path / "home", SetupRequest(name="云江 简报", issuer="云江省某办公室"))
    return tmp_path / "home"


def test_a_new_home_has_no_faults(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    found = findings(home)
    assert [name for name, (state, _, _) in found.items() if state == "bad"] == []
    assert found["数据库"][0] == "good"
    assert "周五 8:00 编期" in found["日常运行 default"][1]
    assert not any("RAR" in name or "图片" in name for name in found), "what is refused by design is no fault"


def test_mail_that_works_and_mail_that_does_not(home: Path) -> None:
    with post_office() as post:
        assert findings(home, smtp=smtp(post.port))["发信"][0] == "good"
    state, finding, advice = findings(home, smtp=smtp(1))["发信"]
    assert state == "bad"
    assert "连不上" in finding
    assert "[smtp]" in advice


def test_recipients_without_a_mail_server_are_a_fault(home: Path) -> None:
    path = home / "publications" / "default.toml"
    path.write_text(path.read_text("utf-8").replace("# recipients = []", 'recipients = ["a@example.org"]'), "utf-8")
    checks = examine(read_settings(home))
    assert any(check.name == "发信" and check.state == "bad" and "收件人" in check.finding for check in checks)


def test_an_office_in_which_nobody_would_hear_of_a_failure_is_told(home: Path) -> None:
    assert findings(home)["通知 default"][0] == "note"
    with post_office() as post:
        found = findings(home, smtp=smtp(post.port), admins=("guanli@example.org",))
    assert "通知 default" not in found


def test_a_mailbox_that_does_not_answer(home: Path) -> None:
    path = home / "publications" / "default.toml"
    text = '\n[service.mailbox]\nhost = "127.0.0.1"\nport = 1\nuser = "u"\npassword = "p"\nsecurity = "none"\n'
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    assert findings(home)["收稿邮箱 default"][0] == "bad"


def test_a_broken_publication_file_is_named(home: Path) -> None:
    (home / "publications" / "default.toml").write_text("name = ", "utf-8")
    checks = examine(read_settings(home))
    assert any(check.state == "bad" and "default" in check.name + check.finding for check in checks)


def test_servers_that_are_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    found = findings(home, database="postgresql://nobody@127.0.0.1:1/none")
    assert (found["Prefect"][0], found["数据库"][0]) == ("bad", "bad")


def test_an_office_program_that_converts_nothing_is_a_fault(home: Path) -> None:
    found = findings(home, office=Path("/bin/true"))
    assert found["LibreOffice"][0] == "bad"
