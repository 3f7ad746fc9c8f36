"""The package every issue of a house style begins with: styles, settings, fonts, footers, an empty text."""

from functools import lru_cache
from io import BytesIO

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

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
def base_package(style: HouseStyle, update_fields: bool = False) -> bytes:
    """The DOCX of an empty issue.

    It begins with an empty package of python-docx and not with its default template, whose theme
    fonts, second style sheet and ja-JP would have to be taken out again.
    """
    package = Package()
    text = f"{HEAD}<w:document {NAMESPACES}><w:body/></w:document>"
    main = Part(PackURI("/word/document.xml"), CT.WML_DOCUMENT_MAIN, text.encode(), package)

    def add(relation: str, kind: str, name: str, content_type: str, content: str) -> None:
        main.load_rel(kind, Part(PackURI(name), content_type, content.encode(), package), relation)

    add("rIdStyles", RT.STYLES, "/word/styles.xml", CT.WML_STYLES, styles_xml(style))
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
