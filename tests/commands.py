"""The command `bulletin` of this project, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT

LONG = 600
"""Seconds a command may take: a bound against hanging on a loaded machine, not a measure."""


def command(home: Path, *words: str) -> list[str]:
    """The words that start it on a home folder; to be run in ROOT."""
    return [sys.executable, "-m", "cli.main", "--home", str(home), *words]


def run(
    home: Path, *words: str, given: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What it printed, and its exit code; `given` is its standard input, `environment` what differs from ours."""
    return subprocess.run(
        command(home, *words), cwd=ROOT, env=os.environ | dict(environment or {}), input=given, capture_output=True,
        text=True, timeout=LONG, check=False,
    )  # fmt: skip


def printed(home: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """What it printed; AssertionError with what it complained of where it failed."""
    done = run(home, *words, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
