"""Files handed to people are whole or not there."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import LONG
from tests.conftest import ROOT

WRITE = """
import resource, sys
from pathlib import Path
from services.files import write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
write_whole(Path(sys.argv[1]), b"x" * 1000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only Unix limits the size of files")
def test_what_could_not_be_written_whole_leaves_nothing_and_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "简报.docx"
    path.write_bytes(b"earlier")
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False
    )
    assert "File too large" in done.stderr
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"earlier"
