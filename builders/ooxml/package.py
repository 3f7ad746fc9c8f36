"""An issue's own parts in the base package of its style, by python-docx, and a zip that is always the same bytes."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.phys_pkg import PhysPkgWriter
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import parse_xml
from docx.parts.image import ImagePart

from builders.ooxml.base import base_package
from builders.ooxml.form import Form
from builders.ooxml.markup import HEAD, NAMESPACES, NOTHING_HANGS, paragraph, printable
from builders.style import HouseStyle

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = (".png", ".jpeg", ".gif")
_LONGEST_PROPERTY = 255
"""In characters: python-docx refuses more, as the standard does."""


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

    parts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Suffix and bytes by relation."""
    relations: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, content: bytes, suffix: str) -> str:
        """The relation id of the picture."""
        if key not in self.relations:
            self.relations[key] = f"rIdPicture{len(self.relations) + 1}"
            self.parts[self.relations[key]] = suffix, content
        return self.relations[key]


def build_package(
    body: str,
    style: HouseStyle,
    properties: Properties,
    media: Media,
    *,
    notes: Sequence[str] = (),
    update_fields: bool = False,
    form: Form | None = None,
) -> bytes:
    """The DOCX with that text, its pictures, footnotes (the content of each, numbered from 1) and properties.

    `form` is where the masthead in the text comes from.
    """
    document = docx.Document(BytesIO(base_package(style, update_fields, form)))
    root = document.element
    # The whole text at once: paragraph by paragraph python-docx would take a hundred times as long.
    root.replace(root.body, parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"))
    for number, (relation, (suffix, content)) in enumerate(media.parts.items(), 1):
        # Not get_or_add_image: it reads the size, and refuses JPEGs with neither JFIF nor EXIF, which phones make.
        kind = f"image/x-{suffix}" if suffix in ("emf", "wmf") else f"image/{suffix}"
        image = ImagePart(PackURI(f"/word/media/image{number}.{suffix}"), kind, content)
        document.part.load_rel(RT.IMAGE, image, relation)
    for number, (relation, (suffix, kind, content)) in enumerate(form.pictures.items() if form else (), 1):
        drawn = Part(PackURI(f"/word/media/form{number}.{suffix}"), kind, content)
        document.part.load_rel(RT.IMAGE, drawn, relation)
    footnotes = Part(PackURI("/word/footnotes.xml"), CT.WML_FOOTNOTES, _footnotes(notes).encode())
    document.part.load_rel(RT.FOOTNOTES, footnotes, "rIdFootnotes")
    _describe(document, properties)
    return write(document.part.package)


def _footnotes(notes: Sequence[str]) -> str:
    """The part with the footnotes, after the two rules that every program asks for."""
    rules = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}">{paragraph("Footer", f"<w:r><w:{kind}/></w:r>")}</w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    texts = "".join(f'<w:footnote w:id="{number}">{content}</w:footnote>' for number, content in enumerate(notes, 1))
    return f"{HEAD}<w:footnotes {NAMESPACES}>{rules}{texts}</w:footnotes>"


def _describe(document: Document, properties: Properties) -> None:
    def short(text: str) -> str:
        return printable(text)[:_LONGEST_PROPERTY]

    core = document.core_properties
    core.title, core.subject = short(properties.title), short(properties.subject)
    core.author = core.last_modified_by = short(properties.author)
    core.keywords = short("；".join(properties.keywords))
    core.created = core.modified = datetime(properties.day.year, properties.day.month, properties.day.day)
    core.language, core.revision = "zh-CN", 1


def for_libreoffice(docx: bytes) -> bytes:
    """The DOCX as LibreOffice must have it to show what Word shows.

    LibreOffice 7.4 reads w:overflowPunct inverted: 0 lets marks hang, 1 does not. A file that does not
    say 0 in its styles, or is no DOCX, is given back as it is.
    """
    try:
        with zipfile.ZipFile(BytesIO(docx)) as archive:
            styles = archive.read("word/styles.xml").decode()
            if NOTHING_HANGS not in styles:
                return docx
            parts = {item: archive.read(item) for item in archive.infolist()}
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError):
        return docx
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for item, content in parts.items():
            turned = styles.replace(NOTHING_HANGS, NOTHING_HANGS.replace("0", "1")).encode()
            archive.writestr(item, turned if item.filename == "word/styles.xml" else content)
    return target.getvalue()


class _Archive(PhysPkgWriter):
    """What python-docx writes parts to: a zip without times, owners or anything else of this machine."""

    def __new__(cls, target: BytesIO) -> "_Archive":
        return object.__new__(cls)  # that of python-docx gives its own zip

    def __init__(self, target: BytesIO) -> None:
        self._zip = zipfile.ZipFile(target, "w")

    def write(self, name: PackURI, content: bytes) -> None:
        info = zipfile.ZipInfo(name.membername, _EPOCH)
        info.create_system = 0
        info.compress_type = zipfile.ZIP_STORED if name.membername.endswith(_PACKED) else zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)

    def close(self) -> None:
        self._zip.close()


def write(package: OpcPackage) -> bytes:
    """The package as python-docx saves it, part by part: its `save` would put today's time to every part."""
    target = BytesIO()
    archive = _Archive(target)
    PackageWriter._write_content_types_stream(archive, package.parts)  # type: ignore[no-untyped-call]
    PackageWriter._write_pkg_rels(archive, package.rels)  # type: ignore[no-untyped-call]
    PackageWriter._write_parts(archive, package.parts)
    archive.close()
    return target.getvalue()
