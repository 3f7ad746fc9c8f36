"""Kill -9 of the Prefect server and of the worker while they compile: started again, the week is finished once."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.context import office
from services.keeping import check
from services.settings import read_settings
from tests.commands import printed, run
from tests.conftest import ROOT
from tests.deploy.guides import Machine

pytestmark = [pytest.mark.slow, pytest.mark.soak]

KILLS = 8
SETUP = (
    "sudo install -d -m 750 /var/lib/bulletin",
    "sudo install -d -m 755 /etc/bulletin",
    "sudo install -m 640 deploy/systemd/bulletin.env /etc/bulletin/bulletin.env",
    "sudo install -m 755 deploy/bulletin-run /usr/local/bin/bulletin-run",
    'sudo bulletin-run bulletin init --yes --name "云江 简报" --issuer "云江省某办公室" --start 455',
    "sudo install -m 644 deploy/systemd/bulletin-prefect.service deploy/systemd/bulletin-worker.service /etc/systemd/system/",
    "sudo bulletin-run cp -r data/samples/. /var/lib/bulletin/inbox/",
)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "machine")
    yield made
    made.stop()


def kill(machine: Machine, name: str) -> None:
    """End a service as a power cut would; systemd would start it again."""
    process = machine.services[name]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def trigger(machine: Machine, week: int) -> None:
    """Ask for the issue of a week, without waiting for it; a server that is down is asked again later."""
    form = json.dumps({"period": f"2026-W{week}", "date": "2026-11-20"})
    words = [str(machine.folder / "bin" / "bulletin-run"), "prefect", "deployment", "run", "compile_issue/manual"]
    subprocess.run([*words, "--param", f"request={form}"], check=False, capture_output=True, timeout=120)


def test_servers_killed_while_they_compile(machine: Machine) -> None:
    for line in SETUP:
        machine.run(line)
    machine.start("bulletin-prefect")
    machine.start("bulletin-worker")
    dice = random.Random(time.time_ns() % 1_000_000)
    for number in range(KILLS):
        trigger(machine, 40)
        time.sleep(dice.uniform(1, 15))
        victim = ("bulletin-worker", "bulletin-prefect")[number % 2]
        kill(machine, victim)
        if victim == "bulletin-prefect":
            kill(machine, "bulletin-worker")  # it requires the server and is stopped with it
            machine.start("bulletin-prefect")
        machine.start("bulletin-worker")
    home = machine.folder / "lib"
    result = json.loads(printed(home, "compile", "--local", "--period", "2026-W40", "--json"))
    assert (result["number"], result["state"]) == (455, "草稿")
    settings = read_settings(home)
    assert check(settings) == ()
    with office(settings) as opened, opened.store.reading() as unit:
        assert [row.number.key for row in unit.issues.find("default")] == [455]
        sources = {one.sha256 for one in unit.submissions.find("default", limit=1000)}
    undisturbed = machine.folder / "undisturbed"
    run(undisturbed, "intake", str(ROOT / "data" / "samples"))
    with office(read_settings(undisturbed)) as opened, opened.store.reading() as unit:
        assert {one.sha256 for one in unit.submissions.find("default", limit=1000)} == sources
