"""The articles of an issue as paragraphs, tables and pictures."""

from collections.abc import Iterator, Mapping, Sequence

from builders.front import broken, chinese_date, editor_note
from builders.ooxml import markup as ml
from builders.ooxml.package import Media
from builders.pictures import Picture, fitted
from builders.style import HouseStyle
from builders.tables import table
from builders.titles import break_title
from builders.widths import set_width
from bulletin.footnotes import Anchor, anchors
from bulletin.model import Block, BlockType, Entry, Role

Marks = Sequence[tuple[Anchor, str]]
"""Where marks of footnotes stand in a block, and the notes."""

_PARAGRAPHS = {
    Role.BODY: "",
    Role.SUBTITLE: "Subtitle",
    Role.BYLINE: "Byline",
    Role.KEYWORDS: "Keywords",
    Role.SIGNATURE: "Signed",
    Role.DATE: "SignedOn",
    Role.NOTE: "NoteText",
    Role.QUOTE: "Quotation",
}


class Articles:
    """Writes articles; it keeps count of pictures, which are numbered through the file."""

    def __init__(self, style: HouseStyle, pictures: Mapping[str, Picture], media: Media) -> None:
        self._style = style
        self._pictures = pictures
        self._media = media
        self._drawn = 0
        self.notes: list[str] = []
        """The footnotes so far; a footnote's number is its place here, from 1."""

    def article(
        self, entry: Entry, mark: str, number: int, *, first: bool, dated: bool = False, look: str = ""
    ) -> Iterator[str]:
        """Title to last block, under the bookmark `mark` with the id `number`.

        `first`: right under the name of a section or at the top of a page. `dated`: the date is printed too.
        """
        style, grid = self._style.title, self._style.page.line
        date = f"（{chinese_date(entry.date)}）" if dated and entry.date else ""
        byline = "　".join(part for part in (entry.unit, entry.author) if part)
        below = [
            (kind, text) for kind, text in (("Subtitle", entry.subtitle), ("Byline", byline), ("Byline", date)) if text
        ]
        title = ml.bookmark(mark, number, broken(break_title(entry.title, self._style.title_room)))
        before = 0 if first else style.before * grid
        yield ml.paragraph(
            "Heading2", title, look + ml.spacing(before, 0 if below else style.after * grid, style.line * grid)
        )
        for kind, text in below:
            yield ml.paragraph(kind, ml.run(text))
        if below:
            yield ml.gap(style.after * grid)
        yield from editor_note(entry.note, self._style)
        yield from self.blocks(entry.blocks)

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        """The blocks in their order; each knows what follows: a signature its date, the last lines their signature."""
        marked = anchors(blocks)
        for at, block in enumerate(blocks):
            if at in marked:
                continue
            marks = [(anchor, blocks[note].text) for note, anchor in marked.items() if anchor.block == at]
            following = blocks[at + 1].role if at + 1 < len(blocks) else Role.BODY
            if block.type is BlockType.HEADING:
                yield ml.paragraph(f"Heading{min(max(block.level, 1), 4) + 2}", self._text(block.text, 0, marks))
            elif block.type is BlockType.TABLE:
                yield from table(block, self._style)
            elif block.type is BlockType.IMAGE:
                yield from self._picture(block)
            elif block.role is Role.SIGNATURE and following is Role.DATE:
                yield from self._signed(block.text, blocks[at + 1].text)
            elif block.text and not (block.role is Role.DATE and at and blocks[at - 1].role is Role.SIGNATURE):
                yield self._paragraph(block, ml.KEEP_NEXT if following is Role.SIGNATURE else "", marks)

    def _text(self, text: str, begin: int, marks: Marks, look: str = "") -> str:
        """Runs of a text that begins so far into its block, the marks of footnotes in it."""
        parts, at = [], 0
        for (_, start), note in sorted(marks):
            if begin <= start < begin + len(text):
                self.notes.append(ml.paragraph("FootnoteText", ml.note_number() + ml.run(note[1:])))
                parts += [ml.run(text[at : start - begin], look), ml.note_reference(len(self.notes))]
                at = start - begin + 1
        return "".join((*parts, ml.run(text[at:], look)))

    def _paragraph(self, block: Block, look: str, marks: Marks) -> str:
        lead, rest = block.text[: block.lead], block.text[block.lead :]
        face = self._style.fonts
        if lead:
            level = ml.styled(f"Lead{min(max(block.level, 1), 4)}")
            content = self._text(lead, 0, marks, level) + self._text(rest, block.lead, marks)
        elif block.role is Role.KEYWORDS and "：" in block.text[:6]:
            label, colon, words = block.text.partition("：")
            content = ml.run(label + colon, ml.fonts(face.hei)) + ml.run(words)
        else:
            content = self._text(block.text, 0, marks)
        return ml.paragraph(_PARAGRAPHS[block.role], content, look)

    def _signed(self, name: str, date: str) -> Iterator[str]:
        """Name and date (GB/T 9704 7.3.5.2): two characters right of the name's first the date's first stands,
        and the longer of the two ends two characters before the edge."""
        character = self._style.character
        room = self._style.page.text_width / character - self._style.body.signature_right
        left = max(0.0, min(room - set_width(name), room - set_width(date) - 2))
        flush = ml.aligned("left")
        yield ml.paragraph("Signed", ml.run(name), ml.indent(left=left * character) + flush)
        yield ml.paragraph("SignedOn", ml.run(date), ml.indent(left=(left + 2) * character) + flush)

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
