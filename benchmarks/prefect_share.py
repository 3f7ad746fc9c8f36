"""What Prefect costs: a run of 300 submissions with the server up, and the command without it against the bare work."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.material import write_submissions
from benchmarks.measure import PYTHON, ROOT, Spent, in_turn, process
from benchmarks.report import Bars, Check, Section, Table
from services.requests import CompileRequest

FLOW, LOCAL = "with Prefect, server up", "--local"
COLD, WARM = "cold command to the DOCX", "the work itself, in a warm process"
SAMPLES = ROOT / "data" / "samples"
START = 120

_WORK = """
import sys, time
from pathlib import Path
from services.context import office
from services.publish import compile_issue
from services.requests import CompileRequest
from services.settings import read_settings
for name in ("warm", "timed"):
    home = Path(sys.argv[1], name)
    began = time.perf_counter()
    with office(read_settings(home)) as opened:
        compile_issue(opened, CompileRequest(sources=(sys.argv[2],), out=str(home)), lambda *_: None)
print(time.perf_counter() - began)
"""


def run(quick: bool = False) -> Section:
    """Both comparisons, the ways in turn."""
    count, rounds = (10, 1) if quick else (300, 7)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, server(Path(name)) as environment:
        folder = Path(name)
        inbox = folder / "inbox"
        write_submissions(inbox, count)
        share = in_turn(
            {
                FLOW: lambda: _flow(folder, inbox, environment),
                LOCAL: lambda: _local(folder, inbox),
            },
            rounds,
        )
        start = in_turn({COLD: lambda: _local(folder, SAMPLES), WARM: lambda: _work(folder)}, rounds)
    loading = _loading("flows.publish") - _loading("services.publish")
    part = (share[FLOW].wall - share[LOCAL].wall) / share[FLOW].wall
    return Section(
        name="prefect_share",
        title=f"Prefect's share of a run of {count} submissions, and a cold start",
        about=(
            "Whole processes by the clock, medians, the ways in turn. The flow runs against a server that is up; of what it takes "
            f"longer, loading Prefect is {loading:.1f} s, during which the submissions are looked into already."
        ),
        tables=[
            Table(("way", "seconds"), tuple((way, spent.wall) for way, spent in {**share, **start}.items())),
        ],
        checks=[
            Check("Prefect's share", part, 0.15),
            Check("cold command against the work itself (data/samples)", start[COLD].wall / start[WARM].wall, 2),
        ],
        plots=[Bars("Seconds", "s", tuple((way, spent.wall) for way, spent in share.items()))],
    )


def _loading(module: str) -> float:
    """Seconds that it takes, as a run loads it."""
    words = f"from services import memory\nwith memory.while_loading(): import {module}"
    return process([PYTHON, "-c", words]).wall


def _flow(folder: Path, inbox: Path, environment: dict[str, str]) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        request = CompileRequest(home=home, sources=(str(inbox),), out=home).model_dump_json()
        return process([PYTHON, "-m", "flows", "compile", request, Path(home, "answer.json")], **environment)


def _local(folder: Path, inbox: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        words = ["-m", "cli.main", "--home", home, "compile", inbox, "--local", "--out", home]
        return process([PYTHON, *map(str, words)])


def _work(folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        done = subprocess.run(
            [PYTHON, "-c", _WORK, home, SAMPLES], cwd=ROOT, capture_output=True, text=True, check=True
        )
    return Spent(float(done.stdout), 0.0)


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """The environment that reaches a Prefect server of our own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder / "prefect"
    home.mkdir()
    environment = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
    }
    words = [PYTHON, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        running = subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
    try:
        _wait(f"{environment['PREFECT_API_URL']}/health")
        yield environment
    finally:
        running.terminate()
        running.wait()


def _wait(address: str) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"the Prefect server did not start at {address}")
