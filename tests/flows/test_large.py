"""docs/deploy-large.md on one machine: PostgreSQL, an S3 store, a Prefect server, two workers and a Dask cluster."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from services import prefect_server
from tests import postgres
from tests.commands import LONG
from tests.conftest import ROOT
from tests.objectstores import object_store
from tests.processes import START, free_port, stop, wait_until
from tests.tools import require_module

pytestmark = pytest.mark.slow

GUIDE = (ROOT / "docs" / "deploy-large.md").read_text("utf-8")
SAMPLES = ROOT / "data" / "samples"


def commanded(unit: str, start: str, **values: str) -> list[str]:
    """The words of a unit's command that begins so, without the folder of the programs; the unit is in the guide."""
    assert f"deploy/systemd/{unit}.service" in GUIDE
    text = (ROOT / "deploy" / "systemd" / f"{unit}.service").read_text("utf-8")
    [line] = [line for line in text.splitlines() if f"/opt/bulletin/.venv/bin/{start}" in line]
    command = line.partition("=")[2].removeprefix("-").removeprefix("/opt/bulletin/.venv/bin/")
    for name, value in values.items():
        command = command.replace(f"${{{name}}}", value)
    return command.split()


class Installation:
    """The environment of every machine, as the guide has it, and what runs there."""

    def __init__(self, folder: Path, database: str, prefect: str, files: str, options: dict[str, str]) -> None:
        self.api, self.dask = free_port(), free_port()
        given = {
            "BULLETIN_DATABASE": database,
            "BULLETIN_FILES": files,
            "BULLETIN_FILES_OPTIONS": json.dumps(options),
            "BULLETIN_DASK": f"tcp://127.0.0.1:{self.dask}",
            "PREFECT_API_URL": f"http://127.0.0.1:{self.api}/api",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect.replace("postgresql://", "postgresql+asyncpg://"),
        }
        assert all(f"\n{name}=" in GUIDE for name in given)
        self.folder = folder
        self.environment = os.environ | given | {
            "BULLETIN_HOME": str(folder / "home"),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        (folder / "prefect").mkdir()

    def run(self, *words: str) -> str:
        done = subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=LONG, check=False
        )
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:] + self.logs()
        return done.stdout

    def logs(self) -> str:
        """The ends of all logs: which of the programs failed is not known beforehand."""
        return "\n".join(
            f"== {log.name}\n{log.read_text('utf-8', 'replace')[-3000:]}" for log in self.folder.glob("*.log")
        )

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as out:
            return subprocess.Popen(
                words, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )

    def until(self, ready: Callable[[], object], name: str) -> None:
        wait_until(ready, self.folder / f"{name}.log")

    def workers(self) -> list[dict[str, object]]:
        address = f"{self.environment['PREFECT_API_URL']}/work_pools/bulletin/workers/filter"
        with prefect_server.patient() as session:
            found: list[dict[str, object]] = session.post(address, json={}, timeout=START).json()
        return [worker for worker in found if worker["status"] == "ONLINE"]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    require_module("prefect_dask")
    with ExitStack() as stack:
        address = stack.enter_context(postgres.server())
        bucket = stack.enter_context(object_store())
        database, prefect = postgres.new_database(address), postgres.new_database(address, extensions=("pg_trgm",))
        made = Installation(tmp_path_factory.mktemp("large"), database, prefect, bucket.address, bucket.options)

        def start(name: str, *words: str) -> None:
            stack.callback(stop, made.start(name, *words))

        start("server", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(made.api))
        made.until(lambda: requests.get(f"http://127.0.0.1:{made.api}/api/health", timeout=START).ok, "server")
        made.run(*commanded("bulletin-worker", "prefect --no-prompt work-pool"))
        made.run(*commanded("bulletin-worker", "prefect --no-prompt deploy"))
        for number in (1, 2):
            words = commanded("bulletin-worker", "prefect worker")
            start(f"worker{number}", *(word.replace("%H", f"worker{number}") for word in words))
        words = commanded("bulletin-dask-scheduler", "dask scheduler")
        start("scheduler", *words[:-1], str(made.dask), "--dashboard-address", ":0")
        words = commanded("bulletin-dask-worker", "dask worker", BULLETIN_DASK=made.environment["BULLETIN_DASK"])
        start("dask", *words)
        made.until(lambda: len(made.workers()) == 2, "worker2")
        yield made


def test_the_guide_brings_in_an_archive_and_makes_an_issue(installation: Installation, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for number in range(70):
        lines = "".join(
            f"第{number}小组到第{place}社区走访{number * 7 + place}户，登记诉求{place}条。\n" for place in range(9)
        )
        (old / f"{number:03d}.txt").write_text(f"望河市第{number}小组走访社区\n望河市委宣传部\n\n{lines}", "utf-8")
    form = json.dumps({"sources": [str(old)]})
    installation.run("prefect", "deployment", "run", "bring_in/bring-in", "--param", f"request={form}", "--watch")
    form = json.dumps({"sources": [str(SAMPLES)], "date": "2026-11-20"})
    installation.run("prefect", "deployment", "run", "compile_issue/manual", "--param", f"request={form}", "--watch")
    bulletin = (sys.executable, "-m", "cli.main")
    [draft] = [json.loads(line) for line in installation.run(*bulletin, "issue", "list", "--json").splitlines()]
    assert (draft["label"], draft["period"]) == ("第1期", "2026-W47")
    installation.run(*bulletin, "issue", "sign", "1", "--by", "签发人")
    installation.run(*bulletin, "archive", "export", "1", "--out", str(tmp_path))
    assert [path.name for path in tmp_path.glob("*.docx")] == ["工作简报第1期.docx"]
    installation.run(*bulletin, "verify")
    # All of it is in PostgreSQL and the bucket; the Dask processes did the reading.
    home = installation.folder / "home"
    assert not list(home.glob("*.db*"))
    assert not (home / "files").exists()
    logs = (installation.folder / "dask.log").read_text("utf-8", "replace")
    assert "读一批" in logs or "Finished in state Completed" in logs, logs[-2000:]
