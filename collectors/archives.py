"""ZIP archives -> their members, names decoded, bombs refused."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from lzma import LZMAError

from bulletin.errors import BulletinError, EncryptedError, FormatError, TooLargeError, UnsupportedError
from bulletin.model import Submission
from collectors.budget import Budget
from collectors.names import is_noise, natural_key, safe_path, unit_of

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
"""Info-ZIP's extra field: the name in UTF-8 beside the one in the sender's code page."""

_END = b"PK\x05\x06"
_ENTRY_BYTES = 1024
"""Directory bytes that one member may take: 46, its name and its extra fields."""

_BROKEN = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, struct.error, ValueError)


def members(archive: Submission, budget: Budget) -> Iterator[Submission | BulletinError]:
    """The files in a ZIP in natural order of their decoded paths; what cannot be unpacked as an error.

    Raises FormatError for a ZIP that cannot be opened, TooLargeError for one with too many members.
    """
    _check_directory(archive, budget)
    try:
        opened = zipfile.ZipFile(BytesIO(archive.content))
    except (*_BROKEN, NotImplementedError) as error:
        raise FormatError("压缩包不完整或已损坏", subject=archive.name) from error
    with opened:
        named = [(decode_name(info), info) for info in opened.infolist() if not info.is_dir()]
        for name, info in sorted(named, key=lambda pair: natural_key(pair[0])):
            path = safe_path(name)
            if path.parts and not is_noise(str(path)) and not name.endswith(("/", "\\")):
                yield _unpack(opened, info, str(path), archive, budget)


def decode_name(info: zipfile.ZipInfo) -> str:
    """The member's name as its sender saw it.

    In order: UTF-8 by flag bit 11; Info-ZIP's Unicode path; UTF-8 without the flag (macOS); GB18030, where all
    that comes out is Chinese; else code page 437, as the format's specification has it.
    """
    name = info.orig_filename.split("\0")[0]
    if info.flag_bits & _UTF8_FLAG:
        return name
    raw = name.encode("cp437")
    if unicode_path := _unicode_path(info.extra, raw):
        return unicode_path
    if name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _looks_chinese(decoded):
            return decoded
    return name


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in Info-ZIP's extra field, where it still belongs to the name beside it (by its CRC)."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack("<I", body[1:5])[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", errors="replace")
    return ""


def _looks_chinese(text: str) -> bool:
    """Whether every non-ASCII character is a Han character, CJK punctuation or a full-width form."""
    marks = "—–‘’“”…·①②③④⑤⑥⑦⑧⑨⑩№"
    return all(
        char.isascii() or "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"
        or char in marks
        for char in text
    )  # fmt: skip


def _check_directory(archive: Submission, budget: Budget) -> None:
    """Refuse a directory of millions of entries before it is read into memory."""
    at = archive.content.rfind(_END)
    if at < 0 or len(archive.content) < at + 20:
        raise FormatError("压缩包不完整或已损坏", subject=archive.name)
    count, size = struct.unpack("<HI", archive.content[at + 10 : at + 16])
    # Folders count too, so twice the members; a size that lies is caught by zipfile itself.
    if count > 2 * budget.limits.members or size > 2 * budget.limits.members * _ENTRY_BYTES:
        raise TooLargeError(f"压缩包里的文件超过 {budget.limits.members} 个", subject=archive.name)


def _unpack(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, archive: Submission, budget: Budget
) -> Submission | BulletinError:
    origin = f"{archive.origin or archive.name}!{path}"
    if info.flag_bits & _ENCRYPTED_FLAG:
        return EncryptedError("压缩包里的文件设了密码", subject=origin)
    limit = budget.bytes_left
    try:
        with opened.open(info) as stream:
            # The size in the directory is the sender's word: count what really comes out.
            content = stream.read(limit + 1)
    except NotImplementedError:
        return UnsupportedError("压缩方法不通用", subject=origin, advice="请用普通 ZIP 方式重新压缩")
    except RuntimeError:
        return EncryptedError("压缩包里的文件设了密码", subject=origin)
    except _BROKEN:
        return FormatError("压缩包里的文件已损坏", subject=origin)
    bomb = len(content) > budget.limits.ratio_from_bytes and len(content) > budget.limits.ratio * info.compress_size
    if len(content) > limit or bomb:
        budget.total_bytes += len(content)  # its work was done, so that a thousand bombs end soon
        return TooLargeError("解压后过大，疑似压缩炸弹" if bomb else "解压后超过大小上限", subject=origin)
    folders = path.split("/")[:-1]
    return Submission(
        name=path.rsplit("/", 1)[-1],
        content=content,
        channel=archive.channel,
        unit=archive.unit or unit_of(folders),
        origin=origin,
        received=archive.received,
    )
