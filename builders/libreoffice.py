"""One LibreOffice with a profile of its own, for one conversion at a time; it may be started ahead of it."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Self

from bulletin.errors import RenderError

TIME_LIMIT = 180.0
"""In seconds for a run; 124 pages took 1.9 s, a cold start on a loaded machine 20 s."""

_PLACES = (
    "/usr/bin/soffice",
    "/usr/local/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

# The shell waits for the end of its input, which comes even when we are killed, and takes LibreOffice with it. The work
# that it is started ahead of goes before; on Linux a session's share of the processors counts, not a process' (sched(7)).
_GUARDED = (
    "/bin/sh",
    "-c",
    '{ echo 10 > /proc/self/autogroup; } 2>/dev/null; nice -n 10 "$@" & read -r _; kill -9 0',
    "sh",
)


def find_office() -> Path | None:
    """The LibreOffice program: the one that BULLETIN_OFFICE names, else that of the machine; None where there is none."""
    for name in (os.environ.get("BULLETIN_OFFICE", ""), "soffice", "libreoffice"):
        if found := shutil.which(name):
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).is_file()), None)


class LibreOffice:
    """The program and a folder: `folder` holds what is converted, and the profile. To be closed."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self._temporary = tempfile.TemporaryDirectory(prefix="bulletin-pdf-")
        self.folder = Path(self._temporary.name)
        self._ahead: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Starts it for the next conversion: its start takes twice as long as setting 66 pages (0.7 s, 0.35 s).

        LibreOffice itself hands the conversion to the one that runs with the same profile, and does it alone
        where there is none; so nothing depends on this, and a start that fails is not told.
        """
        if os.name != "posix" or self._ahead:
            return
        try:
            self._ahead = self._open([*_GUARDED, *self._command()], stdin=subprocess.PIPE)
        except OSError:
            self._ahead = None

    def convert(self, sources: Sequence[Path], form: str, limit: float = TIME_LIMIT) -> str:
        """What LibreOffice said while it wrote each source in that form beside it. Raises RenderError."""
        command = [*self._command(), "--convert-to", form, "--outdir", str(self.folder), *map(str, sources)]
        try:
            process = self._open(command)
        except OSError as wrong:
            raise RenderError(f"LibreOffice 启动失败：{wrong}", subject=str(self.program)) from wrong
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as late:
            _kill(process)
            raise RenderError(f"LibreOffice 超过 {limit:.0f} 秒没有完成排版") from late
        return said.decode("utf-8", "replace").strip()[-300:]

    def close(self) -> None:
        if self._ahead:
            _kill(self._ahead)
            self._ahead = None
        self._temporary.cleanup()

    def _command(self) -> list[str]:
        profile = (self.folder / "profile").as_uri()
        options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={profile}")
        return [str(self.program), *options]

    def _open(self, command: Sequence[str], stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp", "HOME": str(self.folder)}
        out = subprocess.DEVNULL if stdin == subprocess.PIPE else subprocess.PIPE
        return subprocess.Popen(
            command, stdin=stdin, stdout=out, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )


_running: ContextVar[LibreOffice | None] = ContextVar("_running", default=None)


@contextmanager
def started_ahead() -> Iterator[None]:
    """LibreOffice starts now, for the conversions in the block, while something else is done before them.

    In another such block it changes nothing.
    """
    program = find_office()
    if program is None or _running.get():
        yield
        return
    with LibreOffice(program) as office:
        office.start()
        token = _running.set(office)
        try:
            yield
        finally:
            _running.reset(token)


@contextmanager
def opened(program: Path) -> Iterator[LibreOffice]:
    """The LibreOffice that was started ahead with that program, or one that is closed at the end."""
    running = _running.get()
    if running and running.program == program:
        yield running
    else:
        with LibreOffice(program) as office:
            yield office


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kills it with its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
