"""A past issue as printed -> BackIssue: masthead, sections, entries, distribution.

What is not printed is not made up: an issue without a number, or without a date, is an error that
says so, never a guess.
"""

import re
from collections.abc import Iterator, Sequence

from bulletin import contents
from bulletin.contents import Contents
from bulletin.entries import NOTE, OWN_LEVEL, Page, Span, is_heading, read_entries, same_look, spaced_ends
from bulletin.errors import FormatError, NumberingError
from bulletin.footnotes import apart, placed
from bulletin.heads import SECTION
from bulletin.imprint import Imprint, label_of, read_imprint
from bulletin.masthead import FRONT, Masthead, has_empty_number, looks_like_masthead, read_masthead
from bulletin.model import BackIssue, Block, BlockType, Document, Issue, IssueNumber, Section
from bulletin.sectionmarks import marked
from bulletin.text import FINAL, find_date, heading_marker, squeeze, visible

PROSE = 60
"""Characters from which a line without a full stop is running text."""


_PRINTED_ON = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日印发")


def read_issue(document: Document) -> BackIssue | None:
    """The past issue in a cleaned document, or None where it is no issue of a bulletin.

    Raises NumberingError where it is one but has no number, FormatError where it has no date or text.
    """
    blocks, notes = apart(list(opened_tables(document)))
    lines = [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in blocks]
    head = read_masthead(lines)
    if head is None or head.number is None:
        _refuse(document, lines)
        return None
    opening = _opening(document, blocks, lines, head.end)
    lines = lines if opening is not None else marked(lines, head.end)
    foot = read_imprint(lines, head.issuer)
    if foot.start <= head.end or not _is_issue(lines, head, foot):
        return None
    day = head.date or foot.date
    if day is None:
        raise FormatError(
            "是一期简报，但没有找到日期", subject=document.name, advice="请在期号下面补上编发日期后再导入"
        )
    exact = document.format == "docx"
    page = Page(blocks[: foot.start], lines[: foot.start], spaced_ends(document), exact, opening, document)
    sections, note, warnings, begin = _text(page, head.end)
    named = [block for block, line in zip(blocks[begin:], lines[begin:], strict=True) if _is_section(line)]
    sections = placed(sections, notes)
    if not any(section.entries for section in sections):
        raise FormatError("是一期简报，但没有找到正文", subject=document.name, advice="请检查文件是否完整")
    printed_by = foot.printed_by if foot.printed_by != head.issuer else ""
    issue = Issue(
        publication=head.name,
        number=_with_year(head.number, day.year),
        date=day,
        issuer=head.issuer or foot.printed_by,
        sections=sections,
        distribution=foot.distribution,
        note=note,
        copies=foot.copies,
        secrecy=head.secrecy,
        copy_number=head.copy_number,
        printed_by=printed_by if head.issuer else "",
    )
    return BackIssue(
        source=document.source,
        name=document.name,
        issue=issue,
        around=(*blocks[:begin], *named, *blocks[foot.start :]),
        changes=document.changes,
        warnings=(*document.warnings, *warnings),
    )


def opened_tables(document: Document) -> Iterator[Block]:
    """The blocks, tables that set 版记, or issuer and date, as lines."""
    for index, block in enumerate(document.blocks):
        yield from _opened(block, index)


def _opened(block: Block, index: int) -> Iterator[Block]:
    """The block, or the lines of a table that is a 版记, or the one line of a table that sets issuer and date apart."""
    if block.type is not BlockType.TABLE:
        yield block
        return
    cells = [line for row in block.rows for cell in row for line in _cell_lines(cell)]
    is_foot = any(label_of(cell) or re.search(r"印发$|印\d+份", squeeze(cell)) for cell in cells)
    if is_foot and max((len(row) for row in block.rows), default=0) <= 3:
        for cell in cells:
            yield Block(text=squeeze(cell), at=block.at)
    elif index < FRONT and len(block.rows) == 1 and any(map(find_date, cells)):
        yield Block(text="　　".join(squeeze(cell) for cell in cells), at=block.at)
    else:
        yield block


def _cell_lines(cell: str) -> list[str]:
    """The lines of a cell; of the two that are a long name and 印发 with its day under it, one."""
    lines = [line for line in cell.split("\n") if line.strip()]
    if len(lines) == 2 and _PRINTED_ON.fullmatch(squeeze(lines[1])) and label_of(lines[0]) is None:
        return ["　".join(lines)]
    return lines


def _with_year(number: IssueNumber, year: int) -> IssueNumber:
    """第12期（总第455期） counts in the year of its date."""
    return number.model_copy(update={"year": year}) if number.in_year is not None and number.year is None else number


def _is_issue(lines: Sequence[str], head: Masthead, foot: Imprint) -> bool:
    """Whether a document with a number line is an issue: a name over it, and sections, a foot or a date under it."""
    sections = any(_is_section(line) for line in lines[head.end :])
    signs = sections + bool(foot.distribution.rows()) + (head.date is not None) + bool(foot.copies)
    return bool(head.name) and signs >= 1 and (looks_like_masthead(lines) or signs >= 2)


def _refuse(document: Document, lines: Sequence[str]) -> None:
    """Says so where the document is plainly an issue, but nowhere has a number."""
    if not looks_like_masthead(lines):
        return
    foot = read_imprint(lines)
    sections = any(SECTION.fullmatch(line.strip()) for line in marked(lines, 0))
    if has_empty_number(lines) or (foot.distribution.rows() and sections):
        raise NumberingError(
            "是一期简报，但没有找到期号", subject=document.name, advice="请在刊名下面补上期号（如“第12期”）后再导入"
        )


# ---------------------------------------------------------------- sections


def _text(page: Page, start: int) -> tuple[tuple[Section, ...], str, list[str], int]:
    """The sections with their entries, the note of the issue, warnings, and the line where the text begins."""
    note, start = _note(page.lines, start, page.opening)
    listed, start = _contents(page.lines, start, page.opening)
    if not note:
        note, start = _note(page.lines, start, page.opening)
    every = listed.entries if listed else ()
    named = any(entry.section for entry in every)
    warnings: list[str] = []
    sections = []
    for span in _spans(page.lines, start, listed):
        wanted = [entry for entry in every if not named or visible(entry.section) == visible(span.name)]
        entries, missing = read_entries(page, span, wanted)
        warnings += [f"要目中有、正文里没有找到：{entry.title}" for entry in missing if named]
        sections.append(Section(name=span.name, entries=entries))
    return tuple(sections), note, warnings, start


def _opening(document: Document, blocks: Sequence[Block], lines: Sequence[str], start: int) -> int | None:
    """Where the text begins with a title set as a heading and no section over it, as in what we print; else None.

    Over it stands nothing, the note of the issue, or the contents that list it.
    """
    first = next((i for i in range(start, len(blocks)) if is_heading(blocks[i])), len(blocks))
    end = next((i for i in range(first, len(blocks)) if not same_look(blocks[first], blocks[i])), len(blocks))
    if document.format != "docx" or end == len(blocks) or blocks[first].level != OWN_LEVEL or _is_section(lines[first]):
        return None
    alike = [i for i in range(first, len(blocks)) if same_look(blocks[first], blocks[i])]
    if any(heading_marker(lines[i]) for i in alike):  # the parts of an article
        return None
    listed = visible("".join(contents.strip_page(line)[0] for line in lines[start:first]))
    above = first == start or NOTE.match(lines[start].strip()) or visible("".join(lines[first:end])) in listed
    return first if above else None


def _note(lines: Sequence[str], start: int, opening: int | None = None) -> tuple[str, int]:
    """编者按 from the line on, up to the contents or the first section; the label left out."""
    if start >= len(lines) or not NOTE.match(lines[start].strip()):
        return "", start
    end = start + 1
    while end < len(lines) and _is_prose(lines[end]) and not SECTION.match(lines[end].strip()):
        end += 1
    parts = [NOTE.sub("", lines[start].strip(), count=1), *(line.strip() for line in lines[start + 1 : end])]
    under = lines[end : end + 1]
    if end != opening and not any(SECTION.match(line) or contents.HEADER.fullmatch(squeeze(line)) for line in under):
        return "", start  # the note of the first article, where the issue has no sections
    return "\n".join(part for part in parts if part), end


def _is_section(line: str) -> bool:
    """Whether the line opens with 【栏目】; 【编者按】 is none."""
    return SECTION.match(line.strip()) is not None and NOTE.match(line.strip()) is None


def _is_prose(line: str) -> bool:
    text, _ = contents.strip_page(line)
    return len(text) > PROSE or re.search(rf"[{FINAL.replace('…', '')}；]", text) is not None


def _contents(lines: Sequence[str], start: int, opening: int | None) -> tuple[Contents | None, int]:
    """The contents and where the text begins."""
    header = next(
        (i for i in range(start, min(start + 3, len(lines))) if contents.HEADER.fullmatch(squeeze(lines[i]))), None
    )
    first = start if header is None else header + 1
    if opening is not None:
        stop = next((i for i in range(first, opening) if NOTE.match(lines[i].strip())), opening)
        return Contents(first, stop, contents.parse(lines[first:stop], units=False)), stop
    sections = [i for i in range(first, len(lines)) if _is_section(lines[i])]
    body = _body(lines, sections)
    if sections and body is not None and body > first:
        stop = next((i for i in range(first, body) if NOTE.match(lines[i].strip())), body)
        return Contents(first, stop, contents.parse(lines[first:stop], units=False)), stop
    if header is not None and not sections:
        found = contents.find(lines, header=header)
        return found, found.end if found else first
    return None, first


def _body(lines: Sequence[str], sections: Sequence[int]) -> int | None:
    """The first line 【栏目】 that text follows, and not only titles."""
    for number, index in enumerate(sections):
        end = sections[number + 1] if number + 1 < len(sections) else len(lines)
        for line in lines[index + 1 : end]:
            again = number + 1 < len(sections) and visible(lines[sections[number + 1]]) == visible(lines[sections[0]])
            if again and NOTE.match(line.strip()):
                break  # the note of the issue, between the contents and the first section
            if _is_prose(line) or not line:
                return index
    return None


def _spans(lines: Sequence[str], start: int, listed: Contents | None) -> list[Span]:
    """The sections of the text; one without a name where it has none."""
    names = {visible(entry.section) for entry in listed.entries if entry.section} if listed else set()
    marks = [i for i in range(start, len(lines)) if SECTION.fullmatch(lines[i].strip())]
    if names:
        marks = [i for i in marks if visible(SECTION.fullmatch(lines[i].strip())["name"]) in names] or marks  # type: ignore[index]
    spans = []
    if not marks or any(line.strip() for line in lines[start : marks[0]]):
        spans.append(Span("", start, marks[0] if marks else len(lines)))
    for number, index in enumerate(marks):
        match = SECTION.fullmatch(lines[index].strip())
        end = marks[number + 1] if number + 1 < len(marks) else len(lines)
        spans.append(Span(match["name"] if match else "", index + 1, end))
    return spans
