import hashlib

import pytest

from bulletin.errors import IntegrityError
from store.archive import FolderFiles


@pytest.fixture
def files(tmp_path):
    return FolderFiles(tmp_path / "files")


def test_bytes_come_back_by_their_hash(files):
    sha = files.put(b"content")
    assert sha == hashlib.sha256(b"content").hexdigest()
    assert files.path(sha).relative_to(files.root).as_posix() == f"{sha[:2]}/{sha[2:]}"
    assert files.get(sha) == b"content"
    assert files.put(b"content") == sha
    assert list(files.names()) == [sha]


def test_a_file_that_was_altered_is_an_integrity_error(files):
    sha = files.put(b"content")
    files.path(sha).write_bytes(b"CONTENT")
    with pytest.raises(IntegrityError, match="不符"):
        files.get(sha)


def test_a_file_that_is_lost_is_an_integrity_error(files):
    with pytest.raises(IntegrityError, match="不见了"):
        files.get("0" * 64)


def test_a_half_written_file_of_a_crash_is_replaced_and_never_listed(files):
    sha = hashlib.sha256(b"content").hexdigest()
    files.path(sha).parent.mkdir(parents=True)
    files.path(sha).write_bytes(b"con")
    (files.path(sha).parent / ".abc").write_bytes(b"con")
    assert files.put(b"content") == sha
    assert files.get(sha) == b"content"
    assert list(files.names()) == [sha]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "G" * 64, "0" * 64 + "\n"])
def test_no_name_leads_out_of_the_folder(files, name):
    with pytest.raises(ValueError):
        files.path(name)
