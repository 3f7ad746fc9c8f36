"""OOXML packages opened with care: limits before anything is unpacked, and no XML that does something.

python-docx opens a package only if every relation leads somewhere: 149 of the 168 DOCX files of Apache
POI's tests; and it shows neither text boxes, content controls, notes nor numbers. Parts are therefore looked
up here one by one, when they are needed, and a missing or broken one costs no more than itself.
"""

import base64
import binascii
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from lxml import etree

from bulletin.errors import EncryptedError, FormatError, TooLargeError

MAX_BYTES = 200 * 1024 * 1024
"""Of the package as received."""
MAX_TOTAL = 1024 * 1024 * 1024
"""Of all its parts unpacked, as its directory declares them (zipfile never unpacks more than declared)."""
MAX_MEMBERS = 20_000
"""At most 382 in Apache POI's test files."""
MAX_XML = 32 * 1024 * 1024
"""Of one XML part unpacked; the largest in Apache POI's 168 test files has 12 MB. Filled with nothing but empty
paragraphs it makes a tree of 1.2 GB."""
MAX_RATIO = 250
"""Unpacked to packed, for parts above RATIO_FROM: at most 38 in Apache POI's test files, 660 and more in bombs."""
RATIO_FROM = 2 * 1024 * 1024

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""Namespaces of "Strict Open XML" documents, turned into the usual ones before parsing."""
STRICT_HOST = b"purl.oclc.org"

LIMIT_MESSAGE = re.compile(r"depth|huge|limit|too (?:long|large|many)", re.I)
"""What libxml2 says when one of its limits is passed (nesting 2048, text node 10 MB, entities)."""

UNZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, KeyError)

Element = etree._Element

Cut = Callable[[bytes], bytes]
"""What takes some of an XML part away before it is parsed."""


class Relation(NamedTuple):
    """Where a relation id of a part leads."""

    target: str
    """Path of a part without the leading slash, or an address if external."""
    kind: str
    """Last word of the relation's type: image, header, footnotes ..."""
    external: bool


class Parts(Protocol):
    def names(self) -> Collection[str]: ...
    def read(self, name: str) -> bytes: ...


class _Zip:
    """The members of a ZIP, found whatever the case and slashes of their names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.members = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}

    def names(self) -> Collection[str]:
        return self.members.keys()

    def read(self, name: str) -> bytes:
        return self.archive.read(self.members[name])


class _Flat:
    """The parts of a package kept as one XML file (flat OPC)."""

    def __init__(self, root: Element) -> None:
        self.parts = {str(part.get(f"{PKG}name", "")).lstrip("/").lower(): part for part in root.iter(f"{PKG}part")}

    def names(self) -> Collection[str]:
        return self.parts.keys()

    def read(self, name: str) -> bytes:
        part = self.parts[name]
        data = part.find(f"{PKG}xmlData")
        if data is not None and len(data):
            return etree.tostring(data[0])
        return base64.b64decode(part.findtext(f"{PKG}binaryData") or "")


class Package:
    """The parts of an OOXML file by path, case-insensitively; `damaged` names those that could not be read."""

    def __init__(self, parts: Parts, name: str) -> None:
        self.parts = parts
        self.name = name
        self.damaged: list[str] = []
        self._relations: dict[str, Mapping[str, Relation]] = {}

    def names(self) -> Collection[str]:
        return self.parts.names()

    def bytes(self, path: str) -> bytes | None:
        """The content of a part, or None where it is missing or cannot be unpacked."""
        key = unquote(path).lower()
        key = key if key in self.parts.names() else path.lower()
        if key not in self.parts.names():
            return None
        try:
            return self.parts.read(key)
        except RuntimeError as error:  # zipfile's way to say "password required"
            raise EncryptedError("文件设有打开密码", subject=self.name) from error
        except (*UNZIP_ERRORS, binascii.Error):
            self.damaged.append(path)
            return None

    def xml(self, path: str, cut: Cut | None = None) -> Element | None:
        """The root of an XML part, or None where it is missing or beyond repair.

        `cut` takes away what nobody will look at.
        """
        content = self.bytes(path)
        if content is None:
            return None
        if len(content) > MAX_XML:
            raise TooLargeError(f"文件里的 {path} 展开后超过 {MAX_XML // 1024 // 1024} MB", subject=self.name)
        content = cut(content) if cut else content
        if STRICT_HOST in content:
            content = STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
        root, whole = parse_xml(content, self.name)
        if not whole:
            self.damaged.append(path)
        return root

    def relations(self, path: str) -> Mapping[str, Relation]:
        """The relations of a part by their ids; of the package itself for an empty path."""
        if path not in self._relations:
            folder, _, file = path.rpartition("/")
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
            found = root.iter(RELATION) if root is not None else iter(())
            self._relations[path] = {str(item.get("Id")): _relation(item, folder) for item in found}
        return self._relations[path]

    def related(self, path: str, kind: str) -> list[str]:
        """The paths of the parts to which a part has relations of one kind."""
        found = (item for item in self.relations(path).values() if item.kind == kind and not item.external)
        return list(dict.fromkeys(item.target for item in found))

    def main(self) -> str:
        """The path of the main document part, by relation, usual name, or any name like it."""
        names = self.names()
        usual = [*self.related("", "officeDocument"), "word/document.xml"]
        others = sorted(name for name in names if re.fullmatch(r"word/document\w*\.xml", name))
        return next((path for path in (*usual, *others) if path.lower() in names), "")


def _relation(item: Element, folder: str) -> Relation:
    target = str(item.get("Target") or "")
    external = item.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
    return Relation(target, str(item.get("Type") or "").rpartition("/")[2], external)


def open_package(content: bytes, name: str) -> Package:
    """The package in `content`, a ZIP or one XML file.

    Raises FormatError (broken or truncated), EncryptedError, TooLargeError (a bomb) before unpacking.
    """
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB", subject=name)
    if not content.startswith(b"PK"):
        root, _ = parse_xml(content, name)
        if root is None or root.tag != f"{PKG}package":
            raise FormatError("不是有效的 Word 文档", subject=name)
        return Package(_Flat(root), name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except UNZIP_ERRORS as error:
        raise FormatError("文件不完整或已损坏，可能没有传完", subject=name) from error
    _check_limits(archive.infolist(), name)
    return Package(_Zip(archive), name)


def _check_limits(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise TooLargeError(f"压缩包里有 {len(members)} 个部件，超过上限 {MAX_MEMBERS}", subject=name)
    if sum(member.file_size for member in members) > MAX_TOTAL:
        raise TooLargeError(f"展开后超过 {MAX_TOTAL // 1024 // 1024} MB，疑似压缩炸弹", subject=name)
    for member in members:
        if member.file_size > max(RATIO_FROM, MAX_RATIO * member.compress_size):
            raise TooLargeError(f"部件 {member.filename} 的压缩比异常，疑似压缩炸弹", subject=name)
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedError("文件设有打开密码", subject=name)


def parse_xml(content: bytes, name: str) -> tuple[Element | None, bool]:
    """The root of some XML and whether it was read whole; entities are never resolved, nothing is fetched.

    Raises TooLargeError where it is nested too deeply and FormatError where it declares entities.
    """
    root, whole = None, True
    try:
        root = etree.fromstring(content, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if LIMIT_MESSAGE.search(str(error)):
            raise TooLargeError("文件结构层次太深或有超长的段落", subject=name) from error
        whole = False
    if root is None and b"<!ENTITY" not in content:
        try:
            root = etree.fromstring(content, _parser(recover=True))
        except etree.XMLSyntaxError:
            return None, False
    document_type = root.getroottree().docinfo.internalDTD if root is not None else None
    if document_type is not None or b"<!ENTITY" in content:
        raise FormatError("文件里有 XML 实体声明，可能有害，不予读取", subject=name)
    return root, whole


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, remove_pis=True
    )


def is_encrypted_opendocument(content: bytes) -> bool:
    """Whether an OpenDocument package says in its manifest that its parts are encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = archive.getinfo("META-INF/manifest.xml")
            return info.file_size < MAX_XML and b"encryption-data" in archive.read(info)
    except (*UNZIP_ERRORS, RuntimeError):
        return False
