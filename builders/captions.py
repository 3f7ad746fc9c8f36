"""Captions of tables and pictures: one that takes more than a line is broken between words."""

from builders.ooxml import markup as ml
from builders.style import HouseStyle
from builders.titles import fill_lines
from builders.widths import set_width

_SPARE = 0.4
"""In characters: less than any that the next line could lend, more than roundings take."""


def caption_lines(text: str, size: float, style: HouseStyle) -> tuple[str, ...]:
    """The lines of a caption in type of that size."""
    return fill_lines(text, style.page.text_width / (size + style.body.tracking), 0.0)


def caption(kind: str, text: str, size: float, style: HouseStyle) -> str:
    """The paragraph of a caption in the style `kind`.

    No line break says where its lines end, which would part it for whoever reads the file, but its width:
    as much as the first line takes. What does not fit so is wrapped as it comes.
    """
    first, *others = caption_lines(text, size, style)
    character = size + style.body.tracking
    wide = set_width(first.rstrip()) + _SPARE
    if not others or any(set_width(line.rstrip()) > wide for line in others):
        return ml.paragraph(kind, ml.run(text))
    side = max(0.0, style.page.text_width - wide * character) / 2
    return ml.paragraph(kind, ml.run(text), ml.indent(left=side, right=side))
