"""Files under the SHA-256 of their bytes in any place that fsspec reaches: S3 and what speaks like it, SFTP, ...

    s3://bucket/prefix      needs s3fs (pip install 'bulletin[s3]')

An object store shows an object when all of it is there, and not before, so that writing it is one act.
Elsewhere (SFTP, a mounted share) the bytes go under another name first and are then renamed.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bulletin.errors import IntegrityError, SettingsError
from store.archive import NAME, Files, FolderFiles

AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "adl", "oss", "memory"})
"""Protocols whose writes are seen whole or not at all."""


def open_files(home: Path, address: str = "", options: Mapping[str, Any] | None = None) -> Files:
    """The files at an address, or in the home where there is none."""
    return ObjectFiles(address, options) if address else FolderFiles(home / "files")


class ObjectFiles:
    """Files in an fsspec file system; `options` go to it (endpoint_url, key, secret, ...)."""

    def __init__(self, address: str, options: Mapping[str, Any] | None = None) -> None:
        """Raises SettingsError for an address that no installed library understands."""
        try:
            from fsspec.core import url_to_fs  # type: ignore[import-untyped]

            # A listing that was remembered would hide what another machine has stored meanwhile.
            self._fs, root = url_to_fs(address, use_listings_cache=False, **(options or {}))
        except (ImportError, ValueError) as error:
            raise SettingsError(
                f"存放文件的地址用不了：{error}", subject=address, advice="S3 请先运行 pip install 'bulletin[s3]'"
            ) from error
        except OSError as error:
            # Some file systems (FTP) call at once.
            raise SettingsError(
                f"存放文件的地方用不了：{error}", subject=address, advice="请检查设置 files、账号和网络"
            ) from error
        self._root = root.rstrip("/")
        self._address = address
        protocol = self._fs.protocol
        self._at_once = bool(AT_ONCE & set([protocol] if isinstance(protocol, str) else protocol))

    def path(self, sha256: str) -> str:
        """Where a file is; ValueError for what is no SHA-256."""
        if not NAME.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return f"{self._root}/{sha256[:2]}/{sha256[2:]}"

    def put(self, content: bytes) -> str:
        """The SHA-256 of the content, which is stored when this returns."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        with self._reached():
            if self._size(path) == len(content):
                return sha256
            if self._at_once:
                self._fs.pipe_file(path, content)
                return sha256
            folder = path.rpartition("/")[0]
            self._fs.makedirs(folder, exist_ok=True)
            part = f"{folder}/.{uuid.uuid4().hex}"
            self._fs.pipe_file(part, content)
            self._fs.mv(part, path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, proved to be the ones that were put; IntegrityError when lost or altered."""
        path = self.path(sha256)
        try:
            with self._reached():
                content: bytes = self._fs.cat_file(path)
        except FileNotFoundError:
            raise IntegrityError("归档文件不见了", subject=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise IntegrityError("归档文件的内容与登记的不符", subject=sha256)
        return content

    def has(self, sha256: str) -> bool:
        path = self.path(sha256)
        with self._reached():
            return self._size(path) is not None

    def names(self) -> Iterator[str]:
        """Every SHA-256 that is kept, in order."""
        with self._reached():
            found = self._fs.find(self._root) if self._fs.exists(self._root) else []
        for path in sorted(found):
            folder, _, name = path.rpartition("/")
            if NAME.fullmatch(folder[-2:] + name):
                yield folder[-2:] + name

    def _size(self, path: str) -> int | None:
        try:
            size: int = self._fs.info(path)["size"]
        except FileNotFoundError:
            return None
        return size

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turns what the libraries raise when nobody answers, or nobody may enter, into one error."""
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:
            raise SettingsError(
                f"存放文件的地方用不了：{error}", subject=self._address, advice="请检查设置 files、账号和网络"
            ) from error
