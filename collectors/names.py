"""Names of files and sources: what is an address, what is noise, how they sort, which folder names a unit."""

import os
import re
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath

from collectors.decoding import decode

_NOISE = re.compile(
    r"""
    ^\.                       # .DS_Store, .git, ._resource fork of macOS
    | ^~\$                    # ~$通知.docx: lock file of Word
    | ^~WRL\d+\.tmp$          # ~WRL0001.tmp: scratch file of Word
    | ^\.~lock\..*\#$         # .~lock.通知.odt#: lock file of LibreOffice
    | ^(Thumbs|ehthumbs)\.db$ # thumbnails of Windows
    | ^desktop\.ini$
    | ^__MACOSX$              # resource forks in a ZIP made by macOS
    | \.(tmp|crdownload|part|partial)$   # a download that has not finished
    """,
    re.VERBOSE | re.IGNORECASE,
)

_NOT_A_UNIT = re.compile(
    r"""
    ^新建文件夹.*$                                   # 新建文件夹 (2)
    | ^(来稿|投稿|稿件|材料|资料|附件|信息|文件|图片|照片|其他|其它|汇总|正文|素材|待处理|已处理|收件箱|微信文件)$
    # 2023年12月, 第12期稿件, 十一月下旬
    | ^[\d\s年月日号期第总.\-_—（）()一二三四五六七八九十]+(季度|上旬|中旬|下旬|周)?(来稿|投稿|稿件|材料)?$
    """,
    re.VERBOSE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ORDINAL = re.compile(r"^\s*\d{1,3}\s*[.、．_\-－ ]\s*(?=\D)")
"""Folders are often numbered to keep an order: 03.临川市委办."""
_DIGITS = re.compile(r"(\d+)")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')

MAX_NAME = 200
"""Characters of a member's name that are kept; ext4 takes 255 bytes, of which .docx needs five."""


def as_text(path: str) -> str:
    """A path as people see it: names that came in GBK (from Windows, out of an old ZIP) are read as such.

    Python keeps bytes that are no UTF-8 as halves of surrogate pairs, which no database takes.
    """
    if path.isprintable():
        return path
    return str(PurePath(*(decode(os.fsencode(part)) for part in PurePath(path).parts)))


def is_address(source: str) -> bool:
    """Whether a source is an address on the web and not a path."""
    return source.startswith(("http://", "https://"))


def is_noise(path: str) -> bool:
    """Whether any part of the path is a hidden, temporary or system file, which nobody submitted."""
    return any(_NOISE.search(part) for part in PurePosixPath(path).parts)


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key under which 2.docx comes before 10.docx."""
    parts = _DIGITS.split(name)
    # Only ASCII digits: ² and other digit-like characters are no integers.
    return tuple((1, int(part), "") if part.isascii() and part.isdigit() else (0, 0, part) for part in parts)


def unit_of(folders: Iterable[str]) -> str:
    """The submitting unit that a path of folders names, else "".

    The outermost folder that is no date, number or general word counts: inbox/临川市委办/12月/x.docx.
    """
    for folder in folders:
        name = _ORDINAL.sub("", folder).strip()
        if len(_HAN.findall(name)) >= 2 and not _NOT_A_UNIT.match(name):
            return name
    return ""


def safe_path(name: str) -> PurePosixPath:
    """The path with everything taken out that could lead elsewhere: drive, root, `..`, control characters."""
    parts = name.replace("\\", "/").split("/")
    clean = (_UNSAFE.sub("_", part).strip() for part in parts if part not in {"", ".", ".."})
    return PurePosixPath(*(_shorten(part) for part in clean if part))


def _shorten(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    path = PurePosixPath(name)
    return path.stem[: MAX_NAME - len(path.suffix)] + path.suffix if len(path.suffix) < 12 else name[:MAX_NAME]
