"""styles.xml and fontTable.xml of a house style.

Styles are Word's own where Word has one (Normal shows as 正文, heading 1 as 标题 1), so that the
navigation pane and the style list look as users know them: 标题 1 is a 栏目, 标题 2 the title of an
article, 标题 3 to 6 are 一、（一）1.（1） in it. What has a role has a style of its own (署名, 成文日期,
引文, 注释, 表题, 图题, 段首标题), so that the reader (extractors.wordstyles) gives every role back.
"""

from collections.abc import Iterator

from builders.ooxml.markup import HEAD, NAMESPACES, NOTHING_HANGS, border, escape, fonts, indent, spacing, twips
from builders.style import HouseStyle

_OFF = '<w:widowControl w:val="0"/>'
# No mark hangs in the margin: the right edge is straight and no line has a 29th character, in Word and WPS by this,
# in our PDF because LibreOffice is given it the wrong way round, as it reads it (package.for_libreoffice). So both
# break lines and pages at the same places, and the page numbers stored are those that Word shows.
# The quarter blank beside figures stays on in both: LibreOffice cannot do without.
_GRID = NOTHING_HANGS
_KEEP = "<w:keepNext/><w:keepLines/>"
_FREE = '<w:snapToGrid w:val="0"/>'
"""Lines of exactly the height that they are given: on the grid LibreOffice makes it whole lines that hold the type."""


def _type(font: str, size: float, more: str = "") -> str:
    half = round(size * 2)
    return f'{fonts(font)}{more}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _style(
    key: str, name: str, paragraph: str = "", run: str = "", *, based: str = "Normal", following: str = "", ui: int = 20
) -> str:
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if key == "Normal" else ""
    custom = "" if name.isascii() else ' w:customStyle="1"'
    look = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (f"<w:rPr>{run}</w:rPr>" if run else "")
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{key}"><w:name w:val="{name}"/>{parent}{after}'
        f'<w:uiPriority w:val="{ui}"/><w:qFormat/>{look}</w:style>'
    )


def _defaults(style: HouseStyle) -> str:
    face = _type(style.fonts.body, style.body.size, '<w:kern w:val="0"/>')
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{face}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )


def _headings(style: HouseStyle) -> Iterator[str]:
    page, face, title, mark = style.page, style.fonts, style.title, style.section
    flush = indent(first=0)
    yield _style(
        "Heading1", "heading 1",
        f'{_KEEP}{spacing(mark.before * page.line, 0, page.line)}{flush}<w:jc w:val="left"/><w:outlineLvl w:val="0"/>',
        _type(face.hei, mark.size), following="Heading2", ui=9,
    )  # fmt: skip
    yield _style(
        "Heading2", "heading 2",
        f'{_KEEP}{spacing(0, title.after * page.line, title.line * page.line)}{flush}'
        '<w:jc w:val="center"/><w:outlineLvl w:val="1"/>',
        _type(face.title, title.size, '<w:spacing w:val="0"/>'), following="Normal", ui=9,
    )  # fmt: skip
    bold = "<w:b/>" if style.body.bold_run_in else ""
    for level, (font, weight) in enumerate(((face.hei, ""), (face.kai, ""), (face.body, bold), (face.body, bold))):
        yield _style(
            f"Heading{level + 3}", f"heading {level + 3}", f'{_KEEP}<w:outlineLvl w:val="{level + 2}"/>',
            f"{fonts(font)}{weight}", following="Normal", ui=9,
        )  # fmt: skip


_GAP = 5
"""In pt: between issuer and date and the rule under them."""


def issuer_spacing(style: HouseStyle, lines: int) -> str:
    """w:spacing of issuer and date on so many lines.

    Whole lines of the grid with the two before, but for a point that roundings may use up: with none to spare the first
    page held 20 lines in LibreOffice and 22 in Word. Off the grid, or it fills a line more.
    """
    page, spare = style.page, 1
    return spacing(page.line / 2, 0, page.line - (style.masthead.rule + _GAP + spare) / lines)


def _front(style: HouseStyle) -> Iterator[str]:
    """密级, 刊名, 期号, 编发单位, 要目, 按语."""
    page, face, head, lines = style.page, style.fonts, style.masthead, style.contents
    flush, wide = indent(first=0), page.text_width
    right = f'<w:tabs><w:tab w:val="right" w:pos="{twips(wide)}"/></w:tabs>'
    yield _style("Marks", "密级份号", f'{right}{flush}<w:jc w:val="left"/>', _type(face.hei, head.marks_size))
    yield _style(
        "Title", "Title", f'{_FREE}{flush}<w:jc w:val="center"/>',
        _type(face.title, head.size, f'<w:color w:val="{head.colour}"/><w:spacing w:val="0"/>'), following="Number",
        ui=10,
    )  # fmt: skip
    yield _style("Number", "期号", f'{spacing(page.line / 2, 0, page.line)}{flush}<w:jc w:val="center"/>',
                 _type(face.body, head.number_size), following="Issuer")  # fmt: skip
    yield _style(
        "Issuer", "编发单位和日期",
        f'<w:pBdr>{border("bottom", head.rule, head.colour, _GAP)}</w:pBdr>{right}<w:snapToGrid w:val="0"/>'
        f'{issuer_spacing(style, 1)}{flush}<w:jc w:val="left"/>',
    )  # fmt: skip
    leader = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(wide)}"/></w:tabs>' if lines.pages else ""
    yield _style("TOCHeading", "TOC Heading", f'{_KEEP}{flush}<w:jc w:val="center"/>',
                 _type(face.hei, lines.size), ui=39)  # fmt: skip
    yield _style("TOC1", "toc 1", f'{_KEEP}{flush}<w:jc w:val="left"/>', _type(face.hei, lines.size),
                 following="TOC2", ui=39)  # fmt: skip
    yield _style(
        "TOC2", "toc 2", f'<w:keepLines/>{leader}{indent(left=3 * style.character, hanging=style.character)}<w:jc w:val="left"/>',
        f'<w:sz w:val="{round(lines.size * 2)}"/>', ui=39,
    )  # fmt: skip
    yield _style("EditorNote", "按语", "", _type(face.kai, style.note.size))


def _article(style: HouseStyle) -> Iterator[str]:
    page, face, flush = style.page, style.fonts, indent(first=0)
    centre = f'{flush}<w:jc w:val="center"/>'
    yield _style("Subtitle", "Subtitle", f"{_KEEP}{centre}", _type(face.kai, style.title.subtitle_size), ui=11)
    yield _style("Byline", "作者单位", f"{_KEEP}{centre}", _type(face.kai, style.title.byline_size))
    yield _style("Keywords", "关键词", "", fonts(face.kai))
    side = 2 * style.character
    yield _style("Quotation", "引文", indent(side, side, 2 * style.character), fonts(face.kai))
    signed = f'<w:keepLines/>{indent(right=style.body.signature_right * style.character)}<w:jc w:val="right"/>'
    yield _style("Signed", "署名", f"<w:keepNext/>{signed}", following="SignedOn")
    yield _style("SignedOn", "成文日期", signed)
    small = style.note.footnote_size
    yield _style("NoteText", "注释", f'<w:snapToGrid w:val="0"/>' f"{spacing(0, 0, round(small * 1.43))}{indent(first=2 * small)}",
                 _type(face.body, small))  # fmt: skip
    yield _style("FootnoteText", "footnote text", f'<w:keepLines/><w:snapToGrid w:val="0"/>{spacing(0, 0, round(small * 1.43))}'
                 f'{indent(first=2 * small)}<w:jc w:val="both"/>', _type(face.body, small), ui=99)  # fmt: skip
    yield (
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:uiPriority w:val="99"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    yield from _leads(style)
    size = style.table.caption_size
    yield _style("TableCaption", "表题", f"{_KEEP}{spacing(0, 0, page.line)}{centre}", _type(face.hei, size))
    yield _style("PictureCaption", "图题", centre, _type(face.kai, style.picture.caption_size))
    yield _style("Picture", "图片", f'<w:snapToGrid w:val="0"/>{spacing(6, 4, 12, "auto")}{centre}')
    cell = style.table.size
    yield _style(
        "TableText", "表格文字", f'<w:keepLines/><w:snapToGrid w:val="0"/>{spacing(2, 2, style.table.line)}{flush}',
        _type(face.body, cell, '<w:spacing w:val="0"/>'),
    )  # fmt: skip
    yield _style("TableHead", "表头", '<w:jc w:val="center"/>', fonts(face.hei), based="TableText")


def _leads(style: HouseStyle) -> Iterator[str]:
    """Character styles of run-in headings of the four levels; those without a number are body in bold or plain."""
    bold = "<w:b/>" if style.body.bold_run_in else ""
    for level, font in enumerate((style.fonts.hei, style.fonts.kai, style.fonts.body, style.fonts.body), 1):
        yield (
            f'<w:style w:type="character" w:customStyle="1" w:styleId="Lead{level}"><w:name w:val="段首标题{level}"/>'
            f'<w:uiPriority w:val="20"/><w:qFormat/><w:rPr>{fonts(font)}{bold if level > 2 else ""}</w:rPr></w:style>'
        )


def _cover(style: HouseStyle) -> Iterator[str]:
    """Cover and contents of a collection."""
    face, flush = style.fonts, indent(first=0)
    centre = f'{flush}<w:jc w:val="center"/>'
    yield _style(
        "CoverTitle",
        "封面标题",
        _FREE + centre,
        _type(face.title, style.collection.title_size, '<w:spacing w:val="0"/>'),
    )
    yield _style("CoverText", "封面文字", _FREE + centre, _type(face.kai, style.collection.text_size))
    yield _style("ContentsTitle", "目录标题", f"{spacing(0, style.page.line, style.page.line)}{centre}",
                 _type(face.title, style.title.size))  # fmt: skip
    leader = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(style.page.text_width)}"/></w:tabs>'
    yield _style("ContentsUnit", "目录单位", f'{_KEEP}{flush}<w:jc w:val="left"/>', fonts(face.kai))
    yield _style("TOC3", "toc 3", f'<w:keepLines/>{leader}{indent(left=2 * style.character)}<w:jc w:val="left"/>',
                 ui=39)  # fmt: skip


def _back(style: HouseStyle) -> Iterator[str]:
    face, end, folio = style.fonts, style.imprint, style.folio
    yield _style(
        "Imprint", "版记", f'<w:snapToGrid w:val="0"/>{spacing(0, 0, end.line)}{indent(first=0)}<w:jc w:val="left"/>',
        _type(face.body, end.size, '<w:spacing w:val="0"/>'),
    )  # fmt: skip
    yield _style(
        "Footer", "footer", f'<w:snapToGrid w:val="0"/>{spacing(0, 0, folio.size)}{indent(first=0)}',
        _type(face.song, folio.size, '<w:spacing w:val="0"/>'), ui=99,
    )  # fmt: skip
    yield _style(
        "Anchor", "版记定位", f'<w:snapToGrid w:val="0"/>{spacing(0, 0, 0.5)}{indent(first=0)}', '<w:sz w:val="2"/>'
    )


def styles_xml(style: HouseStyle) -> str:
    """word/styles.xml."""
    normal = _style(
        "Normal", "Normal",
        f'{_OFF}{_GRID}{spacing(0, 0, style.page.line)}'
        f'<w:ind w:firstLineChars="{round(style.body.indent * 100)}" '
        f'w:firstLine="{twips(style.body.indent * style.character)}"/><w:jc w:val="both"/>',
        f'<w:spacing w:val="{twips(style.body.tracking)}"/>', based="", ui=0,
    )  # fmt: skip
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    parts = (normal, table, *_headings(style), *_front(style), *_article(style), *_cover(style), *_back(style))
    return f"{HEAD}<w:styles {NAMESPACES}>{_defaults(style)}{''.join(parts)}</w:styles>"


_FACES = {  # panose and family that Word chooses a stand-in by
    "body": ("02010609060101010101", "modern", ("仿宋_GB2312", "FangSong")),
    "kai": ("02010609060101010101", "modern", ("楷体_GB2312", "KaiTi")),
    "hei": ("02010609060101010101", "modern", ("SimHei",)),
    "song": ("02010600030101010101", "auto", ("SimSun",)),
    "title": ("02010601030101010101", "script", ("方正小标宋_GBK", "宋体")),
}


def font_table_xml(style: HouseStyle) -> str:
    """word/fontTable.xml: what may stand in for a face that is missing, so that nobody is asked."""
    entries: dict[str, str] = {}
    for role, (panose, family, others) in _FACES.items():
        name = getattr(style.fonts, role)
        other = next((item for item in others if item != name), "")
        entries.setdefault(
            name,
            f'<w:font w:name="{escape(name)}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/>'
            f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>',
        )
    return f"{HEAD}<w:fonts {NAMESPACES}>{''.join(entries.values())}</w:fonts>"
