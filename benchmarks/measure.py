"""Timing: whole processes with their children, and calls, several ways in turn."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


@dataclass(frozen=True)
class Spent:
    """Seconds: by the clock, and of processor time with all children."""

    wall: float
    cpu: float


def process(words: Sequence[str | Path], **environment: str) -> Spent:
    """What a whole process takes, from its cold start to its end; CalledProcessError when it fails."""
    began = time.perf_counter()
    child = subprocess.Popen(
        list(map(str, words)), cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert child.stderr
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args, stderr=said.decode("utf-8", "replace"))
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def call(work: Callable[[], object]) -> Spent:
    """What a call takes in this process."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - began, time.process_time() - cpu)


def in_turn(ways: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, Spent]:
    """The medians of so many rounds; the ways take turns, so that a busy moment of the machine hits all."""
    found: dict[str, list[Spent]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return {
        name: Spent(statistics.median(s.wall for s in spent), statistics.median(s.cpu for s in spent))
        for name, spent in found.items()
    }
