"""Processes that tests start: a port for them, and ending them with all their children."""

import contextlib
import os
import random
import signal
import socket
import subprocess


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
