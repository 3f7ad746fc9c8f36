"""The pieces of a title that stay whole: words, quotations, 书名号, numbers with their measure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from builders.widths import width

# Spans in which no line ends, unless they are longer than LONGEST_SPAN. Earlier ones win.
_WHOLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"《[^《》]*》"), "n"),  # 《求是》
    (re.compile(r"“[^“”]*”"), "n"),  # “第一议题”
    (re.compile(r"‘[^‘’]*’"), "n"),
    (re.compile(r"（[^（）]*）"), "n"),  # （试行）
    (re.compile(r"第[一二三四五六七八九十百千零〇两0-9]+[届次期批个条号轮季]?"), "m"),  # 第二十届
    (re.compile(r"[0-9]+(?:[.,:][0-9]+)*[%％]?[多余]?[万亿]?(?:周年|公里|[年月日个项条件家次名人元期号级周天届场]){0,1}"
                r"(?:[0-9]+[月日])*"), "m"),  # 2024年12月10日, 3.5万人, 12.5%
    (re.compile(r"[A-Za-z][A-Za-z0-9+\-.&/]*"), "n"),  # APP
    (re.compile(r"[一二三四五六七八九十两百千万]+(?:周年|[个项大条届次期年月日])"), "m"),  # 三大, 十项
    (re.compile(r"理论学习中心组|党的[一二三四五六七八九十]+大|[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会"), "n"),
    (re.compile(r"党的建设|高质量发展|工作会议|座谈会精神|会议精神|讲话精神|指示精神|领导班子|领导干部|党员干部"), "n"),
)  # fmt: skip
LONGEST_SPAN = 14.0
"""In characters: a longer quotation may part between words; whole, it would leave a line too short."""

_NO_START = set("，。、；：！？）》”’】〕〉%％…—·～")
_PARTICLES = set("的了着过们等之地得中上下内里")
"""Words of one character that belong to what stands before them (实践中; but 中央 may begin a line)."""
_NO_END = set("（《“‘【〔〈—·第")

Tagger = Callable[[str], Sequence[tuple[str, str]]]
"""Cuts Chinese into (word, part of speech in the tags of ICTCLAS: n, v, vn, a, d, p, c, uj ...)."""


@dataclass(frozen=True)
class Unit:
    text: str
    first: str
    """Part of speech of its first word."""
    last: str


@cache
def rjieba_tagger() -> Tagger:
    try:
        import rjieba
    except ImportError:
        return _single

    def tagged(text: str) -> Sequence[tuple[str, str]]:
        try:
            words: Sequence[tuple[str, str]] = rjieba.tag(text)
            return words
        except UnicodeEncodeError:  # half of a surrogate pair
            return _single(text)

    return tagged


def _single(text: str) -> Sequence[tuple[str, str]]:
    return [(char, "x") for char in text]


def units_of(text: str, longest: float, tagger: Tagger) -> list[Unit]:
    """The pieces of the text that stay whole, blanks at the end of the piece before them."""
    pieces: list[Unit] = []
    at = 0
    for start, end, kind in _spans(text, longest):
        pieces += _tagged(text[at:start], longest, tagger)
        pieces.append(Unit(text[start:end], kind, kind))
        at = end
    pieces += _tagged(text[at:], longest, tagger)
    units: list[Unit] = []
    for piece in pieces:
        clings = piece.text[0] in _NO_START or piece.text in _PARTICLES or piece.text.isspace()
        if units and (clings or units[-1].text[-1] in _NO_END):
            last = units.pop()
            piece = Unit(last.text + piece.text, last.first, piece.last)
        units.append(piece)
    return units


def _spans(text: str, longest: float) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    for pattern, kind in _WHOLE:
        for match in pattern.finditer(text):
            start, end = match.span()
            free = all(end <= other or start >= stop for other, stop, _ in taken)
            if free and width(match.group()) <= min(LONGEST_SPAN, longest):
                taken.append((start, end, kind))
    return sorted(taken)


def _tagged(text: str, longest: float, tagger: Tagger) -> Iterator[Unit]:
    for word, tag in tagger(text) if text else ():
        if width(word) <= longest:
            yield Unit(word, tag, tag)
        else:
            yield from (Unit(char, tag, tag) for char in word)
