"""How wide text is, in full characters."""

import re
import unicodedata
from functools import lru_cache

_CHINESE = re.compile(r"[一-鿿、。，：；！？“”《》]*")
_LATIN = re.compile(r"[0-9A-Za-z]")
_SEAM = re.compile(r"[0-9A-Za-z](?=[一-鿿㐀-䶿])|[一-鿿㐀-䶿](?=[0-9A-Za-z])")


def width(text: str) -> float:
    """How many full characters wide the text is: half for Latin letters, figures and blanks."""
    if _CHINESE.fullmatch(text):
        return float(len(text))
    return sum(1.0 if is_wide(char) else 0.5 for char in text)


@lru_cache(maxsize=4096)
def set_width(text: str) -> float:
    """The same as it is set: with the quarter blank between Chinese and figures or letters.

    Remembered, for titles are made of the same words.
    """
    seams = len(_SEAM.findall(text)) if _LATIN.search(text) else 0
    return width(text) + 0.25 * seams


def is_wide(char: str) -> bool:
    """Whether the character takes a full square in a Chinese font."""
    return char > "\u007f" and unicodedata.east_asian_width(char) in "WFA"
