"""What ties paragraphs to the file they come from, cut: links, fields that fetch, marks of revision, numbering, notes."""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

_DROPPED = ("w:sectPr", "w:numPr", "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:commentReference",
            "w:commentRangeStart", "w:commentRangeEnd", "w:footnoteReference", "w:endnoteReference",
            "w:del", "w:moveFrom", "w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd",
            "w:rPrChange", "w:pPrChange", "w:tblPrChange", "w:tblPrExChange", "w:tblGridChange", "w:trPrChange",
            "w:tcPrChange", "w:cellIns", "w:cellDel", "w:cellMerge", "w:numberingChange", "a:hlinkClick", "a:hlinkHover",
            "a:hlinkMouseOver")  # fmt: skip
_KEPT = ("w:ins", "w:moveTo", "w:hyperlink")
"""Marks around what stays: its bookmarks do not come along, so that a link within the file has no end either."""
_FETCHES = re.compile(r"\s*(?:HYPERLINK|INCLUDE\w*|IMPORT|LINK|DDE\w*|GOTOBUTTON|DATABASE|REF|PAGEREF|NOTEREF)\b", re.I)
"""Fields that point to another file or place; what they show stays."""
_WORD = "http://schemas.microsoft.com/office/word/"
_OFFICE = "urn:schemas-microsoft-com:office:office"


def cut_ties(item: Any) -> None:
    """Takes out of the XML what belongs to the other file and what only Word's own programs know."""
    for field in list(item.iter(qn("w:fldSimple"))):
        if _FETCHES.match(field.get(qn("w:instr"), "")):
            _unwrap(field)
    for part in list(_field_parts(item)):
        part.getparent().remove(part)
    for found in list(item.iter(*map(qn, _KEPT))):
        _unwrap(found)
    for found in list(item.iter(*map(qn, _DROPPED))):
        found.getparent().remove(found)
    for found in list(item.iter(etree.Element)):
        space = etree.QName(found).namespace or ""
        if space.startswith(f"{_WORD}2010/wordml") and found.getparent() is not None:
            found.getparent().remove(found)
            continue
        for name in list(found.attrib):
            # `href` alone is that of a drawing of VML.
            if name.startswith(f"{{{_WORD}") or "rsid" in name or name in ("href", f"{{{_OFFICE}}}href"):
                del found.attrib[name]


def _unwrap(found: Any) -> None:
    """Puts what is in the element where the element stands."""
    for part in list(found):
        found.addprevious(part)
    found.getparent().remove(found)


def _field_parts(item: Any) -> Iterator[Any]:
    """The marks and the words of the fields that fetch something, in runs one after the other; not what they show."""
    opened: list[list[Any]] = []
    for part in item.iter(qn("w:fldChar"), qn("w:instrText")):
        kind = part.get(qn("w:fldCharType"))
        if kind == "begin":
            opened.append([])
        if opened:
            opened[-1].append(part)
        if kind == "end" and opened:
            parts = opened.pop()
            words = "".join(word.text or "" for word in parts if word.tag == qn("w:instrText"))
            if _FETCHES.match(words):
                yield from parts
