"""Clean machines: Debian as debootstrap leaves it, booted by its own systemd in namespaces of its own.

A machine is a stack of layers (overlayfs) and a process systemd-nspawn; it has its own processes, mounts, accounts,
journal and network, with user-mode networking (slirp4netns) to the package mirrors. Nothing of the host is changed:
what the host is configured to take packages from is read and written into the machine.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.deploy.hostpackages import LOCAL_CERTIFICATES, apt_options, apt_sources, bound_folders, pip_settings

PROGRAMS = ("debootstrap", "systemd-nspawn", "slirp4netns", "nsenter", "setpriv", "ip", "git")
SUITE = "bookworm"
"""The guides are written for Debian 12."""
EXTRA = "systemd,systemd-sysv,dbus,sudo,ca-certificates"
"""What any installed Debian has beyond the minimum of debootstrap; no more, so that the guide must name the rest."""
USER = "guanli"
BOOT_SECONDS = 120
ENDING_SECONDS = 150
WAKE_SECONDS = 5.0
QUIETLY: dict[str, Any] = {
    "stdout": subprocess.PIPE,
    "stderr": subprocess.PIPE,
    "text": True,
    "stdin": subprocess.DEVNULL,
    "start_new_session": True,
}
"""How commands run in a machine: without the terminal of the tests, which would stop them as background jobs."""


def missing() -> str:
    """Why no clean machine can be made here; empty where one can."""
    if os.geteuid() != 0:
        return "only root can make a clean machine"
    if absent := [name for name in PROGRAMS if shutil.which(name) is None]:
        return f"no {', '.join(absent)} (Debian: debootstrap systemd-container slirp4netns iproute2 util-linux)"
    if not Path("/dev/net/tun").exists():
        return "no /dev/net/tun for user-mode networking"
    return ""


def work_folder() -> Path:
    """A folder that no test runner tidies up: it holds mounts."""
    return Path(tempfile.mkdtemp(prefix="bulletin-clean-"))


def mounted_below(folder: Path) -> list[str]:
    """The mount points inside a folder, the deepest first."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True)


def remove(folder: Path) -> None:
    """The folder and all its mounts are gone; RuntimeError, and nothing deleted, where a mount stays."""
    for point in mounted_below(folder):
        subprocess.run(["umount", "-R", point], check=False, capture_output=True)
    if still := mounted_below(folder):
        raise RuntimeError(f"still mounted, not deleted: {still}")
    shutil.rmtree(folder)


def make_base(folder: Path) -> Path:
    """A fresh Debian with an account that may use sudo, and the host's package sources."""
    base = folder / "base"
    mirror = apt_sources()[0].split()[1]
    command = ["debootstrap", "--variant=minbase", f"--include={EXTRA}", SUITE, str(base), mirror]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (base / "etc/apt/sources.list").write_text("\n".join(apt_sources()) + "\n", "utf-8")
    (base / "etc/apt/apt.conf.d/99mirror").write_text(apt_options(), "utf-8")
    (base / "etc/pip.conf").write_text(pip_settings(), "utf-8")
    for certificate in LOCAL_CERTIFICATES.glob("*.crt"):
        shutil.copy(certificate, base / LOCAL_CERTIFICATES.relative_to("/"))
    sudo = base / "etc/sudoers.d/test"
    sudo.write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n", "utf-8")
    sudo.chmod(0o440)
    inside = (
        f"useradd --create-home --shell /bin/bash {USER} && update-ca-certificates >/dev/null 2>&1; : >/etc/machine-id"
    )
    subprocess.run(["chroot", str(base), "sh", "-c", inside], check=True, capture_output=True, timeout=120)
    return base


def copy_project(target: Path) -> None:
    """The project's files as `git clone` would bring them, with what is changed and not yet committed."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


@dataclass
class CleanMachine:
    """One machine: `boot` it, `run` commands on it, `stop` it. Its own layer is `upper`."""

    name: str
    folder: Path
    layers: Sequence[Path]
    """What it starts from, the topmost first."""
    process: subprocess.Popen[bytes] | None = None
    leader: int = 0
    helpers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    groups: list[Path] = field(default_factory=list)
    place: str = "~"
    """Where the person at the keyboard is: a guide's block goes on where the one before it left."""

    @property
    def upper(self) -> Path:
        return self.folder / "upper"

    @property
    def root(self) -> Path:
        return self.folder / "root"

    # ------------------------------------------------------------ on and off

    def boot(self) -> None:
        """The machine is up: systemd says so."""
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        layers = ":".join(str(one) for one in self.layers)
        options = f"lowerdir={layers},upperdir={self.upper},workdir={self.folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(self.root)], check=True)
        for name, text in (
            ("machine-id", ""),
            ("hostname", f"{self.name}\n"),
            ("hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n"),
        ):
            (self.root / "etc" / name).write_text(text, "utf-8")
        self._make_groups()
        enter = "".join(f"echo $$ >{group}/cgroup.procs; " for group in self.groups)
        binds = [f"--bind-ro={one}" for one in bound_folders()]
        words = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network", *binds]
        words += [f"--directory={self.root}", f"--machine={self.name}", f"--hostname={self.name}"]
        words += ["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=read-only"]
        # A test that is killed takes its machines with it: TERM switches them off, KILL would orphan what runs in them.
        guarded = ["setpriv", "--pdeathsig", "TERM", "sh", "-c", f'{enter}exec "$@"', "sh", *words]
        log = (self.folder / "console.log").open("wb")
        self.process = subprocess.Popen(guarded, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.leader = self._wait_for_leader()
        self._connect()
        self._wait_until_up()

    def _make_groups(self) -> None:
        """Control groups of its own, so that two machines do not share the names that nspawn uses."""
        self.groups = []
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, kind, path = line.split(":", 2)
            if kind not in ("", "name=systemd"):
                continue
            top = Path("/sys/fs/cgroup") / ("systemd" if kind else "unified")
            if not kind and not top.is_dir():
                top = top.parent
            group = top / path.strip("/") / f"bulletin-{self.folder.parent.name}-{self.name}"
            group.mkdir(exist_ok=True)
            self.groups.append(group)

    def _wait_for_leader(self) -> int:
        """The machine's first process, as the host numbers it."""
        assert self.process is not None
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
                    status = Path(f"/proc/{child}/status").read_text()
                    command = Path(f"/proc/{child}/comm").read_text()
                    if command == "systemd\n" and any(
                        line.startswith("NSpid:") and line.endswith("\t1") for line in status.splitlines()
                    ):
                        return int(child)
            time.sleep(0.1)
        raise AssertionError(f"{self.name} does not boot:\n{(self.folder / 'console.log').read_text()[-3000:]}")

    def _wait_until_up(self) -> None:
        end = time.monotonic() + BOOT_SECONDS
        while (state := self.systemd("systemctl is-system-running || true").strip()) not in ("running", "degraded"):
            assert time.monotonic() < end, f"{self.name} is {state or 'silent'}"
            time.sleep(0.2)

    def _connect(self) -> None:
        """A way to the package mirrors: a network in user space, nothing of the host's is changed."""
        words = ["setpriv", "--pdeathsig", "KILL", "slirp4netns", "--configure", "--disable-host-loopback"]
        log = (self.folder / "slirp.log").open("wb")
        self.helpers.append(subprocess.Popen([*words, str(self.leader), "tap0"], stdout=log, stderr=log))
        (self.root / "etc/resolv.conf").unlink(missing_ok=True)
        (self.root / "etc/resolv.conf").write_text("nameserver 10.0.2.3\n", "utf-8")

    def stop(self) -> None:
        """Switched off and its root unmounted; also after a failure anywhere."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.leader or self.process.pid, signal.SIGRTMIN + 4)  # what systemd takes for `poweroff`
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=ENDING_SECONDS)
                    break
                if number == signal.SIGKILL and self.leader:
                    os.kill(self.leader, number)  # with it goes everything inside
                self.process.send_signal(number)
            self.process.wait()
        for helper in self.helpers:
            helper.kill()
            helper.wait()
        if self.root.is_mount():
            subprocess.run(["umount", "-R", str(self.root)], check=True)
        for group in self.groups:
            for inner in sorted((one for one in group.rglob("*") if one.is_dir()), reverse=True):
                inner.rmdir()
            with contextlib.suppress(FileNotFoundError):
                group.rmdir()
        self.process, self.leader, self.helpers, self.groups = None, 0, [], []

    # ------------------------------------------------------------ at the keyboard

    def enter(self, *words: str, spaces: str = "--all") -> list[str]:
        """The words of a command that joins the machine's namespaces."""
        return ["nsenter", "--target", str(self.leader), spaces, "--", *words]

    def _inside(self, *words: str, timeout: float) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(self.enter(*words), **QUIETLY)
        end = time.monotonic() + timeout
        while True:
            try:
                out, err = process.communicate(timeout=WAKE_SECONDS)
                return subprocess.CompletedProcess(words, process.returncode, out, err)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    process.kill()
                    raise AssertionError(f"{self.name}: no end after {timeout} s: {words}") from None
                self._wake(process.pid)

    def _wake(self, pid: int) -> None:
        """sudo and nsenter stop themselves with a command that was stopped, as by a computer that sleeps, for ever."""
        every = [
            int(one)
            for group in self.groups
            for path in group.rglob("cgroup.procs")
            for one in path.read_text().split()
        ]
        for one in {pid, *every}:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                    os.kill(one, signal.SIGCONT)

    def systemd(self, command: str, timeout: float = 60) -> str:
        """What a command of the machine's root prints; AssertionError where it fails."""
        done = self._inside("sh", "-c", command, timeout=timeout)
        assert done.returncode == 0, f"{self.name}: {command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def until(self, command: str, timeout: float = 180) -> None:
        """Waits for a command of the machine's root to succeed."""
        end = time.monotonic() + timeout
        while True:
            try:
                self.systemd(command)
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise
            time.sleep(1)

    def type(self, block: str, timeout: float = 1800) -> str:
        """What a block of a guide prints, typed by an account with sudo; AssertionError at the first failing command."""
        home = self.root / "home" / USER
        (home / "block.sh").write_text(f"cd {self.place}\nset -e\n{block}\npwd >~/place\n", "utf-8")
        session = ["systemd-run", "--quiet", "--pipe", "--wait", "--collect", f"--uid={USER}"]
        session += [f"--working-directory=/home/{USER}", "bash", "-lex", "block.sh"]
        done = self._inside(*session, timeout=timeout)
        assert done.returncode == 0, f"{self.name}:\n{block}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        self.place = (home / "place").read_text("utf-8").strip()
        return done.stdout
