"""The rules of the weekly run, and the flow on a server of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prefect.testing.utilities import prefect_test_harness

from bulletin.errors import SettingsError
from flows.weekly import distribute, overtaken, weekly
from services.context import office
from services.queueing import MAIL, queue
from services.requests import CompileRequest, Place
from services.settings import read_settings
from services.setup import SetupRequest, set_up
from store.records import Message, RunState
from tests.collectors.imapservers import USER, pymap
from tests.services.servers import Post, post_office
from tests.services.serving import MEETING, smtp

FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_run_that_is_days_late_still_makes_its_week() -> None:
    assert not overtaken(FRIDAY, FRIDAY)
    assert not overtaken(FRIDAY, FRIDAY + timedelta(days=6, hours=23))


def test_a_run_that_the_next_week_has_overtaken_does_nothing() -> None:
    assert overtaken(FRIDAY, FRIDAY + timedelta(days=7))
    assert overtaken(FRIDAY, FRIDAY + timedelta(days=25))


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """A Prefect server for the tests of this file alone."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, post: Post) -> Path:
    """A home whose issue is due today, whatever day the tests run on."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    answers = {
        "weekday": today.isoweekday(),
        "hour": 0,
        "editors": ["bianji@example.org"],
        "admins": ["guanli@example.org"],
    }
    request = {"name": "云江 简报", "issuer": "云江省某办公室", "smtp": smtp(post.port)} | answers
    set_up(tmp_path / "home", SetupRequest.model_validate(request))
    path = tmp_path / "home" / "settings.toml"
    path.write_text(path.read_text("utf-8").replace("# days_on = []", f'days_on = ["{today}"]'), "utf-8")
    (tmp_path / "home" / "inbox" / "a.txt").write_text(MEETING, "utf-8")
    return tmp_path / "home"


def text(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())


def runs(home: Path) -> list[RunState]:
    with office(read_settings(home)) as opened, opened.store.reading() as unit:
        return [run.state for run in unit.runs.find("default")]


@pytest.mark.slow
def test_the_weekly_flow_makes_the_draft_and_tells_the_editors_once(prefect: None, home: Path, post: Post) -> None:
    form = CompileRequest(home=str(home))
    [result] = weekly(form)
    assert (result.label, result.state) == ("第1期", "草稿")
    assert weekly(form) == ()
    assert sorted(post.recipients()) == ["bianji@example.org", "guanli@example.org"]
    assert {str(mail["Subject"]) for _, mail in post.taken} == {"【稿件偏少】云江简报第1期草稿"}
    assert runs(home) == [RunState.DONE]


@pytest.mark.slow
def test_a_mailbox_that_refuses_us_holds_up_no_draft_and_is_told_of(prefect: None, home: Path, post: Post) -> None:
    path = home / "publications" / "default.toml"
    with pymap() as port:
        mailbox = f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\nuser = "{USER}"\npassword = "wrong"'
        path.write_text(f"{path.read_text('utf-8')}\n[service.mailbox]\n{mailbox}\n", "utf-8")
        [result] = weekly(CompileRequest(home=str(home)))
    assert (result.label, len(result.articles)) == ("第1期", 1)
    assert sorted(post.recipients()) == ["bianji@example.org", "guanli@example.org"]
    assert all(f"没有收到 收稿邮箱 {USER}@127.0.0.1：邮箱用户名或密码不对" in text(mail) for _, mail in post.taken)
    assert runs(home) == [RunState.DONE]


@pytest.mark.slow
def test_a_week_that_fails_reaches_the_administrators(
    prefect: None, home: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builders.printing.print_issue", _out_of_disk)
    with pytest.raises(OSError, match="disk"):
        weekly(CompileRequest(home=str(home)))
    told = [to for to, mail in post.taken if "运行失败" in str(mail["Subject"])]
    assert sorted(told) == ["bianji@example.org", "guanli@example.org"], "each once, by the run or by the hook"
    assert runs(home) == [RunState.FAILED]


def _out_of_disk(*_: object, **__: object) -> None:
    raise OSError("no space left on disk")


@pytest.mark.slow
def test_a_flow_that_breaks_outside_the_run_reaches_the_administrators(
    prefect: None, home: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.weekly.due", _out_of_disk)
    for _ in range(2):  # the next hour meets the same
        with pytest.raises(OSError, match="disk"):
            weekly(CompileRequest(home=str(home)))
    assert [to for to, _ in post.taken] == ["guanli@example.org"]
    assert runs(home) == []


@pytest.mark.slow
def test_one_publication_with_a_broken_file_holds_up_no_other_and_is_told_of(
    prefect: None, home: Path, post: Post
) -> None:
    yesterday = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=1)
    request = {
        "key": "shi",
        "name": "望河 简报",
        "issuer": "望河市某办公室",
        "weekday": yesterday.isoweekday(),
        "hour": 23,
    }
    set_up(home, SetupRequest.model_validate(request))
    (home / "publications" / "default.toml").write_text("name = “云江”", "utf-8")
    with office(read_settings(home), "shi") as opened, opened.store.transaction() as unit:
        queue(opened, unit, "x", Message(channel=MAIL, recipient="shi@example.org", subject="第1期", text="正文"))
    with pytest.raises(SettingsError, match=r"default\.toml"):
        distribute(Place(home=str(home)))
    assert post.recipients() == ["shi@example.org"]
    with pytest.raises(SettingsError, match=r"default\.toml"):
        weekly(CompileRequest(home=str(home)))
    assert post.recipients() == ["shi@example.org", "guanli@example.org"], "the other one tells, as the main one cannot"


@pytest.mark.slow
def test_a_form_that_is_filled_in_makes_that_issue(prefect: None, home: Path) -> None:
    [result] = weekly(CompileRequest(home=str(home), period="2020-W01"))
    assert result.label == "第1期"
    assert runs(home) == []
