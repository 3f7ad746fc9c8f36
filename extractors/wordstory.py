"""A story of a Word document (body, text box, cell, note, header) -> its blocks in order."""

from collections.abc import Iterator

from bulletin.errors import TooLargeError
from bulletin.model import NEW_PAGE, Block, BlockType
from extractors.package import Element, W
from extractors.wordinline import MC, Line, Paragraph
from extractors.wordparts import Lost, Raw, Reading, captioned, is_empty, plain_text, put_back
from extractors.wordstyles import BODY_LEVEL, ParagraphStyle, is_on, number_of, to_level

MAX_COLUMNS = 64
"""A span beyond this is a slip of the program that wrote it: Word itself stops at 63 columns."""

MAX_CELLS = 1_000_000
"""Places in the grid of one table."""

LOOKED_AT = 200
"""Characters of the longest paragraph whose look is read: titles are shorter, and enough of the text is."""


class Story:
    """Reads one story; fields may run over its paragraphs."""

    def __init__(self, reading: Reading, part: str) -> None:
        self.reading = reading
        self.part = part
        self.fields: list[bool] = []
        """The open fields, innermost last: whether its result has begun."""
        self.hidden = False
        """Whether the style of the present paragraph hides its text."""

    @property
    def in_instruction(self) -> bool:
        """Whether what is read now is a field's instruction, which nobody sees."""
        return not all(self.fields)

    def inner(self, element: Element) -> list[Raw]:
        """The blocks of a story inside this one."""
        return Story(self.reading, self.part).read(element)

    def read(self, element: Element) -> list[Raw]:
        """The blocks below an element, in order; empty ones only where they carry something lost."""
        raws: list[Raw] = []
        paragraph: Paragraph | None = None
        for child in _content(element):
            if child.tag == f"{W}p":
                self.reading.count()
                paragraph = paragraph or Paragraph(self)
                style, outline = self._style(child)
                self.hidden = style.hidden
                paragraph.begin(self._label(child, style))
                paragraph.walk(child)
                if not _runs_on(child):
                    raws += self._blocks(paragraph, style, outline, child)
                    paragraph = None
            elif child.tag == f"{W}tbl":
                raws += self._table(child)
            elif child.tag == f"{W}sdt":
                raws += self._prompt(child)
            else:
                self.reading.warn("文件里插入了别的文档（altChunk），没有读出，请另存后再报送")
        if paragraph is not None:
            raws += self._blocks(paragraph, ParagraphStyle(), BODY_LEVEL)
        return put_back(captioned(_with_gaps(raws)))

    # ------------------------------------------------------------ paragraphs

    def _style(self, element: Element) -> tuple[ParagraphStyle, int]:
        """The style of a paragraph and its own outline level."""
        key = element.find(f"{W}pPr/{W}pStyle")
        style = self.reading.styles.paragraph("" if key is None else str(key.get(f"{W}val")))
        outline = element.find(f"{W}pPr/{W}outlineLvl")
        return style, style.outline if outline is None else to_level(outline.get(f"{W}val"))

    def _label(self, element: Element, style: ParagraphStyle) -> str:
        numbers = element.find(f"{W}pPr/{W}numPr")
        number_id, level = number_of(numbers) if numbers is not None else ("", None)
        numbering = self.reading.numbering
        if not number_id:
            number_id, level = style.number_id, style.number_level if level is None else level
            if number_id and style.number_level is None and level is None:
                level = numbering.level_of_style(number_id, style.number_style)
        return numbering.label(number_id, level or 0) if number_id not in ("", "0") else ""

    @staticmethod
    def _blocks(paragraph: Paragraph, style: ParagraphStyle, outline: int, element: Element | None = None) -> list[Raw]:
        raws: list[Raw] = []
        look, new_page = "", False
        for line in paragraph.finished():
            if element is not None and not raws and line.size <= LOOKED_AT:
                look, new_page = _look(element)
            gap = NEW_PAGE if line.on_new_page or (new_page and not raws) else 0
            own = Raw(
                _block(line, style, outline), tuple(line.lost), style.caption, tuple(line.marks), look, gap, line.bold
            )
            raws += [*line.before, own, *line.after]
        return raws

    @staticmethod
    def _prompt(element: Element) -> list[Raw]:
        """A block-level content control that nobody filled in."""
        text = plain_text(element)
        return [Raw(Block(), (Lost("placeholder", text),))] if text else []

    # ------------------------------------------------------------ tables

    def _table(self, element: Element) -> list[Raw]:
        """A table; the paragraphs of the cell if it has but one; pictures in it follow it."""
        cells = [[self._cell(cell) for cell in _items(row, "tc")] for row in _rows(element, kept=True)]
        flat = [cell for row in cells for cell in row]
        lost = [Lost("tracked-deletion", plain_text(row, f"{W}t", f"{W}delText")) for row in _rows(element, kept=False)]
        if len(flat) == 1:
            return [*flat[0].raws, Raw(Block(), tuple(lost))]
        lost += [Lost(item.rule, item.text) for cell in flat for raw in cell.raws for item in raw.lost]
        grid = [_row(element, row) for element, row in zip(_rows(element, kept=True), cells, strict=True)]
        width = max(map(len, grid), default=0)
        if width * len(grid) > MAX_CELLS:
            raise TooLargeError("表格太大", subject=self.reading.package.name)
        rows = tuple(tuple(row + [""] * (width - len(row))) for row in grid)
        described = element.find(f"{W}tblPr/{W}tblDescription")
        alt = "" if described is None else str(described.get(f"{W}val") or "").strip()
        block = Block(type=BlockType.TABLE, rows=rows, header_rows=_header_rows(element), alt=alt)
        pictures = [raw for cell in flat for raw in cell.raws if raw.block.type is BlockType.IMAGE]
        return [Raw(block, tuple(item for item in lost if item.text)), *pictures]

    def _cell(self, element: Element) -> "_Cell":
        self.reading.count()
        return _Cell(element, self.inner(element))


class _Cell:
    """A cell with its blocks, its place in the grid being the sum of the spans before it."""

    def __init__(self, element: Element, raws: list[Raw]) -> None:
        self.raws = raws
        span = element.find(f"{W}tcPr/{W}gridSpan")
        self.span = min(max(_number(span), 1), MAX_COLUMNS)

    @property
    def text(self) -> str:
        """The paragraphs of the cell, one a line; a table in it one row a line."""
        lines = []
        for raw in self.raws:
            if raw.block.type is BlockType.TABLE:
                lines += ["\t".join(cell.replace("\n", " ") for cell in row) for row in raw.block.rows]
            elif raw.block.text.strip():
                lines.append(raw.block.text.strip())
        return "\n".join(lines)


def _row(element: Element, cells: list[_Cell]) -> list[str]:
    """The texts of a row; a merged cell has its text in its first place and nothing in the others."""
    before = element.find(f"{W}trPr/{W}gridBefore")
    texts = [""] * min(max(_number(before), 0), MAX_COLUMNS)
    for cell in cells:
        texts += [cell.text, *[""] * (cell.span - 1)]
    return texts


def _header_rows(element: Element) -> int:
    """How many rows at the top are repeated on each page."""
    count = 0
    for row in _rows(element, kept=True):
        mark = row.find(f"{W}trPr/{W}tblHeader")
        if mark is None or not is_on(mark.get(f"{W}val")):
            break
        count += 1
    return count


def _rows(table: Element, *, kept: bool) -> list[Element]:
    """The rows of a table that tracked changes keep, or those that they delete."""
    return [row for row in _items(table, "tr") if (row.find(f"{W}trPr/{W}del") is None) == kept]


def _items(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, through content controls and other wrappers."""
    for child in element:
        if child.tag == f"{W}{tag}":
            yield child
        elif child.tag not in (f"{W}tbl", f"{W}p", f"{W}tc"):
            yield from _items(child, tag)


# ---------------------------------------------------------------- helpers


def _with_gaps(raws: list[Raw]) -> list[Raw]:
    """The raws that show or carry something, each knowing how many empty lines stand above it."""
    kept: list[Raw] = []
    gap = 0
    for raw in raws:
        if raw.lost or not is_empty(raw.block):
            kept.append(raw._replace(gap=gap + raw.gap) if gap else raw)
            gap = 0
        else:
            gap += raw.gap or 1
    return kept


def _look(element: Element) -> tuple[str, bool]:
    """How a paragraph is set (style, alignment, weight and size of its first words), and whether it opens a page."""
    style = alignment = bold = size = ""
    new_page = False
    for item in element:
        if item.tag == f"{W}pPr":
            for each in item:
                if each.tag == f"{W}pStyle":
                    style = str(each.get(f"{W}val"))
                elif each.tag == f"{W}jc" and each.get(f"{W}val") == "center":
                    alignment = "center"
                elif each.tag == f"{W}pageBreakBefore":
                    new_page = is_on(each.get(f"{W}val"))
        elif item.tag == f"{W}r" and item.find(f"{W}t") is not None:
            for each in item[0] if item[0].tag == f"{W}rPr" else ():
                if each.tag == f"{W}b" and is_on(each.get(f"{W}val")):
                    bold = "bold"
                elif each.tag == f"{W}sz":
                    size = str(each.get(f"{W}val"))
            break
    return " ".join((style, alignment, bold, size)), new_page


def _content(element: Element) -> Iterator[Element]:
    """The paragraphs and tables below an element, through wrappers; also unfilled controls and inserted files."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}altChunk", f"{W}subDoc") or _is_prompt(child):
            yield child
        elif child.tag != f"{MC}Fallback":  # repeats the choice beside it for older programs
            yield from _content(child)


def _is_prompt(element: Element) -> bool:
    if element.tag != f"{W}sdt":
        return False
    mark = element.find(f"{W}sdtPr/{W}showingPlcHdr")
    return mark is not None and is_on(mark.get(f"{W}val"))


def _runs_on(element: Element) -> bool:
    """Whether Word shows the next paragraph in the same line: mark deleted, style separator, or drop cap."""
    properties = element.find(f"{W}pPr")
    if properties is None:
        return False
    mark = properties.find(f"{W}rPr")
    if mark is not None:
        if mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None:
            return True
        if mark.find(f"{W}specVanish") is not None and mark.find(f"{W}vanish") is not None:
            return True
    frame = properties.find(f"{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap", "none") != "none"


def _block(line: Line, style: ParagraphStyle, outline: int) -> Block:
    if outline < BODY_LEVEL:
        return Block(type=BlockType.HEADING, text=line.text, level=outline + 1)
    if style.title:
        return Block(type=BlockType.HEADING, text=line.text)
    return Block(text=line.text, role=style.role, level=line.level, lead=line.lead)


def _number(element: Element | None) -> int:
    text = "" if element is None else str(element.get(f"{W}val") or "")
    return int(text) if text.isascii() and text.isdigit() else 0
