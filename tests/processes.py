"""Ending processes that tests started, with all their children."""

import contextlib
import os
import signal
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
