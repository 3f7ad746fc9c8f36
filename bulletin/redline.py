"""The difference between two texts as runs of kept, inserted and deleted characters (花脸稿).

Two passes, as people compare: sentences first, then the characters of sentences that changed. One
pass over all characters would line up the 的 of one sentence with the 的 of another. Breaks between
paragraphs count as characters, so that joined lines show; blanks do not count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from bulletin.model import Frozen

ISLAND = 2
"""Kept characters between two changes that are shown as changed with them: chance agreement, unreadable apart."""
LONGEST = 3_000
"""Characters of a changed passage that are compared one by one; in a longer one the sentences stand for themselves."""

_PIECE = re.compile(r"\n|[^\n。！？；，：]+[。！？；，：”’）》]*|[。！？；，：”’）》]+")
_BLANKS = re.compile(r"[^\S\n]+|[\u3000\u200b\ufeff]+")


class Kind(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


class Run(Frozen):
    """Characters that are in both texts, only in the later or only in the earlier one."""

    kind: Kind
    text: str


class Redline(Frozen):
    """Both texts as one, and how many characters came and went."""

    runs: tuple[Run, ...]
    inserted: int
    deleted: int

    @property
    def same(self) -> bool:
        return not self.inserted and not self.deleted


def redline(before: Iterable[str], after: Iterable[str]) -> Redline:
    """The difference between two lists of paragraphs; a line end between runs is a paragraph's end."""
    runs = tuple(_merged(_compare(_pieces(before), _pieces(after))))

    def count(kind: Kind) -> int:
        return sum(len(run.text.replace("\n", "")) for run in runs if run.kind is kind)

    return Redline(runs=runs, inserted=count(Kind.INSERTED), deleted=count(Kind.DELETED))


def _pieces(paragraphs: Iterable[str]) -> list[str]:
    lines = (_BLANKS.sub("", line) for paragraph in paragraphs for line in paragraph.split("\n"))
    return _PIECE.findall("\n".join(line for line in lines if line))


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield Run(kind=Kind.SAME, text=old)
        elif tag == "replace" and max(len(old), len(new)) <= LONGEST:
            yield from _characters(old, new)
        else:
            yield from _replaced(old, new)


def _characters(old: str, new: str) -> Iterator[Run]:
    """The runs of two passages, with short islands of agreement given up."""
    kept = [
        block
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        if block.size > ISLAND or _at_edge(block.a, block.b, block.size, old, new)
    ]
    at_old = at_new = 0
    for block in kept:
        yield from _replaced(old[at_old : block.a], new[at_new : block.b])
        if block.size:
            yield Run(kind=Kind.SAME, text=old[block.a : block.a + block.size])
        at_old, at_new = block.a + block.size, block.b + block.size


def _at_edge(a: int, b: int, size: int, old: str, new: str) -> bool:
    """Whether a match begins or ends both passages, or is the end of the list."""
    return not size or (a == 0 and b == 0) or (a + size == len(old) and b + size == len(new))


def _replaced(old: str, new: str) -> Iterator[Run]:
    if old:
        yield Run(kind=Kind.DELETED, text=old)
    if new:
        yield Run(kind=Kind.INSERTED, text=new)


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs with neighbours of one kind joined; between two kept runs the deleted text comes first."""
    held: dict[Kind, str] = {}
    for run in runs:
        if held and (Kind.SAME in held) != (run.kind is Kind.SAME):
            yield from _flush(held)
        held[run.kind] = held.get(run.kind, "") + run.text
    yield from _flush(held)


def _flush(held: dict[Kind, str]) -> Iterator[Run]:
    for kind in (Kind.SAME, Kind.DELETED, Kind.INSERTED):
        if text := held.pop(kind, ""):
            yield Run(kind=kind, text=text)
