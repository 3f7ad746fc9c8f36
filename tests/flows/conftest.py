"""A real Prefect server with a worker on this machine, and the project's deployments."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from services import prefect_server
from services.settings import REFERENCE
from tests.commands import LONG, printed
from tests.conftest import ROOT
from tests.processes import START, free_port, prefect_environment, stop, wait_until


@dataclass
class Service:
    """A running Prefect server with one worker, and the environment that reaches them."""

    environment: dict[str, str]
    home: Path

    def prefect(self, *words: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=LONG)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bulletin(self, *words: str) -> list[dict[str, object]]:
        """The JSON lines that a command prints."""
        lines = printed(self.home, *words, "--json", environment=self.environment).splitlines()
        return [json.loads(line) for line in lines]

    def get(self, path: str, body: dict[str, object]) -> list[dict[str, object]]:
        with prefect_server.patient() as session:
            answer = session.post(f"{self.environment['PREFECT_API_URL']}{path}", json=body, timeout=START)
        answer.raise_for_status()
        found: list[dict[str, object]] = answer.json()
        return found

    def healthy(self) -> bool:
        return requests.get(f"{self.environment['PREFECT_API_URL']}/health", timeout=START).ok

    def has_worker(self) -> bool:
        found = self.get("/work_pools/bulletin/workers/filter", {})
        return any(worker["status"] == "ONLINE" for worker in found)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The server and its worker, which is online."""
    folder = tmp_path_factory.mktemp("prefect")
    port = free_port()
    environment = prefect_environment(folder, port) | {"BULLETIN_HOME": str(folder / "home")}
    running = Service(environment, folder / "home")
    _due_yesterday(folder / "home")
    server = start_prefect(
        folder / "server.log", environment, "server", "start", "--host", "127.0.0.1", "--port", str(port)
    )
    try:
        wait_until(running.healthy, folder / "server.log", server)
        running.prefect("work-pool", "create", "bulletin", "--type", "process")
        running.prefect("deploy", "--all")
        worker = start_prefect(folder / "worker.log", environment, "worker", "start", "--pool", "bulletin")
        try:
            wait_until(running.has_worker, folder / "worker.log", worker)
            yield running
        finally:
            stop(worker)
    finally:
        stop(server)


def _due_yesterday(home: Path) -> None:
    """The clock's own runs make no issue: a publication that begins after its day waits for the next one."""
    shipped = (REFERENCE / "publications" / "default.toml").read_text("utf-8")
    yesterday = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=1)
    (home / "publications").mkdir(parents=True)
    (home / "publications" / "default.toml").write_text(
        f"{shipped}\n[service]\nweekday = {yesterday.isoweekday()}\n", "utf-8"
    )


def start_prefect(log: Path, environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", *words]
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
