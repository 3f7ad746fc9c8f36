"""Markdown -> Document: headings, paragraphs, lists with their numbers, tables, quotes, pictures by their text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bulletin.errors import EmptyError
from bulletin.model import Block, BlockType, Change, Document, Role, Submission
from bulletin.text import HAN
from extractors import plain
from extractors.plain import lines, load, warnings

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)
WIDE = re.compile(rf"{HAN}|[\u3000-\u303f\uff00-\uffef“”‘’—…]")

# html=False would show tags as text; parsed, they can be taken out and recorded.
NESTING = 60
"""Quotes and lists in one another; the parser silently leaves out what is deeper, so such a file is read as text."""
PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": NESTING}).enable(["table", "strikethrough"])
INDENTED = re.compile(r"^[ \t\u3000]+(?=\u3000|[^\s*+>|#`~\-\d:])", re.M)
"""Indents before text: in Chinese files they are indents of paragraphs and not code."""


def read(submission: Submission) -> Document:
    """The blocks of a Markdown text in any encoding; metadata at its head is recorded.

    Raises TooLargeError, EmptyError, FormatError like a plain text.
    """
    decoded = load(submission)
    text = unicodedata.normalize("NFC", decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    lines(text)  # for its limit on the length of a line
    matter = FRONT_MATTER.match(text)
    body = text[matter.end() :] if matter else text
    tokens = PARSER.parse(INDENTED.sub("", body))
    if any(token.level >= NESTING - 2 for token in tokens):
        return plain.read(submission)
    reader = _Reader(tokens)
    blocks = [block for block in reader.blocks() if block.plain.strip() or block.alt]
    if not blocks:
        raise EmptyError("文件里没有文字", subject=submission.name)
    matter_lines = lines(matter[1]) if matter else []
    changes = [Change(rule="front-matter", reason="文件头的元数据", before=line) for line in matter_lines]
    last = len(blocks) - 1
    changes += [Change(rule="html-tag", reason="HTML 标记", before=tag, at=min(at, last)) for at, tag in reader.tags]
    return Document(
        source=submission.sha256,
        name=submission.name,
        format="md",
        blocks=tuple(block.model_copy(update={"at": (index,)}) for index, block in enumerate(blocks)),
        changes=tuple(changes),
        warnings=warnings(decoded),
    )


class _Reader:
    """Turns the parser's tokens into blocks; `tags` collects the markup taken out, with the block's index."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.tags: list[tuple[int, str]] = []
        self._count = 0
        self._lists: list[int | None] = []
        self._label = ""
        self._quotes = 0

    def blocks(self) -> Iterator[Block]:
        """The blocks in order, some of them empty."""
        for block in self._blocks():
            if block.plain.strip() or block.alt:
                self._count += 1
            yield block

    def _blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            at += 1
            if token.type == "heading_open":
                yield Block(type=BlockType.HEADING, text=self._inline(self.tokens[at]), level=int(token.tag[1:]))
                at += 2
            elif token.type == "table_open":
                end = next(i for i in range(at, len(self.tokens)) if self.tokens[i].type == "table_close")
                yield self._table(self.tokens[at:end])
                at = end
            elif token.type == "inline":
                yield from self._paragraph(token)
            elif token.type in ("code_block", "fence"):
                yield from (Block(text=line.strip()) for line in token.content.splitlines())
            elif token.type == "html_block":
                yield from (Block(text=line.strip()) for line in self._without_tags(token.content).splitlines())
            else:
                self._nesting(token)

    def _nesting(self, token: Token) -> None:
        if token.type == "ordered_list_open":
            self._lists.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            self._lists.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            number = self._lists[-1]
            self._label = "" if number is None else f"{number}{token.markup} "
            if number is not None:
                self._lists[-1] = number + 1
        elif token.type == "blockquote_open":
            self._quotes += 1
        elif token.type == "blockquote_close":
            self._quotes -= 1

    def _paragraph(self, token: Token) -> Iterator[Block]:
        children = token.children or []
        if len(children) == 1 and children[0].type == "image":
            yield Block(text=self._label + children[0].content)
        else:
            for line in self._inline(token).split("\n"):
                yield Block(text=self._label + line.strip(), role=Role.QUOTE if self._quotes else Role.BODY)
                self._label = ""
        self._label = ""

    def _table(self, tokens: Sequence[Token]) -> Block:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._inline(token).strip())
        return Block(type=BlockType.TABLE, rows=tuple(map(tuple, rows)), header_rows=1)

    def _inline(self, token: Token) -> str:
        """The text of a line of tokens; a hard break is a line end, a soft one a blank between Latin words."""
        parts: list[str] = []
        for child in token.children or []:
            if child.type == "hardbreak":
                parts.append("\n")
            elif child.type == "softbreak":
                parts.append("\v")
            elif child.type == "html_inline":
                parts.append(self._without_tags(child.content) or ("\n" if child.content.startswith("<br") else ""))
            else:
                parts.append(child.content)
        text = "".join(parts)
        return re.sub(r"[ \t]*\v[ \t]*", lambda match: _joint(text, match.start(), match.end()), text)

    def _without_tags(self, content: str) -> str:
        self.tags += [(self._count, tag) for tag in TAG.findall(content)]
        return TAG.sub("", content)


def _joint(text: str, start: int, end: int) -> str:
    """What stands for a line end within a paragraph: nothing beside Chinese, else a blank."""
    beside = text[max(start - 1, 0) : start] + text[end : end + 1]
    return "" if WIDE.search(beside) else " "
