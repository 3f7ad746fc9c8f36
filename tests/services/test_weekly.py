"""The weekly run over weeks, with holidays, machines that were off, and failures."""

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.errors import FetchError
from services.context import Office
from services.weekly import KIND, due, run_weekly
from store.records import RunState
from tests.processes import free_port
from tests.services.conftest import silent
from tests.services.serving import ADVERT, FRIDAY, MEETING, READING, Clock, add_service, put, serving


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with serving(tmp_path / "home", clock, editors=("bianji@example.org",), admins=("guanli@example.org",)) as opened:
        yield opened


def runs(office: Office) -> list[tuple[str, RunState]]:
    with office.store.reading() as unit:
        return [(run.period, run.state) for run in reversed(unit.runs.find(office.publication.key, kind=KIND))]


def messages(office: Office) -> dict[str, str]:
    with office.store.reading() as unit:
        return {record.key: record.message.subject for record in unit.outbox.find(office.publication.key)}


def test_friday_makes_the_draft_once_and_tells_the_editors_once(office: Office, clock: Clock) -> None:
    put(office, "a", MEETING)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.result is not None
    assert (report.period, report.result.label, report.result.state) == ("2026-W47", "第1期", "草稿")
    subject = "【稿件偏少】云江简报第1期草稿"
    assert messages(office) == {f"draft/2026-W47/{name}@example.org": subject for name in ("bianji", "guanli")}
    assert run_weekly(office, silent) is None
    clock.forward(days=1)
    assert run_weekly(office, silent) is None
    assert runs(office) == [("2026-W47", RunState.DONE)]


def test_every_day_of_a_year_makes_one_issue_a_week_on_working_days(office: Office, clock: Clock) -> None:
    clock.now = datetime(2026, 1, 1, 8, tzinfo=FRIDAY.tzinfo)
    days = []
    for _ in range(365):
        what = due(office)
        if what is not None:
            days.append(clock.now.date())
            with office.store.transaction() as unit:
                unit.runs.end(unit.runs.start(office.publication.key, KIND, what.period), RunState.DONE)
        clock.forward(days=1)
    weeks = [day.isocalendar()[:2] for day in days]
    assert len(weeks) == len(set(weeks))
    assert [day for day in days if day.weekday() != 4] == [
        date(2026, 1, 4), date(2026, 4, 30), date(2026, 6, 18), date(2026, 9, 24), date(2026, 9, 30)
    ]  # fmt: skip
    assert (2026, 8) not in weeks, "the week of 春节 is off"


def test_a_machine_that_was_off_catches_up_with_the_last_week_once(office: Office, clock: Clock) -> None:
    put(office, "a", MEETING)
    run_weekly(office, silent)
    clock.now = FRIDAY + timedelta(days=17)  # Monday; two Fridays went by
    put(office, "b", READING)
    what = due(office)
    assert what is not None
    assert (what.period, what.late) == ("2026-W49", True)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.period == "2026-W49"
    assert run_weekly(office, silent) is None
    assert [period for period, _ in runs(office)] == ["2026-W47", "2026-W49"]


def test_service_begins_without_making_up_for_the_past(office: Office, clock: Clock) -> None:
    clock.forward(days=-2)
    assert run_weekly(office, silent) is None
    assert runs(office) == [("2026-W46", RunState.SKIPPED)]
    clock.now = FRIDAY + timedelta(days=1)  # the first Friday was missed
    put(office, "a", MEETING)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.period == "2026-W47"


def test_a_week_without_material_is_told_and_not_tried_again(office: Office, clock: Clock) -> None:
    put(office, "c", ADVERT)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.state is RunState.SKIPPED
    assert set(messages(office).values()) == {"2026-W47 没有可刊用的稿件"}
    assert len(messages(office)) == 2
    clock.forward(days=1)
    assert run_weekly(office, silent) is None


def test_a_failed_run_is_told_tried_the_next_day_and_at_last_given_up(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(office, "a", MEETING)
    with monkeypatch.context() as broken:
        broken.setattr("builders.printing.print_issue", _out_of_disk)
        with pytest.raises(OSError, match="disk"):
            run_weekly(office, silent)
    assert {key.split("/")[-1] for key in messages(office)} == {"guanli@example.org", "bianji@example.org"}
    assert all("运行失败" in subject for subject in messages(office).values())
    clock.forward(days=1)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.result is not None
    assert report.result.number == 1
    assert [state for _, state in runs(office)] == [RunState.FAILED, RunState.DONE]


def out_of_reach(office: Office) -> tuple[str, str]:
    """The page and the mailbox that the publication is given; nobody listens there."""
    port = free_port()
    page = f"http://127.0.0.1:{port}/rss.xml"
    add_service(
        office,
        f'urls = ["{page}"]\n[service.mailbox]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'user = "laigao"\npassword = "x"',
    )
    return page, "收稿邮箱 laigao@127.0.0.1"


def test_a_source_out_of_reach_holds_up_no_other_and_is_told_of(office: Office) -> None:
    page, mailbox = out_of_reach(office)
    put(office, "a", MEETING)
    report = run_weekly(office, silent)
    assert report is not None
    assert report.result is not None
    assert (report.state, len(report.result.articles)) == (RunState.DONE, 1)
    with office.store.reading() as unit:
        found = unit.outbox.find(office.publication.key)
        [run] = unit.runs.find(office.publication.key, kind=KIND)
    assert {one.message.recipient for one in found} == {"bianji@example.org", "guanli@example.org"}
    assert {one.message.subject for one in found} == {"【有来源没有收到】【稿件偏少】云江简报第1期草稿"}
    text = found[0].message.text
    assert f"没有收到 {page}：连接不上服务器；请检查网址和网络" in text
    assert f"没有收到 {mailbox}：连接邮箱失败" in text
    assert "bulletin intake" in text
    assert "未能读取" not in text, "told once"
    assert run.note == f"第1期，1 篇；没有收到 {mailbox}、{page}"


def test_a_week_in_which_no_source_gave_anything_is_tried_again(office: Office, clock: Clock) -> None:
    page, mailbox = out_of_reach(office)
    with pytest.raises(FetchError, match=f"(?s)没有可刊用的稿件.*{mailbox}：连接邮箱失败.*{page}：连接不上"):
        run_weekly(office, silent)
    assert set(messages(office).values()) == {"【运行失败】云江简报 2026-W47"}
    clock.forward(days=1)
    put(office, "a", MEETING)
    assert run_weekly(office, silent) is not None
    assert [state for _, state in runs(office)] == [RunState.FAILED, RunState.DONE]


def _out_of_disk(*_: object, **__: object) -> None:
    raise OSError("no space left on disk")


def test_the_clock_waits_for_the_hour_of_the_day(tmp_path: Path, clock: Clock) -> None:
    with serving(tmp_path / "home", clock, hour=14) as opened:
        clock.now = FRIDAY.replace(hour=13, minute=59)
        assert due(opened, by_clock=True) is None
        assert due(opened) is not None, "a person who asks is not sent away"
        clock.now = FRIDAY.replace(hour=14)
        what = due(opened, by_clock=True)
        assert what is not None
        assert (what.period, what.late) == ("2026-W47", False)


def test_the_clock_rests_until_the_next_day_after_a_failure(office: Office, clock: Clock) -> None:
    with office.store.transaction() as unit:
        unit.runs.end(unit.runs.start(office.publication.key, KIND, "2026-W47"), RunState.FAILED)
    clock.forward(hours=1)
    assert due(office, by_clock=True) is None
    assert due(office) is not None
    clock.now = FRIDAY + timedelta(days=1) - timedelta(minutes=1)
    assert due(office, by_clock=True) is not None


def test_a_run_that_died_is_taken_up_again(office: Office) -> None:
    put(office, "a", MEETING)
    with office.store.transaction() as unit:
        unit.runs.start(office.publication.key, KIND, "2026-W47")
    assert due(office, by_clock=True) is not None
    report = run_weekly(office, silent)
    assert report is not None
    assert report.state is RunState.DONE


def test_each_publication_has_its_own_day(tmp_path: Path, clock: Clock, office: Office) -> None:
    with serving(tmp_path / "home", clock, key="shi", weekday=3) as other:
        clock.forward(days=-2)
        put(other, "a", MEETING)
        what = due(other)
        assert what is not None
        assert what.day == date(2026, 11, 18)
        assert due(office) is None


def test_robots_are_told_too(office: Office) -> None:
    add_service(office, '[[service.webhooks]]\nname = "编辑群"\nurl = "http://127.0.0.1:9/x"')
    put(office, "a", MEETING)
    run_weekly(office, silent)
    assert {key.split("/")[-1] for key in messages(office)} == {"bianji@example.org", "guanli@example.org", "编辑群"}


def test_the_run_loads_no_prefect() -> None:
    import subprocess

    code = "import services.weekly, services.outgoing, sys; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
