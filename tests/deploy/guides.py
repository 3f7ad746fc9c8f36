"""Following a guide word by word on this machine, in a folder of its own.

The commands are those of the guide's blocks; only what would change the machine itself is left out
(packages, accounts) or moved into the folder (paths, ports). In place of systemd the units' own
commands are started, with the environment that the units name. test_clean_machines.py does all of it for real.
"""

import os
import re
import shlex
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.deploy.blocks import steps
from tests.processes import free_port, stop, wait_for_port

LEFT_OUT = (
    "apt-get ",
    "useradd ",
    "python3.11 -m venv",
    "pip install",
    "install-fonts.sh",
    "journalctl ",
    "daemon-reload",
    "systemctl restart",
)
"""What changes the machine: the continuous integration has done it already."""
ELSEWHERE = "新机器"
"""What a step is called that is done on another machine."""
ACCOUNT = re.compile(r" -[og] bulletin\b")
START = re.compile(r"systemctl enable --now (\S+)")


@dataclass
class Machine:
    """A clean machine as far as the guide can tell."""

    folder: Path
    ports: dict[str, str] = field(default_factory=dict)
    services: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)
    """Each command that was run, with what it printed."""

    def __post_init__(self) -> None:
        self.ports = {port: str(free_port()) for port in ("4200", "8455")}
        self.places = {
            "/usr/local/bin": self.folder / "bin",
            "/etc/systemd/system": self.folder / "systemd",
            "/etc/bulletin": self.folder / "etc",
            "/var/backups/bulletin": self.folder / "backups",
            "/var/lib/bulletin": self.folder / "lib",
            "/opt/bulletin": self.folder / "opt",
        }
        for place in ("bin", "systemd", "opt"):
            (self.folder / place).mkdir(parents=True)
        sudo = self.folder / "bin" / "sudo"
        sudo.write_text('#!/bin/sh\nexec "$@"\n')
        sudo.chmod(0o755)
        self._lay_out_project()

    def _lay_out_project(self) -> None:
        """The project as it is, but with the deployment's files naming this folder."""
        for entry in ROOT.iterdir():
            if entry.name not in ("deploy", ".git", "out"):
                (self.folder / "opt" / entry.name).symlink_to(entry)
        for source in (ROOT / "deploy").rglob("*"):
            if source.is_file():
                target = self.folder / "opt" / source.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(self.moved(source.read_text("utf-8")), "utf-8")
                target.chmod(source.stat().st_mode)

    def moved(self, text: str) -> str:
        """The text with paths and ports of this folder."""
        for place, here in self.places.items():
            text = text.replace(place, str(here))
        for port, here_port in self.ports.items():
            text = re.sub(rf"\b{port}\b", here_port, text)
        return text

    def follow(self, guide: Path) -> None:
        """Every command of the guide, in order; the first one that fails is an AssertionError."""
        for step in steps(guide).values():
            if ELSEWHERE in step.title:
                continue
            for line in "".join(step.blocks).replace("\\\n", " ").splitlines():
                if line.strip() and not any(words in line for words in LEFT_OUT):
                    self.run(line)

    def run(self, line: str) -> str:
        """What a command prints."""
        command = ACCOUNT.sub("", self.moved(line))
        if started := START.search(command):
            self.start(started[1])
            return ""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("BULLETIN_", "PREFECT_"))}
        environment["PATH"] = f"{self.folder / 'bin'}:{environment['PATH']}"
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder / "opt", env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.said.append((line, done.stdout))
        return done.stdout

    def start(self, name: str) -> None:
        """What systemd does with a service: its commands, in order; timers are left to the clock."""
        path = self.folder / "systemd" / (name if "." in name else f"{name}.service")
        text = path.read_text("utf-8").replace("%H", socket.gethostname())
        unit = [line.partition("=") for line in text.splitlines() if "=" in line and line[0] != "#"]
        if name.endswith(".timer"):
            return
        environment = os.environ | self._environment(unit)
        for key, _, command in unit:
            if key == "ExecStartPre":
                done = subprocess.run(
                    shlex.split(command.lstrip("-")), env=environment, cwd=self.folder / "opt", capture_output=True
                )
                assert command.startswith("-") or done.returncode == 0, done.stderr.decode()[-3000:]
            elif key == "ExecStart":
                log = (self.folder / f"{name}.log").open("wb")
                self.services[name] = subprocess.Popen(
                    shlex.split(command),
                    env=environment,
                    cwd=self.folder / "opt",
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for key, _, command in unit:
            if key == "ExecStartPost":
                subprocess.run(shlex.split(command), env=environment, check=True, timeout=300)

    def _environment(self, unit: list[tuple[str, str, str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, _, value in unit:
            if key == "EnvironmentFile":
                lines = Path(value).read_text("utf-8").splitlines()
                found |= dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
            elif key == "Environment":
                found |= dict([value.split("=", 1)])
        return found

    def wait_for(self, name: str, port: str) -> None:
        """Until a service answers on a port of the guide."""
        wait_for_port(int(self.ports[port]), self.services[name])

    def stop(self) -> None:
        for process in reversed(self.services.values()):
            stop(process)
