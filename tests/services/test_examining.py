"""Reading in several processes gives what reading in one gives, whatever happens to them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.examining import PORTION, WORTHWHILE
from tests.conftest import ROOT

COUNT = WORTHWHILE * PORTION + 5
RUN = """
import json, multiprocessing, os, signal, sys
from pathlib import Path
from services import examining
from services.context import open_office
from services.intake import receive_and_read
from services.settings import read_settings

used = set()
plain = examining.examine
def examine(office, records):
    child = multiprocessing.parent_process() is not None
    if child and sys.argv[3] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    found = plain(office, records)
    if child:
        Path(sys.argv[2], "child").touch()
    return found
examining.examine = examine
os.cpu_count = lambda: 1 if sys.argv[3] == "alone" else 2
office = open_office(read_settings(Path(sys.argv[2])))
outcomes = receive_and_read(office, [sys.argv[1]], lambda *_: None)
print(json.dumps([o.model_dump(mode="json") for o in outcomes], ensure_ascii=False))
"""


def outcomes(folder: Path, home: Path, how: str) -> list[dict[str, str]]:
    """What came of the folder; in a process of its own, for pytest's own threads may not be copied."""
    words = [sys.executable, "-c", RUN, str(folder), str(home), how]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inbox = tmp_path_factory.mktemp("inbox")
    for number in range(COUNT):
        text = f"望河市第{number}学习小组举行专题学习会\n望河市委宣传部\n\n11月3日，第{number}小组{number * 7}人学习。会议要求抓好落实。\n"
        (inbox / f"{number:03d}.txt").write_text(text * (1 + number % 3), "utf-8")
    (inbox / "050-broken.docx").write_bytes(b"PK\x03\x04 not a document")
    return inbox


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    return outcomes(folder, tmp_path_factory.mktemp("alone"), "alone")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
def test_several_processes_give_the_same(folder: Path, alone: list[dict[str, str]], tmp_path: Path) -> None:
    assert len(alone) == COUNT + 1
    assert [outcome["name"] for outcome in alone if outcome["fate"] == "未能读取"] == ["050-broken.docx"]
    assert outcomes(folder, tmp_path, "together") == alone
    assert (tmp_path / "child").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
def test_a_process_that_is_killed_loses_nothing(folder: Path, alone: list[dict[str, str]], tmp_path: Path) -> None:
    assert outcomes(folder, tmp_path, "killed") == alone
