"""The deployments of prefect.yaml on a real Prefect server with a real worker."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT
from tests.processes import free_port, stop

SAMPLES = ROOT / "data" / "samples"
START = 120
"""Seconds a server may take to start on a loaded machine: a bound against hanging, not a measure."""

pytestmark = pytest.mark.slow


@dataclass
class Service:
    """A running Prefect server with one worker, and the environment that reaches them."""

    environment: dict[str, str]
    home: Path

    def prefect(self, *words: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bulletin(self, *words: str) -> list[dict[str, object]]:
        command = [sys.executable, "-m", "cli.main", "--home", str(self.home), *words, "--json"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def get(self, path: str, body: dict[str, object]) -> list[dict[str, object]]:
        answer = requests.post(f"{self.environment['PREFECT_API_URL']}{path}", json=body, timeout=30)
        answer.raise_for_status()
        found: list[dict[str, object]] = answer.json()
        return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A Prefect server and a worker on this machine, with the project's deployments."""
    folder = tmp_path_factory.mktemp("prefect")
    port = free_port()
    environment = os.environ | {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "BULLETIN_HOME": str(folder / "home"),
    }
    running = Service(environment, folder / "home")
    server = _start(folder / "server.log", environment, "server", "start", "--host", "127.0.0.1", "--port", str(port))
    try:
        _wait_for(environment["PREFECT_API_URL"] + "/health", server, folder / "server.log")
        running.prefect("work-pool", "create", "bulletin", "--type", "process")
        running.prefect("deploy", "--all")
        worker = _start(folder / "worker.log", environment, "worker", "start", "--pool", "bulletin")
        try:
            yield running
        finally:
            stop(worker)
    finally:
        stop(server)


def _start(log: Path, environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", *words]
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.5)
    raise AssertionError(f"the Prefect server did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def test_the_manual_deployment_makes_an_issue_and_leaves_its_tables(service: Service) -> None:
    form = json.dumps({"sources": [str(SAMPLES)], "date": "2026-11-20"})
    service.prefect("deployment", "run", "compile_issue/manual", "--param", f"request={form}", "--watch")
    [draft] = service.bulletin("issue", "list")
    assert (draft["label"], draft["period"], draft["date"]) == ("第1期", "2026-W47", "2026-11-20")
    artifacts = {found["key"]: found for found in service.get("/artifacts/filter", {})}
    assert {"intake-table", "issue-contents", "issue-docx", "intake-progress"} <= set(artifacts)
    table = json.loads(str(artifacts["intake-table"]["data"]))
    refused = [row for row in table if row["结果"] in ("不采用", "学习计划", "重复")]
    assert refused
    assert all(row["说明"] for row in refused)


def test_a_signed_issue_comes_back_through_the_export_deployment(service: Service, tmp_path: Path) -> None:
    form = json.dumps({"sources": [str(SAMPLES)], "date": "2026-11-20", "period": "2026-W47"})
    service.prefect("deployment", "run", "compile_issue/manual", "--param", f"request={form}", "--watch")
    command = [sys.executable, "-m", "cli.main", "--home", str(service.home), "issue", "sign", "1", "--by", "签发人"]
    assert subprocess.run(command, cwd=ROOT, env=service.environment, check=False).returncode == 0
    form = json.dumps({"numbers": "1", "out": str(tmp_path)})
    service.prefect("deployment", "run", "export_archive/export", "--param", f"request={form}", "--watch")
    assert [path.name for path in tmp_path.glob("*.docx")] == ["工作简报第1期.docx"]


def test_the_weekly_deployment_keeps_beijing_time_and_one_run_at_a_time(service: Service) -> None:
    [weekly] = [found for found in service.get("/deployments/filter", {}) if found["name"] == "weekly"]
    assert weekly["concurrency_limit"] == 1 or weekly["global_concurrency_limit"]
    schedules = [one["schedule"] for one in weekly["schedules"]]  # type: ignore[attr-defined]
    # Fridays, and every other day for issues that a holiday moved.
    assert {one["cron"] for one in schedules} == {"0 8 * * 5", "0 8 * * 0-4,6"}
    assert {one["timezone"] for one in schedules} == {"Asia/Shanghai"}


def test_the_server_plans_the_runs_of_the_coming_weeks(service: Service) -> None:
    """Its scheduler works with the libraries installed: with SQLAlchemy 2.1 it fails at every pass, quietly."""
    planned: list[dict[str, object]] = []
    for _ in range(START):
        found = service.get("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
        planned = [run for run in found if run["auto_scheduled"]]
        if planned:
            break
        time.sleep(1)
    assert planned


def test_the_outbox_is_sent_by_a_deployment_that_shows_the_delivery(service: Service) -> None:
    service.prefect("deployment", "run", "distribute/distribute", "--watch")
    artifacts = {found["key"] for found in service.get("/artifacts/filter", {})}
    assert "delivery-table" in artifacts


def test_the_forms_speak_chinese(service: Service) -> None:
    [manual] = [found for found in service.get("/deployments/filter", {}) if found["name"] == "manual"]
    schema = manual["parameter_openapi_schema"]
    [form] = [d for name, d in schema["definitions"].items() if name == "CompileRequest"]  # type: ignore[index]
    assert form["properties"]["number"]["title"] == "期号"
    assert form["properties"]["sources"]["description"].startswith("文件、文件夹或网址")
