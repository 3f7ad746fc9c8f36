"""The masthead of somebody's DOCX, made ready to stand in ours: its XML, the styles it uses, its pictures.

Nothing else of that file comes along: no theme (its faces are named outright), no numbering, no
headers, no links to the outside, none of Word's revision marks. Its styles are renamed, so that
ours and theirs do not meet, and its defaults become a style of their own.
"""

import copy
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from builders.ooxml.ties import cut_ties
from bulletin.errors import FormatError

MARKER = "{{正文}}"
"""Alone in a paragraph, or the tag of a content control: where contents and text begin."""
_PLACE = re.compile(r"\{\{\s*([^{}]{1,12}?)\s*\}\}")
_NUMBER = re.compile(r"第((?:<[^>]*>)*\{\{\s*期号\s*\}\}(?:<[^>]*>)*)期")
"""第{{期号}}期, in as many runs as it may be: the field brings 第 and 期 along."""
_BEGINS = re.compile(r"\s*(?:【[^】]{1,12}】|(?:本期)?要\s*目|目\s*录)\s*")
"""What the text of an issue begins with where the template has no marker."""
_PREFIX = "Form"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Form:
    """A masthead with its fields still in it, {{期号}} whole in one run; styles as XML; pictures by relation."""

    masthead: str
    styles: tuple[str, ...]
    pictures: dict[str, tuple[str, str, bytes]] = field(repr=False, hash=False)
    """Suffix, media type and bytes."""
    fields: frozenset[str]
    samples: dict[str, str] = field(hash=False)
    """Styles of the same name as ours that paragraphs under the marker show: what they say, as XML, by name."""


@lru_cache(maxsize=16)
def read_form(content: bytes) -> Form:
    """The form in a DOCX. Raises FormatError where it is none or nothing says where the text begins."""
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as wrong:
        raise FormatError("模板不是可以读取的 DOCX") from wrong
    body = list(document.element.body)
    end = next((at for at, item in enumerate(body) if _is_marker(item)), None)
    if end is None:
        end = next((at for at, item in enumerate(body) if _BEGINS.fullmatch(_text(item))), None)
    if not end:
        raise FormatError("模板里没有找到正文开始的地方", advice=f"请在报头下面单独写一行 {MARKER}")
    masthead = OxmlElement("w:body")
    masthead.extend(copy.deepcopy(item) for item in body[:end])
    cut_ties(masthead)
    sheet = _Sheet(document)
    pictures: dict[str, tuple[str, str, bytes]] = {}
    for item in masthead:
        sheet.rename(item)
        _take_pictures(item, document, pictures)
        for paragraph in item.iter(qn("w:p")):
            _gather(paragraph)
    text = "".join(etree.tostring(item, encoding="unicode") for item in masthead)
    return Form(text, sheet.copies(), pictures, frozenset(_PLACE.findall(text)), sheet.samples(body[end:]))


def filled(form: Form, values: dict[str, str]) -> str:
    """The masthead with its fields filled in; the values are XML already."""
    text = _NUMBER.sub(r"\1", form.masthead)
    return _PLACE.sub(lambda match: values.get(match[1], ""), text)


def _is_marker(item: Any) -> bool:
    tag = item.find(f"{qn('w:sdtPr')}/{qn('w:tag')}") if item.tag == qn("w:sdt") else None
    return _text(item).strip() == MARKER or (tag is not None and tag.get(qn("w:val")) == "正文")


def _text(item: Any) -> str:
    return "".join(part.text or "" for part in item.iter(qn("w:t")))


def _gather(paragraph: Any) -> None:
    """Every field of the paragraph whole in the run that it begins in: Word parts them as it likes."""
    while True:
        parts = [part for part in paragraph.iter(qn("w:t")) if part.text]
        starts = [sum(len(part.text) for part in parts[:at]) for at in range(len(parts) + 1)]
        text = "".join(part.text for part in parts)
        parted = next(
            (
                (first, last, match)
                for match in _PLACE.finditer(text)
                for first in [max(at for at in range(len(parts)) if starts[at] <= match.start())]
                for last in [max(at for at in range(len(parts)) if starts[at] < match.end())]
                if first < last
            ),
            None,
        )
        if parted is None:
            return
        first, last, match = parted
        parts[first].text = parts[first].text[: match.start() - starts[first]] + match[0]
        for part in parts[first + 1 : last]:
            part.text = ""
        parts[last].text = parts[last].text[match.end() - starts[last] :]


def _take_pictures(item: Any, document: Document, pictures: dict[str, tuple[str, str, bytes]]) -> None:
    """Renames the relations of the item's pictures and keeps their parts; what else it relates to is cut off."""
    for found in item.iter(etree.Element):
        for name in [name for name in found.attrib if name.startswith(_RELATIONS)]:
            relation = document.part.rels.get(found.attrib[name])
            if relation is None or relation.is_external or relation.reltype != RT.IMAGE:
                del found.attrib[name]
                continue
            part = relation.target_part
            key = f"rId{_PREFIX}{len(pictures) + 1}"
            pictures[key] = part.partname.ext, part.content_type, part.blob
            found.set(name, key)


class _Sheet:
    """The styles of the other file, taken along as they are used."""

    def __init__(self, document: Document) -> None:
        self._styles = {str(item.get(qn("w:styleId"))): item for item in document.styles.element.iter(qn("w:style"))}
        self._defaults = document.styles.element.find(qn("w:docDefaults"))
        self._faces = _theme_faces(document)
        self._used: dict[str, None] = {}
        default = (key for key, item in self._styles.items() if _is_default(item))
        self._normal = next(default, "")

    def rename(self, item: Any) -> None:
        """Points the item's paragraphs, runs and tables to the copies of their styles."""
        for paragraph in item.iter(qn("w:p")):
            paragraph.get_or_add_pPr()
            if paragraph.pPr.find(qn("w:pStyle")) is None:
                paragraph.pPr.insert(0, OxmlElement("w:pStyle", {qn("w:val"): self._normal}))
        for tag in ("w:pStyle", "w:rStyle", "w:tblStyle"):
            for mark in list(item.iter(qn(tag))):
                key = str(mark.get(qn("w:val")))
                if tag != "w:pStyle" and key not in self._styles:
                    mark.getparent().remove(mark)
                    continue
                self._used.update(dict.fromkeys(self._chain(key)))
                mark.set(qn("w:val"), _PREFIX + key)
        self._name_faces(item)

    def copies(self) -> tuple[str, ...]:
        """The styles used so far, with those they are based on, under their new names."""
        if self._normal not in self._styles:
            self._used.pop(self._normal, None)
        return tuple(self._copy(key) for key in self._used if key in self._styles)

    def samples(self, items: list[Any]) -> dict[str, str]:
        """What the styles of the paragraphs in the items say, by name; not the default one."""
        found = {}
        for mark in (mark for item in items for mark in item.iter(qn("w:pStyle"))):
            key = str(mark.get(qn("w:val")))
            style = self._styles.get(key)
            if style is not None and key != self._normal:
                own = copy.deepcopy(style)
                self._name_faces(own)
                looks = [part for part in own if part.tag in (qn("w:pPr"), qn("w:rPr"))]
                for number in [number for part in looks for number in part.findall(qn("w:numPr"))]:
                    number.getparent().remove(number)
                name = str(own.find(qn("w:name")).get(qn("w:val"))).lower()
                found[name] = "".join(etree.tostring(part, encoding="unicode") for part in looks)
        return found

    def _chain(self, key: str) -> Iterator[str]:
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            yield key
            base = self._styles[key].find(qn("w:basedOn")) if key in self._styles else None
            key = "" if base is None else str(base.get(qn("w:val")))

    def _copy(self, key: str) -> str:
        item = copy.deepcopy(self._styles[key])
        item.set(qn("w:styleId"), _PREFIX + key)
        item.attrib.pop(qn("w:default"), None)
        item.set(qn("w:customStyle"), "1")
        name = item.find(qn("w:name"))
        name.set(qn("w:val"), f"模板 {name.get(qn('w:val'))}")
        for tag in ("w:link", "w:next", "w:aliases", "w:qFormat", "w:rsid"):
            for mark in item.findall(qn(tag)):
                item.remove(mark)
        base = item.find(qn("w:basedOn"))
        if base is not None:
            base.set(qn("w:val"), _PREFIX + str(base.get(qn("w:val"))))
        if key == self._normal and self._defaults is not None:
            self._with_defaults(item)
        for part in item.iter(qn("w:numPr")):
            part.getparent().remove(part)
        self._name_faces(item)
        return etree.tostring(item, encoding="unicode")

    def _with_defaults(self, item: Any) -> None:
        """Says in the style what the defaults of its document say: ours are others."""
        for tag in ("w:rPr", "w:pPr"):
            given = self._defaults.find(f"{qn(tag + 'Default')}/{qn(tag)}")
            own = item.find(qn(tag))
            said = copy.deepcopy(own) if own is not None else OxmlElement(tag)
            if given is not None:
                merge(item, given)
                merge(item, said)

    def _name_faces(self, item: Any) -> None:
        """Names the faces of the theme outright."""
        for faces in item.iter(qn("w:rFonts")):
            for script, attribute in _SCRIPTS:
                theme = faces.attrib.pop(qn(f"w:{attribute}"), "")
                if theme and self._faces.get(theme):
                    faces.set(qn(f"w:{script}"), self._faces[theme])


_SCRIPTS = (("ascii", "asciiTheme"), ("hAnsi", "hAnsiTheme"), ("eastAsia", "eastAsiaTheme"), ("cs", "cstheme"))
_ORDER = {
    "w:rPr": {name: at for at, name in enumerate((
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
        "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern",
        "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em",
        "lang",
    ))},
    "w:pPr": {name: at for at, name in enumerate((
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
        "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
        "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
        "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    ))},
}  # fmt: skip
"""The order of properties in the schema (CT_RPr, CT_PPr)."""


def merge(style: Any, look: Any) -> None:
    """Says in the style what `look` (w:pPr or w:rPr) says; what it does not say stays as it is."""
    tag = "w:pPr" if look.tag == qn("w:pPr") else "w:rPr"
    own = style.find(qn(tag))
    if own is None:
        own = OxmlElement(tag)
        run = style.find(qn("w:rPr"))
        style.append(own) if run is None else run.addprevious(own)
    said = {part.tag: copy.deepcopy(part) for part in look}
    kept = [part for part in own if part.tag not in said]
    own[:] = sorted(
        [*kept, *said.values()], key=lambda part: _ORDER[tag].get(etree.QName(part).localname, len(_ORDER[tag]))
    )


def _is_default(item: Any) -> bool:
    return item.get(qn("w:type")) == "paragraph" and item.get(qn("w:default")) in ("1", "true", "on")


def _theme_faces(document: Document) -> dict[str, str]:
    """The faces that minorEastAsia and its like stand for."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype == RT.THEME), None)
    root = etree.fromstring(part.blob) if part is not None else None
    faces: dict[str, str] = {}
    for size in ("major", "minor"):
        found = root.find(f".//{_DRAWING}{size}Font") if root is not None else None
        if found is None:
            continue
        given = {etree.QName(item).localname + item.get("script", ""): item.get("typeface", "") for item in found}
        faces |= {f"{size}{script}": given.get("latin", "") for script in ("HAnsi", "Ascii", "Bidi")}
        faces[f"{size}EastAsia"] = given.get("ea") or given.get("fontHans", "")
    return faces
