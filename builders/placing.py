"""Where a picture goes that the rest of its page does not hold, so that it leaves no hole there.

As a typesetter does it: a picture that nearly fits is made a little smaller and stays where the text has it. Else the
text that follows flows up before it, whole paragraphs of the same part, and the picture stands behind the one that
reaches the next page; 图1 in its caption still says what it belongs to. No heading, table or other picture is passed,
nor the last lines above a signature. Where a heading follows at once, the picture may be made smaller still.

A picture that went down is marked in the DOCX where it came from, so that it reads back in its own place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulletin.model import Block, BlockType, Role

HOLE = 3.0
"""In lines of the grid: less than this at the foot of a page is no hole."""
LEAST = 0.75
"""Of its size: a picture made smaller than this among others of full size would look wrong, and faces grow too small."""
SMALLEST = 0.6
"""The same where no text can flow up."""
TRIES = 3
"""How often a picture that went down is asked again whether the page that it comes to holds it."""
_SPARE = 2.0
"""In pt: so much more than needed a picture is made smaller, so that it fits with other fonts too."""
_STAYS = (Role.SIGNATURE, Role.DATE, Role.NOTE, Role.KEYWORDS)


@dataclass(frozen=True)
class Place:
    """A picture's size, of that which it would have, and the index of the block behind which it stands; -1: it stays."""

    shrink: float = 1.0
    behind: int = -1


Places = Mapping[int, Place]
"""The pictures of an article that do not stand as they come, by the index of their block."""


def placed(
    room: float, picture: float, around: float, passed: Iterable[tuple[int, float]], grid: float
) -> Place | None:
    """Where a picture goes when so much of the page is left, all in pt; None where it stays as it is.

    `around` is what its blanks and caption take. `passed` are the blocks that may go before it, with their heights.
    """
    if picture + around <= room or room < HOLE * grid:
        return None
    shrink = (room - around - _SPARE) / picture
    if shrink >= LEAST:
        return Place(shrink=shrink)
    left, behind = room, -1
    for at, height in passed:
        left, behind = left - height, at
        if left <= 0:
            break
    if left >= HOLE * grid and shrink >= SMALLEST:
        return Place(shrink=shrink)
    return Place(behind=behind) if behind >= 0 else None


def passable(blocks: Sequence[Block], order: Sequence[int]) -> Iterator[int]:
    """Of the blocks in that order, those at its beginning that may go before a picture."""
    for at, following in zip(order, [*order[1:], -1], strict=False):
        block = blocks[at]
        plain = block.type is BlockType.PARAGRAPH and block.role in (Role.BODY, Role.QUOTE) and not block.lead
        if not plain or not block.text or (following >= 0 and blocks[following].role in _STAYS):
            return
        yield at


def in_order(count: int, places: Places) -> list[int]:
    """The indices of so many blocks as they are set."""
    order = list(range(count))
    for at, found in places.items():
        if found.behind >= 0:
            order.remove(at)
            order.insert(order.index(found.behind) + 1, at)
    return order
