"""PDF with a text layer -> Document."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from bulletin.errors import EmptyError, EncryptedError, FormatError, ScannedError, TooLargeError
from bulletin.model import Block, BlockType, Change, Document, Role, Submission
from extractors.pdffurniture import PAGE_NUMBER, RUNNING_HEAD, furniture
from extractors.pdfglyphs import PDFIUM, Glyph, Page, read_page
from extractors.pdflayout import Line, page_lines
from extractors.pdfparagraphs import Paragraph, glue, paragraphs
from extractors.pdftables import TableFinder

MAX_BYTES = 200 * 1024 * 1024
MAX_PAGES = 1_000
"""The thickest yearbook collection seen has under 400."""
MAX_CHARACTERS = 2_000_000
MAX_PICTURES = 300
TAIL = 4_096
"""Bytes at the end in which the end mark must stand; some mail gateways add a kilobyte behind it."""
MIN_CHARACTERS_A_PAGE = 8
"""Below this a page of pictures has no text layer: a scanner's stamp and the page number remain."""
SCAN_SHARE = 0.5
"""Share of a page that its pictures cover when it is a scan."""
MAX_UNMAPPED = 0.3
"""Share of characters without a Unicode value above which the text layer is unreadable."""

_PASSWORD = 4
"""FPDF_ERR_PASSWORD."""
_REASONS = {
    PAGE_NUMBER: "页码",
    RUNNING_HEAD: "页眉页脚",
    "watermark": "斜排水印文字",
    "page-break": "跨页段落接回",
    "soft-hyphen": "行末连字符",
    "compatible-form": "兼容字形换为通用字",
    "repeated-header": "跨页表格重复的表头",
}

# Radicals that some Chinese fonts map instead of the characters and that Unicode gives no compatibility mapping.
_RADICALS = str.maketrans(
    "⺠⺟⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳", "民母西见角贝车长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙龟"
)
# Kangxi radicals, CJK compatibility ideographs, Latin ligatures.
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufad9\ufb00-\ufb06]")


@dataclass
class _Draft:
    """Blocks and changes as they are made."""

    blocks: list[Block] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def note(self, rule: str, before: str, after: str = "", start: int = 0, at: int | None = None) -> None:
        place = len(self.blocks) if at is None else at
        self.changes.append(Change(rule=rule, reason=_REASONS[rule], before=before, after=after, at=place, start=start))


def read(submission: Submission) -> Document:
    """The paragraphs, headings, ruled tables and pictures of a PDF, lines joined as they were typed.

    Running heads, feet and page numbers (running-head, page-number), watermarks (watermark), repeated table
    heads (repeated-header), line-end hyphens (soft-hyphen) and compatibility forms (compatible-form) are in the
    changes, and so is each joint over a page break (page-break); every other visible character is in a block.
    Raises EncryptedError, FormatError, ScannedError, EmptyError, TooLargeError.
    """
    _check(submission)
    with PDFIUM:
        pages, lines, slanted = _read_pages(submission)
    _check_text(submission, pages)
    draft = _Draft()
    drop = furniture(lines, [page.height for page in pages])
    for number, page in enumerate(lines):
        for line in page:
            if id(line) in drop:
                draft.changes.append(_dropped(drop[id(line)], line.text))
        if slanted[number]:
            draft.changes.append(_dropped("watermark", slanted[number]))
    body = [[line for line in page if id(line) not in drop] for page in lines]
    for paragraph in _merge_tables(paragraphs(body, [page.width for page in pages]), draft):
        _add(paragraph, draft)
    if not any(block.plain for block in draft.blocks):
        raise EmptyError("PDF 里没有正文", subject=submission.name)
    return Document(
        source=submission.sha256,
        name=submission.name,
        format="pdf",
        blocks=tuple(draft.blocks),
        changes=tuple(draft.changes),
        warnings=tuple(_warnings(pages)),
        pictures=draft.pictures,
    )


def _dropped(rule: str, text: str) -> Change:
    return Change(rule=rule, reason=_REASONS[rule], before=text)


def _check(submission: Submission) -> None:
    content = submission.content
    if not content:
        raise EmptyError("文件是空的", subject=submission.name)
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"PDF 超过 {MAX_BYTES // 1048576} MB", subject=submission.name)
    if b"%PDF-" not in content[:1024]:
        raise FormatError("不是 PDF 文件", subject=submission.name)
    if b"%%EOF" not in content[-TAIL:]:
        raise FormatError("PDF 不完整，缺少文件结尾", subject=submission.name)


def _read_pages(submission: Submission) -> tuple[list[Page], list[list[Line]], list[str]]:
    """The pages, without their characters, and the lines of each."""
    try:
        document = pdfium.PdfDocument(submission.content)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise EncryptedError("PDF 设了打开密码", subject=submission.name) from error
        raise FormatError("PDF 已损坏，打不开", subject=submission.name) from error
    tables = TableFinder(submission.content)
    try:
        if len(document) > MAX_PAGES:
            raise TooLargeError(f"PDF 超过 {MAX_PAGES} 页", subject=submission.name)
        return _read_each(document, tables, submission.name)
    except pdfium.PdfiumError as error:
        raise FormatError("PDF 有损坏的页", subject=submission.name) from error
    finally:
        tables.close()
        document.close()


def _read_each(
    document: pdfium.PdfDocument, tables: TableFinder, name: str
) -> tuple[list[Page], list[list[Line]], list[str]]:
    pages: list[Page] = []
    lines: list[list[Line]] = []
    total = 0
    gutter: float | None = None
    for number in range(len(document)):
        source = document[number]
        page = read_page(source, number)
        source.close()
        total += len(page.glyphs)
        if total > MAX_CHARACTERS:
            raise TooLargeError(f"PDF 文字超过 {MAX_CHARACTERS} 个", subject=name)
        ruled, rest = tables.take(page, page.glyphs)
        text, gutter = page_lines(page, rest, gutter)
        lines.append(_placed(text, ruled + _picture_lines(page)))
        pages.append(page)
    return pages, lines, [page.slanted for page in pages]


def _picture_lines(page: Page) -> list[Line]:
    if page.picture_share > SCAN_SHARE:
        return []  # the background of the whole page
    return [
        Line(page.number, each.x0, each.x1, each.top, each.top, each.bottom, picture=each.content)
        for each in page.pictures
    ]


def _placed(lines: list[Line], figures: list[Line]) -> list[Line]:
    """Tables and pictures among the lines, each before the first line that begins below its top."""
    result = list(lines)
    for figure in sorted(figures, key=lambda each: each.top):
        below = (i for i, line in enumerate(result) if line.y > figure.top and line.x1 > figure.x0 - 1)
        result.insert(next(below, len(result)), figure)
    return result


def _check_text(submission: Submission, pages: list[Page]) -> None:
    """Refuse a scan and a text layer whose characters have no Unicode values."""
    characters = sum(len(page.glyphs) for page in pages)
    pictured = any(page.picture_share > SCAN_SHARE or page.pictures for page in pages)
    if characters < MIN_CHARACTERS_A_PAGE * len(pages) and pictured:
        raise ScannedError("扫描件，没有文字层，需要OCR", subject=submission.name)
    unmapped = sum(_is_unmapped(glyph) for page in pages for glyph in page.glyphs)
    if unmapped > MAX_UNMAPPED * max(1, characters):
        raise ScannedError("字体没有文字编码，取不出文字，需要OCR", subject=submission.name)
    if not characters:
        raise EmptyError("PDF 里没有文字", subject=submission.name)


def _is_unmapped(glyph: Glyph) -> bool:
    return glyph.char == "\ufffd" or unicodedata.category(glyph.char) == "Co"


def _warnings(pages: list[Page]) -> Iterator[str]:
    characters = sum(len(page.glyphs) for page in pages)
    if sum(page.invisible for page in pages) > characters / 2:
        yield "文字来自扫描件的识别层，请对照原件核对"
    scans = [
        str(page.number + 1)
        for page in pages
        if page.picture_share > SCAN_SHARE and len(page.glyphs) < MIN_CHARACTERS_A_PAGE
    ]
    if scans:
        yield f"第{'、'.join(scans)}页是图片，没有文字，需要OCR"
    unmapped = sum(_is_unmapped(glyph) for page in pages for glyph in page.glyphs)
    if unmapped:
        yield f"有 {unmapped} 个字没有文字编码，读不出"


def _add(paragraph: Paragraph, draft: _Draft) -> None:
    """The block of a paragraph, and the changes that reading it meant."""
    at = len(draft.blocks)
    first = paragraph.lines[0]
    if first.rows:
        rows = tuple(tuple(_compatible(cell, draft) for cell in row) for row in first.rows)
        draft.blocks.append(Block(type=BlockType.TABLE, rows=rows, at=(at,)))
        return
    if first.picture:
        if len(draft.pictures) < MAX_PICTURES:
            key = hashlib.sha256(first.picture).hexdigest()
            draft.pictures[key] = first.picture
            draft.blocks.append(Block(type=BlockType.IMAGE, picture=key, at=(at,)))
        return
    text = paragraph.text
    for cut in paragraph.cuts:
        before, after = text[max(0, cut - 8) : cut], text[cut : cut + 8]
        draft.note("page-break", f"{before}\n{after}", before + after, start=max(0, cut - 8))
    for offset in paragraph.softened:
        draft.note("soft-hyphen", "-", start=offset)
    draft.blocks.append(
        Block(
            type=BlockType.HEADING if paragraph.heading else BlockType.PARAGRAPH,
            text=_compatible(text, draft),
            level=paragraph.level,
            role=Role.NOTE if paragraph.note else Role.BODY,
            at=(at,),
        )
    )


def _compatible(text: str, draft: _Draft) -> str:
    """The text in NFC, with radicals and ligatures as the characters they stand for."""

    def plain(match: re.Match[str]) -> str:
        after = unicodedata.normalize("NFKC", match[0])
        draft.note("compatible-form", match[0], after, start=match.start())
        return after

    radicals = text.translate(_RADICALS)
    if radicals != text:
        for offset, (before, after) in enumerate(zip(text, radicals, strict=True)):
            if before != after:
                draft.note("compatible-form", before, after, start=offset)
    return unicodedata.normalize("NFC", _COMPATIBLE.sub(plain, radicals))


def _merge_tables(found: list[Paragraph], draft: _Draft) -> Iterator[Paragraph]:
    """The paragraphs, a table that goes on at the top of the next page as one with its repeated head taken out."""
    held: Paragraph | None = None
    place = 0
    for paragraph in found:
        line = paragraph.lines[0]
        if held and line.rows and _goes_on(held.lines[-1], line):
            rows, known = line.rows, held.lines[0].rows
            if rows[0] == known[0] and any(rows[0]):
                draft.note("repeated-header", "\n".join(cell for cell in rows[0] if cell), at=place)
                rows = rows[1:]
            if rows and _is_rest_of(rows[0], known[-1]):
                whole = tuple(
                    before + glue(before, after) + after for before, after in zip(known[-1], rows[0], strict=True)
                )
                draft.note("page-break", "\n".join(filter(None, rows[0])), at=place)
                known, rows = (*known[:-1], whole), rows[1:]
            merged = replace(held.lines[0], rows=known + rows, page=line.page, bottom=line.bottom)
            held = Paragraph((merged,))
            continue
        if held:
            yield held
            place += 1
            held = None
        if line.rows:
            held = paragraph
        else:
            yield paragraph
            place += 1
    if held:
        yield held


def _goes_on(table: Line, following: Line) -> bool:
    """Whether a table on the next page has the same columns and edges, with nothing between the two."""
    same = len(table.rows[0]) == len(following.rows[0])
    near = abs(table.x0 - following.x0) < 3 and abs(table.x1 - following.x1) < 3
    return same and near and following.page == table.page + 1


def _is_rest_of(row: tuple[str, ...], last: tuple[str, ...]) -> bool:
    """Whether a row at the top of a page is the rest of one that the page break cut.

    Its filled cells go on with filled cells, and some cell of the last row had nothing left to go on with.
    """
    pairs = list(zip(row, last, strict=True))
    finished = any(before and not after for after, before in pairs)
    return finished and any(row) and all(before for after, before in pairs if after)
