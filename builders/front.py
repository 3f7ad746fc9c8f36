"""The first page down to the first section: 密级 and 份号, masthead, contents, note of the issue."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from builders.linebreaks import count_lines
from builders.ooxml import markup as ml
from builders.ooxml.sheet import issuer_spacing
from builders.style import HouseStyle
from builders.titles import fill_lines
from builders.widths import set_width, width
from bulletin.model import Block, Entry, Issue, Role


def chinese_date(day: object) -> str:
    """2023年12月10日 (GB/T 9704 7.3.5.4: Arabic figures, no leading zeros)."""
    year, month, date = str(day).split("-")
    return f"{int(year)}年{int(month)}月{int(date)}日"


_HEADING = "要　目"


@dataclass(frozen=True)
class NameLine:
    """A line of the masthead: size and tracking in pt, width of the glyphs in per cent."""

    text: str
    size: float
    scale: int
    tracking: float


def name_lines(name: str, style: HouseStyle) -> tuple[NameLine, ...]:
    """The lines of the publication's name, each as large as the 版心 and the style allow.

    A short name is set open (tracking); a long one first in narrower glyphs, then smaller.
    """
    return tuple(_fit(line, style) for line in name.split())


def _fit(text: str, style: HouseStyle) -> NameLine:
    head = style.masthead
    count = max(width(text), 1.0)
    room = head.fill * style.page.text_width
    natural = room / count
    if natural >= head.size:
        spare = (room - count * head.size) / count
        return NameLine(text, head.size, 100, round(min(head.tracking * head.size, spare), 1))
    scale = max(head.condense / 100, natural / head.size)
    size = int(min(head.size, natural / scale) * 2) / 2
    if size < head.smallest:
        size, scale = head.smallest, natural / head.smallest
    return NameLine(text, size, int(scale * 100), 0.0)


def front(issue: Issue, style: HouseStyle) -> Iterator[str]:
    """密级 and 份号, name, number, issuer and date over the rule."""
    if issue.secrecy or issue.copy_number:
        number = copy_number(issue, style)
        yield ml.paragraph("Marks", ml.run(issue.secrecy) + (ml.tab() + ml.run(number) if number else ""))
    yield _name(issue, style)
    yield ml.paragraph("Number", ml.run(issue.number.label))
    lines, date = issuer_lines(issue, style), ml.tab() + ml.run(chinese_date(issue.date))
    if lines == 1:
        yield ml.paragraph("Issuer", ml.run(issue.issuer) + date)
    else:
        yield ml.paragraph("Issuer", ml.run(issue.issuer) + ml.line_break() + date, issuer_spacing(style, lines))


def issuer_lines(issue: Issue, style: HouseStyle) -> int:
    """How many lines issuer and date take: one where both fit into it, else the date has one of its own."""
    room = style.page.text_width / style.character
    if stand_beside(issue.issuer, chinese_date(issue.date), room):
        return 1
    return count_lines(issue.issuer, room, 0.0, style.square) + 1


def stand_beside(left: str, right: str, room: float) -> bool:
    """Whether both fit into a line of so many characters, with half of one between them."""
    return set_width(left) + set_width(right) + 0.5 <= room


def copy_number(issue: Issue, style: HouseStyle) -> str:
    """份号 as it is printed: 000007 (GB/T 9704 7.2.1)."""
    number = issue.copy_number
    return number.zfill(style.masthead.copy_digits) if number.isdigit() else number


def _name(issue: Issue, style: HouseStyle) -> str:
    lines = name_lines(issue.publication, style)
    runs = []
    for at, line in enumerate(lines):
        # The tracking of the last character would push a centred line to the left.
        open_, last = line.text[:-1], line.text[-1:]
        runs.append(ml.run(open_, ml.sized(line.size, scale=line.scale, tracking=line.tracking)))
        runs.append(ml.run(last, ml.sized(line.size, scale=line.scale, tracking=0.0)))
        if at + 1 < len(lines):
            runs.append(ml.run(" ", ml.sized(1)) + ml.line_break())
    above = style.masthead.above * style.page.line
    height = (name_height(issue, style) - above) / len(lines)
    return ml.paragraph("Title", "".join(runs), ml.spacing(above, 0, height))


def name_height(issue: Issue, style: HouseStyle) -> float:
    """Height of the name in pt with what is blank above it: whole lines of the grid."""
    lines, grid = name_lines(issue.publication, style), style.page.line
    needed = max(sum(line.size for line in lines) * 1.3, len(lines) * max(line.size for line in lines) * 1.15)
    return (ceil(needed / grid) + style.masthead.above) * grid


def section_mark(name: str, style: HouseStyle) -> str:
    """【栏目】 as it is printed; nothing where a section has no name, as in past issues without sections."""
    return f"{style.section.opening}{name}{style.section.closing}" if name else ""


def contents(issue: Issue, style: HouseStyle, marks: Mapping[int, str], pages: Mapping[str, int]) -> Iterator[str]:
    """要目: sections and titles, linked to the articles, with page numbers and a rule where the style wants them.

    `marks` gives the bookmark of each entry by its place in the issue.
    """
    if len(issue.entries) < style.contents.minimum:
        return
    gap = ml.spacing(style.page.line, 0, style.page.line)
    if heading := contents_heading(issue, style):
        yield ml.paragraph("TOCHeading", ml.run(heading), gap)
        gap = ""
    place = 0
    for section in issue.sections:
        if not section.entries:
            continue
        if section.name:
            yield ml.paragraph("TOC1", ml.run(section_mark(section.name, style)), gap)
            gap = ""
        for entry in section.entries:
            last = place + 1 == len(issue.entries)
            look = (ml.KEEP_NEXT if last and style.contents.rule else "") + gap
            yield _contents_line(entry, style, marks[place], pages, look)
            place, gap = place + 1, ""
    if style.contents.rule:
        yield _contents_rule(style)


def contents_heading(issue: Issue, style: HouseStyle) -> str:
    """What stands over the contents: as the style says; titles that no section names are not left without any."""
    first = next((section.name for section in issue.sections if section.entries), "")
    return style.contents.heading or ("" if first else _HEADING)


def _contents_line(entry: Entry, style: HouseStyle, mark: str, pages: Mapping[str, int], look: str) -> str:
    number = ml.page_reference(mark, pages.get(mark, 1)) if style.contents.pages else ""
    return ml.paragraph("TOC2", ml.link(mark, broken(contents_lines(entry, style))) + number, look)


def contents_lines(entry: Entry, style: HouseStyle) -> tuple[str, ...]:
    """The lines of an entry in the contents; the last leaves room for a page number where there are any."""
    title, number = entry.contents_title or entry.title, NUMBER_ROOM if style.contents.pages else 0.0
    room = contents_room(style)
    # Asked here: to look for the words of a title takes a tenth of building an issue.
    return (title,) if set_width(title) <= room + FURTHER - number else fill_lines(title, room, number)


def _contents_rule(style: HouseStyle) -> str:
    """The rule under the contents, in a line of the grid of its own, kept with the last entry."""
    grid, rule, spare = style.page.line, style.contents.rule, 1
    above = 0.4 * grid
    return ml.paragraph("Anchor", "", ml.ruled("top", rule) + ml.spacing(above, 0, grid - above - rule - spare))


NUMBER_ROOM = 3.0
"""In characters: what a page number and a few dots before it take."""


FURTHER = 1
"""In characters: by so much further lines of a title in the contents stand in, else each would look like a title."""


def contents_room(style: HouseStyle) -> float:
    """How many characters a further line of an entry in the contents holds."""
    return style.page.text_width / (style.contents.size + style.body.tracking) - 2 - FURTHER


def broken(lines: Sequence[str]) -> str:
    """Runs with a line break between the lines.

    A blank of the title at which a line ends stays, a point high, before the break: so a reader
    knows which breaks replace a blank and which do not.
    """
    parts = []
    for at, line in enumerate(lines):
        if at:
            parts.append(ml.line_break())
        text = line.rstrip()
        parts.append(ml.run(text))
        if at + 1 < len(lines):
            parts.append(ml.run(line[len(text) :], ml.sized(1)))
    return "".join(parts)


# 编者按：, 【编者按】, （编者按：
_LABEL = re.compile(
    r"[【〔\[（(]?(?:编者按|编者的话|编前[话语]|开栏(?:的话|语)|按语?(?=[：:】〕\]）)]))[】〕\]）)]?[：:]?"
)


def own_label(block: Block) -> int:
    """How many characters of a note are the label of a 按语, which is set as one wherever it stands; 0 for another note."""
    match = _LABEL.match(block.text) if block.role is Role.NOTE else None
    return match.end() if match else 0


def note_label(line: str, style: HouseStyle) -> str:
    """The label before the first paragraph of a 按语; nothing where it has one of its own."""
    return "" if _LABEL.match(line) else style.note.label


def editor_note(text: str, style: HouseStyle, look: str = "") -> Iterator[str]:
    """按语: its paragraphs in 楷体, the label before the first unless it has one; `look` is of the first."""
    for at, line in enumerate(part for part in text.splitlines() if part.strip()):
        label = "" if at else note_label(line, style)
        content = ml.run(label, ml.fonts(style.fonts.hei)) + ml.run(line)
        yield ml.paragraph("EditorNote", content, look if at == 0 else "")
