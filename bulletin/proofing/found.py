"""What a rule finds in one line of text."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bulletin.model import HintLevel
from bulletin.proofing.lexicon import Lexicon


class Found(NamedTuple):
    """A place in a line with what is wrong there and what to write instead (empty where nothing is sure)."""

    rule: str
    level: HintLevel
    start: int
    end: int
    suggestion: str
    message: str


LineRule = Callable[[str, Lexicon], Iterator[Found]]
"""A rule that looks at one line (title, heading or paragraph) alone."""

MUST, LIKELY, NOTE = HintLevel.MUST, HintLevel.LIKELY, HintLevel.NOTE
