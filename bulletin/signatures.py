"""What the end of an article says of who wrote it and when: signature and date, or a line in brackets."""

import re
from collections.abc import Sequence
from datetime import date

from bulletin.heads import read_signed
from bulletin.model import Block, Role
from bulletin.text import BLANK, find_date, is_unit

_SIGNED = re.compile(
    rf"[（(]{BLANK}*(?:作者(?:单位)?|执笔人?|供稿|撰稿|来源|摘自|通讯员|记者|原载)(?P<rest>[^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]"
)
_SENT_IN = re.compile(rf"[（(]{BLANK}*(?P<who>[^（）()\s]{{3,40}}?)(?:供稿|报送|提供){BLANK}*[）)]")
"""（清河县委宣传部供稿）: the unit stands before the word."""
UNIT_BEHIND = 50
"""Characters at the end of the last paragraph among which the unit stands in brackets."""
_BEHIND = re.compile(rf"[。！？”][（(](?P<who>[^（）()\s]{{3,40}})(?:供稿|报送)?[）)]{BLANK}*$")
"""……形成良好氛围。（清河县委宣传部）: behind the last sentence."""


def signature(blocks: Sequence[Block]) -> tuple[str, date | None]:
    """Unit and date as signed at the end."""
    unit, day = "", None
    for block in blocks:
        if block.role is Role.SIGNATURE:
            unit = unit or block.text.strip()
        elif block.role is Role.DATE:
            day = find_date(block.text)
        elif block.role is Role.BYLINE and (signed := read_signed(block.text)):
            unit, day = unit or signed.unit, signed.date
        elif block.role is Role.BYLINE and (sender := _sent_in(block.text) or bracketed_unit(block.text)):
            unit = unit or sender
        elif block.role is Role.BYLINE and (match := _SIGNED.fullmatch(block.text.strip())):
            named = match["rest"].strip("：: ")
            unit = unit or (named if is_unit(named) else "")
    last = blocks[-1].text.rstrip()[-UNIT_BEHIND:] if blocks and not unit else ""
    if last[-1:] in ("）", ")") and (match := _BEHIND.search(last)) and is_unit(match["who"]):
        unit = match["who"]
    return unit, day


def names_author(text: str) -> bool:
    """Whether a line in brackets says who wrote the article, by a word that means it."""
    return _SIGNED.fullmatch(text) is not None or _sent_in(text) != ""


def _sent_in(text: str) -> str:
    """The unit that a line says has sent the article in, or nothing."""
    match = _SENT_IN.fullmatch(text.strip())
    return match["who"] if match and is_unit(match["who"]) else ""


def bracketed_unit(text: str) -> str:
    """The unit that is all of a line in brackets, （竹山镇党委）, or nothing."""
    line = text.strip()
    return line[1:-1] if line[:1] in "（(" and line[-1:] in "）)" and is_unit(line[1:-1]) else ""
