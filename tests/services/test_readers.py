"""Reading in several processes gives what reading in one gives, whatever happens to them and whenever they began."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from docx import Document

from bulletin.errors import IntegrityError
from services.context import open_office
from services.intake import receive, receive_and_read, waiting
from services.outcomes import Outcome
from services.readers import PORTION, WORTHWHILE, started_ahead
from services.settings import read_settings
from tests.builders.samples import PICTURE
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")

COUNT = WORTHWHILE + 5
TWO = 2
LITTLE_WORK = 0.1
"""Seconds; the start of a process takes less, a hundred files more."""
LONG = 120
"""Seconds until processes have started, or ended: a bound against hanging on a loaded machine."""


def outcomes(folder: Path, home: Path, processes: int) -> tuple[Outcome, ...]:
    """What came of the folder."""
    office = open_office(read_settings(home, processes=processes))
    found = receive_and_read(office, [str(folder)], lambda *_: None)
    office.store.close()
    return found


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [child.pid for child in psutil.Process(parent).children()]
    except psutil.NoSuchProcess:
        return []


def helpers() -> list[int]:
    """The helpers of this process."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            if "services.readinghelper" in child.cmdline():
                found.append(child.pid)
    return found


def helper() -> int:
    """The one helper that was just started: for a moment a new process has no command line yet."""
    end = time.monotonic() + LONG
    while not (found := helpers()) and time.monotonic() < end:
        time.sleep(0.01)
    [only] = found
    return only


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inbox = tmp_path_factory.mktemp("inbox")
    for number in range(COUNT):
        text = f"望河市第{number}学习小组举行专题学习会\n望河市委宣传部\n\n11月3日，第{number}小组{number * 7}人学习。会议要求抓好落实。\n"
        (inbox / f"{number:03d}.txt").write_text(text * (1 + number % 3), "utf-8")
    (inbox / "050-broken.docx").write_bytes(b"PK\x03\x04 not a document")
    return inbox


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, ...]:
    return outcomes(folder, tmp_path_factory.mktemp("alone"), 1)


def test_several_processes_give_the_same(folder: Path, alone: tuple[Outcome, ...], tmp_path: Path) -> None:
    assert len(alone) == COUNT + 1
    assert [outcome.name for outcome in alone if outcome.failed] == ["050-broken.docx"]
    assert outcomes(folder, tmp_path, TWO) == alone
    assert not helpers()


def test_the_helper_that_was_started_ahead_is_asked(folder: Path, alone: tuple[Outcome, ...], tmp_path: Path) -> None:
    with started_ahead([str(folder)], str(tmp_path / "first")):
        ahead = helper()
        assert outcomes(folder, tmp_path / "first", TWO) == alone
        assert helpers() in ([ahead], [])  # no other one, and it may have left
        # It answers once; what is read afterwards gets one of its own.
        assert outcomes(folder, tmp_path / "second", TWO) == alone
    assert not helpers()


@pytest.fixture
def pictured(tmp_path: Path) -> Path:
    """A folder worth a helper, with a picture in one of its files."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(WORTHWHILE):
        (inbox / f"{number:03d}.txt").write_text(f"第{number}组学习会\n\n{number * 7}人参加学习，讨论热烈。\n", "utf-8")
    document = Document()
    document.add_heading("望河市举办读书活动", 1)
    document.add_paragraph("11月3日，望河市举办读书活动，二百多人参加。")
    document.add_picture(io.BytesIO(PICTURE))
    document.save(str(inbox / "picture.docx"))
    return inbox


def test_what_was_looked_into_ahead_is_not_read_again(pictured: Path, tmp_path: Path) -> None:
    """Unless it has changed meanwhile; and nothing is stored of it before it is received."""
    home = tmp_path / "home"
    with started_ahead([str(pictured)], str(home)):
        assert worked_unasked(helper()) > LITTLE_WORK
        assert not home.exists()
        (pictured / "007.txt").write_text("望河市第七组学习会另有一件事\n\n另一件事，七十七人参加。\n", "utf-8")
        found = outcomes(pictured, home, 0)
    assert [outcome.title for outcome in found if outcome.name == "007.txt"] == ["望河市第七组学习会另有一件事"]
    assert found == outcomes(pictured, tmp_path / "again", 1)
    office = open_office(read_settings(home))
    assert len(list(office.files.names())) == WORTHWHILE + 2  # each file, and the picture
    office.store.close()


def worked_unasked(parent: int) -> float:
    """Seconds that the helper's processes have worked when they have done all that they can do unasked."""
    end = time.monotonic() + LONG
    before = -1.0
    while time.monotonic() < end:
        family = [psutil.Process(child) for child in children(parent)]
        spent = sum(process.cpu_times().user for process in family)
        if spent > LITTLE_WORK and spent == before:
            return spent
        before = spent
        time.sleep(0.5)
    return before


def test_a_helper_of_other_settings_gives_the_same(folder: Path, alone: tuple[Outcome, ...], tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('timezone = "Asia/Urumqi"\n', "utf-8")
    with started_ahead([str(folder)], str(tmp_path)):
        assert outcomes(folder, tmp_path / "other", TWO) == alone


def test_one_process_where_the_settings_say_so(folder: Path, alone: tuple[Outcome, ...], tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("processes = 1\n", "utf-8")
    with started_ahead([str(folder)], str(tmp_path)):
        psutil.Process(helper()).wait(LONG)  # it leaves when it has read them
        assert outcomes(folder, tmp_path, 1) == alone


def test_a_wrong_setting_is_not_told_by_the_helper(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('publication = "missing"\n', "utf-8")
    with started_ahead([str(folder)], str(tmp_path)):
        psutil.Process(helper()).wait(LONG)
    assert capfd.readouterr() == ("", "")


def test_no_helper_for_a_few_files(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("一篇", "utf-8")
    with started_ahead([str(tmp_path)]):
        assert not helpers()


@pytest.mark.parametrize("victim", ["helper", "process"])
def test_who_is_killed_loses_nothing(folder: Path, alone: tuple[Outcome, ...], tmp_path: Path, victim: str) -> None:
    """The helper or one of its processes is killed while the first portions are saved."""
    office = open_office(read_settings(tmp_path, processes=TWO))
    killed: list[int] = []

    def kill(_done: int, _total: int, _what: str) -> None:
        if not killed and _done >= PORTION and (found := helpers()):
            killed.append(found[0] if victim == "helper" else children(found[0])[-1])
            os.kill(killed[0], signal.SIGKILL)

    found = receive_and_read(office, [str(folder)], kill)
    office.store.close()
    assert killed
    assert found == alone


@pytest.mark.parametrize("processes", [1, TWO])
def test_an_original_that_is_lost_is_refused_and_the_others_go_on(folder: Path, tmp_path: Path, processes: int) -> None:
    office = open_office(read_settings(tmp_path, processes=processes))
    receive(office, [str(folder)], lambda *_: None)
    lost = waiting(office)[40]
    (tmp_path / "files" / lost.sha256[:2] / lost.sha256[2:]).unlink()
    found = receive_and_read(office, [], lambda *_: None)
    office.store.close()
    assert len(found) == COUNT + 1
    assert [(one.name, one.code) for one in found if one.failed and one.name != "050-broken.docx"] == [
        (lost.name, IntegrityError.code)
    ]


def test_nobody_reads_on_for_one_who_was_killed(folder: Path, tmp_path: Path) -> None:
    run = "import sys; from tests.services.test_readers import outcomes; from pathlib import Path; "
    run += "outcomes(Path(sys.argv[1]), Path(sys.argv[2]), 2)"
    words = [sys.executable, "-c", run, str(folder), str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT) as process:
        family = [psutil.Process(pid) for pid in _grown(process.pid)]
        process.kill()
    _, alive = psutil.wait_procs(family, timeout=LONG)
    # One that nobody has asked for its end is dead too.
    assert not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _grown(parent: int) -> Iterator[int]:
    """The helper of a process and those it has started, as soon as they are there."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        for helper in children(parent):
            if len(found := children(helper)) >= TWO:
                yield from [helper, *found]
                return
        time.sleep(0.01)
    raise AssertionError("no helper was started")
