"""Folders on disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulletin.errors import BulletinError, NotFoundError, TooLargeError, UnreadableError, UnsupportedError
from bulletin.model import Channel, Submission
from collectors.folder import collect
from collectors.names import is_noise, natural_key, safe_path, unit_of

NOBODY = 65534


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name))


def names(root: Path) -> list[str]:
    return [each.name for each in collect(root) if isinstance(each, Submission)]


def test_takes_files_of_all_folders_in_natural_order(tmp_path: Path) -> None:
    make(tmp_path, "10.txt", "2.txt", "1/3.txt", "临川市委办/12月/稿件.txt")

    assert names(tmp_path) == ["3.txt", "2.txt", "10.txt", "稿件.txt"]


def test_the_sub_folder_names_the_unit(tmp_path: Path) -> None:
    make(tmp_path, "临川市委宣传部/12月/a.txt", "2023年12月/b.txt", "03.云溪县政府办/c.txt", "d.txt")
    units = {each.name: each.unit for each in collect(tmp_path) if isinstance(each, Submission)}

    assert units == {"a.txt": "临川市委宣传部", "b.txt": "", "c.txt": "云溪县政府办", "d.txt": ""}


def test_names_in_gbk_are_read_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "收件" / os.fsdecode("临川市委宣传部".encode("gbk"))
    make(folder, *(os.fsdecode(f"{name}.txt".encode("gbk")) for name in ("来稿", "稿件")))
    found = [each for each in collect(tmp_path / "收件") if isinstance(each, Submission)]

    assert sorted((each.name, each.unit) for each in found) == [
        ("来稿.txt", "临川市委宣传部"),
        ("稿件.txt", "临川市委宣传部"),
    ]
    assert {each.origin for each in found} == {str(tmp_path / "收件" / "临川市委宣传部" / each.name) for each in found}


def test_passes_over_what_nobody_submitted(tmp_path: Path) -> None:
    make(tmp_path, ".DS_Store", "Thumbs.db", "~$稿件.docx", ".git/config", "desktop.ini", ".~lock.a.odt#", "稿件.txt")

    assert names(tmp_path) == ["稿件.txt"]


def test_bytes_time_and_origin_are_those_of_the_file(tmp_path: Path) -> None:
    make(tmp_path, "稿件.txt")
    os.utime(tmp_path / "稿件.txt", (1_700_000_000, 1_700_000_000))
    (each,) = collect(tmp_path / "稿件.txt", channel=Channel.UPLOAD)

    assert isinstance(each, Submission)
    assert each.content == "稿件.txt".encode()
    assert each.received is not None
    assert each.received.timestamp() == 1_700_000_000
    assert (each.channel, each.origin, each.unit) == (Channel.UPLOAD, str(tmp_path / "稿件.txt"), "")


def test_a_link_out_of_the_folder_is_reported_and_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "secret.txt", "inbox/稿件.txt", "elsewhere/x.txt")
    (tmp_path / "inbox" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "inbox" / "same.txt").symlink_to(tmp_path / "inbox" / "稿件.txt")
    (tmp_path / "inbox" / "folder").symlink_to(tmp_path / "elsewhere")
    found = list(collect(tmp_path / "inbox"))

    assert [each.name for each in found if isinstance(each, Submission)] == ["same.txt", "稿件.txt"]
    assert [type(each) for each in found if isinstance(each, BulletinError)] == [UnsupportedError]


def test_a_file_too_large_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt")
    (tmp_path / "a.txt").write_bytes(b"x" * 101)
    found = list(collect(tmp_path, max_file_bytes=100))

    assert isinstance(found[0], TooLargeError)
    assert isinstance(found[1], Submission)


def test_a_folder_with_too_many_files_ends_with_an_error(tmp_path: Path) -> None:
    make(tmp_path, *(f"{n}.txt" for n in range(5)))
    found = list(collect(tmp_path, max_files=3))

    assert [type(each) for each in found] == [Submission] * 3 + [TooLargeError]


def test_what_is_missing_or_no_file_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert [type(each) for each in collect(tmp_path / "none")] == [NotFoundError]
    assert [type(each) for each in collect(tmp_path)] == [UnsupportedError]


@contextmanager
def as_nobody() -> Iterator[None]:
    """As an account that may not read every file, where we are root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_without_permission_is_an_error() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        make(folder, "a.txt")
        (folder / "a.txt").chmod(0)
        with as_nobody():
            assert [type(each) for each in collect(folder)] == [UnreadableError]


@pytest.mark.parametrize(
    ("name", "noise"),
    [
        ("稿件.docx", False),
        ("__MACOSX/._稿件.docx", True),
        ("a/.hidden/b.txt", True),
        ("~WRL0001.tmp", True),
        ("下载.docx.crdownload", True),
        ("thumbs.DB", True),
        ("part 1.docx", False),
    ],
)
def test_noise(name: str, noise: bool) -> None:
    assert is_noise(name) is noise


@pytest.mark.parametrize(
    ("folders", "unit"),
    [
        (["临川市"], "临川市"),
        (["来稿", "云江省农业农村厅"], "云江省农业农村厅"),
        (["第12期稿件", "云溪县"], "云溪县"),
        (["docs"], ""),
        (["新建文件夹 (2)"], ""),
        (["十一月下旬"], ""),
        ([], ""),
    ],
)
def test_unit_of(folders: list[str], unit: str) -> None:
    assert unit_of(folders) == unit


def test_natural_key_orders_numbers_by_value() -> None:
    assert sorted(["第10期", "第9期", "第1期", "第²期"], key=natural_key)[:3] == ["第1期", "第9期", "第10期"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/稿件.txt", "abs/稿件.txt"),
        ("..\\..\\win\\a.txt", "win/a.txt"),
        ("C:\\a\\b.txt", "C_/a/b.txt"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("..", "."),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_safe_path(name: str, safe: str) -> None:
    assert str(safe_path(name)) == safe
