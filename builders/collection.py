"""文稿汇编: cover, contents with page numbers, each article on a new page with its unit and date.

Cover, contents and text begin on right-hand pages: the back of the cover stays empty.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from math import ceil
from pathlib import Path

from builders.articles import Articles
from builders.front import NUMBER_ROOM, broken, chinese_date
from builders.ooxml import markup as ml
from builders.ooxml.form import read_form
from builders.ooxml.package import Media, Properties, build_package
from builders.ooxml.paper import section
from builders.pages import estimate_articles
from builders.pdf import Layout, read_layout, to_pdf
from builders.pictures import read_pictures
from builders.printing import Printed
from builders.style import HouseStyle
from builders.template import Cover, masthead_height
from builders.titles import break_title, fill_lines
from bulletin.model import Entry

_NO_DAY = dt.date(2000, 1, 1)
"""Date in the properties of a collection without one: the same in, the same bytes out."""


def build_collection(
    title: str,
    entries: Sequence[Entry],
    style: HouseStyle,
    pictures: Mapping[str, bytes] | None = None,
    pages: Mapping[str, int] | None = None,
    *,
    issuer: str = "",
    day: dt.date | None = None,
    refresh: bool = False,
    template: bytes = b"",
) -> bytes:
    """The articles as one DOCX, the same bytes for the same arguments.

    `pages` are the printed page numbers of the bookmarks article1, article2 ...; numbering begins
    with the first article. A blank in the title marks where it is broken on the cover. `template`: a DOCX
    whose masthead stands on the cover and whose styles are used (builders.template).
    """
    media, numbers = Media(), count(1)
    places = estimate_articles(entries, style, pictures).places if pictures else {}
    writer = Articles(style, read_pictures(pictures or {}), media, places)
    body = list(_cover(title, issuer, day, style, template))
    body += _contents(entries, style, pages or {})
    for at, entry in enumerate(entries, 1):
        look = ml.PAGE_BEFORE if at > 1 else ""
        body += writer.article(entry, f"article{at}", next(numbers), first=True, dated=True, look=look)
    body.append(ml.closed(body.pop(), ml.bookmark("ending", next(numbers))) + section(style, kind="oddPage", start=1))
    properties = Properties(title=title, subject="文稿汇编", author=issuer, day=day or _NO_DAY)
    return build_package(
        "".join(body), style, properties, media,
        notes=writer.notes, update_fields=refresh, form=read_form(template) if template else None,
    )  # fmt: skip


def print_collection(
    title: str,
    entries: Sequence[Entry],
    style: HouseStyle,
    pictures: Mapping[str, bytes] | None = None,
    office: Path | None = None,
    *,
    issuer: str = "",
    day: dt.date | None = None,
    template: bytes = b"",
) -> Printed:
    """The collection as DOCX with true page numbers, and as PDF; estimated without LibreOffice."""

    def build(pages: Mapping[str, int], *, refresh: bool = False) -> bytes:
        return build_collection(
            title, entries, style, pictures, pages, issuer=issuer, day=day, refresh=refresh, template=template
        )

    if office is None:
        guess = estimate_articles(entries, style, pictures or {})
        count = 2 + _contents_pages(entries, style) + guess.page_count
        return Printed(build(guess.pages, refresh=True), guess.pages, count, estimated=True)
    pages = printed_pages(read_layout(to_pdf(build({}), office)))
    docx = build(pages)
    pdf = to_pdf(docx, office)
    layout = read_layout(pdf)
    return Printed(docx, printed_pages(layout), layout.page_count, estimated=False, pdf=pdf)


def printed_pages(layout: Layout) -> dict[str, int]:
    """Page numbers as they are printed: the first article is on page 1."""
    before = layout.pages.get("article1", 1) - 1
    return {mark: page - before for mark, page in layout.pages.items()}


def _cover(title: str, issuer: str, day: dt.date | None, style: HouseStyle, template: bytes) -> Iterator[str]:
    """Masthead of the template, title, issuer and date; what the masthead has filled in itself is not said again."""
    size, grid = style.collection.title_size, style.page.line
    head = Cover(title, issuer, chinese_date(day) if day else "", template)
    lines = break_title(title, style.page.text_width / size - 0.5) if head.title else ()
    used = 0.0
    if template:
        yield head.masthead
        used += masthead_height(template, style)
    yield ml.gap(5 * grid - min(used, 3 * grid))
    if lines:
        yield ml.paragraph("CoverTitle", broken(lines), ml.spacing(0, 0, round(size * 1.5)))
    used = max(5 * grid, used + 2 * grid) + len(lines) * round(size * 1.5)
    yield ml.gap(max(grid, style.page.text_height - used - (len(head.below) + 2) * 1.5 * grid))
    for text in head.below:
        yield ml.paragraph("CoverText", ml.run(text), ml.spacing(0, 0, 1.5 * grid))
    yield ml.tiny(section=section(style, numbered=False))


def _contents(entries: Sequence[Entry], style: HouseStyle, pages: Mapping[str, int]) -> Iterator[str]:
    last = ml.paragraph("ContentsTitle", ml.run(style.collection.heading))
    # Units and titles stand under each other, whatever the number before them.
    side = _number_room(entries) * style.character
    tabs = ml.contents_tabs(side, style.page.text_width)
    numbered, plain = tabs + ml.indent(left=side, hanging=side), tabs + ml.indent(left=side)
    for at, entry in enumerate(entries, 1):
        mark = f"article{at}"
        yield last
        number = ml.run(f"{at}．", ml.fonts(style.fonts.body)) + ml.tab()
        if entry.unit:
            yield ml.paragraph("ContentsUnit", number + ml.run(f"{entry.unit}："), numbered)
        lines = broken(_lines(entry, style, _number_room(entries)))
        title = ml.link(mark, lines) + ml.page_reference(mark, pages.get(mark, 1))
        last = ml.paragraph("TOC3", title if entry.unit else number + title, plain if entry.unit else numbered)
    yield ml.closed(last, "", section(style, kind="oddPage", numbered=False))


def _number_room(entries: Sequence[Entry]) -> float:
    """What the longest number and its point take, in characters."""
    return 1.5 + len(str(len(entries))) / 2


def _lines(entry: Entry, style: HouseStyle, number: float) -> tuple[str, ...]:
    """The lines of an entry's title in the contents, after a number that takes so many characters."""
    room = style.page.text_width / style.character - number
    return fill_lines(entry.contents_title or entry.title, room, NUMBER_ROOM)


def _contents_pages(entries: Sequence[Entry], style: HouseStyle) -> int:
    """How many pages the contents take, about: an even number."""
    number = _number_room(entries)
    lines = 2 + sum(bool(entry.unit) + len(_lines(entry, style, number)) for entry in entries)
    pages = ceil(lines / style.page.lines)
    return pages + pages % 2
