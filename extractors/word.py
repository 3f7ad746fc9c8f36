"""Word documents (DOCX, also macro-enabled, strict, damaged or as one XML file) -> Document.

Everything that Word shows is in a block or, like comments, headers and tracked deletions, in the record of
changes. Only what is read is unpacked; nothing in the file is run, resolved or fetched.
"""

import unicodedata
from collections import Counter

from bulletin.errors import EmptyError, FormatError
from bulletin.model import Block, BlockType, Change, Document, Role, Submission
from extractors.numbering import Numbering, circled
from extractors.package import Cut, Element, Package, W, open_package
from extractors.wordparts import LOSSES, Lost, Raw, Reading, is_empty, plain_text, titled
from extractors.wordstory import Story
from extractors.wordstyles import Styles, without_table_styles

DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"

SHORT = 60
"""Characters of the longest paragraph whose look says that it is a title."""

TITLE_WITHIN = 12
"""The title in the properties counts only if it stands among that many first blocks: templates and
copied files bring the titles of other documents along."""


def read(submission: Submission) -> Document:
    """The document in a DOCX file.

    Raises FormatError, EncryptedError, TooLargeError, EmptyError.
    """
    return read_as(submission, submission.content, "docx")


def read_as(submission: Submission, content: bytes, key: str = "docx") -> Document:
    """The document in `content`, a DOCX that was made from `submission`, which is of format `key`."""
    package = open_package(content, submission.name)
    path = package.main()
    root = package.xml(path) if path else None
    if root is None:
        raise FormatError("文件里没有正文部分，不是完整的 Word 文档", subject=submission.name)
    reading = _reading(package, path)
    raws = titled(Story(reading, path).read(root))
    raws += _notes(reading, path)
    blocks, changes, kept = _number(raws)
    if not blocks:
        raise EmptyError("文件里没有可见的文字", subject=submission.name)
    return Document(
        source=submission.sha256,
        name=submission.name,
        format=key,
        title=_title(package, blocks),
        blocks=tuple(blocks),
        changes=(*changes, *_running_heads(reading, path)),
        warnings=_warnings(reading),
        pictures=reading.pictures,
        looks=_looks(kept),
        gaps={index: raw.gap for index, raw in enumerate(kept) if raw.gap},
    )


def _reading(package: Package, path: str) -> Reading:
    def part(kind: str, cut: Cut | None = None) -> Element | None:
        found = package.related(path, kind)
        usual = f"word/{kind}.xml"
        return package.xml(found[0] if found else usual, cut)

    styles = Styles(part("styles", without_table_styles))
    remarks = part("comments")
    comments = {} if remarks is None else {str(c.get(f"{W}id")): plain_text(c) for c in remarks.iter(f"{W}comment")}
    return Reading(package, styles, Numbering(part("numbering"), styles.lists()), comments)


def _notes(reading: Reading, path: str) -> list[Raw]:
    """The footnotes and endnotes in the order of their marks, each paragraph a note."""
    stories: dict[tuple[str, str], tuple[str, Element]] = {}
    for kind in ("footnote", "endnote"):
        for part in reading.package.related(path, f"{kind}s"):
            root = reading.package.xml(part)
            for item in root.iter(f"{W}{kind}") if root is not None else ():
                stories[kind, str(item.get(f"{W}id"))] = part, item
    raws = []
    for key, number in list(reading.notes.items()):
        part, element = stories.get(key, ("", None))
        mark = "" if key in reading.own_marks else circled(number)
        for block, lost, *_ in Story(reading, part).read(element) if element is not None else ():
            if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) and not is_empty(block):
                block = Block(text=mark + block.text.strip(), role=Role.NOTE)
                mark = ""
            raws.append(Raw(block, lost))
    return raws


def _number(raws: list[Raw]) -> tuple[list[Block], list[Change], list[Raw]]:
    """The blocks with something in them, each knowing its index, what was lost beside them, and their raws."""
    blocks: list[Block] = []
    kept: list[Raw] = []
    changes: list[Change] = []
    waiting: list[Lost] = []
    for raw in raws:
        block, lost = raw.block, raw.lost
        if is_empty(block):
            waiting += [item._replace(start=0) for item in lost]
            continue
        changes += [_change(item, len(blocks)) for item in (*waiting, *lost)]
        waiting.clear()
        blocks.append(block.model_copy(update={"at": (len(blocks),)}))
        kept.append(raw)
    changes += [_change(item, max(len(blocks) - 1, 0)) for item in waiting]
    return blocks, changes, kept


def _looks(raws: list[Raw]) -> dict[int, str]:
    """The looks of the short paragraphs that are not set like most of the text."""
    weight: Counter[str] = Counter()
    for raw in raws:
        weight[raw.look] += len(raw.block.text)
    usual = max(weight, key=lambda look: weight[look], default="")
    return {
        index: raw.look
        for index, raw in enumerate(raws)
        if raw.look.strip() and raw.look != usual and len(raw.block.text) <= SHORT
    }


def _change(lost: Lost, index: int) -> Change:
    before = unicodedata.normalize("NFC", lost.text)
    return Change(rule=lost.rule, reason=LOSSES[lost.rule], before=before, at=index, start=lost.start)


def _running_heads(reading: Reading, path: str) -> list[Change]:
    """The headers and footers, each once: they belong to the paper, not to the text."""
    texts: dict[str, None] = {}
    for kind in ("header", "footer"):
        for part in reading.package.related(path, kind):
            root = reading.package.xml(part)
            raws = Story(reading, part).read(root) if root is not None else []
            texts |= dict.fromkeys(text for block, *_ in raws if (text := block.plain.strip()))
    return [_change(Lost("running-head", text), 0) for text in texts]


def _title(package: Package, blocks: list[Block]) -> str:
    """The title in the properties, where it also stands at the head of the text; else nothing."""
    root = package.xml("docProps/core.xml")
    title = "" if root is None else " ".join((root.findtext(DC_TITLE) or "").split())
    head = "".join("".join(block.text.split()) for block in blocks[:TITLE_WITHIN])
    return title if title and "".join(title.split()) in head else ""


def _warnings(reading: Reading) -> tuple[str, ...]:
    if any(name.endswith("vbaproject.bin") for name in reading.package.names()):
        reading.warn("文件带有宏，只读取了文字，没有运行宏")
    if reading.package.damaged:
        reading.warn("文件有损坏的部分，读出的内容可能不全，请核对")
    return tuple(reading.warnings)
