"""Files under the SHA-256 of their bytes: home/files/ab/cdef...

A file is written once and never changed. It is on the disk before the database speaks of it, so a
crash leaves at worst a file that nobody mentions.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from bulletin.errors import IntegrityError

AT_A_TIME = 8
NAME = re.compile(r"[0-9a-f]{64}")


class Files(Protocol):
    """Where bytes are kept: a folder, or anything else that can put and get."""

    def put(self, content: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...

    def names(self) -> Iterator[str]: ...


def put_all(files: Files, contents: Sequence[bytes]) -> None:
    """Puts them several at a time: each waits for the disk or the network (300 files in half the time on a disk)."""
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        for _ in threads.map(files.put, contents):
            pass


class FolderFiles:
    """Files in a folder of a local disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where a file is; ValueError for what is no SHA-256, so that no name leads outside."""
        if not NAME.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256[2:]

    def put(self, content: bytes) -> str:
        """The SHA-256 of the content, which is on the disk when this returns."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.is_file() and path.stat().st_size == len(content):
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, proved to be the ones that were put; IntegrityError when lost or altered."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise IntegrityError("归档文件不见了", subject=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise IntegrityError("归档文件的内容与登记的不符", subject=sha256)
        return content

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def names(self) -> Iterator[str]:
        """Every SHA-256 that is kept, in order."""
        if not self.root.is_dir():
            return
        for folder in sorted(self.root.iterdir()):
            if folder.is_dir():
                for file in sorted(folder.iterdir()):
                    if NAME.fullmatch(folder.name + file.name):
                        yield folder.name + file.name


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself durable; Windows cannot and need not."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
