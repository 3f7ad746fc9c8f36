"""Writes MSG files ([MS-OXMSG] in a compound file, [MS-CFB]) for tests; nothing free on PyPI does."""

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

Tree = dict[str, "bytes | Tree"]

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR, _MINI = 512, 64


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    children: "list[int]" = field(default_factory=list)
    start: int = _END
    size: int = 0


def compound_file(tree: Tree) -> bytes:
    """A compound file of version 3 with the storages (dicts) and streams (bytes) of a tree."""
    entries = [_Entry("Root Entry", 5)]
    _collect(tree, 0, entries)
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(content: bytes) -> int:
        if not content:
            return _END
        first = len(sectors)
        count = -(-len(content) // _SECTOR)
        for index in range(count):
            sectors.append(content[index * _SECTOR : (index + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            chain.append(first + index + 1 if index + 1 < count else _END)
        return first

    mini, mini_chain = b"", []
    for entry in entries:
        if entry.kind != 2:
            continue
        entry.size = len(entry.content)
        if entry.size >= 4096:
            entry.start = put(entry.content)
        elif entry.size:
            entry.start = len(mini) // _MINI
            count = -(-entry.size // _MINI)
            mini_chain += [*range(entry.start + 1, entry.start + count), _END]
            mini += entry.content.ljust(count * _MINI, b"\0")
    entries[0].start, entries[0].size = put(mini), len(mini)
    mini_fat = struct.pack(f"<{len(mini_chain)}I", *mini_chain)
    mini_start = put(mini_fat.ljust(-(-len(mini_fat) // _SECTOR) * _SECTOR, b"\xff"))
    directory_start = put(_directory(entries))
    fat_count = 1
    while fat_count * 128 < len(chain) + fat_count:
        fat_count += 1
    fat_start = len(sectors)
    table = [*chain, *([_FAT] * fat_count)]
    table += [_FREE] * (fat_count * 128 - len(table))
    fat = struct.pack(f"<{len(table)}I", *table)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, fat_count, directory_start, 0, 4096, mini_start,
                          -(-len(mini_fat) // _SECTOR), _END, 0, fat_start)  # fmt: skip
    header += struct.pack("<108I", *[fat_start + n if n < fat_count else _FREE for n in range(1, 109)])
    return header + b"".join(sectors) + fat


def _collect(tree: Tree, parent: int, entries: list[_Entry]) -> None:
    for name, value in tree.items():
        entries.append(_Entry(name, 2, value) if isinstance(value, bytes) else _Entry(name, 1))
        entries[parent].children.append(len(entries) - 1)
    for index in list(entries[parent].children):
        value = tree[entries[index].name]
        if not isinstance(value, bytes):
            _collect(value, index, entries)


def _directory(entries: list[_Entry]) -> bytes:
    """128 bytes an entry; siblings hang to the right of one another, which readers accept as a tree."""
    right = dict.fromkeys(range(len(entries)), _FREE)
    for entry in entries:
        for child, following in zip(entry.children, entry.children[1:], strict=False):
            right[child] = following
    result = b""
    for index, entry in enumerate(entries):
        name = entry.name.encode("utf-16-le") + b"\0\0"
        child = entry.children[0] if entry.children else _FREE
        result += name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), entry.kind, 1, _FREE, right[index], child)
        result += bytes(36) + struct.pack("<IQ", entry.start, entry.size)
    return result


def wide(pid: int, text: str) -> Tree:
    """A Unicode string property."""
    return {f"__substg1.0_{pid:04X}001F": text.encode("utf-16-le")}


def narrow(pid: int, raw: bytes) -> Tree:
    """An 8-bit string property in the sender's code page."""
    return {f"__substg1.0_{pid:04X}001E": raw}


def binary(pid: int, raw: bytes) -> Tree:
    return {f"__substg1.0_{pid:04X}0102": raw}


def message(*properties: Tree, sent: datetime | None = None, codepage: int = 0, embedded: bool = False) -> Tree:
    """The storage of a message from its properties and attachments."""
    entries = b""
    if sent:
        ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        entries += struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    if codepage:
        entries += struct.pack("<HHIQ", 0x0003, 0x3FFD, 6, codepage)
    tree: Tree = {"__properties_version1.0": bytes(24 if embedded else 32) + entries}
    for part in properties:
        tree |= part
    return tree


def attachment(number: int, *properties: Tree, hidden: bool = False) -> Tree:
    entries = struct.pack("<HHIQ", 0x000B, 0x7FFE, 6, 1) if hidden else b""
    tree: Tree = {"__properties_version1.0": bytes(8) + entries}
    for part in properties:
        tree |= part
    return {f"__attach_version1.0_#{number:08X}": tree}
