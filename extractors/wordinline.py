"""The text of one Word paragraph: runs, fields, tracked changes, hidden text, notes, symbols.

A line break ends a line; each line becomes a block of its own. Text boxes and pictures that hang on the
paragraph are blocks before it, if they come before its text, else after the line they are in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulletin.errors import TooLargeError
from bulletin.model import Block
from extractors.package import Element, R, W
from extractors.plain import MAX_LINE
from extractors.wordparts import Lost, Raw, plain_text
from extractors.wordstyles import is_bold, is_on

if TYPE_CHECKING:
    from extractors.wordstory import Story

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

# Characters of Wingdings and Symbol as Word writes them (w:sym), in what they look like.
SYMBOLS: Mapping[str, str] = {
    "wingdings:f0fe": "☑", "wingdings:f0fd": "☒", "wingdings:f0a8": "□", "wingdings:f06f": "□",
    "wingdings:f0fc": "✓", "wingdings:f0fb": "✗", "wingdings:f06c": "●", "wingdings:f06e": "■",
    "wingdings:f0d8": "➢", "wingdings:f076": "❖", "wingdings:f0e0": "→", "wingdings 2:f052": "☑",
    "wingdings 2:f0a3": "□", "wingdings 2:f050": "✓", "symbol:f0b7": "•", "symbol:f0b0": "°",
    "symbol:f0b4": "×", "symbol:f0b3": "≥", "symbol:f0a3": "≤", "symbol:f0b1": "±",
}  # fmt: skip

PLACES = re.compile(r"(?:picture|origin)\d+")
"""Bookmarks that say where a picture stands and where it comes from."""


@dataclass
class Line:
    text: str = ""
    """Complete once the paragraph is finished."""
    parts: list[str] = field(default_factory=list)
    size: int = 0
    visible: bool = False
    lead: int = 0
    """How many of its first characters are set as a run-in heading, of this level:"""
    level: int = 0
    bold: int = 0
    """How many of its first characters are set in bold or in 黑体."""
    marks: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    before: list[Raw] = field(default_factory=list)
    after: list[Raw] = field(default_factory=list)
    on_new_page: bool = False

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)
        self.visible = self.visible or not text.isspace()


class Paragraph:
    """Collects the lines of a paragraph, or of several that Word shows as one."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.lines = [Line()]

    def begin(self, label: str) -> None:
        """Put the label of a list before the text."""
        line = self.lines[0]
        if not line.parts:
            line.parts.append(label)
            line.size = len(label)

    def finished(self) -> list[Line]:
        """The lines, NFC; one with nothing but blanks or a label in it is empty."""
        for line in self.lines:
            if line.size > MAX_LINE:
                raise TooLargeError(f"有一段超过 {MAX_LINE} 字", subject=self.story.reading.package.name)
            line.text = unicodedata.normalize("NFC", "".join(line.parts)) if line.visible else ""
        return self.lines

    # ------------------------------------------------------------ collecting

    def walk(self, element: Element) -> None:
        """Take in everything below an element; wrappers that are not known are looked through."""
        for child in element:
            handle = HANDLERS.get(child.tag) if isinstance(child.tag, str) else _skip
            if handle is None:
                self.walk(child)
            else:
                handle(self, child)

    def add(self, text: str) -> None:
        if self.story.in_instruction:
            self.lose("field-code", text)
        else:
            self.lines[-1].add(text)

    def lose(self, rule: str, text: str) -> None:
        if text.strip():
            self.lines[-1].lost.append(Lost(rule, text.strip(), self.lines[-1].size))

    def place(self, raws: list[Raw]) -> None:
        """Take in blocks that hang on the paragraph."""
        line = self.lines[-1]
        (line.after if line.visible else line.before).extend(raws)

    @property
    def extent(self) -> tuple[int, int, int]:
        line = self.lines[-1]
        return len(self.lines), line.size, len(line.before) + len(line.after)


def _skip(paragraph: Paragraph, element: Element) -> None:
    """Nothing to see."""


def _text(paragraph: Paragraph, element: Element) -> None:
    paragraph.add((element.text or "").replace("\r", " ").replace("\n", " "))


def _constant(text: str) -> Callable[[Paragraph, Element], None]:
    return lambda paragraph, element: paragraph.add(text)


def _break(paragraph: Paragraph, element: Element) -> None:
    if not paragraph.story.in_instruction:
        paragraph.story.reading.count()
        paragraph.lines.append(Line(on_new_page=element.get(f"{W}type") == "page"))


def _run(paragraph: Paragraph, element: Element) -> None:
    """A run: hidden if it, its style or the style of the paragraph says so, the nearest deciding."""
    properties = element.find(f"{W}rPr")
    vanish = style = None
    if properties is not None:
        vanish, style = properties.find(f"{W}vanish"), properties.find(f"{W}rStyle")
    if vanish is not None:
        hidden = is_on(vanish.get(f"{W}val"))
    else:
        styles = paragraph.story.reading.styles
        hidden = paragraph.story.hidden or (style is not None and styles.hides(str(style.get(f"{W}val"))))
    if hidden and element.find(f"{W}fldChar") is None:
        paragraph.lose("hidden-text", plain_text(element))
    else:
        line, begin = paragraph.lines[-1], paragraph.lines[-1].size
        paragraph.walk(element)
        styles, key = paragraph.story.reading.styles, "" if style is None else str(style.get(f"{W}val"))
        level = styles.lead_level(key) if key else 0
        if level and begin == line.lead:
            line.lead, line.level = line.size, level
        if begin == line.bold and properties is not None and (is_bold(properties) or (key and styles.bold(key))):
            line.bold = line.size


def _field(paragraph: Paragraph, element: Element) -> None:
    """A mark of a field: begin, separate (its result follows), end. What a field says is its result."""
    fields = paragraph.story.fields
    kind = element.get(f"{W}fldCharType")
    if kind == "begin":
        fields.append(False)
    elif kind == "separate" and fields:
        fields[-1] = True
    elif kind == "end" and fields:
        fields.pop()


def _dropped(rule: str) -> Callable[[Paragraph, Element], None]:
    def drop(paragraph: Paragraph, element: Element) -> None:
        paragraph.lose(rule, plain_text(element, f"{W}t", f"{W}delText"))

    return drop


def _symbol(paragraph: Paragraph, element: Element) -> None:
    code, font = str(element.get(f"{W}char") or "").lower(), str(element.get(f"{W}font") or "").lower()
    try:
        fallback = chr(int(code, 16)) if code else ""
    except ValueError:
        fallback = ""
    paragraph.add(SYMBOLS.get(f"{font}:{code}", fallback))


def _ruby(paragraph: Paragraph, element: Element) -> None:
    for part in element:
        if part.tag == f"{W}rubyBase":
            paragraph.walk(part)
        elif part.tag == f"{W}rt":
            paragraph.lose("ruby", plain_text(part))


def _note(kind: str) -> Callable[[Paragraph, Element], None]:
    def mark(paragraph: Paragraph, element: Element) -> None:
        text = paragraph.story.reading.note_mark(kind, str(element.get(f"{W}id")))
        if is_on(element.get(f"{W}customMarkFollows"), missing=False):
            paragraph.story.reading.own_marks.add((kind, str(element.get(f"{W}id"))))
        else:
            paragraph.add(text)

    return mark


def _comment(paragraph: Paragraph, element: Element) -> None:
    paragraph.lose("comment", paragraph.story.reading.comments.pop(str(element.get(f"{W}id")), ""))


def _content_control(paragraph: Paragraph, element: Element) -> None:
    properties = element.find(f"{W}sdtPr")
    content = element.find(f"{W}sdtContent")
    if content is None:
        return
    prompt = properties.find(f"{W}showingPlcHdr") if properties is not None else None
    if prompt is not None and is_on(prompt.get(f"{W}val")):
        paragraph.lose("placeholder", plain_text(content))
    else:
        paragraph.walk(content)


def _alternatives(paragraph: Paragraph, element: Element) -> None:
    """The first choice that gives something: the fallback repeats it for older programs."""
    before = paragraph.extent
    for choice in (*element.iterfind(f"{MC}Choice"), *element.iterfind(f"{MC}Fallback")):
        paragraph.walk(choice)
        if paragraph.extent != before:
            return


def _bookmark(paragraph: Paragraph, element: Element) -> None:
    """Where a picture comes from that our own print put further down."""
    name = str(element.get(f"{W}name") or "")
    if PLACES.fullmatch(name):
        paragraph.lines[-1].marks.append(name)


def _shape(paragraph: Paragraph, element: Element) -> None:
    """A drawing, picture or embedded object: text boxes and pictures in it, in their order."""
    story = paragraph.story
    described = element.find(f".//{WP}docPr")
    alt = "" if described is None else str(described.get("descr") or described.get("title") or "")
    for item in _outermost(element):
        if item.tag == f"{W}txbxContent":
            paragraph.place(story.inner(item))
        elif item.tag == f"{A}p":
            paragraph.place([Raw(Block(text=plain_text(item, f"{A}t")))])
        elif item.tag == f"{V}textpath":
            paragraph.place([Raw(Block(text=str(item.get("string") or "").strip()))])
        elif item.tag == f"{C}chart":
            paragraph.lose("chart-text", _chart_text(story, str(item.get(f"{R}id"))))
        elif item.tag == f"{DGM}relIds":
            paragraph.place(_diagram(story, str(item.get(f"{R}dm"))))
        else:
            key = str(item.get(f"{R}embed") or item.get(f"{R}id") or item.get(f"{R}link") or "")
            block = story.reading.picture(story.part, key, alt or str(item.get(f"{O}title") or ""))
            paragraph.place([Raw(block, marks=tuple(paragraph.lines[-1].marks))] if block else [])
    for embedded in element.iter(f"{O}OLEObject"):
        story.reading.warn(f"有嵌入对象（{embedded.get('ProgID') or '未知'}），只保留了它的图片")


VISIBLE = frozenset(
    (f"{W}txbxContent", f"{A}blip", f"{A}p", f"{V}imagedata", f"{V}textpath", f"{C}chart", f"{DGM}relIds")
)


def _outermost(element: Element) -> Iterator[Element]:
    """The elements below that show something, without those inside another; fallbacks only where alone."""
    for child in element:
        if child.tag in VISIBLE:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            for choice in (*child.iterfind(f"{MC}Choice"), *child.iterfind(f"{MC}Fallback")):
                if found := list(_outermost(choice)):
                    yield from found
                    break
        else:
            yield from _outermost(child)


def _chart_text(story: Story, relation_id: str) -> str:
    root = _related(story, relation_id)
    return "" if root is None else " ".join(item.text or "" for item in root.iter(f"{A}t", f"{C}v"))


def _diagram(story: Story, relation_id: str) -> list[Raw]:
    """The paragraphs of a SmartArt diagram."""
    root = _related(story, relation_id)
    texts = [] if root is None else [plain_text(item, f"{A}t") for item in root.iter(f"{A}p")]
    return [Raw(Block(text=text)) for text in texts if text]


def _related(story: Story, relation_id: str) -> Element | None:
    """The root of a chart or diagram, the first time that it is met."""
    package, drawn = story.reading.package, story.reading.drawn
    relation = package.relations(story.part).get(relation_id)
    if relation is None or relation.external or relation.target in drawn:
        return None
    drawn.add(relation.target)
    return package.xml(relation.target)


HANDLERS: Mapping[str, Callable[[Paragraph, Element], None]] = {
    **dict.fromkeys((f"{W}{tag}" for tag in (
        "pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delInstrText", "fldData", "softHyphen", "annotationRef",
        "footnoteRef", "endnoteRef", "separator", "continuationSeparator", "smartTagPr", "customXmlPr",
    )), _skip),
    f"{W}t": _text,
    f"{M}t": _text,
    f"{W}r": _run,
    f"{W}tab": _constant("\t"),
    f"{W}ptab": _constant("\t"),
    f"{W}noBreakHyphen": _constant("-"),
    f"{W}br": _break,
    f"{W}cr": _break,
    f"{W}fldChar": _field,
    f"{W}sym": _symbol,
    f"{W}ruby": _ruby,
    f"{W}del": _dropped("tracked-deletion"),
    f"{W}moveFrom": _dropped("moved-away"),
    f"{W}footnoteReference": _note("footnote"),
    f"{W}endnoteReference": _note("endnote"),
    f"{W}commentReference": _comment,
    f"{W}bookmarkStart": _bookmark,
    f"{W}sdt": _content_control,
    f"{MC}AlternateContent": _alternatives,
    f"{W}drawing": _shape,
    f"{W}pict": _shape,
    f"{W}object": _shape,
}  # fmt: skip
