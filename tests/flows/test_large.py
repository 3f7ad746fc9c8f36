"""docs/deploy-large.md on one machine: PostgreSQL, an S3 store, a Prefect server, two workers and a Dask cluster."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests import postgres
from tests.conftest import ROOT
from tests.objectstores import object_store
from tests.processes import free_port, stop

pytestmark = pytest.mark.slow

START = 180
"""Seconds a server may take to start on a loaded machine: a bound against hanging, not a measure."""
GUIDE = (ROOT / "docs" / "deploy-large.md").read_text("utf-8")
SAMPLES = ROOT / "data" / "samples"


def guided(line: str) -> list[str]:
    """The words of a command, which the guide must have line for line."""
    assert f"\n{line}\n" in GUIDE, f"not in the guide: {line}"
    return line.split()


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
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=400, check=False
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
        end = time.monotonic() + START
        while time.monotonic() < end:
            try:
                if ready():
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.5)
        raise AssertionError(f"{name}: {(self.folder / f'{name}.log').read_text('utf-8', 'replace')[-3000:]}")

    def workers(self) -> list[dict[str, object]]:
        address = f"{self.environment['PREFECT_API_URL']}/work_pools/bulletin/workers/filter"
        found: list[dict[str, object]] = requests.post(address, json={}, timeout=30).json()
        return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    pytest.importorskip("prefect_dask")
    with ExitStack() as stack:
        address = stack.enter_context(postgres.server())
        bucket = stack.enter_context(object_store())
        database, prefect = postgres.new_database(address), postgres.new_database(address, extensions=("pg_trgm",))
        made = Installation(tmp_path_factory.mktemp("large"), database, prefect, bucket.address, bucket.options)

        def start(name: str, *words: str) -> None:
            stack.callback(stop, made.start(name, *words))

        start("server", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(made.api))
        made.until(lambda: requests.get(f"http://127.0.0.1:{made.api}/api/health", timeout=2).ok, "server")
        made.run(*guided("prefect --no-prompt work-pool create bulletin --type process"))
        made.run(*guided("prefect --no-prompt deploy --all"))
        for number in (1, 2):
            start(f"worker{number}", *guided("prefect worker start --pool bulletin"), "--name", f"worker{number}")
        start("scheduler", *guided("dask scheduler --port 8786")[:-1], str(made.dask), "--dashboard-address", ":0")
        words = guided("dask worker tcp://10.0.0.8:8786 --nthreads 1 --nworkers 2")
        start("dask", *(word.replace("10.0.0.8:8786", f"127.0.0.1:{made.dask}") for word in words))
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
