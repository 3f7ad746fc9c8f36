"""The desk's page of runs over a real Prefect server with a real worker."""

import time
from pathlib import Path

import pytest

from services import prefect_server, runs
from services.context import open_office
from services.requests import CompileRequest
from services.runs import RunLine, RunStage
from services.settings import read_settings
from tests.commands import LONG
from tests.conftest import ROOT
from tests.flows.conftest import Service

pytestmark = pytest.mark.slow


@pytest.fixture
def server(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("PREFECT_API_URL", service.environment["PREFECT_API_URL"])
    return service


def _over(home: Path, request: CompileRequest) -> RunLine:
    """The run of a request when it is over."""
    office = open_office(read_settings(home, publication="default"))
    try:
        id = runs.start(office, request, "甲")
        end = time.monotonic() + LONG
        while (line := runs.get_run(office, id)).live and time.monotonic() < end:
            time.sleep(1)
        view = runs.list_runs(office)
        assert (view.server, view.problem) == (prefect_server.address(), "")
        assert line.id in {one.id for one in view.lines}
        return line
    finally:
        office.store.close()


def test_a_run_is_started_and_watched_on_the_server(server: Service) -> None:
    line = _over(server.home, CompileRequest(sources=(str(ROOT / "data" / "samples"),), period="2026-W47"))
    assert (line.stage, line.name, line.period) == (RunStage.DONE, "手动编期", "2026-W47")
    assert line.started is not None
    assert line.ended is not None
    [draft] = server.bulletin("issue", "list")
    assert draft["period"] == "2026-W47"


def test_the_reason_of_a_failure_comes_back_in_chinese(server: Service, tmp_path: Path) -> None:
    empty = tmp_path / "inbox"
    empty.mkdir()
    line = _over(tmp_path / "home", CompileRequest(sources=(str(empty),), period="2026-W47"))
    assert line.stage is RunStage.FAILED
    assert "没有可刊用的稿件" in line.said
    assert "Error" not in line.said
