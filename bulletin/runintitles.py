"""Titles run into the first paragraph of their text: set in bold before it, or parted from it by a gap.

    **云江市扎实推进学习型机关建设**　近日，云江市……

Bold words open the paragraphs of one article too. Those stand under a title of their own, where here nothing but
a cover stands above the first; and under two thirds of titles the text opens as articles do (`alike.OPENS`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bulletin.alike import OPENS
from bulletin.heads import Kind, kind_of
from bulletin.openings import cover
from bulletin.text import is_han
from bulletin.titlesigns import is_label, is_part

SHORTEST, LONGEST = 8, 60
"""Chinese characters that such a title has at least, and characters that it has at most: 会议强调 is none."""
TEXT = 30
"""Characters that follow it at least."""
OPENED = 2 / 3
"""Share of them whose text opens as articles do."""
_GAP = re.compile(r"[ \u3000\t]*(?:[ \t]{2}|\u3000)[ \u3000\t]*")
_ABOVE = (Kind.DATE, Kind.SECTION, Kind.UNIT, Kind.BYLINE)
_LINES = 3
"""Such lines at most, under a cover or without one."""


class Cut(NamedTuple):
    """Where a paragraph is cut: its title ends before `end`, its text begins at `begin`."""

    end: int
    begin: int


def cuts(texts: Sequence[str], bold: Mapping[int, int]) -> dict[int, Cut]:
    """The paragraphs that open with a title, by their index; none where they are the parts of one article.

    `bold` is how many characters at the beginning of a paragraph are set in bold, where the rest is not.
    """
    found = {index: cut for index, text in enumerate(texts) if (cut := _cut(text, bold.get(index, 0)))}
    if not found or not _is_top(texts[: min(found)]):
        return {}
    opened = sum(OPENS.match(texts[index], cut.begin) is not None for index, cut in found.items())
    return found if opened >= OPENED * len(found) else {}


def _is_top(above: Sequence[str]) -> bool:
    """Whether nothing but a cover stands in the lines."""
    lines = [line.strip() for line in above if line.strip()]
    left = lines[cover(lines) :]
    return len(left) <= _LINES and all(is_label(line) or kind_of(line) in _ABOVE for line in left)


def _cut(text: str, bold: int) -> Cut | None:
    """Where its title ends and its text begins, in a paragraph that could open with one."""
    if bold:
        words = text[:bold].rstrip("。 \u3000\t")
        rest = text[len(words) :].lstrip("。 \u3000\t")
        begin = len(text) - len(rest)
        return Cut(len(words), begin) if _is_title(words) and _is_text(rest) else None
    for gap in _GAP.finditer(text, SHORTEST, LONGEST + 2):
        words, rest = text[: gap.start()], text[gap.end() :]
        if "，" not in words and _is_title(words) and _is_text(rest) and OPENS.match(rest) and not OPENS.match(words):
            return Cut(gap.start(), gap.end())
    return None


def _is_title(words: str) -> bool:
    enough = len(words) <= LONGEST and sum(map(is_han, words)) >= SHORTEST
    if not enough or kind_of(words) is not Kind.TITLE:
        return False
    return not (is_part(words.strip()) or is_label(words) or words.rstrip().endswith(("讯", "电")))


def _is_text(rest: str) -> bool:
    """Whether it is running text, and not the other half of a title."""
    return len(rest) >= TEXT and "，" in rest and re.search("[。！？；]", rest) is not None
