"""A past issue as printed -> BackIssue: masthead, sections, entries, distribution.

What is not printed is not made up: an issue without a number, or without a date, is an error that
says so, never a guess.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin import contents
from bulletin.contents import Contents, Listed
from bulletin.errors import FormatError, NumberingError
from bulletin.heads import (
    SAME_TITLE,
    SECTION,
    Kind,
    join_title,
    kind_of,
    mend_title,
    read_author,
    read_head,
    title_before,
)
from bulletin.imprint import Imprint, label_of, read_imprint
from bulletin.masthead import Masthead, looks_like_masthead, read_masthead
from bulletin.model import BackIssue, Block, BlockType, Document, Entry, Issue, IssueNumber, Role, Section
from bulletin.structure import arrange
from bulletin.text import BLANK, FINAL, is_unit, likeness, squeeze, visible

NOTE = re.compile(rf"[【\[]?(?:编者按|编者的话|按语){BLANK}*[】\]]?{BLANK}*[：:]?{BLANK}*")
TITLE_PARTS = 5
"""Most lines over which the title of an entry is printed."""
PROSE = 60
"""Characters from which a line without a full stop is running text."""


class _Span(NamedTuple):
    """The lines of one section: its name, and from `first` up to `end`."""

    name: str
    first: int
    end: int


class _Title(NamedTuple):
    """The title of an entry: its lines from `first` up to `end`."""

    first: int
    end: int
    title: str
    listed: Listed | None = None


def read_issue(document: Document) -> BackIssue | None:
    """The past issue in a cleaned document, or None where it is no issue of a bulletin.

    Raises NumberingError where it is one but has no number, FormatError where it has no date or text.
    """
    blocks = [part for block in document.blocks for part in _opened(block)]
    lines = [block.text if block.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for block in blocks]
    head = read_masthead(lines)
    if head is None or head.number is None:
        _refuse(document, lines)
        return None
    foot = read_imprint(lines, head.issuer)
    if foot.start <= head.end or not _is_issue(lines, head, foot):
        return None
    day = head.date or foot.date
    if day is None:
        raise FormatError(
            "是一期简报，但没有找到日期", subject=document.name, advice="请在期号下面补上编发日期后再导入"
        )
    sections, note, warnings = _text(blocks[: foot.start], lines[: foot.start], head.end)
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
        changes=document.changes,
        warnings=(*document.warnings, *warnings),
    )


def _opened(block: Block) -> Iterator[Block]:
    """The block, or the lines of a table that is a 版记."""
    cells = [line for row in block.rows for cell in row for line in cell.split("\n") if line.strip()]
    is_foot = any(label_of(cell) or re.search(r"印发$|印\d+份", squeeze(cell)) for cell in cells)
    if block.type is BlockType.TABLE and is_foot and max((len(row) for row in block.rows), default=0) <= 3:
        for cell in cells:
            yield Block(text=squeeze(cell), at=block.at)
    else:
        yield block


def _with_year(number: IssueNumber, year: int) -> IssueNumber:
    """第12期（总第455期） counts in the year of its date."""
    return number.model_copy(update={"year": year}) if number.in_year is not None and number.year is None else number


def _is_issue(lines: Sequence[str], head: Masthead, foot: Imprint) -> bool:
    """Whether a document with a number line is an issue: a name over it, and sections, a foot or a date under it."""
    sections = any(SECTION.match(line.strip()) for line in lines[head.end :])
    signs = sections + bool(foot.distribution.rows()) + (head.date is not None) + bool(foot.copies)
    return bool(head.name) and signs >= 1 and (looks_like_masthead(lines) or signs >= 2)


def _refuse(document: Document, lines: Sequence[str]) -> None:
    """Says so where the document is plainly an issue, but nowhere has a number."""
    foot = read_imprint(lines)
    sections = {squeeze(line) for line in lines if SECTION.fullmatch(line.strip())}
    if looks_like_masthead(lines) and foot.distribution.rows() and sections:
        raise NumberingError(
            "是一期简报，但没有找到期号", subject=document.name, advice="请在刊名下面补上期号（如“第12期”）后再导入"
        )


# ---------------------------------------------------------------- sections


def _text(blocks: Sequence[Block], lines: Sequence[str], start: int) -> tuple[tuple[Section, ...], str, list[str]]:
    """The sections with their entries, the note of the issue, and warnings."""
    note, start = _note(lines, start)
    listed, start = _contents(lines, start)
    if not note:
        note, start = _note(lines, start)
    spans = _spans(lines, start, listed)
    warnings: list[str] = []
    sections = []
    for span in spans:
        wanted = [entry for entry in listed.entries if visible(entry.section) == visible(span.name)] if listed else []
        if not wanted and listed and not any(entry.section for entry in listed.entries):
            wanted = list(listed.entries)
        titles = _titles(blocks, lines, span, wanted)
        missing = [w.title for w in wanted if w.title and w.section and not any(_is(t.title, w) for t in titles)]
        warnings += [f"要目中有、正文里没有找到：{title}" for title in missing]
        sections.append(Section(name=span.name, entries=tuple(_entries(blocks, lines, span, titles))))
    return tuple(sections), note, warnings


def _is(title: str, listed: Listed) -> bool:
    return likeness(title, listed.title) >= SAME_TITLE


def _note(lines: Sequence[str], start: int) -> tuple[str, int]:
    """编者按 from the line on, up to the contents or the first section; the label left out."""
    if start >= len(lines) or not NOTE.match(lines[start].strip()):
        return "", start
    end = start + 1
    while end < len(lines) and _is_prose(lines[end]) and not SECTION.match(lines[end].strip()):
        end += 1
    parts = [NOTE.sub("", lines[start].strip(), count=1), *(line.strip() for line in lines[start + 1 : end])]
    if not any(SECTION.match(line) or contents.HEADER.fullmatch(squeeze(line)) for line in lines[end : end + 1]):
        return "", start  # the note of the first article, where the issue has no sections
    return "\n".join(part for part in parts if part), end


def _is_prose(line: str) -> bool:
    return len(line) > PROSE or re.search(rf"[{FINAL}；]", line) is not None


def _contents(lines: Sequence[str], start: int) -> tuple[Contents | None, int]:
    """The contents and where the text begins."""
    header = next(
        (i for i in range(start, min(start + 3, len(lines))) if contents.HEADER.fullmatch(squeeze(lines[i]))), None
    )
    first = start if header is None else header + 1
    sections = [i for i in range(first, len(lines)) if SECTION.match(lines[i].strip())]
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
            if NOTE.match(line.strip()) and number + 1 < len(sections):
                earlier = {visible(lines[i]) for i in sections[: number + 1]}
                if visible(lines[sections[number + 1]]) in earlier:
                    break
            if _is_prose(line) or not line:
                return index
    return None


def _spans(lines: Sequence[str], start: int, listed: Contents | None) -> list[_Span]:
    """The sections of the text; one without a name where it has none."""
    names = {visible(entry.section) for entry in listed.entries if entry.section} if listed else set()
    marks = [i for i in range(start, len(lines)) if SECTION.fullmatch(lines[i].strip())]
    if names:
        marks = [i for i in marks if visible(SECTION.fullmatch(lines[i].strip())["name"]) in names] or marks  # type: ignore[index]
    spans = []
    if not marks or any(line.strip() for line in lines[start : marks[0]]):
        spans.append(_Span("", start, marks[0] if marks else len(lines)))
    for number, index in enumerate(marks):
        match = SECTION.fullmatch(lines[index].strip())
        end = marks[number + 1] if number + 1 < len(marks) else len(lines)
        spans.append(_Span(match["name"] if match else "", index + 1, end))
    return spans


# ---------------------------------------------------------------- entries


def _titles(blocks: Sequence[Block], lines: Sequence[str], span: _Span, wanted: Sequence[Listed]) -> list[_Title]:
    """The titles in a section: those the contents list, else those set as titles, else those with a unit under them."""
    found = list(_listed_titles(lines, span, wanted))
    first = span.first
    if not found or found[0].first > first:
        opening = _first_title(blocks, lines, span, found[0].first if found else span.end)
        found = [opening, *found] if opening else found
    if len(found) <= 1 and found:
        found += _more_titles(blocks, lines, span, found[0])
    return found


def _listed_titles(lines: Sequence[str], span: _Span, wanted: Sequence[Listed]) -> Iterator[_Title]:
    left = [entry for entry in wanted if entry.title]
    index = span.first
    while index < span.end and left:
        best: tuple[float, _Title] | None = None
        for count in range(1, TITLE_PARTS + 1):
            part = lines[index : min(index + count, span.end)]
            if len(part) < count or any(len(line) > PROSE + 30 or not line.strip() for line in part):
                break
            for entry in left:
                score = likeness("".join(part), entry.title)
                if score >= SAME_TITLE and (best is None or score > best[0]):
                    title = join_title(part, entry.title)
                    best = score, _Title(index, index + count, mend_title(title, entry.title), entry)
        if best:
            yield best[1]
            left.remove(best[1].listed)  # type: ignore[arg-type]
            index = best[1].end
        else:
            index += 1


def _first_title(blocks: Sequence[Block], lines: Sequence[str], span: _Span, end: int) -> _Title | None:
    """The title at the head of a section."""
    first = span.first
    last = first
    while last < end and last - first < TITLE_PARTS and _same_look(blocks[first], blocks[last]):
        if kind_of(lines[last]) is not Kind.TITLE and not (blocks[first].type is BlockType.HEADING and lines[last]):
            break
        if last > first and is_unit(lines[last]):
            break
        last += 1
    if last == first:
        return None
    rest = "\n".join(lines[last:end])
    return _Title(first, last, join_title(lines[first:last], rest))


def _same_look(one: Block, other: Block) -> bool:
    return one.type is other.type and one.level == other.level


def _more_titles(blocks: Sequence[Block], lines: Sequence[str], span: _Span, first: _Title) -> list[_Title]:
    """Further titles in a section: set like the first one, or with the name of a unit under them."""
    pattern = blocks[first.first]
    found = []
    index = first.end
    while index < span.end:
        styled = pattern.type is BlockType.HEADING and _same_look(pattern, blocks[index])
        by_unit = kind_of(lines[index]) in (Kind.UNIT, Kind.BYLINE) and index + 1 < span.end
        above = title_before(lines, index, first.end) if by_unit and not styled else index
        if styled:
            end = index + 1
            while end < span.end and _same_look(pattern, blocks[end]):
                end += 1
            found.append(_Title(index, end, join_title(lines[index:end])))
            index = end
        elif above < index and kind_of(lines[index + 1]) in (Kind.PROSE, Kind.HEADING, Kind.DATE, Kind.AUTHOR):
            found.append(_Title(above, index, join_title(lines[above:index])))
            index += 1
        else:
            index += 1
    return found


def _entries(blocks: Sequence[Block], lines: Sequence[str], span: _Span, titles: Sequence[_Title]) -> Iterator[Entry]:
    if not titles:
        body = blocks[span.first : span.end]
        if body:
            yield Entry(title="", blocks=arrange(body))
        return
    ends = [title.first for title in titles[1:]] + [span.end]
    for title, end in zip(titles, ends, strict=True):
        yield _entry(blocks, lines, title, end)


def _entry(blocks: Sequence[Block], lines: Sequence[str], title: _Title, end: int) -> Entry:
    subtitle, index = "", title.end
    if index < end and blocks[index].role is Role.SUBTITLE:
        subtitle, index = lines[index].lstrip("—-").strip(), index + 1
    head = read_head(lines[:end], index, titles=0)
    unit, author, index = head.unit, head.author, head.end
    if not unit and not author and index < end and blocks[index].role is Role.BYLINE:
        unit, author = _byline(lines[index])
        index += 1
    note = ""
    if index < end and NOTE.match(lines[index].strip()):
        note, index = NOTE.sub("", lines[index].strip(), count=1), index + 1
    listed = squeeze(title.listed.title) if title.listed else ""
    look = blocks[title.first]
    return Entry(
        title=title.title,
        subtitle=subtitle or head.subtitle,
        unit=unit,
        author=author,
        date=head.date,
        note=note,
        blocks=arrange(blocks[index:end], above=look.level if look.type is BlockType.HEADING else 0),
        contents_title=listed if listed != title.title else "",
    )


def _byline(line: str) -> tuple[str, str]:
    """Unit and author of a line set as one."""
    author = read_author(line)
    if author:
        return author
    unit, _, names = line.strip().rpartition(" ")
    return (unit, names) if unit else (names, "")
