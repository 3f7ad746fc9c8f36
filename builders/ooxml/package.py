"""The other parts of a DOCX, and the zip that is the same bytes every time."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from builders.ooxml.markup import (
    HEAD,
    NAMESPACES,
    escape,
    indent,
    mm_twips,
    paragraph,
    run,
    twips,
)
from builders.ooxml.markup import (
    field as complex_field,
)
from builders.ooxml.sheet import font_table_xml, styles_xml
from builders.style import HouseStyle

_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)

# What no line may begin and end with (GB/T 15834 5.1.6 and custom), said in the document, so that
# every program breaks lines at the same places.
NOT_FIRST = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
NOT_LAST = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"


@dataclass(frozen=True)
class Properties:
    """What the file says about itself."""

    title: str
    subject: str
    author: str
    day: date
    keywords: Sequence[str] = ()


@dataclass
class Media:
    """Pictures in the order of their first use."""

    parts: dict[str, bytes] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, content: bytes, suffix: str) -> str:
        """The relation id of the picture."""
        if key not in self.relations:
            number = len(self.relations) + 1
            self.relations[key] = f"rIdPicture{number}"
            self.parts[f"media/image{number}.{suffix}"] = content
        return self.relations[key]


def section(style: HouseStyle, *, kind: str = "nextPage", numbered: bool = True, start: int | None = None) -> str:
    """w:sectPr: paper, margins, line grid and page numbers, which go on or begin at `start`."""
    page = style.page
    begin = f'<w:pgNumType w:start="{start}"/>' if start is not None else ""
    first, second = ("rIdFooter1", "rIdFooter2") if numbered else ("rIdFooter3", "rIdFooter3")
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{first}"/>'
        f'<w:footerReference w:type="even" r:id="{second}"/><w:type w:val="{kind}"/>'
        f'<w:pgSz w:w="{mm_twips(page.width)}" w:h="{mm_twips(page.height)}"/>'
        f'<w:pgMar w:top="{mm_twips(page.top)}" w:right="{mm_twips(page.right)}" w:bottom="{mm_twips(page.bottom)}" '
        f'w:left="{mm_twips(page.left)}" w:header="{mm_twips(15)}" w:footer="{_footer_distance(style)}" w:gutter="0"/>'
        f'{begin}<w:cols w:space="720"/><w:docGrid w:type="lines" w:linePitch="{twips(page.line)}"/></w:sectPr>'
    )


DASH_HEIGHT = 0.5
"""How far below the top of its line the dash of a page number stands, in its size (宋体, measured)."""


def _footer_distance(style: HouseStyle) -> int:
    """From the edge of the paper to the foot of the page number, so that its dash stands `below` the 版心."""
    mm = style.page.bottom - style.folio.below
    return mm_twips(mm) - twips(style.folio.size * (1 - DASH_HEIGHT))


def build_package(
    body: str, style: HouseStyle, properties: Properties, media: Media, *, update_fields: bool = False
) -> bytes:
    """The DOCX: document, styles, settings, fonts, footers, properties, pictures."""
    document = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    inset = style.folio.inset * style.folio.size
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _relations(
            {
                "rId1": ("officeDocument", "word/document.xml"),
                "rId2": ("metadata/core-properties", "docProps/core.xml"),
                "rId3": ("extended-properties", "docProps/app.xml"),
            }
        ),
        "docProps/app.xml": _app(properties),
        "docProps/core.xml": _core(properties),
        "word/_rels/document.xml.rels": _relations(_document_relations(media)),
        "word/document.xml": document,
        "word/fontTable.xml": font_table_xml(style),
        "word/footer1.xml": _footer(f'{indent(right=inset)}<w:jc w:val="right"/>', style),
        "word/footer2.xml": _footer(f'{indent(left=inset)}<w:jc w:val="left"/>', style),
        "word/footer3.xml": f"{HEAD}<w:ftr {NAMESPACES}>{paragraph('Footer', '')}</w:ftr>",
        "word/settings.xml": _settings(update_fields),
        "word/styles.xml": styles_xml(style),
        **{f"word/{name}": content for name, content in media.parts.items()},
    }
    return write_zip({"[Content_Types].xml": _content_types(parts), **dict(sorted(parts.items()))})


def write_zip(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts zipped in their order, without times, owners or anything else of this machine."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 0
            packed = name.endswith((".png", ".jpeg", ".gif"))
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(info, content.encode() if isinstance(content, str) else content)
    return target.getvalue()


def _footer(look: str, style: HouseStyle) -> str:
    number = run("— ") + complex_field("PAGE", "1") + run(" —")
    return f"{HEAD}<w:ftr {NAMESPACES}>{paragraph('Footer', number, look)}</w:ftr>"


def _settings(update_fields: bool) -> str:
    refresh = '<w:updateFields w:val="true"/>' if update_fields else ""
    modern = (("compatibilityMode", "15"), ("overrideTableStyleFontSizeAndJustification", "1"),
              ("enableOpenTypeFeatures", "1"), ("doNotFlipMirrorIndents", "1"))  # fmt: skip
    modes = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in modern
    )
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{escape(NOT_LAST)}"/>'
        f'<w:noLineBreaksBefore w:lang="zh-CN" w:val="{escape(NOT_FIRST)}"/>{refresh}'
        "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        f"<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>{modes}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def _core(properties: Properties) -> str:
    moment = f"{properties.day.isoformat()}T00:00:00Z"
    author = escape(properties.author)
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(properties.title)}</dc:title><dc:subject>{escape(properties.subject)}</dc:subject>"
        f"<dc:creator>{author}</dc:creator><cp:keywords>{escape('；'.join(properties.keywords))}</cp:keywords>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified><dc:language>zh-CN</dc:language>'
        "</cp:coreProperties>"
    )


def _app(properties: Properties) -> str:
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>bulletin</Application><Company>{escape(properties.author)}</Company></Properties>"
    )


def _document_relations(media: Media) -> dict[str, tuple[str, str]]:
    own = {
        "rIdFonts": ("fontTable", "fontTable.xml"),
        "rIdFooter1": ("footer", "footer1.xml"),
        "rIdFooter2": ("footer", "footer2.xml"),
        "rIdFooter3": ("footer", "footer3.xml"),
        "rIdSettings": ("settings", "settings.xml"),
        "rIdStyles": ("styles", "styles.xml"),
    }
    return own | {key: ("image", name) for key, name in zip(media.relations.values(), media.parts, strict=True)}


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<Relationship Id="{key}" Type="{package if kind.startswith("metadata") else _RELATION}/{kind}" '
        f'Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{package}">{rows}</Relationships>'


def _content_types(parts: Mapping[str, str | bytes]) -> str:
    kinds = {
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "word/document.xml": f"{_MIME}.document.main+xml",
        "word/fontTable.xml": f"{_MIME}.fontTable+xml",
        "word/footer1.xml": f"{_MIME}.footer+xml",
        "word/footer2.xml": f"{_MIME}.footer+xml",
        "word/footer3.xml": f"{_MIME}.footer+xml",
        "word/settings.xml": f"{_MIME}.settings+xml",
        "word/styles.xml": f"{_MIME}.styles+xml",
    }
    suffixes = sorted({name.rpartition(".")[2] for name in parts if name.startswith("word/media/")})
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Default Extension="{suffix}" ContentType="image/{suffix}"/>' for suffix in suffixes)
        + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
        + "</Types>"
    )
