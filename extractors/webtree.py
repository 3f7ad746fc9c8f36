"""A web page as the lines that a reader of it sees, in reading order.

Everything the web reader does, it does on these lines: they hold every visible character of the page
exactly once, so whatever is not kept as a block can be recorded as a change.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from bulletin.errors import EmptyError, FormatError


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


INLINE = _tags(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr o:p st1:chsdate st1:personname st1:place"
)
WITHIN = INLINE | {"img"}
"""What does not end a line."""
UNSEEN = _tags(
    "script style noscript head template iframe object embed applet svg math audio video canvas textarea datalist "
    "link meta title noframes param source"
)
DEEPEST = 2048
"""Levels of elements that libxml2 2.14 takes with huge_tree."""
AROUND = 100
"""So many elements around a line are kept; of the pages looked at none nests its text deeper than 40."""
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_WEIGHTLESS = re.compile(r"[\W\d_][\W\d_]*")
_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\r?\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CLOSING = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_NESTING = re.compile(
    r"</?(?:div|span|font|section|table|tbody|tr|td|ul|ol|li|center|b|i|blockquote|[a-z]+[\d-]\w*)\b[^>]*>", re.I
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
STOPS = re.compile(r"[，。；！？、：,;!?“”]|\.(?=\s|$)")
"""Punctuation that running text has and navigation has not."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of the page: a paragraph, a cell, a list entry, what stands between two <br>, or an image."""

    text: str
    ancestors: tuple[etree._Element, ...]
    """Its block element (or image) and everything around that, the innermost first."""
    linked: int = 0
    """How many of its letters are links."""
    image: bool = False
    size: int = field(init=False)
    """Characters, blanks not counted."""
    letters: int = field(init=False)
    """Characters and Latin letters; no digits and signs, so that a dated link counts as a link."""
    link_share: float = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(squeeze(self.text))
        self.letters = weigh(self.text)
        self.link_share = min(1.0, self.linked / self.letters) if self.letters else 0.0

    @property
    def has_stops(self) -> bool:
        return STOPS.search(self.text) is not None

    @property
    def node(self) -> etree._Element:
        """The innermost block element it stands in."""
        return self.ancestors[0]


def parse(html: str, name: str = "") -> etree._Element:
    """The root of the page's tree; raises FormatError where there is no page in the text."""
    # A page that includes another whole page as its header ends for libxml2 where the included one ends.
    text = _CLOSING.sub("", _ILLEGAL.sub(" ", _DECLARATION.sub("", html)))
    root = _parse(text, name)
    if text.count("<") > DEEPEST and next(filter(str.strip, map(str, root.itertext())), None) is None:
        # Nested beyond what libxml2 takes it gives nothing at all: read the text without the nesting.
        root = _parse(_NESTING.sub("<br>", text), name)
    return root


def _parse(text: str, name: str) -> etree._Element:
    try:
        # huge_tree: without it pages nested deeper than 256 elements would be lost.
        root = etree.fromstring(text, etree.HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError) as error:
        raise FormatError("不是完整的网页，读不出内容", subject=name) from error
    if root is None:
        raise EmptyError("网页是空的", subject=name)
    return root


def tidy(text: str) -> str:
    """The text as shown: NFC, runs of blanks as one, no break between two Chinese characters."""
    if "\n" in text:
        text = _BREAK.sub("", text)
    return " ".join(unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text)).split())


def squeeze(text: str) -> str:
    """The text without any blank, for comparing."""
    return "".join(text.split())


def weigh(text: str) -> int:
    """How many letters the text has, digits and signs not counted."""
    return len(_WEIGHTLESS.sub("", text))


def steps(first: Sequence[etree._Element], second: Sequence[etree._Element]) -> int:
    """How many steps up and down the tree lead from one element to another; 2 between siblings.

    Each is given with all that is around it, the innermost first.
    """
    if first[0] is second[0]:
        return 0
    if first[1:2] == second[1:2]:
        return 2
    above = {element: i for i, element in enumerate(first)}
    for down, element in enumerate(second):
        if element in above:
            return above[element] + down
    return len(above)


def label(element: etree._Element) -> str:
    """Class and id of an element, in small letters."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def read_lines(root: etree._Element, *, hidden: bool = False) -> list[Line]:
    """Every visible line of the page in order; with `hidden` also what its styles hide until a script shows it."""
    reader = _LineReader(root, hidden)
    return reader.run()


class _LineReader:
    def __init__(self, root: etree._Element, hidden: bool) -> None:
        self.root, self.hidden = root, hidden
        self.lines: list[Line] = []
        self.parts: list[str] = []
        self.linked = self.links = self.preformatted = 0
        self.open: list[etree._Element] = []
        self.blocks: list[tuple[etree._Element, ...]] = [(root,)]

    def run(self) -> list[Line]:
        walker = etree.iterwalk(self.root, events=("start", "end", "comment", "pi"))
        skipped: set[etree._Element] = set()
        for event, element in walker:
            if event == "start":
                if self._unseen(element):
                    skipped.add(element)
                    walker.skip_subtree()
                else:
                    self._open(element)
            else:
                if event == "end" and element not in skipped:
                    self._close(element)
                if element is not self.root:
                    self._add(element.tail)
        self._flush()
        return self.lines

    def _unseen(self, element: etree._Element) -> bool:
        if element.tag in UNSEEN:
            return True
        style = element.get("style") or ""
        return not self.hidden and _HIDDEN.search(style) is not None

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        self.open.append(element)
        if tag not in WITHIN:
            self._flush()
            self.blocks.append(self._around())
            self.preformatted += tag == "pre"
        elif tag == "a":
            self.links += element.get("href") is not None
        elif tag == "img":
            # A picture stands before the line that it is set in and does not cut the sentence.
            self.lines.append(Line("", self._around(), image=True))
        self._add(element.text)

    def _around(self) -> tuple[etree._Element, ...]:
        """The open elements, the innermost first."""
        return tuple(self.open[: -AROUND - 1 : -1])

    def _close(self, element: etree._Element) -> None:
        tag = element.tag
        self.open.pop()
        if tag not in WITHIN:
            self._flush()
            self.blocks.pop()
            self.preformatted -= tag == "pre"
        elif tag == "a":
            self.links -= element.get("href") is not None

    def _add(self, text: str | None) -> None:
        if not text or (not self.parts and text.isspace()):  # indents of the markup
            return
        for number, part in enumerate(text.splitlines() or [text] if self.preformatted else [text]):
            if number:
                self._flush()
            self.parts.append(part)
            if self.links:
                self.linked += weigh(part)

    def _flush(self) -> None:
        if not self.parts:
            return
        if text := tidy("".join(self.parts)):
            self.lines.append(Line(text, self.blocks[-1], self.linked))
        self.parts.clear()
        self.linked = 0
