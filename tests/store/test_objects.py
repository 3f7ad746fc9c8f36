"""Files in an object store and behind any other fsspec address."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import IntegrityError, SettingsError
from store.database import open_store
from store.objects import ObjectFiles
from tests.objectstores import object_store

MISSING = "0" * 64


@pytest.fixture(params=["s3", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """An address and its options: one that writes whole objects, one that must rename."""
    if request.param == "folder":
        yield f"file://{tmp_path / 'share'}", {}
        return
    with object_store() as bucket:
        yield bucket.address, bucket.options


@pytest.fixture
def files(place: tuple[str, dict[str, Any]]) -> ObjectFiles:
    return ObjectFiles(*place)


def test_what_is_put_comes_back_and_is_listed(files: ObjectFiles, place: tuple[str, dict[str, Any]]) -> None:
    assert list(files.names()) == []
    names = [files.put(content) for content in (b"one", b"two", b"one")]
    assert names[0] == names[2] == hashlib.sha256(b"one").hexdigest()
    assert files.get(names[1]) == b"two"
    assert list(files.names()) == sorted(set(names))
    assert files.has(names[0])
    assert not files.has(MISSING)
    # Another machine sees the same at once.
    other = ObjectFiles(*place)
    third = other.put(b"three")
    assert files.has(third)
    assert list(files.names()) == list(other.names())


def test_lost_and_altered_files_are_told(files: ObjectFiles) -> None:
    name = files.put(b"signed")
    with pytest.raises(IntegrityError, match="不见了"):
        files.get(MISSING)
    files._fs.pipe_file(files.path(name), b"signed by another")
    with pytest.raises(IntegrityError, match="不符"):
        files.get(name)
    # Put again, the true bytes take the place of the altered ones.
    assert files.put(b"signed") == name
    assert files.get(name) == b"signed"


def test_a_write_that_breaks_off_leaves_no_file(files: ObjectFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a whole issue"
    name = hashlib.sha256(content).hexdigest()
    plain = files._fs.pipe_file

    def broken(path: str, value: bytes, **rest: Any) -> None:
        if not files._at_once:
            plain(path, value[:4], **rest)
        raise OSError("the line is dead")

    monkeypatch.setattr(files._fs, "pipe_file", broken)
    with pytest.raises(SettingsError, match="the line is dead"):
        files.put(content)
    assert not files.has(name)
    assert list(files.names()) == []


def test_names_lead_nowhere_else(files: ObjectFiles) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.get("../../etc/passwd")


def test_addresses_that_nobody_answers_are_settings_errors() -> None:
    with pytest.raises(SettingsError, match="用不了"):
        ObjectFiles("nosuchprotocol://bucket")
    with pytest.raises(SettingsError, match="用不了") as caught:
        ObjectFiles("ftp://127.0.0.1:9/files")  # FTP calls at once
    assert "网络" in caught.value.advice
    dead = {
        "endpoint_url": "http://127.0.0.1:9",
        "key": "k",
        "secret": "s",
        "config_kwargs": {"retries": {"max_attempts": 0}},
    }
    with pytest.raises(SettingsError, match="用不了"):
        ObjectFiles("s3://bucket", dead).put(b"x")


def test_a_store_keeps_its_files_there(place: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    address, options = place
    store = open_store(tmp_path / "home", files=address, files_options=options)
    name = store.files.put(b"kept")
    store.close()
    assert not (tmp_path / "home" / "files").exists()
    assert open_store(tmp_path / "elsewhere", files=address, files_options=options).files.get(name) == b"kept"
