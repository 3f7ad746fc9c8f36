"""The deployments of prefect.yaml on a real Prefect server with a real worker."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from services.weekly import HOURLY
from tests.commands import LONG, printed, run
from tests.conftest import ROOT
from tests.flows.conftest import Service, start_prefect
from tests.processes import START, free_port, prefect_environment, stop

SAMPLES = ROOT / "data" / "samples"
TRIES = 5
"""Runs of a deployment that the clock starts too: one that meets the clock's own is let go (CANCEL_NEW)."""

pytestmark = pytest.mark.slow


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


def test_a_command_leaves_its_form_and_its_tables_on_the_server(service: Service, tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = ("compile", str(SAMPLES), "--period", "2026-W46", "--date", "2026-11-13")
    printed(home, *words, environment=service.environment | {"BULLETIN_HOME": str(home)})
    filter = {"flow_runs": {"deployment_id": {"is_null_": True}, "state": {"type": {"any_": ["COMPLETED"]}}}}
    [run] = service.get("/flow_runs/filter", filter)
    form = run["parameters"]["request"]  # type: ignore[index]
    assert (form["period"], form["date"], form["sources"]) == ("2026-W46", "2026-11-13", [str(SAMPLES)])
    found = service.get("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    assert {artifact["key"] for artifact in found} == {
        "intake-table",
        "issue-contents",
        "issue-docx",
        "intake-progress",
    }
    [progress] = [artifact["data"] for artifact in found if artifact["key"] == "intake-progress"]
    assert progress == 100


def test_a_signed_issue_comes_back_through_the_export_deployment(service: Service, tmp_path: Path) -> None:
    form = json.dumps({"sources": [str(SAMPLES)], "date": "2026-11-20", "period": "2026-W47"})
    service.prefect("deployment", "run", "compile_issue/manual", "--param", f"request={form}", "--watch")
    printed(service.home, "issue", "sign", "1", "--by", "签发人", environment=service.environment)
    form = json.dumps({"numbers": "1", "out": str(tmp_path)})
    service.prefect("deployment", "run", "export_archive/export", "--param", f"request={form}", "--watch")
    assert [path.name for path in tmp_path.glob("*.docx")] == ["工作简报第1期.docx"]


def test_the_weekly_deployment_asks_every_hour_one_run_at_a_time(service: Service) -> None:
    [weekly] = [found for found in service.get("/deployments/filter", {}) if found["name"] == "weekly"]
    assert weekly["concurrency_limit"] == 1 or weekly["global_concurrency_limit"]
    schedules = [one["schedule"] for one in weekly["schedules"]]  # type: ignore[attr-defined]
    assert [one["cron"] for one in schedules] == [HOURLY]
    assert weekly["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"  # type: ignore[index]


def test_the_server_plans_the_runs_of_the_coming_weeks(service: Service) -> None:
    """Its scheduler works with the libraries installed: with SQLAlchemy 2.1 it fails at every pass, quietly."""
    end = time.monotonic() + START
    planned = False
    while not planned and time.monotonic() < end:
        time.sleep(1)
        found = service.get("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
        planned = any(run["auto_scheduled"] for run in found)
    assert planned


def test_the_outbox_is_sent_by_a_deployment_that_shows_the_delivery(service: Service) -> None:
    words = [sys.executable, "-m", "prefect", "deployment", "run", "distribute/distribute", "--watch"]
    for _ in range(TRIES):
        done = subprocess.run(words, cwd=ROOT, env=service.environment, capture_output=True, text=True, timeout=LONG)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    artifacts = {found["key"] for found in service.get("/artifacts/filter", {})}
    assert "delivery-table" in artifacts


def test_the_forms_speak_chinese(service: Service) -> None:
    [manual] = [found for found in service.get("/deployments/filter", {}) if found["name"] == "manual"]
    schema = manual["parameter_openapi_schema"]
    [form] = [d for name, d in schema["definitions"].items() if name == "CompileRequest"]  # type: ignore[index]
    assert form["properties"]["number"]["title"] == "期号"
    assert form["properties"]["sources"]["description"].startswith("文件、文件夹或网址")


def prefect_check(service: Service) -> dict[str, str]:
    done = run(service.home, "doctor", "--json", environment=service.environment)
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    [found] = [check for check in checks if check["name"] == "Prefect"]
    return dict(found)


def test_doctor_tells_of_a_schedule_that_was_changed_on_the_server(service: Service) -> None:
    good = prefect_check(service)
    assert (good["state"], "worker 1 个" in good["finding"]) == ("good", True)
    [weekly] = [found for found in service.get("/deployments/filter", {}) if found["name"] == "weekly"]
    address = f"{service.environment['PREFECT_API_URL']}/deployments/{weekly['id']}"
    for cron, active, said, advice in (
        ("0 8 * * 5", True, "0 8 * * 5", "deploy --all"),
        ("0 * * * *", False, "停用", "启用"),
    ):
        schedule = {"schedule": {"cron": cron, "timezone": "Asia/Shanghai"}, "active": active, "slug": "hourly"}
        requests.patch(address, json={"schedules": [schedule]}, timeout=START).raise_for_status()
        found = prefect_check(service)
        assert (found["state"], said in found["finding"], advice in found["advice"]) == ("note", True, True)
        if active:
            service.prefect("deploy", "--all")
            assert prefect_check(service)["state"] == "good"


@pytest.mark.skipif(not (ROOT / ".venv" / "bin" / "python").exists(), reason="the units run from .venv")
def test_the_units_wait_for_server_and_worker_also_where_a_password_is_asked(tmp_path: Path) -> None:
    port = free_port()
    environment = prefect_environment(tmp_path, port) | {
        "PREFECT_SERVER_API_AUTH_STRING": "bulletin:2026",
        "PREFECT_API_AUTH_STRING": "bulletin:2026",
    }

    def wait_for(*words: str) -> None:
        ready = [str(ROOT / "deploy" / "ready"), *words]
        done = subprocess.run(ready, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr

    words = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
    server = start_prefect(tmp_path / "server.log", environment, *words)
    try:
        wait_for("server")
        Service(environment, tmp_path / "home").prefect("work-pool", "create", "bulletin", "--type", "process")
        worker = start_prefect(
            tmp_path / "worker.log", environment, "worker", "start", "--pool", "bulletin", "--name", "gongji"
        )
        try:
            wait_for("worker", "gongji")
        finally:
            stop(worker)
    finally:
        stop(server)
