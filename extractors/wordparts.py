"""What the readers of a Word document's parts share: the package, its styles and lists, what was found and lost."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bulletin.errors import TooLargeError
from bulletin.model import Block, BlockType
from bulletin.runintitles import Cut, cuts
from extractors.numbering import Numbering, circled
from extractors.package import Element, Package, W
from extractors.wordstyles import Styles

MAX_PICTURES = 128 * 1024 * 1024
"""Bytes of all pictures kept; what is beyond is left out with a warning."""

MAX_PARAGRAPHS = 200_000
"""Paragraphs, line breaks and cells of a document, empty ones too: a million characters in pieces of five."""

# Rule -> why its text is in no block, for the editor.
LOSSES: Mapping[str, str] = {
    "tracked-deletion": "修订中已删除的文字",
    "moved-away": "修订中已移走的文字",
    "hidden-text": "隐藏文字",
    "comment": "批注",
    "running-head": "页眉或页脚",
    "placeholder": "未填写的提示文字",
    "ruby": "拼音或注音",
    "field-code": "没有结果的域代码",
    "chart-text": "图表里的文字",
    "title-stop": "标题与正文同段，标题后的句号",
}


_NUMBER = r"[ \u3000]*[0-9一二三四五六七八九十]{1,3}(?:[-—.][0-9]{1,2})?"
_CAPTIONS: Mapping[str, re.Pattern[str]] = {
    "image": re.compile(rf"[（(]?图(?:为|{_NUMBER}(?:[ \u3000：:.．、]|$)).{{0,58}}"),
    "table": re.compile(rf"表{_NUMBER}[ \u3000：:.．、][^。]{{1,38}}"),
}
"""图1 现场, 图为活动现场。 below a picture; 表1 课程安排 above a table."""


class Lost(NamedTuple):
    """Text that a reader saw and put into no block."""

    rule: str
    text: str
    start: int = 0
    """Offset in the text of the block beside it."""


class Raw(NamedTuple):
    """A block with what was left out in it; a block without text only carries what was lost."""

    block: Block
    lost: tuple[Lost, ...] = ()
    caption: str = ""
    """"table" for the caption of the table that follows, "image" for that of the picture before."""
    marks: tuple[str, ...] = ()
    """Bookmarks of our own print: origin1 where the picture 1 came from that the typesetter put further down."""
    look: str = ""
    """How its paragraph is set: style, alignment, weight and size."""
    gap: int = 0
    """How many empty lines stand above it."""
    bold: int = 0
    """How many of its first characters are set in bold."""


def captioned(raws: list[Raw]) -> list[Raw]:
    """The raws with each caption in the block of its table or picture; one without stays a paragraph."""
    result: list[Raw] = []
    for raw in raws:
        above = result[-1] if result else None
        block, text = raw.block, raw.block.text.strip()
        if _captions(raw) == "image" and above and above.block.type is BlockType.IMAGE and not above.block.text:
            alt = above.block.alt if above.block.alt != text else ""
            named = above.block.model_copy(update={"text": text, "alt": alt})
            result[-1] = Raw(named, above.lost + raw.lost, marks=above.marks)
        elif above and _captions(above) == "table" and block.type is BlockType.TABLE and not block.text:
            result[-1] = Raw(block.model_copy(update={"text": above.block.text.strip()}), above.lost + raw.lost)
        else:
            result.append(raw)
    return result


def _captions(raw: Raw) -> str:
    """What the paragraph is the caption of, by its style, or centred and by its words: who sends in seldom knows the style."""
    if raw.caption or raw.block.type is not BlockType.PARAGRAPH or " center " not in raw.look:
        return raw.caption
    text = raw.block.text.strip()
    return next((kind for kind, pattern in _CAPTIONS.items() if pattern.fullmatch(text)), "")


def titled(raws: list[Raw]) -> list[Raw]:
    """The raws, those that open with the title of an article in two."""
    plain = [raw.block if raw.block.type is BlockType.PARAGRAPH and not raw.block.lead else Block() for raw in raws]
    found = cuts([block.text for block in plain], {at: raw.bold for at, raw in enumerate(raws) if raw.bold})
    return [part for at, raw in enumerate(raws) for part in (_halves(raw, found[at]) if at in found else (raw,))]


def _halves(raw: Raw, cut: Cut) -> tuple[Raw, Raw]:
    block, stop = raw.block, raw.block.text[cut.end : cut.begin].strip()
    before = tuple(item for item in raw.lost if item.start <= cut.end)
    after = tuple(item._replace(start=item.start - cut.begin) for item in raw.lost if item.start > cut.end)
    title = block.model_copy(update={"text": block.text[: cut.end]})
    text = block.model_copy(update={"text": block.text[cut.begin :]})
    ended = (Lost("title-stop", stop, cut.end),) if stop else ()
    return raw._replace(block=title, lost=(*before, *ended)), Raw(text, after, marks=raw.marks)


def put_back(raws: list[Raw]) -> list[Raw]:
    """The raws with each picture that our print put further down where it came from."""
    result = list(raws)
    for raw in raws:
        for mark in raw.marks:
            if raw.block.type is BlockType.IMAGE and mark.startswith("picture"):
                origin = mark.replace("picture", "origin", 1)
                at = next((at for at, other in enumerate(result) if origin in other.marks), len(result))
                if at < result.index(raw):
                    result.remove(raw)
                    result.insert(at, raw)
    return result


def is_empty(block: Block) -> bool:
    """Whether there is nothing to see in a block."""
    return block.type is not BlockType.IMAGE and not block.plain.strip()


@dataclass
class Reading:
    """One document being read."""

    package: Package
    styles: Styles
    numbering: Numbering
    comments: dict[str, str]
    """The comments not yet met, by their ids."""
    warnings: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    notes: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of each note by its kind (footnote, endnote) and id, in the order of their marks."""
    own_marks: set[tuple[str, str]] = field(default_factory=set)
    """The notes that bring their mark along in their text."""
    drawn: set[str] = field(default_factory=set)
    """Paths of the charts and diagrams already read."""
    _digests: dict[str, str] = field(default_factory=dict)
    _room: int = MAX_PICTURES
    _paragraphs: int = 0

    def warn(self, text: str) -> None:
        """Say something to the editor, once."""
        self.warnings[text] = None

    def count(self) -> None:
        """Count a paragraph or cell; stop at a document that has more of them than any text."""
        self._paragraphs += 1
        if self._paragraphs > MAX_PARAGRAPHS:
            raise TooLargeError(
                f"文件超过 {MAX_PARAGRAPHS} 段（格）", subject=self.package.name, advice="请拆分后再报送"
            )

    def note_mark(self, kind: str, key: str) -> str:
        """The mark of the next note, ① and so on."""
        return circled(self.notes.setdefault((kind, key), len(self.notes) + 1))

    def picture(self, part: str, relation_id: str, alt: str = "") -> Block | None:
        """The block of a picture, its bytes kept; None where they are not in the file."""
        relation = self.package.relations(part).get(relation_id)
        if relation is None:
            return None
        if relation.external:
            self.warn("有链接的图片不在文件里，没有读入")
            return None
        if relation.target not in self._digests:
            self._digests[relation.target] = self._keep(self.package.bytes(relation.target))
        digest = self._digests[relation.target]
        return Block(type=BlockType.IMAGE, picture=digest, alt=" ".join(alt.split())) if digest else None

    def _keep(self, content: bytes | None) -> str:
        """The name under which a picture is kept; empty where it cannot be."""
        if not content:
            self.warn("有图片已损坏或缺失，没有读入")
            return ""
        if len(content) > self._room:
            self.warn(f"图片超过 {MAX_PICTURES // 1024 // 1024} MB，多出的没有读入")
            return ""
        digest = hashlib.sha256(content).hexdigest()
        self._room -= 0 if digest in self.pictures else len(content)
        self.pictures[digest] = content
        return digest


def plain_text(element: Element, *tags: str) -> str:
    """All the text below an element that is in the given tags (w:t if none), tabs and breaks as blanks."""
    wanted = tags or (f"{W}t",)
    parts = []
    for item in element.iter(*wanted, f"{W}tab", f"{W}br", f"{W}p"):
        if item.tag in wanted:
            parts.append(item.text or "")
        elif item.tag != f"{W}p" or parts:
            parts.append(" ")
    return "".join(parts).strip()
