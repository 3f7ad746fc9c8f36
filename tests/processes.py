"""Processes that tests start: a port for them, waiting for them, and ending them with all their children."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import requests

START = 180
"""Seconds a server may take to start on a loaded machine: a bound against hanging, not a measure."""


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own session, politely first."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens on, below the range from which connections take theirs.

    A port of that range may be taken by any connection before the server has started.
    """
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until something listens on the port; AssertionError where the process that should has ended, or never does."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"{process.args!r} does not listen on port {port}")


def wait_until(ready: Callable[[], object], log: Path, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until it is so; AssertionError with the end of the log where the process has ended, or it never comes."""
    end = time.monotonic() + START
    while time.monotonic() < end and (process is None or process.poll() is None):
        with contextlib.suppress(requests.RequestException):  # not yet, or too busy to answer
            if ready():
                return
        time.sleep(0.5)
    raise AssertionError(f"not ready:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def prefect_environment(folder: Path, port: int) -> dict[str, str]:
    """The environment of a Prefect server of the test's own, and of those who ask it."""
    return os.environ | {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
