"""The words that proofreading goes by: misspellings, fixed phrases and lawful repetitions.

They are data (`data/reference/lexicons`); nothing is read here.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from bulletin.model import Frozen
from bulletin.wordfinding import WordFinder

_STANDS_ALONE = frozenset("学讲谈议干抓查改办促练评述说研领")
"""Verbs of one character that close three characters by right: 专题学、集中讲、巡回讲."""
_ORGANS = frozenset({"研究部", "动员部"})
"""What is left of 研究部署 and 动员部署 may be an organ."""


class Misspelling(NamedTuple):
    """A spelling that is wrong wherever it stands, but inside one of the `lawful` longer words."""

    wrong: str
    right: str
    lawful: tuple[str, ...] = ()


class Match(NamedTuple):
    start: int
    end: int
    right: str


class Lexicon(Frozen):
    """Misspellings, four-character phrases (研讨交流) that are never cut to three, and lawful doublings."""

    misspellings: tuple[Misspelling, ...] = ()
    phrases: tuple[str, ...] = ()
    doublings: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, misspellings: str = "", phrases: str = "", doublings: str = "") -> "Lexicon":
        """The lexicon of three tables, # for remarks.

        `misspellings`: wrong<TAB>right[<TAB>lawful words with blanks between]; the others one word a line.
        """
        pairs = []
        for line in _lines(misspellings):
            wrong, right, *lawful = line.split("\t")
            pairs.append(Misspelling(wrong.strip(), right.strip(), tuple(lawful[0].split()) if lawful else ()))
        return cls(
            misspellings=tuple(pairs),
            phrases=tuple(word.strip() for word in _lines(phrases)),
            doublings=frozenset(word.strip() for word in _lines(doublings)),
        )

    @cached_property
    def _spellings(self) -> "_Table":
        return _Table(self.misspellings)

    @cached_property
    def _cuts(self) -> "_Table":
        pairs = []
        whole = set(self.phrases)
        for phrase in self.phrases:
            # Only the last word loses a character: what is left of the first one is too often a word
            # of its own (工作报告 -> 作报告).
            for cut in (phrase[:3], phrase[:2] + phrase[3]):
                if cut[2] in _STANDS_ALONE or cut in _ORGANS:
                    continue
                if not any(cut in other for other in whole if other != phrase):
                    pairs.append(Misspelling(cut, phrase))
        return _Table(pairs)

    def misspelt(self, text: str) -> Iterator[Match]:
        """Every misspelling in `text`."""
        return self._spellings.matches(text)

    def cut_phrases(self, text: str) -> Iterator[Match]:
        """Every phrase in `text` that has lost a character of its last word."""
        return self._cuts.matches(text)


class _Table:
    """Misspellings to be found; of two rows for one spelling the later one holds."""

    def __init__(self, pairs: Iterable[Misspelling]) -> None:
        self._pairs = {pair.wrong: pair for pair in pairs}
        self._finder = WordFinder(self._pairs)

    def matches(self, text: str) -> Iterator[Match]:
        """Every one in `text` that no lawful word holds, in no order."""
        for wrong in self._finder.find(text):
            pair = self._pairs[wrong]
            for start in _places(text, wrong):
                if not _inside(text, start, start + len(wrong), (*pair.lawful, pair.right)):
                    yield Match(start, start + len(wrong), pair.right)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at != -1:
        yield at
        at = text.find(word, at + 1)


def _inside(text: str, start: int, end: int, words: tuple[str, ...]) -> bool:
    for word in words:
        at = text.find(word, max(0, start - len(word)), end + len(word))
        while at != -1:
            if at <= start and end <= at + len(word):
                return True
            at = text.find(word, at + 1, end + len(word))
    return False


def _lines(table: str) -> Iterator[str]:
    return (line for line in table.splitlines() if line.strip() and not line.startswith("#"))
