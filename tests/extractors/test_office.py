"""What LibreOffice converts."""

import os
import stat
import time
from pathlib import Path

import pytest

from bulletin.errors import BulletinError, EncryptedError, FormatError
from bulletin.model import Document, Submission
from extractors import office
from extractors.registry import extract_many
from tests.extractors.articles import by_libreoffice, by_python_docx
from tests.processes import START
from tests.tools import require

RTF = rb"{\rtf1\ansi\ansicpg936 \'d5\'fd\'ce\'c4\par second}"


@pytest.fixture
def broken_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of LibreOffice that notes its calls, makes nothing and returns 0."""
    program, calls = tmp_path / "soffice", tmp_path / "calls"
    program.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(office.TOOL_VARIABLE, str(program))
    return calls


@pytest.mark.slow
def test_good_and_bad_files_in_one_call() -> None:
    require("soffice")
    batch = [
        Submission(name="甲.rtf", content=RTF),
        Submission(name="坏.doc", content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(3000)),
        Submission(name="乙.wps", content=RTF),
    ]
    first, broken, second = extract_many(batch)
    assert isinstance(first, Document)
    assert [block.text for block in first.blocks] == ["正文", "second"]
    assert (first.format, first.name) == ("rtf", "甲.rtf")
    assert isinstance(broken, BulletinError)
    assert isinstance(second, Document)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 9),
        ("a.wps", bytes(range(256)) * 9),
        ("a.rtf", b"{\\rtf1" + bytes(range(256)) * 9),
    ],
)
def test_noise_is_refused_before_libreoffice_reads_it_as_text(broken_office: Path, name: str, content: bytes) -> None:
    (result,) = extract_many([Submission(name=name, content=content)])
    assert isinstance(result, FormatError)
    assert not broken_office.exists()


@pytest.mark.slow
def test_a_document_with_a_password_is_named_as_such_without_a_call(tmp_path: Path, broken_office: Path) -> None:
    made = bytearray(by_libreoffice_doc(tmp_path))
    made[made.index(b"\xec\xa5") + 11] |= 0x01  # in the flags of the WordDocument stream
    (result,) = extract_many([Submission(name="密.doc", content=bytes(made))])
    assert isinstance(result, EncryptedError)
    assert not broken_office.exists()


def by_libreoffice_doc(folder: Path) -> bytes:
    variable = os.environ.pop(office.TOOL_VARIABLE, None)
    try:
        return by_libreoffice(by_python_docx(), folder, ("doc",))["doc"]
    finally:
        if variable:
            os.environ[office.TOOL_VARIABLE] = variable


def test_success_without_output_is_a_failure_and_each_file_is_tried_alone(broken_office: Path) -> None:
    batch = [Submission(name=f"{index}.rtf", content=RTF) for index in range(2)]
    results = extract_many(batch)
    assert [type(result) for result in results] == [FormatError, FormatError]
    calls = broken_office.read_text().splitlines()
    assert len(calls) == 3
    assert "0.rtf" in calls[0]
    assert "1.rtf" in calls[0]
    assert all("-env:UserInstallation=file:///" in call for call in calls)


def test_a_converter_that_hangs_is_stopped_with_its_children(
    broken_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path(os.environ[office.TOOL_VARIABLE])
    child = broken_office.with_name("child")
    program.write_text(f"#!/bin/sh\nsleep 1000 &\necho $! > {child}\nwait\n")
    monkeypatch.setattr(office, "ALONE_SECONDS", 5)  # in which even a busy machine starts the shell
    (result,) = extract_many([Submission(name="a.rtf", content=RTF)])
    assert isinstance(result, FormatError)
    state = Path(f"/proc/{child.read_text().strip()}/stat")
    until = time.monotonic() + START
    while not (gone := not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"):
        assert time.monotonic() < until  # one that was killed may be long in dying on a busy machine
        time.sleep(0.05)
    assert gone
