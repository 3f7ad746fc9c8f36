"""The articles of an issue as paragraphs, tables and pictures."""

from collections.abc import Iterator, Mapping, Sequence

from builders.front import editor_note
from builders.ooxml import markup as ml
from builders.ooxml.package import Media
from builders.pictures import Picture, fitted
from builders.style import HouseStyle
from builders.tables import table
from builders.titles import break_title, set_width
from bulletin.model import Block, BlockType, Entry, Role

_PARAGRAPHS = {
    Role.BODY: "",
    Role.SUBTITLE: "Subtitle",
    Role.BYLINE: "Byline",
    Role.KEYWORDS: "Keywords",
    Role.SIGNATURE: "Signature",
    Role.DATE: "Date",
    Role.NOTE: "FootnoteText",
    Role.QUOTE: "Quote",
}


class Articles:
    """Writes articles; it keeps count of pictures, which are numbered through the file."""

    def __init__(self, style: HouseStyle, pictures: Mapping[str, Picture], media: Media) -> None:
        self._style = style
        self._pictures = pictures
        self._media = media
        self._drawn = 0

    def article(self, entry: Entry, mark: str, number: int, *, first: bool, look: str = "") -> Iterator[str]:
        """Title to last block. `first` is true right under the name of a section."""
        grid = self._style.page.line
        yield self._title(entry, mark, number, before=0 if first else self._style.title.before * grid, look=look)
        below = [line for line in (entry.subtitle,) if line]
        for line in below:
            yield ml.paragraph("Subtitle", ml.run(line))
        byline = "　".join(part for part in (entry.unit, entry.author) if part)
        if byline:
            yield ml.paragraph("Byline", ml.run(byline))
        if self._has_lines_below(entry):
            yield ml.gap(self._style.title.after * grid)
        yield from editor_note(entry.note, self._style)
        yield from self.blocks(entry.blocks)

    def _has_lines_below(self, entry: Entry) -> bool:
        return bool(entry.subtitle or entry.unit or entry.author)

    def _title(self, entry: Entry, mark: str, number: int, *, before: float, look: str) -> str:
        style = self._style.title
        grid = self._style.page.line
        lines = break_title(entry.title, style.longest)
        after = 0 if self._has_lines_below(entry) else style.after * grid
        return ml.paragraph(
            "Heading2",
            ml.bookmark(mark, number, broken(lines)),
            look + ml.spacing(before, after, style.line * grid),
        )

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        """The blocks in their order; each knows what follows: a signature its date, the last lines their signature."""
        for at, block in enumerate(blocks):
            following = blocks[at + 1].role if at + 1 < len(blocks) else Role.BODY
            if block.type is BlockType.HEADING:
                yield ml.paragraph(f"Heading{min(max(block.level, 1), 4) + 2}", ml.run(block.text))
            elif block.type is BlockType.TABLE:
                yield from table(block, self._style)
            elif block.type is BlockType.IMAGE:
                yield from self._picture(block)
            elif block.role is Role.SIGNATURE and following is Role.DATE:
                yield from self._signed(block.text, blocks[at + 1].text)
            elif block.text and not (block.role is Role.DATE and at and blocks[at - 1].role is Role.SIGNATURE):
                yield self._paragraph(block, ml.KEEP_NEXT if following is Role.SIGNATURE else "")

    def _paragraph(self, block: Block, look: str) -> str:
        lead, rest = block.text[: block.lead], block.text[block.lead :]
        face = self._style.fonts
        if lead:
            font = {1: face.hei, 2: face.kai}.get(block.level, face.body)
            bold = ml.BOLD if block.level > 2 and self._style.body.bold_run_in else ""
            content = ml.run(lead, ml.fonts(font) + bold) + ml.run(rest)
        elif block.role is Role.KEYWORDS and "：" in block.text[:6]:
            label, colon, words = block.text.partition("：")
            content = ml.run(label + colon, ml.fonts(face.hei)) + ml.run(words)
        else:
            content = ml.run(block.text)
        return ml.paragraph(_PARAGRAPHS[block.role], content, look)

    def _signed(self, name: str, date: str) -> Iterator[str]:
        """Name and date (GB/T 9704 7.3.5.2): two characters right of the name's first the date's first stands,
        and the longer of the two ends two characters before the edge."""
        character = self._style.character
        room = self._style.page.text_width / character - self._style.body.signature_right
        left = max(0.0, min(room - set_width(name), room - set_width(date) - 2))
        flush = ml.aligned("left")
        yield ml.paragraph("Signature", ml.run(name), ml.indent(left=left * character) + flush)
        yield ml.paragraph("Date", ml.run(date), ml.indent(left=(left + 2) * character) + flush)

    def _picture(self, block: Block) -> Iterator[str]:
        known = self._pictures.get(block.picture)
        if known is None:
            if block.text or block.alt:
                yield ml.paragraph("PictureCaption", ml.run(block.text or block.alt))
            return
        self._drawn += 1
        relation = self._media.add(block.picture, known.content, known.suffix)
        size = fitted(known, self._style)
        yield ml.paragraph("Picture", ml.picture(relation, self._drawn, *size, block.alt or block.text or "图片"))
        if block.text:
            yield ml.paragraph("PictureCaption", ml.run(block.text))


def broken(lines: Sequence[str]) -> str:
    """Runs with a line break between the lines.

    A blank of the title at which a line ends stays, a point high, before the break: so a reader
    knows which breaks replace a blank and which do not.
    """
    parts = []
    for at, line in enumerate(lines):
        if at:
            parts.append(ml.line_break())
        text = line.rstrip()
        parts.append(ml.run(text))
        if at + 1 < len(lines):
            parts.append(ml.run(line[len(text) :], ml.sized(1)))
    return "".join(parts)
