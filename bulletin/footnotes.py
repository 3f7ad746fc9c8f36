"""Notes under an article and the marks in its text that they belong to (学思用贯通①, and ①见…… below)."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bulletin.model import Block, BlockType, Change, Role, Section

MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"


class Anchor(NamedTuple):
    """Where the mark of a note stands: index of the block, offset in its text."""

    block: int
    start: int


def anchors(blocks: Sequence[Block]) -> dict[int, Anchor]:
    """The notes whose marks stand in the text above them, by their index: ①②③ in the order of the text.

    Empty where one of them has no place, or more than one: marks that number a list (①…；②…；) are
    no notes', and notes that are told apart by other signs keep them as they are.
    """
    notes = [index for index, block in enumerate(blocks) if note_mark(block)]
    found: dict[int, Anchor] = {}
    last = Anchor(-1, -1)
    text = "\n".join(block.text for block in blocks[: notes[0]]) if notes else ""
    for mark, index in zip(MARKS, notes, strict=False):
        places = _places(blocks[: notes[0]], mark) if note_mark(blocks[index]) == mark and text.count(mark) == 1 else []
        if not places or places[0] <= last:
            return {}
        found[index] = last = places[0]
    return found


def note_mark(block: Block) -> str:
    """The mark that a note begins with; "" for another block or a note without one."""
    note = block.type is BlockType.PARAGRAPH and block.role is Role.NOTE and block.text[1:].strip()
    return block.text[0] if note and block.text[0] in MARKS else ""


def apart(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks, and the marked notes behind the last of them, where readers put the notes of all pages."""
    end = len(blocks)
    while end and note_mark(blocks[end - 1]):
        end -= 1
    return list(blocks[:end]), list(blocks[end:])


def placed(sections: Sequence[Section], notes: Sequence[Block]) -> tuple[Section, ...]:
    """The sections, each note at the end of the entry that has its mark, counted from ① in every entry.

    Notes come in the order of their marks; what no entry has a mark for goes to the last.
    """
    left = list(notes)
    result = []
    for section in sections:
        entries = [entry.model_copy(update={"blocks": with_notes(entry.blocks, left)[0]}) for entry in section.entries]
        result.append(section.model_copy(update={"entries": tuple(entries)}))
    if left and result and result[-1].entries:
        *others, last = result[-1].entries
        last = last.model_copy(update={"blocks": (*last.blocks, *left)})
        result[-1] = result[-1].model_copy(update={"entries": (*others, last)})
    return tuple(result)


def _places(blocks: Sequence[Block], mark: str) -> list[Anchor]:
    """Where the mark stands as that of a note: behind a word or a sentence, not before a part of a list."""
    return [
        Anchor(at, match.start())
        for at, block in enumerate(blocks)
        if block.type in (BlockType.PARAGRAPH, BlockType.HEADING)
        for match in re.finditer(f"(?<=[^：；:;\\s]){mark}", block.text)
    ]


def with_notes(
    blocks: Sequence[Block], left: list[Block], undo: Collection[str] = ()
) -> tuple[tuple[Block, ...], list[Change]]:
    """The blocks with the first of the notes that are left, as many as they have marks for, and the marks changed.

    Marks count from ① to ㊿, later ones and one whose change is in `undo` stay. Notes taken are no longer in `left`.
    """
    out, notes, changes = list(blocks), list[Block](), list[Change]()
    last = Anchor(-1, -1)
    while left:
        place = next((place for place in _places(out, note_mark(left[0])) if place > last), None)
        if place is None:
            break
        note, last = left.pop(0), place
        mark = MARKS[len(notes)] if len(notes) < len(MARKS) else note.text[0]
        if mark != note.text[0]:
            change = _renumbered(note, mark)
            if change.key not in undo:
                changes.append(change)
                text = out[place.block].text
                text = text[: place.start] + mark + text[place.start + 1 :]
                out[place.block] = out[place.block].model_copy(update={"text": text})
                note = note.model_copy(update={"text": mark + note.text[1:]})
        notes.append(note)
    return (*out, *notes), changes


def _renumbered(note: Block, mark: str) -> Change:
    at = note.at[0] if note.at else 0
    return Change(rule="note-mark", reason="注释按篇重新编号", before=note.text[0], after=mark, at=at)
