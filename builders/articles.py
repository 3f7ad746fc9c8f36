"""The articles of an issue as paragraphs, tables and pictures."""

from collections.abc import Container, Iterator, Mapping, Sequence, Set

from builders.captions import caption
from builders.front import broken, chinese_date, editor_note, own_label
from builders.linebreaks import count_lines
from builders.ooxml import markup as ml
from builders.ooxml.package import Media
from builders.pictures import Picture, fitted
from builders.placing import Place, Places, in_order
from builders.style import HouseStyle
from builders.tables import table
from builders.titles import break_title
from builders.widths import set_width
from bulletin.footnotes import Anchor, anchors
from bulletin.model import Block, BlockType, Entry, Role

KEPT = 8
"""Lines of the longest paragraph that goes to the next page with the signature under it."""
KEPT_ABOVE_NOTES = 3
"""The same where notes or keywords, which go too, stand between them: more would leave too large a hole."""
Marks = Sequence[tuple[Anchor, str]]
"""Where marks of footnotes stand in a block, and the notes; "" for one that stands under the text."""

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

    def __init__(
        self,
        style: HouseStyle,
        pictures: Mapping[str, Picture],
        media: Media,
        places: Mapping[int, Places] | None = None,
        noted: Container[int] = (),
    ) -> None:
        """`places` are the pictures of each article, from 0, that do not stand as they come (builders.placing).

        `noted` are the articles whose notes stand under their text and not at the foot of their pages.
        """
        self._style = style
        self._pictures = pictures
        self._media = media
        self._places = places or {}
        self._drawn = 0
        self._moved = 0
        self._written = 0
        self._noted = noted
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
        yield from editor_note(entry.note, self._style, ml.NO_WIDOW)
        marked = anchors(entry.blocks)
        under = frozenset(marked) if self._written in self._noted else frozenset()
        yield from self.blocks(entry.blocks, self._places.get(self._written, {}), marked, under)
        self._written += 1

    def blocks(
        self, blocks: Sequence[Block], places: Places, marked: Mapping[int, Anchor], under: Set[int]
    ) -> Iterator[str]:
        """The blocks in their order; each knows what follows: a signature its date, the last lines their signature.

        `marked` are the notes and their marks; those `under` the text stand where they come, their marks in the text raised.
        """
        names = self._names(places)
        # The block that now stands where a picture was says so.
        origins = {
            next(at for at in range(moved + 1, len(blocks)) if at not in marked): names[moved] for moved in names
        }
        for at in in_order(len(blocks), places):
            block = blocks[at]
            if at in marked and at not in under:
                continue
            marks = _marks(blocks, at, marked, under)
            following = blocks[at + 1].role if at + 1 < len(blocks) else Role.BODY
            if block.type is BlockType.HEADING:
                yield ml.paragraph(f"Heading{min(max(block.level, 1), 4) + 2}", self._text(block.text, 0, marks))
            elif block.type is BlockType.TABLE:
                yield from table(block, self._style)
            elif block.type is BlockType.IMAGE:
                yield from self._picture(block, places.get(at, Place()), names.get(at, 0))
            elif block.role is Role.SIGNATURE and following is Role.DATE:
                yield from self._signed(
                    (block.text, marks), (blocks[at + 1].text, _marks(blocks, at + 1, marked, under))
                )
            elif block.text and not (block.role is Role.DATE and at and blocks[at - 1].role is Role.SIGNATURE):
                look = self._bound(blocks, at) + ("" if at else ml.NO_WIDOW)
                yield self._paragraph(block, look, marks, ml.origin(origins[at]) if at in origins else "")

    def _names(self, places: Places) -> dict[int, int]:
        """A number for each picture that went down, by the index of its block."""
        moved = [at for at, found in places.items() if found.behind >= 0]
        self._moved += len(moved)
        return dict(zip(moved, range(self._moved - len(moved) + 1, self._moved + 1), strict=True))

    def _bound(self, blocks: Sequence[Block], at: int) -> str:
        """Kept with the signature under it, but for a long one: it would leave a hole on its page."""
        if signs_off(blocks, at):
            return ml.KEEP_NOTHING
        longest = kept_lines(blocks, at)
        room = self._style.page.text_width / self._style.character
        short = longest and longest >= count_lines(blocks[at].text, room, self._style.body.indent, self._style.square)
        return ml.KEEP_NEXT if short else ""

    def _text(self, text: str, begin: int, marks: Marks, look: str = "") -> str:
        """Runs of a text that begins so far into its block, the marks of footnotes in it."""
        parts, at = [], 0
        for (_, start), note in sorted(marks):
            if begin <= start < begin + len(text):
                mark = text[start - begin]
                parts += [ml.run(text[at : start - begin], look), self._mark(mark, note)]
                at = start - begin + 1
        return "".join((*parts, ml.run(text[at:], look)))

    def _mark(self, mark: str, note: str) -> str:
        """The mark of a footnote, or of a note that stands under the text."""
        if not note:
            return ml.run(mark, ml.styled("FootnoteReference"))
        content = ml.note_number() + ml.run(note[1:])
        self.notes.append(ml.paragraph("FootnoteText", ml.footnote(len(self.notes) + 1, content)))
        return ml.note_reference(len(self.notes))

    def _paragraph(self, block: Block, look: str, marks: Marks, before: str) -> str:
        lead, rest = block.text[: block.lead], block.text[block.lead :]
        face = self._style.fonts
        if lead:
            level = ml.styled(f"Lead{min(max(block.level, 1), 4)}")
            content = self._text(lead, 0, marks, level) + self._text(rest, block.lead, marks)
        elif label := own_label(block):
            content = self._text(block.text[:label], 0, marks, ml.fonts(face.hei))
            return ml.paragraph("EditorNote", before + content + self._text(block.text[label:], label, marks), look)
        elif block.role is Role.KEYWORDS and "：" in block.text[:6]:
            end = block.text.index("：") + 1
            content = self._text(block.text[:end], 0, marks, ml.fonts(face.hei))
            content += self._text(block.text[end:], end, marks)
        else:
            content = self._text(block.text, 0, marks)
        return ml.paragraph(_PARAGRAPHS[block.role], before + content, look)

    def _signed(self, name: tuple[str, Marks], date: tuple[str, Marks]) -> Iterator[str]:
        """Name and date (GB/T 9704 7.3.5.2): two characters right of the name's first the date's first stands,
        and the longer of the two ends two characters before the edge."""
        character = self._style.character
        room = self._style.page.text_width / character - self._style.body.signature_right
        left = max(0.0, min(room - set_width(name[0]), room - set_width(date[0]) - 2))
        flush = ml.aligned("left")
        yield ml.paragraph("Signed", self._text(name[0], 0, name[1]), ml.indent(left=left * character) + flush)
        yield ml.paragraph("SignedOn", self._text(date[0], 0, date[1]), ml.indent(left=(left + 2) * character) + flush)

    def _picture(self, block: Block, place: Place, name: int) -> Iterator[str]:
        """Picture and caption; `name` is the number of one that went down, else 0."""
        known, size = self._pictures.get(block.picture), self._style.picture.caption_size
        if known is None:
            if block.text or block.alt:
                yield caption("PictureCaption", block.text or block.alt, size, self._style)
            return
        self._drawn += 1
        relation = self._media.add(block.picture, known.content, known.suffix)
        width, height = (size * place.shrink for size in fitted(known, self._style))
        drawing = ml.picture(relation, self._drawn, width, height, block.alt or block.text or "图片")
        yield ml.paragraph("Picture", (ml.moved(name) if name else "") + drawing, ml.KEEP_NEXT if block.text else "")
        if block.text:
            yield caption("PictureCaption", block.text, size, self._style)


def _marks(blocks: Sequence[Block], at: int, marked: Mapping[int, Anchor], under: Set[int]) -> Marks:
    """The marks in that block, of the notes that are `marked`; those `under` the text have no footnote."""
    return [
        (anchor, "" if note in under else blocks[note].text)
        for note, anchor in marked.items() if anchor.block == at
    ]  # fmt: skip


def signs_off(blocks: Sequence[Block], at: int) -> bool:
    """Whether the block is a signature with neither a date nor another under it: the next title is not kept with it."""
    following = blocks[at + 1].role if at + 1 < len(blocks) else Role.BODY
    return blocks[at].role is Role.SIGNATURE and following not in (Role.SIGNATURE, Role.DATE)


def kept_lines(blocks: Sequence[Block], at: int) -> int:
    """Up to how many lines the block is kept with a signature below it; 0 where there is none."""
    longest = KEPT
    for block in blocks[at + 1 :]:
        if block.role is Role.SIGNATURE:
            return longest
        if block.role not in (Role.NOTE, Role.KEYWORDS):
            return 0
        if blocks[at].role not in (Role.NOTE, Role.KEYWORDS):
            longest = KEPT_ABOVE_NOTES
    return 0
