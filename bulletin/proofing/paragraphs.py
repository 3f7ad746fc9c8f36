"""What can be seen only over the blocks of an article: numbering, unfinished and repeated paragraphs, short names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.fingerprint import letters
from bulletin.model import Block, BlockType, Role
from bulletin.proofing.found import LIKELY, MUST, NOTE, Found
from bulletin.text import FINAL, enumerators, heading_marker, is_heading_line

REPEATED_SHORTEST = 30
"""Letters of the shortest paragraph whose repetition is no chance (slogans and headings are shorter)."""
UNFINISHED_SHORTEST = 20
"""Letters of the shortest line that is taken for prose and not for a caption or a heading."""

_INTRODUCED = re.compile(r"[（(](?:以下)?(?:简称|下称)[：:]?[“\"]?([\u4e00-\u9fffA-Za-z]{2,10})[”\"]?[）)]")
_DONE = FINAL + "：:；;）)】》”’」』—~"
_PROSE = re.compile(r"[，。；]")
_ROMAN = "一二三四五六七八九十"


class Placed(NamedTuple):
    block: int
    found: Found


def numbering(blocks: Sequence[Block]) -> Iterator[Placed]:
    """一、三、 and （一）（三）: numbers that skip or come twice, level by level; 一是 三是 inside a paragraph."""
    last: dict[tuple[int, str], int] = {}
    for index, block in enumerate(blocks):
        if block.type not in (BlockType.HEADING, BlockType.PARAGRAPH):
            continue
        yield from (Placed(index, found) for found in _clauses(block.text))
        marker = heading_marker(block.text)
        if marker is None:
            continue
        style = re.sub(rf"[\d{_ROMAN}百〇零]+", "#", marker.label)
        last = {key: number for key, number in last.items() if key[0] <= marker.level}
        before = last.get((marker.level, style))
        last[marker.level, style] = marker.number
        if before is None or marker.number in (1, before + 1):
            continue
        if before < marker.number <= before + 3:
            message = f"序号由{before}跳到{marker.number}，中间可能漏了一项"
            yield Placed(index, Found("numbering", MUST, 0, marker.end, "", message))
        elif marker.number == before:
            yield Placed(index, Found("numbering", MUST, 0, marker.end, "", f"序号{before}重复"))


def _clauses(text: str) -> Iterator[Found]:
    before = 0
    for offset, number in enumerators(text):
        if before and before + 1 < number <= before + 3:
            yield Found("numbering", LIKELY, offset, offset + 2, "", f"分述由第{before}项跳到第{number}项")
        before = number


def unfinished(blocks: Sequence[Block]) -> Iterator[Placed]:
    """A paragraph of prose that ends in the middle of a sentence, by omission or by a page that was cut."""
    for index, block in enumerate(blocks):
        text = block.text.rstrip()
        if block.type is not BlockType.PARAGRAPH or block.role is not Role.BODY or len(text) < UNFINISHED_SHORTEST:
            continue
        if text[-1] in _DONE or not _PROSE.search(text) or is_heading_line(text) or not _goes_on(blocks, index):
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        joins = following is not None and following.type is BlockType.PARAGRAPH and not heading_marker(following.text)
        message = "段末句子没有结束，疑被分页断开，应与下段相接" if joins else "段末句子没有结束"
        yield Placed(index, Found("unfinished", LIKELY, max(0, len(text) - 6), len(text), "", message))


def _goes_on(blocks: Sequence[Block], index: int) -> bool:
    """Whether the lack of a full stop tells: a list of one style without stops is the author's way."""
    near = [b for b in blocks[max(0, index - 3) : index + 4] if b.type is BlockType.PARAGRAPH and b.text.strip()]
    bare = sum(block.text.rstrip()[-1] not in _DONE for block in near)
    return bare <= 2 or bare < len(near) / 2


def repeated(blocks: Sequence[Block]) -> Iterator[Placed]:
    """The same paragraph twice in one article."""
    seen: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if block.type is not BlockType.PARAGRAPH:
            continue
        plain = letters(block.text)
        if len(plain) >= REPEATED_SHORTEST:
            if plain in seen:
                message = f"与第{seen[plain] + 1}段完全相同"
                yield Placed(index, Found("repeated", MUST, 0, len(block.text), "", message))
            seen.setdefault(plain, index)


def short_names(blocks: Sequence[Block]) -> Iterator[Placed]:
    """A short name used before （以下简称“…”） introduces it."""
    text = [block.text for block in blocks]
    for index, line in enumerate(text):
        for match in _INTRODUCED.finditer(line):
            short = match[1]
            earlier = ((at, line.find(short)) for at, line in enumerate(text[:index]))
            place = next(((at, start) for at, start in earlier if start != -1), None)
            if place is not None:
                at, start = place
                message = f"“{short}”在第{index + 1}段才说明是简称，此处已先使用"
                yield Placed(at, Found("short-name", NOTE, start, start + len(short), "", message))


BLOCK_RULES = (numbering, unfinished, repeated, short_names)
