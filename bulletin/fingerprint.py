"""What an article leaves in the index of all articles, so that a repetition of it is found.

Two articles that share passages share keys. A key is the hash of one clause that is peculiar to the
article, or of one peculiar term (a quoted name, a figure with its unit). Of all keys the article
keeps those with the smallest hashes, a bottom-k sketch (Cohen and Kaplan 2007; a MinHash without
bands): an article cut by half still shares about half of them, whatever the order, which
a banded MinHash misses (`benchmarks/duplicates.py` measures both). Clauses that are mostly formulas
come last, so that 深入学习贯彻…精神 never makes a bucket of the whole archive.
"""

import hashlib
import math
import re
import struct
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import ahocorasick

from bulletin.model import Article, BlockType, Frozen

CLAUSE_KEYS = 40
"""Keys of clauses kept: with 40 an article cut to a tenth still shares about four."""
TERM_KEYS = 16
"""Keys of peculiar terms kept; they find a text that was rewritten sentence by sentence."""
CLAUSE_SHORTEST = 8
"""Characters of the shortest clause worth a key: shorter ones recur by chance in one article out of ten."""
PECULIAR = 500
LEAST_SHARE = 0.01
"""Phrases of the lexicon that no measured article has are taken to stand in one of a hundred."""
FORMULA_SHARE = 0.5
"""A clause is a formula where formulas cover this much of it."""

_WORDLESS = re.compile(r"[\W_]+")
_WORDLESS_IN_CLAUSE = re.compile(r"(?:[^\w\n]|_)+")
_WIDE = {mark: unicodedata.normalize("NFKC", mark) for mark in "，：；！？（）…　％～"}
_CLAUSE_END = re.compile(r"[。！？；!?;，,、：:…\n]+|——?")
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])[”’」』）]?|\n")
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"，。；\n]{3,14})[”」』\"]")
_NUMERAL = "0-9〇零一二三四五六七八九十百千万亿两"
_FIGURE = re.compile(
    rf"(?<![{_NUMERAL}.])((?:[0-9]{{2,12}}(?:\.[0-9]{{1,6}})?|[{_NUMERAL}]{{3,12}})[余多]?(?:%|个百分点|[\u4e00-\u9fff]{{1,2}}))"
)


class Formulas(Frozen):
    """The fixed phrases (套话) of the genre, with the share of documents each occurs in.

    Example: `Formulas.parse("深刻领悟“两个确立”的决定性意义\\t0.31\\n")`.
    """

    shares: tuple[tuple[str, float], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Formulas":
        """The formulas of a table of lines `phrase<TAB>share of documents`; lines with # are remarks."""
        rows = (line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#"))
        return cls(shares=tuple((row[0].strip(), float(row[1]) if len(row) > 1 else 0.0) for row in rows))

    @cached_property
    def _finder(self) -> ahocorasick.Automaton:
        finder = ahocorasick.Automaton()
        for phrase, share in self.shares:
            plain = letters(phrase)
            if len(plain) >= 4:
                finder.add_word(plain, (len(plain), _weight(share)))
        finder.make_automaton()
        return finder

    def weights(self, plain: str) -> list[float]:
        """What each letter of `plain` (see `letters`) weighs: 1, in a formula the less the commoner it is."""
        weights = [1.0] * len(plain)
        if self._finder.kind == ahocorasick.AHOCORASICK:
            for last, (length, weight) in self._finder.iter(plain):
                for at in range(last - length + 1, last + 1):
                    weights[at] = min(weights[at], weight)
        return weights

    def covered(self, plain: str) -> float:
        """The share of `plain` that formulas cover."""
        if self._finder.kind != ahocorasick.AHOCORASICK:
            return 0.0
        inside = bytearray(len(plain))
        for last, (length, weight) in self._finder.iter(plain):
            if weight < 1:
                inside[last - length + 1 : last + 1] = b"\x01" * length
        return inside.count(1) / max(1, len(plain))


def _weight(share: float) -> float:
    """Inverse document frequency of a phrase, 0 to 1, against one that only one article in PECULIAR has."""
    return math.log(1 / max(share, LEAST_SHARE)) / math.log(PECULIAR)


NO_FORMULAS = Formulas()


def letters(text: str) -> str:
    """`text` without punctuation and blanks, width and case made one: what every channel leaves alone."""
    return _bare(normalized(text))


def normalized(text: str) -> str:
    """The text in NFKC.

    Without the common wide marks most texts already are, which is found out at once: 0.005 ms for
    0.12 ms. NFKC takes every character apart first, so it is the same of a text with some of them replaced.
    """
    for mark, plain in _WIDE.items():
        text = text.replace(mark, plain)
    return unicodedata.normalize("NFKC", text)


def _bare(normal: str) -> str:
    return _WORDLESS.sub("", normal).lower()


def readable(article: Article) -> str:
    """The words of the article that are its own, one block a line; pictures left out."""
    plain = [block.plain for block in article.blocks if block.type is not BlockType.IMAGE]
    return "\n".join(filter(None, plain))


def clauses(text: str) -> Iterator[str]:
    """The clauses of a text, in order, as `letters`; empty ones left out."""
    yield from filter(None, _marked(normalized(text)).lower().split("\n"))


def _marked(normal: str) -> str:
    """The letters of a normalized text, in the case as written, with a line break between clauses."""
    return _WORDLESS_IN_CLAUSE.sub("", _CLAUSE_END.sub("\n", normal))


def sentences(text: str) -> list[str]:
    """The sentences of a text as written, in order."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def terms(text: str) -> set[str]:
    """Quoted names and figures with their unit: what a rewritten article still says."""
    return _terms(text, normalized(text))


def _terms(text: str, normal: str) -> set[str]:
    found = {letters(match[1]) for match in _QUOTED.finditer(text)}
    return found | {_bare(match[1]) for match in _FIGURE.finditer(normal)}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The trace of one article: hash of its letters, how many there are, and its keys."""

    digest: bytes
    """16 bytes, the same for the same letters in the same order."""
    size: int
    """Number of letters."""
    keys: tuple[int, ...]
    """Keys for the index, each 0 to 2**63 - 1 (it fits a signed 64-bit column), ascending."""

    def to_bytes(self) -> bytes:
        """The fingerprint as at most 480 bytes."""
        return struct.pack(f"<16sI{len(self.keys)}q", self.digest, self.size, *self.keys)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Fingerprint":
        """The fingerprint that `to_bytes` wrote; raises ValueError for anything else."""
        count, rest = divmod(len(raw) - 20, 8)
        if count < 0 or rest:
            raise ValueError("not the bytes of a fingerprint")
        digest, size, *keys = struct.unpack(f"<16sI{count}q", raw)
        return cls(digest, size, tuple(keys))


def fingerprint(article: Article, formulas: Formulas = NO_FORMULAS) -> Fingerprint:
    """The fingerprint of an article's blocks; its title, unit and date do not count."""
    text = readable(article)
    normal = normalized(text)
    marked = _marked(normal)
    plain = marked.replace("\n", "").lower()
    digest = hashlib.blake2b(plain.encode(), digest_size=16).digest()
    said = (clause for clause in set(marked.lower().split("\n")) if len(clause) >= CLAUSE_SHORTEST)
    kept, shared = _smallest("c", said, CLAUSE_KEYS, lambda clause: formulas.covered(clause) < FORMULA_SHARE)
    named, _ = _smallest("t", _terms(text, normal), TERM_KEYS, lambda term: not formulas.covered(term))
    whole = int.from_bytes(digest[:8], "big") >> 1
    return Fingerprint(digest, len(plain), tuple(sorted({whole, *(kept + shared)[:CLAUSE_KEYS], *named})))


def _smallest(kind: str, texts: Iterable[str], most: int, own: Callable[[str], bool]) -> tuple[list[int], list[int]]:
    """The `most` smallest keys of texts that are the article's own, and those of the others before them.

    No more texts are asked about than it takes: half the clauses, a third of the terms.
    """
    kept: list[int] = []
    others: list[int] = []
    for key, text in sorted((_key(kind, text), text) for text in texts):
        if len(kept) == most:
            break
        (kept if own(text) else others).append(key)
    return kept, others


def band_keys(trace: Fingerprint) -> tuple[int, ...]:
    """The keys under which the index files the article."""
    return trace.keys


def _key(kind: str, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{kind}{text}".encode(), digest_size=8).digest(), "big") >> 1


def shared_keys(one: Iterable[int], other: Iterable[int]) -> int:
    """How many keys two fingerprints have in common."""
    return len(set(one) & set(other))
