"""Plain text -> Document: one line is one raw block, blank lines and indents left out.

What is a heading or a paragraph cut in two is for cleaning and structure to find.
"""

import re
import unicodedata

from bulletin.errors import EmptyError, FormatError, TooLargeError
from bulletin.model import Block, Document, Submission
from bulletin.paragraphs import wrap_width
from bulletin.runintitles import cuts
from bulletin.text import columns
from extractors.encoding import Decoded, decode

MAX_BYTES = 32 * 1024 * 1024
"""Ten million Chinese characters: more is no submission, and is refused before it is decoded."""

MAX_LINE = 1_000_000
"""Characters in a line: later patterns run over a block as a whole."""

MAX_BLOCKS = 100_000
"""Lines in one file: a million characters in lines of ten."""

INDENT = 8
"""Columns of the widest indent of a paragraph, four characters; more is a centred line."""

MAX_DAMAGE = 0.05
"""Share of unreadable characters from which a file is refused rather than printed with holes in it."""

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\ufeff]")


def read(submission: Submission) -> Document:
    """The lines of a text in any encoding, one a paragraph.

    Raises TooLargeError, EmptyError, and FormatError where the bytes are no text.
    """
    decoded = load(submission)
    found, gaps = _titled(*lines_and_gaps(decoded.text))
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(found))
    if not blocks:
        raise EmptyError("文件里没有文字", subject=submission.name)
    return Document(
        source=submission.sha256,
        name=submission.name,
        format="txt",
        blocks=blocks,
        warnings=warnings(decoded),
        gaps=gaps,
    )


def _titled(found: list[str], gaps: dict[int, int]) -> tuple[list[str], dict[int, int]]:
    """The lines and the gaps above them, lines that open with the title of an article in two."""
    wrapped = wrap_width(found) is not None
    ends = {} if wrapped else cuts(found, {})
    if not ends:
        return found, gaps
    result: list[str] = []
    above: dict[int, int] = {}
    for at, line in enumerate(found):
        if at in gaps:
            above[len(result)] = gaps[at]
        result += [line[: ends[at].end], line[ends[at].begin :]] if at in ends else [line]
    return result, above


def load(submission: Submission) -> Decoded:
    """The text of a submission, refused where it is too large, empty or no text."""
    if len(submission.content) > MAX_BYTES:
        size = len(submission.content) // 1024 // 1024
        raise TooLargeError(f"文本文件有 {size} MB，超过上限 {MAX_BYTES // 1024 // 1024} MB", subject=submission.name)
    if not submission.content.strip():
        raise EmptyError("文件是空的", subject=submission.name)
    decoded = decode(submission.content)
    if decoded.damaged > MAX_DAMAGE * len(decoded.text):
        raise FormatError("不是文本文件，或编码已损坏", subject=submission.name)
    return decoded


def lines(text: str) -> list[str]:
    """The lines with something in them, NFC, without blanks at their ends and control characters."""
    return lines_and_gaps(text)[0]


def lines_and_gaps(text: str) -> tuple[list[str], dict[int, int]]:
    """The same, and how many empty lines stand above those that have any above them."""
    if any(len(line) > MAX_LINE for line in LINE_END.split(text)):
        raise TooLargeError(f"有一行超过 {MAX_LINE} 字", advice="请检查文件是否损坏，或分段后再报送")
    every = [CONTROLS.sub("", line) for line in LINE_END.split(unicodedata.normalize("NFC", text))]
    found: list[str] = []
    places: list[int] = []
    for place, line in enumerate(every):
        if words := line.strip():
            found.append(words)
            places.append(place)
    if wrap_width(found):
        found = [_indented(every[place]) for place in places]
    if len(found) > MAX_BLOCKS:
        raise TooLargeError(f"有 {len(found)} 行，超过上限 {MAX_BLOCKS}", advice="请拆分后再报送")
    above = (-1, *places)
    return found, {i: place - above[i] - 1 for i, place in enumerate(places) if place - above[i] > 1}


def _indented(line: str) -> str:
    """The line without blanks at its ends but the indent that opens a paragraph.

    Where lines are cut at one width, only the indent tells where a paragraph begins; cleaning takes
    it away and says so.
    """
    words = line.strip()
    before = line[: len(line) - len(line.lstrip())]
    return words if "\t" in before or not 2 <= columns(before) <= INDENT else before + words


def warnings(decoded: Decoded) -> tuple[str, ...]:
    """What an editor should know about the decoding."""
    if not decoded.damaged:
        return ()
    return (f"有 {decoded.damaged} 个字无法识别（按 {decoded.encoding} 读取），已用 � 代替，请核对",)
