"""LibreOffice started ahead: it takes the next conversion, ends with us, and is never needed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builders.libreoffice import opened, started_ahead
from builders.pdf import read_layout, to_pdf
from builders.style import load_style
from builders.word import build_docx
from tests.builders.samples import issue

pytestmark = pytest.mark.slow

STARTS = """
import sys, time
from pathlib import Path
from builders.libreoffice import LibreOffice
office = LibreOffice(Path(sys.argv[1]))
office.start()
print(office.folder, flush=True)
time.sleep(1000)
"""
LONG = 120
"""Seconds until LibreOffice has started, or ended: a bound against hanging on a loaded machine."""


@pytest.fixture(scope="module")
def docx() -> bytes:
    return build_docx(issue(3), load_style(), {}, {})


def processes(folder: Path) -> list[int]:
    """The processes that work with the profile of that folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"{folder}/profile" in place.read_text("utf-8", "replace"):
                found.append(int(place.parent.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def wait_for(folder: Path, *, there: bool) -> list[int]:
    """The processes, when there are some or none any more."""
    until = time.monotonic() + LONG
    while bool(found := processes(folder)) is not there and time.monotonic() < until:
        time.sleep(0.05)
    return found


def test_one_started_ahead_lays_out_as_one_started_for_it_does(office: Path, docx: bytes) -> None:
    with started_ahead(), opened(office) as running:
        wait_for(running.folder, there=True)
        first, second = to_pdf(docx, office), to_pdf(docx, office)
        assert len(list(running.folder.glob("*.pdf"))) == 1
    expected = read_layout(to_pdf(docx, office))
    assert read_layout(first) == expected
    assert read_layout(second) == expected
    assert not wait_for(running.folder, there=False)
    assert not running.folder.exists()


def test_a_conversion_does_not_need_the_one_started_ahead(office: Path, docx: bytes) -> None:
    with started_ahead(), opened(office) as running:
        for process in wait_for(running.folder, there=True):
            with contextlib.suppress(ProcessLookupError):  # its parent may end it first
                os.kill(process, signal.SIGKILL)
        assert read_layout(to_pdf(docx, office)).page_count > 1


@pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")
def test_one_started_ahead_ends_with_the_process_that_was_killed(office: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", STARTS, str(office)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert wait_for(folder, there=True)
    process.kill()
    process.communicate()
    assert not wait_for(folder, there=False)
