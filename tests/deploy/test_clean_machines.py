"""Both guides typed word by word on clean Debian machines: packages, accounts, systemd and PostgreSQL are real.

One machine with SQLite, then a host with PostgreSQL, Prefect server and Dask and two machines with a worker. What a
reader does beside typing is done here: the project's files are laid into /opt/bulletin, a backup is carried to another
machine, an S3 server stands at the address that the guide names.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import ROOT
from tests.deploy.blocks import steps
from tests.deploy.cleanmachine import CleanMachine, copy_project, make_base, missing, remove, work_folder
from tests.deploy.lan import connect, object_store

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.skipif(bool(missing()), reason=missing() or "can")]

ONE = steps(ROOT / "docs" / "deploy.md")
LARGE = steps(ROOT / "docs" / "deploy-large.md")
HOST, WORKER, EVERY = "主机：", "每台 worker 机器：", "每台机器："
OLD = 150
"""Old pieces brought in: three batches for the Dask processes of two machines."""
BY_CLOCK = 1300
"""Seconds until a schedule of every ten minutes has come round, should the machine be busy the first time."""


class Machines:
    """The machines of a campaign, in one folder, and the layers they start from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: list[CleanMachine] = []

    def boot(self, name: str, layers: Sequence[Path]) -> CleanMachine:
        machine = CleanMachine(name, self.folder / name, layers)
        self.all.append(machine)
        machine.boot()
        return machine

    def stop(self) -> None:
        for machine in self.all:
            machine.stop()


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    folder = work_folder()
    made = Machines(folder)
    try:
        yield made
    finally:
        made.stop()
        remove(folder)


@pytest.fixture(scope="module")
def installed(machines: Machines) -> tuple[Path, ...]:
    """The layers of a machine on which steps 1 to 3 have been typed: where every other one starts."""
    base = make_base(machines.folder)
    machine = machines.boot("zhuangji", (base,))
    copy_project(machine.root / "opt" / "bulletin")
    follow(machine, 1, 2, 3)
    machine.stop()
    return machine.upper, base


def follow(machine: CleanMachine, *numbers: int) -> str:
    """What the steps of the guide for one machine print."""
    return "\n".join(machine.type(block) for number in numbers for block in ONE[number].blocks)


def test_one_machine(machines: Machines, installed: tuple[Path, ...]) -> None:
    machine = machines.boot("danji", installed)
    follow(machine, 4)
    assert "✗" not in follow(machine, 5)
    assert "第455期" in follow(machine, 6, 7)
    assert list((machine.root / "var/lib/bulletin/drafts").rglob("*.docx"))
    a_week_is_due(machine)
    machine.type("sudo bulletin-run prefect deployment run weekly/weekly --watch")
    machine.type("sudo bulletin-run bulletin issue sign 455 --by 签发人")
    follow(machine, 8, 9)
    assert "没有问题" in follow(machine, 10)
    machine.systemd("systemctl start bulletin-backup.service", timeout=300)
    assert list((machine.root / "var/backups/bulletin").glob("bulletin-?.zip"))
    assert "bulletin-backup.service" in machine.systemd("systemctl list-timers")
    machine.stop()
    machine.boot()  # as after a power cut: everything comes up by itself
    works(machine)
    copy_project(machine.root / "opt" / "bulletin")
    assert "✗" not in follow(machine, 11)
    works(machine)
    assert '"message"' in follow(machine, 12)
    moved = machines.boot("xinji", installed)
    shutil.copyfile(machine.root / "var/backups/bulletin/today.zip", moved.root / "var/backups/bulletin/today.zip")
    assert "第455期" in follow(moved, 13, 5)
    works(moved)
    assert exported(moved) == exported(machine)
    moved.stop()
    a_run_by_the_clock_is_done(machine)
    machine.stop()


def a_week_is_due(machine: CleanMachine) -> None:
    """Day and hour are changed where step 8 says; should today be a holiday, it is worked through."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    home = machine.root / "var/lib/bulletin"
    for path, old, new in (
        (home / "publications/default.toml", "weekday = 5", f"weekday = {today.isoweekday()}"),
        (home / "publications/default.toml", "hour = 8", "hour = 0"),
        (home / "settings.toml", "# days_on = []", f'days_on = ["{today}"]'),
    ):
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def works(machine: CleanMachine, *, worker: bool = True) -> None:
    """Desk and Prefect answer, nothing has failed, the doctor finds nothing bad."""
    for address in ("http://127.0.0.1:8455/", "http://127.0.0.1:4200/api/health", "http://127.0.0.1:4200/"):
        machine.until(f"/opt/bulletin/.venv/bin/python -c 'import urllib.request as u; u.urlopen(\"{address}\")'")
    if worker:
        machine.until("systemctl is-active bulletin-worker")
    machine.until("bulletin-run bulletin doctor")
    assert "bulletin" not in machine.systemd("systemctl --failed --no-legend")


def exported(machine: CleanMachine) -> bytes:
    """The signed issue's DOCX, taken out of the archive."""
    machine.type("sudo bulletin-run bulletin archive export 455 --out /var/lib/bulletin/out")
    [path] = (machine.root / "var/lib/bulletin/out").glob("*.docx")
    return path.read_bytes()


def a_run_by_the_clock_is_done(machine: CleanMachine) -> None:
    """One of the runs that nobody asked for (every ten minutes) ends well."""
    asked = "bulletin-run prefect flow-run ls --flow-name distribute --state COMPLETED"
    machine.until(f"{asked} | grep -q distr", timeout=BY_CLOCK)  # the table cuts words off


# ---------------------------------------------------------------- several machines


@pytest.fixture(scope="module")
def large(machines: Machines, installed: tuple[Path, ...]) -> Iterator[dict[str, CleanMachine]]:
    """A host and two workers with all libraries, on one network with an S3 server."""
    first = machines.boot("zhuangji-all", installed)
    for block in LARGE[1].blocks:
        first.type(block)
    first.stop()
    found = {name: machines.boot(name, (first.upper, *installed)) for name in ("zhuji", "gongji-1", "gongji-2")}
    connect(*found.values())
    with object_store(found["zhuji"]):
        yield found
        for machine in found.values():
            machine.stop()


def test_several_machines(large: dict[str, CleanMachine]) -> None:
    host, *workers = large.values()
    for worker in workers:
        old_pieces(worker.root / "mnt" / "old")
    for number in range(2, 6):
        step = LARGE[number]
        [role] = [role for role in (HOST, WORKER, EVERY) if step.title.startswith(role)]
        for machine in {HOST: [host], WORKER: workers, EVERY: [host, *workers]}[role]:
            for block in step.blocks:
                machine.type(block)
    for worker in workers:
        worker.until("systemctl is-active bulletin-worker bulletin-dask-worker")
    host.until("bulletin-run bulletin doctor --json | grep -q 'worker 2 个'")
    assert LARGE[6].title.startswith(HOST)
    printed = "\n".join(host.type(block) for block in LARGE[6].blocks)
    assert "第455期" in printed
    assert "没有问题" in printed
    asked = "runuser -u postgres -- psql -At -d bulletin -c 'SELECT count(*) FROM submissions'"
    assert int(host.systemd(asked)) > OLD
    dask = [worker.systemd("journalctl -u bulletin-dask-worker") for worker in workers]
    assert all("Registered to" in log for log in dask)
    assert not list((host.root / "var/lib/bulletin").glob("bulletin.db*"))
    works(host, worker=False)


def old_pieces(folder: Path) -> None:
    """A folder of articles of earlier years."""
    folder.mkdir(parents=True)
    for number in range(OLD):
        lines = "".join(f"第{number}小组到第{at}社区走访{number * 7 + at}户，登记诉求{at}条。\n" for at in range(9))
        (folder / f"{number:03d}.txt").write_text(f"望河市第{number}小组走访社区\n望河市委宣传部\n\n{lines}", "utf-8")
