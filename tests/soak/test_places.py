"""Kill -9 in the middle of a run: the place that it held among those at work goes to the next run."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.prefect_server import patient
from tests.deploy.guides import Machine
from tests.soak.test_servers import SETUP, kill

pytestmark = pytest.mark.slow

SOON = 240
"""Seconds within which a run begins or ends whose place is free: the worker looks every 15, a run that waited comes
back after 30, and a loaded machine takes its time. Less than a lease, which lasts 300."""
LEASE = 300
"""Seconds that the engine of a run reserves its place for, again and again (prefect/flow_engine.py)."""
HERE = ("RUNNING", "COMPLETED")
TRIES = 5
"""Runs that may be over before they are met: on a fast machine the samples take two seconds."""
LOOK = 15
"""Seconds between two looks of the server for leases that are over."""


class Runs:
    """The runs of the deployment `manual`, as the server knows them."""

    def __init__(self, machine: Machine) -> None:
        self.api = f"http://127.0.0.1:{machine.ports['4200']}/api"
        [deployment] = [one["id"] for one in self._ask("deployments/filter", {}) if one["name"] == "manual"]
        self.deployment = deployment

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        # A connection each: the server closes one that is idle, perhaps just when it is asked again.
        with patient() as session:
            answer = session.post(f"{self.api}/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def start(self, week: int) -> str:
        """The id of a run that was asked for."""
        form = {"period": f"2026-W{week}", "date": "2026-11-20"}
        body = {"parameters": {"request": form}, "state": {"type": "SCHEDULED"}}
        return str(self._ask(f"deployments/{self.deployment}/create_flow_run", body)["id"])

    def get(self, id: str) -> dict[str, Any]:
        [found] = self._ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [id]}}})
        return dict(found)

    def until(self, id: str, good: Callable[[dict[str, Any]], object], seconds: float) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if good(found := self.get(id)):
                return found
            time.sleep(0.1)
        raise AssertionError(json.dumps(self.get(id), indent=1))

    def at_work(self, week: int) -> tuple[str, int]:
        """A run and its process in the middle of its work, stopped there so that it stays in it."""
        for _ in range(TRIES):
            id = self.start(week)
            found = self.until(id, lambda run: run["infrastructure_pid"] and run["state_type"] in HERE, SOON)
            pid = int(found["infrastructure_pid"])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                if self.get(id)["state_type"] == "RUNNING":
                    return id, pid
        raise AssertionError("every run was over before it could be stopped")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "machine")
    try:
        for line in SETUP:
            made.run(line)
        made.start("bulletin-prefect")
        made.start("bulletin-worker")
        yield made
    finally:
        made.stop()


def end(pid: int) -> None:
    """What a lack of memory or a power cut does."""
    process = psutil.Process(pid)
    process.kill()
    # Its parent may be gone already, or be the one who waits for it.
    with_parent = psutil.wait_procs([process], timeout=30)
    assert with_parent[0] or process.status() == psutil.STATUS_ZOMBIE


def test_the_next_run_begins_when_a_run_or_its_worker_was_killed(machine: Machine) -> None:
    runs = Runs(machine)
    first, pid = runs.at_work(40)
    end(pid)
    # The worker has seen its process end.
    runs.until(first, lambda run: run["state_type"] == "CRASHED", SOON)
    second, pid = runs.at_work(41)
    kill(machine, "bulletin-worker")
    end(pid)  # systemd ends whatever a service leaves behind
    assert runs.get(second)["state_type"] == "RUNNING", "nobody is left to say otherwise"
    machine.start("bulletin-worker")
    assert "中断" in runs.get(second)["state"]["message"]
    third = runs.start(42)
    runs.until(third, lambda run: run["state_type"] == "COMPLETED", SOON)


@pytest.mark.soak
def test_another_worker_gets_the_place_when_the_lease_of_a_dead_machine_is_over(machine: Machine) -> None:
    runs = Runs(machine)
    _, pid = runs.at_work(40)
    kill(machine, "bulletin-worker")
    end(pid)
    dead = time.monotonic()
    # The server loses power too: what it has reserved is on its disk.
    kill(machine, "bulletin-prefect")
    machine.start("bulletin-prefect")
    words = [str(machine.folder / "bin" / "bulletin-run"), "prefect", "worker", "start", "--pool", "bulletin"]
    with (machine.folder / "other.log").open("wb") as log:
        command = [*words, "--name", "other"]
        machine.services["other"] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    second = runs.start(41)
    runs.until(second, lambda run: run["state_name"] == "AwaitingConcurrencySlot", SOON)
    runs.until(second, lambda run: run["state_type"] == "RUNNING", LEASE + LOOK + SOON)
    print(f"the next run began {time.monotonic() - dead:.0f} s after the kill")
    runs.until(second, lambda run: run["state_type"] == "COMPLETED", SOON)
