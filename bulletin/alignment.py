"""Where two texts say the same, whatever the order: matching passages, and what differs inside them."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from bulletin.fingerprint import letters

SEED = 4
"""Letters that must agree before a match is tried."""
SHORTEST = 6
"""Letters of the shortest passage that counts: five-letter runs are found between any two articles."""
NEAR = 24
"""Letters that may differ between two passages for them still to be one sentence with a replacement."""
_OCCURRENCES = 24
"""Places tried for one seed; it only bounds the work on texts that repeat themselves."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A text as letters only, with where each letter stood."""

    letters: str
    at: tuple[int, ...]
    """Offset in the original text, one a letter."""
    text: str
    opens: frozenset[int]
    """Positions of letters that begin a clause."""
    lines: tuple[int, ...]
    """Number of the line, one a letter."""

    def clause_start(self, position: int) -> int:
        """The first letter of the clause that the letter at `position` is in, at most NEAR before it."""
        for back in range(position, max(-1, position - NEAR), -1):
            if back in self.opens:
                return back
        return position

    def clause_rest(self, position: int, most: int) -> str:
        """Up to `most` letters from `position` on that belong to one clause."""
        end = position
        while end < len(self.letters) and end - position < most and (end == position or end not in self.opens):
            end += 1
        return "" if position in self.opens and position else self.letters[position:end]


_CLOSING = frozenset("。！？；，、：:,;!?…—\n　（）()")


@lru_cache(maxsize=8192)
def _letter(character: str) -> str:
    return letters(character)


def flatten(text: str) -> Flat:
    """`text` as letters (see `fingerprint.letters`), each with its place."""
    out: list[str] = []
    at: list[int] = []
    lines: list[int] = []
    opens = {0}
    line, fresh = 0, False
    for offset, character in enumerate(text):
        if character == "\n":
            line += 1
        kept = _letter(character)
        if not kept:
            fresh = fresh or character in _CLOSING
            continue
        if fresh:
            opens.add(len(out))
            fresh = False
        for letter in kept:
            out.append(letter)
            at.append(offset)
            lines.append(line)
    return Flat("".join(out), tuple(at), text, frozenset(opens), tuple(lines))


@dataclass(frozen=True, slots=True)
class Passage:
    """`length` letters that stand at `start` in the first text and at `other` in the second."""

    start: int
    other: int
    length: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """Different words in the same place of two texts: `old[start:end]` for `new[...]`."""

    new: tuple[int, int]
    old: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Passages of `new` that `old` has too, in the order of `new`, and the replacements between them."""

    new: Flat
    old: Flat
    passages: tuple[Passage, ...]
    replacements: tuple[Replacement, ...] = field(default=())

    def covered(self) -> bytearray:
        """One byte a letter of `new`, 1 where `old` says the same."""
        mask = bytearray(len(self.new.letters))
        for passage in self.passages:
            mask[passage.start : passage.start + passage.length] = b"\x01" * passage.length
        return mask

    def quote(self, passage: Passage) -> str:
        """The passage as written in `new`."""
        end = passage.start + passage.length - 1
        return self.new.text[self.new.at[passage.start] : self.new.at[end] + 1]


def align(new: Flat, old: Flat) -> Alignment:
    """The passages of `new` that stand in `old`, longest first choice at each place, in any order.

    Linear in the length of both but for texts that repeat themselves.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for start in range(len(old.letters) - SEED + 1):
        found = places[old.letters[start : start + SEED]]
        if len(found) < _OCCURRENCES:
            found.append(start)
    passages: list[Passage] = []
    position, expected = 0, 0
    while position <= len(new.letters) - SEED:
        best = _longest(new.letters, old.letters, position, places, expected)
        if best is None:
            position += 1
            continue
        passages.append(best)
        position, expected = best.start + best.length, best.other + best.length
    return Alignment(new, old, tuple(passages), tuple(_replacements(new, old, passages)))


def _longest(new: str, old: str, position: int, places: dict[str, list[int]], expected: int) -> Passage | None:
    best: Passage | None = None
    rank = (0, False)
    for other in places.get(new[position : position + SEED], ()):
        length = SEED
        most = min(len(new) - position, len(old) - other)
        while length < most and new[position + length] == old[other + length]:
            length += 1
        follows = 0 <= other - expected <= NEAR
        # A short agreement counts only where it goes on with the sentence before it.
        if length < SHORTEST and not follows:
            continue
        if (length + (SEED if follows else 0), follows) > rank:
            rank, best = (length + (SEED if follows else 0), follows), Passage(position, other, length)
    return best


def _replacements(new: Flat, old: Flat, passages: list[Passage]) -> list[Replacement]:
    found: list[Replacement] = []
    before = Passage(0, 0, 0)
    for passage in passages:
        start, other = before.start + before.length, before.other + before.length
        if not (passage.start - start <= NEAR and 0 <= passage.other - other <= NEAR):
            start, other = new.clause_start(passage.start), old.clause_start(passage.other)
        if start < passage.start and other < passage.other:
            found.append(Replacement((start, passage.start), (other, passage.other)))
        before = passage
    return found
