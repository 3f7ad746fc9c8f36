"""The facts of a short notice: its days, its figures, the titles and names it quotes.

5月8日，38名青年共读《之江新语》 -> {"5月8日", "38", "之江新语"}

Of a notice of four lines that was written anew no sentence is left, but what happened is still the same.
"""

import re

from bulletin.fingerprint import letters, normalized
from bulletin.text import chinese_number

NOTICE = 200
"""Letters of the longest notice: with more text more facts agree by chance, and a version has whole sentences left."""
LEAST_FACTS = 3
"""Facts that two notices of one event have in common at the least, all that the one with fewer tells. Of the 27 966
pairs of 237 written training articles one has three in common and 18 have two, none of them all."""
LEAST_NUMBERS = 2
"""... and so many of them days and figures: books and slogans are common to many."""
LEAST_FIGURE = 10
"""Smaller numbers say little: 三点意见, 五名同志 stand everywhere."""
PAIRS_SHARED = 0.3
"""Share of the pairs of letters of the shorter that the longer has: four notices rewritten by hand have .43 to .67, of
the pairs of written training articles 99 in 100 have less than .19."""

_NUMERAL = "零〇一二三四五六七八九十百千"
_NUMERAL_FIRST = f"{_NUMERAL}两0123456789"
# Of letters without their punctuation: 之一。九月三日 is no nineteenth month.
_DAY = re.compile(
    r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月([12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
# 2024年 and 二十届 say when the text was written, not what it tells.
_YEAR = re.compile(rf"(?:19|20)\d\d年|[{_NUMERAL}]+[届大]")
_FIGURE = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,4}})?|[{_NUMERAL}]{{2,9}})([万亿]?)")
_QUOTED = re.compile(r"[“「『\"《]([^“”「」『』\"《》，。；\n]{3,24})[”」』\"》]")


def days(text: str) -> list[str]:
    """The days that a text names, in order, as 5月8日, whichever numerals it writes them in."""
    return [f"{chinese_number(month)}月{chinese_number(day)}日" for month, day in _DAY.findall(text)]


def facts(text: str) -> frozenset[str]:
    """The days, the figures from LEAST_FIGURE on and the quoted names of a text, each in one spelling."""
    plain = normalized(text)
    # “四个意识” and the like are formulas.
    named = {letters(match) for match in _QUOTED.findall(plain) if match[0] not in _NUMERAL_FIRST}
    rest = _YEAR.sub("年", _DAY.sub("日", _QUOTED.sub("", plain)))
    return frozenset({*named, *days(plain), *filter(None, map(_figure, _FIGURE.findall(rest)))})


def _figure(found: tuple[str, str]) -> str:
    number, unit = found
    value = float(number) if number[0].isdigit() else chinese_number(number)
    return f"{value:.13g}{unit}" if value is not None and (unit or value >= LEAST_FIGURE) else ""


def same_notice(one: str, other: str) -> bool:
    """Whether two short texts tell the same facts, in words of their own."""
    if max(len(one), len(other)) > 2 * NOTICE:
        return False
    plain = letters(one), letters(other)
    if max(map(len, plain)) > NOTICE:
        return False
    few, many = sorted((facts(one), facts(other)), key=len)
    if len(few) < LEAST_FACTS or not few <= many or sum(fact[0] in _NUMERAL_FIRST for fact in few) < LEAST_NUMBERS:
        return False
    small, large = sorted(map(_pairs, plain), key=len)
    return len(small & large) >= PAIRS_SHARED * len(small)


def _pairs(plain: str) -> set[str]:
    return set(map(str.__add__, plain, plain[1:]))
