"""An issue as plain text for pasting, and as JSON."""

from collections.abc import Iterator

from builders import imprint
from builders.front import chinese_date, note_label, section_mark
from builders.style import HouseStyle
from bulletin.model import Block, BlockType, Entry, Issue, Role

_INDENT = "　　"


def build_text(issue: Issue, style: HouseStyle) -> str:
    """The issue as UTF-8 text: one line a paragraph, indented by two full blanks, cells parted by tabs."""
    return "\n".join(_lines(issue, style)).strip() + "\n"


def build_json(issue: Issue) -> str:
    """The issue as one JSON object, keys in the order of the model; `Issue.model_validate_json` reads it."""
    return issue.model_dump_json(indent=2) + "\n"


def _lines(issue: Issue, style: HouseStyle) -> Iterator[str]:
    yield from (mark for mark in (issue.secrecy, issue.copy_number) if mark)
    yield issue.publication
    yield issue.number.label
    yield f"{issue.issuer}　{chinese_date(issue.date)}"
    yield ""
    if len(issue.entries) >= style.contents.minimum:
        yield from _contents(issue, style)
    if issue.note:
        yield from _note(issue.note, style)
        yield ""
    for section in issue.sections:
        if section.entries and section.name:
            yield section_mark(section.name, style)
            yield ""
        for entry in section.entries:
            yield from entry_lines(entry, style)
            yield ""
    for group in imprint.lines(issue, style):
        yield from (line.strip().replace("\t", "　") for line in group)


def _contents(issue: Issue, style: HouseStyle) -> Iterator[str]:
    for section in issue.sections:
        if section.entries and section.name:
            yield section_mark(section.name, style)
        yield from (_INDENT + (entry.contents_title or entry.title) for entry in section.entries)
    yield ""


def _note(text: str, style: HouseStyle) -> Iterator[str]:
    for at, line in enumerate(part for part in text.splitlines() if part.strip()):
        yield _INDENT + (labelled(line, style) if at == 0 else line)


def labelled(note: str, style: HouseStyle) -> str:
    """The first paragraph of a 按语 with its label."""
    return note_label(note, style) + note


def entry_lines(entry: Entry, style: HouseStyle) -> Iterator[str]:
    """An article: title, subtitle, byline, note, blocks."""
    byline = "　".join(part for part in (entry.unit, entry.author) if part)
    yield from (line for line in (entry.title, entry.subtitle, byline) if line)
    yield from _note(entry.note, style)
    for block in entry.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if block.type is BlockType.TABLE:
        yield from filter(None, (block.text,))
        yield from ("\t".join(cell.replace("\n", " ") for cell in row) for row in block.rows)
    elif block.type is BlockType.IMAGE:
        yield f"〔图片：{block.text or block.alt}〕" if block.text or block.alt else "〔图片〕"
    elif block.text:
        flush = block.role in (Role.SIGNATURE, Role.DATE, Role.SUBTITLE, Role.BYLINE)
        yield block.text if flush else _INDENT + block.text
