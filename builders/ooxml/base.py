"""The package every issue of a house style begins with: styles, settings, fonts, footers, an empty text."""

from functools import lru_cache
from io import BytesIO

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package
from lxml import etree

from builders.ooxml.form import Form, merge
from builders.ooxml.markup import HEAD, NAMESPACES
from builders.ooxml.paper import footers
from builders.ooxml.settings import settings_xml
from builders.ooxml.sheet import font_table_xml, styles_xml
from builders.style import HouseStyle

_APPLICATION = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>bulletin</Application></Properties>"
)


@lru_cache(maxsize=32)
def base_package(style: HouseStyle, update_fields: bool = False, form: Form | None = None) -> bytes:
    """The DOCX of an empty issue.

    It begins with an empty package of python-docx and not with its default template, whose theme
    fonts, second style sheet and ja-JP would have to be taken out again.
    """
    package = Package()
    text = f"{HEAD}<w:document {NAMESPACES}><w:body/></w:document>"
    main = Part(PackURI("/word/document.xml"), CT.WML_DOCUMENT_MAIN, text.encode(), package)

    def add(relation: str, kind: str, name: str, content_type: str, content: str) -> None:
        main.load_rel(kind, Part(PackURI(name), content_type, content.encode(), package), relation)

    add("rIdStyles", RT.STYLES, "/word/styles.xml", CT.WML_STYLES, _sheet(style, form))
    add("rIdSettings", RT.SETTINGS, "/word/settings.xml", CT.WML_SETTINGS, settings_xml(update_fields))
    add("rIdFonts", RT.FONT_TABLE, "/word/fontTable.xml", CT.WML_FONT_TABLE, font_table_xml(style))
    for at, (relation, content) in enumerate(footers(style).items(), 1):
        add(relation, RT.FOOTER, f"/word/footer{at}.xml", CT.WML_FOOTER, content)
    about = Part(PackURI("/docProps/app.xml"), CT.OFC_EXTENDED_PROPERTIES, _APPLICATION.encode(), package)
    package.load_rel(RT.OFFICE_DOCUMENT, main, "rIdDocument")
    package.load_rel(RT.EXTENDED_PROPERTIES, about, "rIdApplication")
    target = BytesIO()
    package.save(target)
    return target.getvalue()


def _sheet(style: HouseStyle, form: Form | None) -> str:
    """styles.xml with the styles of a form, and with what it says in styles of the names of ours."""
    ours = styles_xml(style)
    if form is None:
        return ours
    root = parse_xml(ours.encode())
    for item in root.iter(qn("w:style")):
        name = item.find(qn("w:name"))
        said = form.samples.get(str(name.get(qn("w:val"))).lower()) if name is not None else None
        if said is None:
            continue
        for look in parse_xml(f"<w:style {NAMESPACES}>{said}</w:style>"):
            merge(item, look)
    root.extend(parse_xml(part) for part in form.styles)
    return HEAD + etree.tostring(root, encoding="unicode")
