"""What the styles of a Word document say about its text: outline level, numbering, hidden."""

import re
from functools import cache
from typing import NamedTuple

from bulletin.model import Role
from extractors.package import Element, W

BODY_LEVEL = 9
"""Outline level of body text; 0 to 8 are headings."""

# Names of the built-in headings: "heading 1", "标题 1", "Überschrift 1" (WPS and old files set no outline
# level in the style, because the name says it).
HEADING_NAME = re.compile(r"(?:heading|标题|標題|見出し|제목|überschrift|titre|título|заголовок)\s*([1-9])", re.I)
TITLE_NAME = re.compile(r"(?:title|标题|標題|文章标题|公文标题)", re.I)
SUBTITLE_NAME = re.compile(r"(?:subtitle|副标题|副標題)", re.I)

# The styles of an issue that this project has printed (builders.ooxml.sheet), by their names: whoever uses the
# same names means the same.
ROLES = {
    "署名": Role.SIGNATURE, "成文日期": Role.DATE, "关键词": Role.KEYWORDS, "作者单位": Role.BYLINE,
    "引文": Role.QUOTE, "注释": Role.NOTE, "按语": Role.NOTE,
}  # fmt: skip
CAPTIONS = {"表题": "table", "图题": "image"}
LEAD_NAME = re.compile(r"段首标题([1-4])")

FALSE = ("0", "false", "off", "none")


class ParagraphStyle(NamedTuple):
    """What a paragraph style means for its paragraphs."""

    outline: int = BODY_LEVEL
    title: bool = False
    number_id: str = ""
    number_level: int | None = None
    number_style: str = ""
    """The style of the chain that sets the numbering; a list may give it a level."""
    hidden: bool = False
    role: Role = Role.BODY
    caption: str = ""
    """What the paragraph is the caption of: "table", the one below it, or "image", the one above it."""


def without_table_styles(content: bytes) -> bytes:
    """The part of the styles without those of tables, which say nothing about text.

    They are nine tenths of the 350 kB that Word's own template brings along: 3.5 of the 6.3 ms that a short
    document took. Word, WPS and LibreOffice write the type first; a style written otherwise stays.
    """
    start = b"<w:style "
    *styles, last = content.split(start)
    return start.join([*(style for style in styles if not style.startswith(b'w:type="table"')), last])


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self.default = ""
        for item in root.iter(f"{W}style") if root is not None else ():
            key = str(item.get(f"{W}styleId"))
            self._styles[key] = item
            if item.get(f"{W}type") == "paragraph" and is_on(item.get(f"{W}default"), missing=False):
                self.default = key
        self.paragraph = cache(self._paragraph)
        self.hides = cache(self._hides)
        self.lead_level = cache(self._lead_level)
        self.bold = cache(self._bold)

    def _chain(self, key: str) -> list[tuple[str, Element]]:
        """A style and those it is based on, nearest first; circles are cut."""
        found: dict[str, Element] = {}
        while key in self._styles and key not in found:
            found[key] = self._styles[key]
            based = self._styles[key].find(f"{W}basedOn")
            key = "" if based is None else str(based.get(f"{W}val"))
        return list(found.items())

    def _paragraph(self, key: str) -> ParagraphStyle:
        outline: int | None = None
        number: tuple[str, int | None, str] | None = None
        title = subtitle = False
        for depth, (name_id, item) in enumerate(self._chain(key or self.default)):
            level = item.find(f"{W}pPr/{W}outlineLvl")
            name = style_name(item)
            if outline is None and level is not None:
                outline = to_level(level.get(f"{W}val"))
            if outline is None and (match := HEADING_NAME.fullmatch(name)):
                outline = int(match[1]) - 1
            if depth == 0:
                title, subtitle = bool(TITLE_NAME.fullmatch(name)), bool(SUBTITLE_NAME.fullmatch(name))
            if number is None and (numbers := item.find(f"{W}pPr/{W}numPr")) is not None:
                number_id, number_level = number_of(numbers)
                if number_id:  # "0" takes away the numbering of the style it is based on
                    number = ("" if number_id == "0" else number_id, number_level, name_id)
        number_id, number_level, number_style = number or ("", None, "")
        outline = BODY_LEVEL if outline is None else outline
        own = self._styles.get(key)
        name = style_name(own) if own is not None else ""
        role = Role.SUBTITLE if subtitle else ROLES.get(name, Role.BODY)
        hidden, caption = self.hides(key), CAPTIONS.get(name, "")
        return ParagraphStyle(outline, title, number_id, number_level, number_style, hidden, role, caption)

    def _hides(self, key: str) -> bool:
        """Whether a paragraph or character style hides its text."""
        for _, item in self._chain(key):
            if (vanish := item.find(f"{W}rPr/{W}vanish")) is not None:
                return is_on(vanish.get(f"{W}val"))
        return False

    def _bold(self, key: str) -> bool:
        """Whether a character style sets its text in bold."""
        return any((look := item.find(f"{W}rPr")) is not None and is_bold(look) for _, item in self._chain(key))

    def _lead_level(self, key: str) -> int:
        """The level of the run-in heading that a character style sets, 0 for another style."""
        item = self._styles.get(key)
        match = LEAD_NAME.fullmatch(style_name(item)) if item is not None else None
        return int(match[1]) if match else 0

    def lists(self) -> dict[str, str]:
        """The numId of each style that has one."""
        found = {}
        for key, item in self._styles.items():
            properties = next(item.iterchildren(f"{W}pPr"), None)
            numbers = properties.find(f"{W}numPr") if properties is not None else None
            if numbers is not None and (number_id := number_of(numbers)[0]):
                found[key] = number_id
        return found


def style_name(item: Element) -> str:
    name = item.find(f"{W}name")
    return "" if name is None else str(name.get(f"{W}val") or "").strip()


def is_bold(properties: Element) -> bool:
    """Whether the w:rPr says that its text is set in bold or in 黑体."""
    bold, faces = properties.find(f"{W}b"), properties.find(f"{W}rFonts")
    if bold is not None and is_on(bold.get(f"{W}val")):
        return True
    return faces is not None and str(faces.get(f"{W}eastAsia")).removeprefix("方正").startswith(("黑体", "SimHei"))


def number_of(item: Element) -> tuple[str, int | None]:
    """The numId and level of a w:numPr, empty and None where they are not given."""
    number, level = item.find(f"{W}numId"), item.find(f"{W}ilvl")
    index = to_level(level.get(f"{W}val")) if level is not None else None
    return ("" if number is None else str(number.get(f"{W}val") or "")), index


def to_level(text: str | None) -> int:
    """An outline or list level from 0 to 9; 9 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) < BODY_LEVEL else BODY_LEVEL


def is_on(value: str | None, *, missing: bool = True) -> bool:
    """The value of an on/off attribute, `missing` where it is not there."""
    return missing if value is None else value.lower() not in FALSE
