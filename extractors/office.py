"""Formats that LibreOffice reads -> DOCX, many files in one call, and then read as DOCX.

Starting LibreOffice costs a second and a file a few hundredths: 155 files take 7 s in one call and 137 s
one by one. One file that crashes it takes the rest of the batch along, so what is missing afterwards is
tried again alone. LibreOffice returns 0 on failure: only the output counts.
"""

import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

import olefile

from bulletin.errors import BulletinError, EncryptedError, FormatError, MissingToolError, TooLargeError
from bulletin.formats import MAGIC, OLE_MAGIC, sniff
from bulletin.model import Document, Submission
from extractors import word
from extractors.package import is_encrypted_opendocument

TOOL_VARIABLE = "BULLETIN_OFFICE"
"""Environment variable with the path of LibreOffice, where it is not found by itself."""

CANDIDATES = (
    "soffice",
    "libreoffice",
    "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

START_SECONDS = 60
"""A cold start takes 2 s here; a busy or small machine may need many times that."""
FILE_SECONDS = 20
"""Added for each file; 124 pages take 2 s."""
ALONE_SECONDS = 90
"""For a file that is tried alone."""
MEMORY = 4 * 1024**3
"""Address space of the converter in bytes; all of Apache POI's test files are converted within it."""
BATCH = 64
"""Files in one call, so that a hanging one does not hold up hundreds."""
MAX_BYTES = 200 * 1024 * 1024

F_ENCRYPTED = 0x0100
"""In the flags at offset 10 of a Word file's head ([MS-DOC] 2.5.2)."""
OLD_WORD = tuple(magic for magic, key in MAGIC if key == "doc")

SUFFIX = {"doc": "doc", "wps": "wps", "rtf": "rtf", "odt": "odt", "wordml": "xml", "uof": "uof", "epub": "epub"}
"""Key of a format -> suffix that leads LibreOffice to the right filter."""

ADVICE = "请安装 LibreOffice（Debian/Ubuntu：apt install libreoffice-writer），或另存为 DOCX 后再报送"


def find_office() -> str:
    """The path of LibreOffice; empty where it is not installed."""
    for candidate in (os.environ.get(TOOL_VARIABLE, ""), *CANDIDATES):
        if candidate and (path := shutil.which(candidate)):
            return path
    return ""


def read(submission: Submission) -> Document:
    """The document of one file; `convert` takes many at a time and is what a batch should use."""
    converted = convert([submission])[0]
    if isinstance(converted, BulletinError):
        raise converted
    return word.read_as(submission, converted, sniff(submission.name, submission.content))


def convert(submissions: Sequence[Submission]) -> list[bytes | BulletinError]:
    """Each file as DOCX bytes or the reason why not, in the same order."""
    office = find_office()
    results: list[bytes | BulletinError] = []
    for submission in submissions:
        results.append(_refusal(submission, office) or b"")
    wanted = [index for index, result in enumerate(results) if result == b""]
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        for index, content in _run(office, submissions, batch).items():
            results[index] = content
    for index in wanted:
        if results[index] == b"" and len(wanted) > 1:
            results[index] = _run(office, submissions, [index]).get(index, b"")
        if results[index] == b"":
            results[index] = FormatError("LibreOffice 打不开这个文件，文件可能已损坏", subject=submissions[index].name)
    return results


def _refusal(submission: Submission, office: str) -> BulletinError | None:
    """Why a file need not be tried."""
    name, content = submission.name, submission.content
    if len(content) > MAX_BYTES:
        return TooLargeError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB", subject=name)
    key = sniff(name, content)
    state = _binary_state(content) if key in ("doc", "wps") else _other_state(content, key)
    if state is State.ENCRYPTED:
        return EncryptedError("文件设有打开密码", subject=name)
    if state is State.BROKEN:
        return FormatError("文件不完整或已损坏，可能没有传完", subject=name)
    if not office:
        return MissingToolError("读取这种格式需要 LibreOffice，本机没有安装", subject=name, advice=ADVICE)
    return None


class State(Enum):
    GOOD = "good"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"


def _binary_state(content: bytes) -> State:
    """The state of a binary Word file; LibreOffice would read a broken one as text and give noise."""
    if not content.startswith(OLE_MAGIC):
        return State.GOOD if content.startswith(OLD_WORD) else State.BROKEN
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if not ole.exists("WordDocument"):
                return State.GOOD  # Works
            flags = int.from_bytes(ole.openstream("WordDocument").read(12)[10:12], "little")
    except Exception:  # olefile raises whatever a broken sector table leads it to
        return State.BROKEN
    return State.ENCRYPTED if flags & F_ENCRYPTED else State.GOOD


def _other_state(content: bytes, key: str) -> State:
    """The state of what is no binary Word file: RTF is text, an OpenDocument says if it is encrypted."""
    if key == "rtf" and b"\\bin" not in content:
        controls = sum(content.count(bytes((code,))) for code in range(32) if code not in b"\0\t\n\r\f\x1a")
        return State.BROKEN if controls * 100 > len(content) else State.GOOD
    return State.ENCRYPTED if is_encrypted_opendocument(content) else State.GOOD


def _run(office: str, submissions: Sequence[Submission], indexes: Sequence[int]) -> dict[int, bytes]:
    """The DOCX of each file that one call of LibreOffice gave one for."""
    with tempfile.TemporaryDirectory(prefix="bulletin-office-") as folder:
        root = Path(folder)
        (root / "in").mkdir()
        sources = []
        for index in indexes:
            content = submissions[index].content
            key = sniff(submissions[index].name, content)
            source = root / "in" / f"{index}.{SUFFIX.get(key, 'doc')}"
            source.write_bytes(content)
            sources.append(str(source))
        limit = ALONE_SECONDS if len(indexes) == 1 else START_SECONDS + FILE_SECONDS * len(indexes)
        _call(office, root, sources, limit)
        return {
            index: content
            for index in indexes
            if (target := root / "out" / f"{index}.docx").is_file()
            and (content := target.read_bytes()).startswith(b"PK\x03\x04")
        }


def _call(office: str, root: Path, sources: Sequence[str], seconds: int) -> None:
    """Run the conversion with a profile of its own; kill it with all its children when its time is up."""
    command = [
        office,
        f"-env:UserInstallation={(root / 'profile').as_uri()}",
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(root / "out"), *sources,
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "HOME": str(root), "TMPDIR": str(root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if hasattr(resource, "prlimit"):  # Linux; set at once, so that what it starts inherits it
        with contextlib.suppress(OSError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
