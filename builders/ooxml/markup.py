"""Pieces of WordprocessingML as text: runs, paragraphs, fields, links, pictures."""

import re

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# XML 1.0 takes no control characters but tab and line ends, and no half of a surrogate pair.
_PRINTABLE = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), None),
    9: " ", 10: " ", 13: " ",
}  # fmt: skip
_ESCAPES = {
    **_PRINTABLE,
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;",
}  # fmt: skip

# Asked first, because nearly no text has any: translating all would take a quarter of the time of an issue.
_SPECIAL = re.compile("[" + "".join(map(re.escape, map(chr, _ESCAPES))) + "]")

# The hint makes “ ” — …… full-width Chinese punctuation instead of Western (they are both in Unicode).
_HINT = '<w:rFonts w:hint="eastAsia"/>'
_RUN = f"<w:r><w:rPr>{_HINT}</w:rPr>"


def printable(text: str) -> str:
    """The text without what XML cannot hold."""
    return text.translate(_PRINTABLE)


def escape(text: str) -> str:
    """The text as XML takes it, in elements and in attributes."""
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def twips(points: float) -> int:
    return round(points * 20)


def mm_twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def eighths(points: float) -> int:
    """Width of a rule in eighths of a point, as borders have it."""
    return max(2, round(points * 8))


def emu(points: float) -> int:
    return round(points * 12700)


# ---------------------------------------------------------------- runs


def run(text: str, properties: str = "") -> str:
    """A run; `properties` are further elements of its w:rPr."""
    if not text:
        return ""
    head = f"<w:r><w:rPr>{properties_with_hint(properties)}</w:rPr>" if properties else _RUN
    return f'{head}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def properties_with_hint(properties: str) -> str:
    """The run properties with the East Asian hint in w:rFonts, which comes first but for w:rStyle."""
    if "<w:rFonts" in properties:
        return properties
    if properties.startswith("<w:rStyle"):
        end = properties.index("/>") + 2
        return properties[:end] + _HINT + properties[end:]
    return _HINT + properties


def fonts(name: str) -> str:
    """Run property: this font for every script, so that no quotation mark falls into another."""
    face = escape(name)
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def styled(key: str) -> str:
    """Run property: this character style. Word takes the hint of a run with the faces of its style."""
    return f'<w:rStyle w:val="{key}"/>'


def line_break() -> str:
    return "<w:r><w:br/></w:r>"


def tab() -> str:
    return "<w:r><w:tab/></w:r>"


def field(instruction: str, result: str, properties: str = "") -> str:
    """A complex field with its result stored, each part a run of its own: WPS needs it so."""
    look = f"<w:rPr>{properties_with_hint(properties)}</w:rPr>"
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r>{look}<w:t>{escape(result)}</w:t></w:r>"
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def page_reference(bookmark: str, page: int) -> str:
    """A tab and the page of the bookmark, a link itself: inside w:hyperlink LibreOffice 7.4 shows no number."""
    return tab() + field(f"PAGEREF {bookmark} \\h", str(page))


def link(bookmark: str, content: str) -> str:
    """A link inside the document."""
    return f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{content}</w:hyperlink>'


def bookmark(name: str, number: int, content: str = "") -> str:
    """The content marked; the name is ASCII and must not begin with _, which LibreOffice mangles."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def moved(number: int) -> str:
    """The mark of a picture that does not stand where it comes from, which is where `origin` of the number is."""
    return bookmark(f"picture{number}", _MOVED + number)


def origin(number: int) -> str:
    return bookmark(f"origin{number}", _ORIGIN + number)


def footnote(number: int, content: str) -> str:
    """The text of a footnote with a bookmark, by which the page that it stands on is found."""
    return bookmark(f"footnote{number}", _NOTES + number, content)


_MOVED, _ORIGIN, _NOTES = 100_000, 200_000, 300_000
"""Ids of these bookmarks begin here: those of articles are counted from 1."""


def note_reference(number: int) -> str:
    """The mark of a footnote. The programs count it (①, anew on every page): LibreOffice doubles one that is given."""
    look = properties_with_hint(styled("FootnoteReference"))
    return f'<w:r><w:rPr>{look}</w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def note_number() -> str:
    """The number of a footnote before its text."""
    return f"<w:r><w:rPr>{properties_with_hint(styled('FootnoteReference'))}</w:rPr><w:footnoteRef/></w:r>"


# ---------------------------------------------------------------- paragraphs


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph of runs; `properties` are further elements of its w:pPr in the schema's order."""
    look = f'<w:pStyle w:val="{style}"/>{properties}' if style else properties
    return f"<w:p><w:pPr>{look}</w:pPr>{content}</w:p>" if look else f"<w:p>{content}</w:p>"


def spacing(before: float = 0, after: float = 0, line: float | None = None, rule: str = "exact") -> str:
    """w:spacing in pt."""
    height = f' w:line="{twips(line)}" w:lineRule="{rule}"' if line is not None else ""
    return f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}"{height}/>'


def indent(left: float = 0, right: float = 0, first: float = 0, hanging: float = 0, characters: bool = True) -> str:
    """w:ind in pt; the counts in characters of a style above it are switched off."""
    off = ' w:firstLineChars="0"' if characters else ""
    start = f' w:hanging="{twips(hanging)}"' if hanging else f' w:firstLine="{twips(first)}"'
    return f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}"{off}{start}/>'


def aligned(side: str) -> str:
    """w:jc: left, center, right or both."""
    return f'<w:jc w:val="{side}"/>'


def right_tab(points: float, leader: str = "") -> str:
    """w:tabs with one right tab, after a line of dots when `leader` is "dot"."""
    dots = f' w:leader="{leader}"' if leader else ""
    return f'<w:tabs><w:tab w:val="right"{dots} w:pos="{twips(points)}"/></w:tabs>'


def contents_tabs(left: float, right: float) -> str:
    """w:tabs of an entry of contents: text after its number, page number after a line of dots."""
    return (
        f'<w:tabs><w:tab w:val="left" w:pos="{twips(left)}"/>'
        f'<w:tab w:val="right" w:leader="dot" w:pos="{twips(right)}"/></w:tabs>'
    )


def ruled(side: str, points: float, colour: str = "000000", space: int = 0) -> str:
    """w:pBdr with one rule."""
    return f"<w:pBdr>{border(side, points, colour, space)}</w:pBdr>"


NOTHING_HANGS = '<w:overflowPunct w:val="0"/>'
"""Paragraph property: no punctuation beyond the right edge."""
KEEP_NEXT = "<w:keepNext/>"
KEEP_NOTHING = '<w:keepNext w:val="0"/>'
"""Paragraph property: not kept with the next, whatever its style says."""
NO_WIDOW = "<w:widowControl/>"
"""Paragraph property: two lines at least stand together, under a title at the foot of a page above all."""
PAGE_BEFORE = "<w:pageBreakBefore/>"


def sized(points: float, *, scale: int = 100, tracking: float | None = None) -> str:
    """Run properties: size and tracking in pt, width of the glyphs in per cent."""
    half = round(points * 2)
    blank = f'<w:spacing w:val="{twips(tracking)}"/>' if tracking is not None else ""
    narrow = f'<w:w w:val="{scale}"/>' if scale != 100 else ""
    return f'{blank}{narrow}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def border(side: str, points: float, colour: str = "000000", space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths(points)}" w:space="{space}" w:color="{colour}"/>'


def gap(points: float) -> str:
    """A paragraph of that height with nothing in it, kept with the next."""
    return f'<w:p><w:pPr><w:pStyle w:val="Anchor"/>{KEEP_NEXT}{spacing(0, 0, points)}</w:pPr></w:p>'


def tiny(content: str = "", section: str = "", before: str = "") -> str:
    """A paragraph half a point high: it holds what must have a paragraph and takes no line of the page."""
    small = '<w:spacing w:before="0" w:after="0" w:line="10" w:lineRule="exact"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="Anchor"/>{before}{small}<w:rPr><w:sz w:val="2"/></w:rPr>{section}</w:pPr>{content}</w:p>'


def closed(paragraph: str, mark: str, section: str = "") -> str:
    """The paragraph with a bookmark at its end, and the properties of the section that it ends.

    A paragraph of its own for these, however low, goes to a new page where the last page is full.
    """
    start, end = paragraph[: -len("</w:p>")], "</w:p>"
    if section and "<w:pPr>" in start:
        start = start.replace("</w:pPr>", f"{section}</w:pPr>", 1)
    elif section:
        start = start.replace("<w:p>", f"<w:p><w:pPr>{section}</w:pPr>", 1)
    return start + mark + end


# ---------------------------------------------------------------- pictures


def picture(relation: str, number: int, width: float, height: float, alt: str) -> str:
    """A run with a picture in the line; width and height in pt."""
    size = f'cx="{emu(width)}" cy="{emu(height)}"'
    text = escape(alt)
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="图片 {number}" descr="{text}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="图片 {number}" descr="{text}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
