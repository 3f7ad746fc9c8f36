"""A folder or a file on disk -> submissions."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bulletin.errors import BulletinError, NotFoundError, TooLargeError, UnreadableError, UnsupportedError
from bulletin.model import Channel, Submission
from collectors.names import as_text, is_noise, natural_key, unit_of

MAX_FILE_BYTES = 200 * 1024 * 1024
"""A DOCX full of photos stays below 100 MB; what is larger is no manuscript."""
MAX_FILES = 20_000
"""An office's whole archive of twenty years is a few thousand files."""


def collect(
    path: Path,
    *,
    channel: Channel = Channel.FOLDER,
    max_file_bytes: int = MAX_FILE_BYTES,
    max_files: int = MAX_FILES,
) -> Iterator[Submission | BulletinError]:
    """Each file at or below `path` as it is read, in natural order of its path; what cannot be read as an error.

    A sub-folder names the submitting unit: inbox/临川市委办/x.docx. Hidden, temporary and system files are
    passed over; a link that leads out of the folder is reported and not followed. Containers come whole:
    `collectors.containers.expand` opens them.
    """
    if not path.exists():
        yield NotFoundError("没有这个文件或文件夹", subject=str(path), advice="请检查路径")
        return
    if not path.is_dir():
        yield _read(path, "", channel, max_file_bytes)
        return
    root = path.resolve()
    for count, file in enumerate(_walk(path)):
        if count >= max_files:
            yield TooLargeError(f"文件超过 {max_files} 个，其余未读", subject=str(path), advice="请分批放入")
            return
        if file.is_symlink() and not file.resolve().is_relative_to(root):
            yield UnsupportedError("链接指向文件夹以外，未读取", subject=as_text(file.name), advice="请放入文件本身")
            continue
        unit = unit_of(as_text(part) for part in file.relative_to(path).parts[:-1])
        yield _read(file, unit, channel, max_file_bytes)


def _walk(root: Path) -> Iterator[Path]:
    """Every file below the root, folder by folder, each in natural order."""
    with os.scandir(root) as entries:
        ordered = sorted(entries, key=lambda entry: natural_key(entry.name))
    for entry in ordered:
        if is_noise(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif not entry.is_dir():
            yield Path(entry.path)


def _read(path: Path, unit: str, channel: Channel, limit: int) -> Submission | BulletinError:
    name = as_text(path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return UnsupportedError("不是普通文件", subject=name)
        if status.st_size > limit:
            return TooLargeError(_too_large(status.st_size, limit), subject=name)
        with path.open("rb") as stream:
            # One byte more than allowed: a file may grow between stat and read.
            content = stream.read(limit + 1)
    except OSError as error:
        return UnreadableError(
            f"文件读不出：{error.strerror or error}", subject=name, advice="请检查权限，或重新复制文件"
        )
    if len(content) > limit:
        return TooLargeError(_too_large(len(content), limit), subject=name)
    received = datetime.fromtimestamp(status.st_mtime, UTC)
    return Submission(
        name=name, content=content, channel=channel, unit=unit, origin=as_text(str(path)), received=received
    )


def _too_large(size: int, limit: int) -> str:
    return f"文件 {size / 1048576:.0f} MB，超过上限 {limit / 1048576:.0f} MB"
