"""Runs of the desk itself, and what a Prefect server's messages become."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.errors import FetchError, NotFoundError
from services import prefect_server, runs
from services.context import Office
from services.prefect_server import ServerRun
from services.requests import CompileRequest
from services.runs import RunStage
from store.records import RunState
from tests.services.serving import MEETING, READING


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a Prefect server nor LibreOffice."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr("builders.libreoffice.find_office", lambda: None)


def test_a_run_makes_the_draft_and_says_so(office: Office, inbox: Callable[..., Path]) -> None:
    id = runs.start(office, CompileRequest(sources=(str(inbox(a=MEETING, b=READING)),)), "甲")
    assert runs.wait(office, 60)
    line = runs.get_run(office, id)
    assert (line.stage, line.period, line.live) == (RunStage.DONE, "2026-W47", False)
    assert "刊用 2 篇" in line.said
    assert line.issue is not None
    assert runs.list_runs(office).lines[0] == line
    with office.store.reading() as unit:
        assert any(entry.act == "编期" and entry.who == "甲" for entry in unit.audit.find("default"))


def test_a_run_that_fails_says_why(office: Office) -> None:
    id = runs.start(office, CompileRequest(), "甲")
    assert runs.wait(office, 60)
    line = runs.get_run(office, id)
    assert line.stage is RunStage.FAILED
    assert "没有可刊用的稿件" in line.said


def test_a_run_of_a_process_that_is_gone_is_broken_off(office: Office) -> None:
    with office.store.transaction() as unit:
        unit.runs.start("default", "weekly", "2026-W46")
        done = unit.runs.start("default", "manual", "2026-W45")
        unit.runs.end(done, RunState.DONE, "第1期")
    [manual, weekly] = runs.list_runs(office).lines
    assert (manual.stage, weekly.stage, weekly.name) == (RunStage.DONE, RunStage.BROKEN, "每周编期")


def test_there_is_no_such_run(office: Office) -> None:
    with pytest.raises(NotFoundError):
        runs.get_run(office, "999")


def test_runs_of_another_publication_are_not_shown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_the_server(id: str, deployment: str, publication: str) -> ServerRun:
        failed = {"state": "FAILED", "reason": "《内部稿》读不出"}
        return ServerRun.model_validate({"id": id, "deployment": deployment, "publication": publication} | failed)

    every = {
        one.id: one
        for one in (
            on_the_server("a-1", "manual", "default"),
            on_the_server("a-2", "manual", ""),
            on_the_server("a-3", "manual", "shi"),
            on_the_server("a-4", "weekly", ""),
        )
    }
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setattr(prefect_server, "runs", lambda *_: tuple(every.values()))
    monkeypatch.setattr(prefect_server, "run", every.__getitem__)
    assert [line.id for line in runs.list_runs(office).lines] == ["a-1", "a-2", "a-4"]
    with pytest.raises(NotFoundError):
        runs.get_run(office, "a-3")
    city = replace(office, publication=office.publication.model_copy(update={"key": "shi"}))
    assert [(line.id, "内部稿" in line.said) for line in runs.list_runs(city).lines] == [("a-3", True), ("a-4", False)]


def test_a_server_that_does_not_answer_is_said_so_and_own_runs_are_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A port of this machine where nobody listens: it refuses at once.
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    view = runs.list_runs(office)
    assert "连不上 Prefect 服务器" in view.problem
    with pytest.raises(FetchError):
        runs.start(office, CompileRequest(), "甲")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Flow run encountered an exception: StateError: 2026-W47：没有可刊用的稿件（请先收稿）",
            "2026-W47：没有可刊用的稿件（请先收稿）",
        ),
        (
            "Flow run encountered an exception. bulletin.errors.NumberingError: 第3期：这个期号已有一期",
            "第3期：这个期号已有一期",
        ),
        ("Flow run process exited with non-zero status code 1.", "运行出错，原因见 Prefect 页面上这次运行的日志"),
        ("", "运行出错，原因见 Prefect 页面上这次运行的日志"),
    ],
)
def test_reasons_of_the_server_in_chinese(message: str, said: str) -> None:
    assert prefect_server.reason(message) == said
