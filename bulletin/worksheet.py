"""An article's body as one text that an editor can type in, and back again.

A paragraph or heading is one line. A table is a line 〔表1〕 with its caption and one line | a | b |
for each row; a picture is a line 〔图1〕 with its caption. What a line does not say (where it came
from, its role, which picture) is taken over from the block it was made from.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from bulletin.model import Block, BlockType, Role
from bulletin.structure import arrange

_MARK = re.compile(r"〔(?P<kind>[表图])(?P<number>\d+)〕(?P<caption>.*)")
_CELL = re.compile(r"(?<!\\)\|")
LINE_END = "↵"
"""Stands for a line end inside a cell."""


def write(blocks: Sequence[Block]) -> str:
    """The text of the blocks: `read(write(blocks), blocks)` gives the same blocks."""
    lines: list[str] = []
    numbers = {BlockType.TABLE: 0, BlockType.IMAGE: 0}
    for block in blocks:
        if block.type not in numbers:
            lines.append(block.text.replace("\n", " "))
            continue
        numbers[block.type] += 1
        kind = "表" if block.type is BlockType.TABLE else "图"
        lines.append(f"〔{kind}{numbers[block.type]}〕{block.text}")
        lines += [_row_text(row) for row in block.rows]
    return "\n".join(lines)


def _row_text(row: Sequence[str]) -> str:
    cells = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", LINE_END) for cell in row)
    return f"| {' | '.join(cells)} |"


def read(text: str, before: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks that the text means, where `before` are the blocks it was written from.

    Lines that did not change keep their block as it was; a changed line keeps where it came from;
    a new one is plain. Headings are found by their numbers. A mark of a table or picture that
    `before` does not have is text.
    """
    special = {
        kind: [block for block in before if block.type is wanted]
        for kind, wanted in (("表", BlockType.TABLE), ("图", BlockType.IMAGE))
    }
    drafts: list[str | Block] = []
    for line in (line.strip() for line in text.replace("\r\n", "\n").split("\n")):
        match = _MARK.fullmatch(line)
        last = drafts[-1] if drafts else None
        if match and 1 <= int(match["number"]) <= len(special[match["kind"]]):
            block = special[match["kind"]][int(match["number"]) - 1]
            drafts.append(block.model_copy(update={"text": match["caption"], "rows": ()}))
        elif line.startswith("|") and isinstance(last, Block) and last.type is BlockType.TABLE:
            drafts[-1] = last.model_copy(update={"rows": (*last.rows, _cells(line))})
        elif line:
            drafts.append(line)
    return _filled(drafts, [block for block in before if block.type not in (BlockType.TABLE, BlockType.IMAGE)])


def _cells(line: str) -> tuple[str, ...]:
    inner = line[1:-1] if line.endswith("|") and not line.endswith("\\|") else line[1:]
    return tuple(re.sub(r"\\(.)", r"\1", cell.strip()).replace(LINE_END, "\n") for cell in _CELL.split(inner))


def _filled(drafts: Sequence[str | Block], before: Sequence[Block]) -> tuple[Block, ...]:
    """The drafts with each line as the block it was, or one like it."""
    lines = [draft for draft in drafts if isinstance(draft, str)]
    texts = [block.text.replace("\n", " ").strip() for block in before]
    made: list[Block | None] = [None] * len(lines)
    fresh: list[bool] = [True] * len(lines)
    for tag, a, a_end, b, b_end in SequenceMatcher(None, texts, lines, autojunk=False).get_opcodes():
        for place in range(b, b_end):
            source = a + place - b
            if tag == "equal":
                made[place], fresh[place] = before[source], False
            elif tag == "replace" and source < a_end:
                made[place] = _like(before[source], lines[place])
    blocks = [block or Block(text=line) for block, line in zip(made, lines, strict=True)]
    settled = iter(_settled(blocks, fresh))
    return tuple(next(settled) if isinstance(draft, str) else draft for draft in drafts)


def _like(block: Block, text: str) -> Block:
    return Block(text=text, at=block.at, role=block.role if block.role is Role.QUOTE else Role.BODY)


def _settled(blocks: Sequence[Block], fresh: Sequence[bool]) -> list[Block]:
    """The new and changed lines with the heading levels and roles that their place gives them."""
    arranged = arrange(blocks)
    return [new if is_fresh else old for old, new, is_fresh in zip(blocks, arranged, fresh, strict=True)]
