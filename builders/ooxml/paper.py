"""What stands around the text of a page: paper, margins, line grid, page numbers."""

from builders.ooxml.markup import (
    HEAD,
    NAMESPACES,
    aligned,
    field,
    indent,
    mm_twips,
    paragraph,
    run,
    twips,
)
from builders.style import HouseStyle

ODD, EVEN, BARE = "rIdFooterOdd", "rIdFooterEven", "rIdFooterBare"
"""Relations of the footers: of odd and even pages, and of pages without a number."""

FOOTNOTES = '<w:numFmt w:val="decimalEnclosedCircleChinese"/><w:numRestart w:val="eachPage"/>'
"""How footnotes are counted: ①②, anew on every page. Said of the document and of every section: LibreOffice reads the latter."""


def section(style: HouseStyle, *, kind: str = "nextPage", numbered: bool = True, start: int | None = None) -> str:
    """w:sectPr: paper, margins, line grid and page numbers, which go on or begin at `start`."""
    page = style.page
    begin = f'<w:pgNumType w:start="{start}"/>' if start is not None else ""
    first, second = (ODD, EVEN) if numbered else (BARE, BARE)
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{first}"/>'
        f'<w:footerReference w:type="even" r:id="{second}"/>'
        f'<w:footnotePr>{FOOTNOTES}</w:footnotePr><w:type w:val="{kind}"/>'
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


def footers(style: HouseStyle) -> dict[str, str]:
    """The footer parts by their relations (7.5: 单页码居右空一字，双页码居左空一字)."""
    inset = style.folio.inset * style.folio.size
    number = run("— ") + field("PAGE", "1") + run(" —")
    looks = {ODD: indent(right=inset) + aligned("right"), EVEN: indent(left=inset) + aligned("left")}
    numbered = {key: paragraph("Footer", number, look) for key, look in looks.items()}
    return {
        key: f"{HEAD}<w:ftr {NAMESPACES}>{content}</w:ftr>"
        for key, content in (numbered | {BARE: paragraph("Footer", "")}).items()
    }
