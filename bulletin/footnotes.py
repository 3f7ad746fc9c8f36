"""Notes under an article and the marks in its text that they belong to (学思用贯通①, and ①见…… below)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.model import Block, BlockType, Entry, Role, Section

MARK = re.compile(r"[①-⑳㉑-㉟㊱-㊿]|[\[［]\d{1,2}[\]］]")
"""①, [1], ［1］ at the head of a note and behind the word that it explains."""


class Anchor(NamedTuple):
    """Where the mark of a note stands: index of the block, offset in its text."""

    block: int
    start: int
    mark: str


def anchors(blocks: Sequence[Block]) -> dict[int, Anchor]:
    """The notes whose mark stands in the text above them, by their index.

    A mark counts where it stands once only and not at the head of a paragraph: there, and where it is
    repeated, it numbers a list (①…；②…).
    """
    found: dict[int, Anchor] = {}
    for index, block in enumerate(blocks):
        mark = note_mark(block)
        if mark:
            places = [
                Anchor(at, match.start(), mark)
                for at, text in enumerate(blocks[:index])
                if text.type in (BlockType.PARAGRAPH, BlockType.HEADING) and text.role is not Role.NOTE
                for match in re.finditer(re.escape(mark), text.text)
            ]
            if len(places) == 1 and places[0].start > 0 and places[0] not in found.values():
                found[index] = places[0]
    return found


def note_mark(block: Block) -> str:
    """The mark that a note begins with; "" for another block or a note without one."""
    match = MARK.match(block.text) if block.type is BlockType.PARAGRAPH and block.role is Role.NOTE else None
    return match[0] if match and block.text[match.end() :].strip() else ""


def apart(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks, and the marked notes behind the last of them, where readers put the notes of all pages."""
    end = len(blocks)
    while end and note_mark(blocks[end - 1]):
        end -= 1
    return list(blocks[:end]), list(blocks[end:])


def placed(sections: Sequence[Section], notes: Sequence[Block]) -> tuple[Section, ...]:
    """The sections, each note at the end of the entry that has its mark; notes come in the order of the marks."""
    left = list(notes)
    result = []
    for section in sections:
        entries = [_with_notes(entry, left) for entry in section.entries]
        result.append(section.model_copy(update={"entries": tuple(entries)}))
    if left and result and result[-1].entries:
        *others, last = result[-1].entries
        last = last.model_copy(update={"blocks": (*last.blocks, *left)})
        result[-1] = result[-1].model_copy(update={"entries": (*others, last)})
    return tuple(result)


def _with_notes(entry: Entry, left: list[Block]) -> Entry:
    """The entry with the first of the notes that are left, as many as it has marks for."""
    text, at, taken = "\n".join(block.text for block in entry.blocks), 0, []
    while left and (place := text.find(note_mark(left[0]), at)) > 0:
        at = place + 1
        taken.append(left.pop(0))
    return entry.model_copy(update={"blocks": (*entry.blocks, *taken)}) if taken else entry
