"""文稿汇编: cover, contents with page numbers, each article on a new page with its unit and date."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from builders.articles import Articles
from builders.front import NUMBER_ROOM, broken, chinese_date
from builders.ooxml import markup as ml
from builders.ooxml.package import Media, Properties, build_package
from builders.ooxml.paper import section
from builders.pages import estimate_articles
from builders.pdf import Layout, read_layout, to_pdf
from builders.pictures import read_pictures
from builders.printing import Printed
from builders.style import HouseStyle
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
) -> bytes:
    """The articles as one DOCX, the same bytes for the same arguments.

    `pages` are the printed page numbers of the bookmarks article1, article2 ...; numbering begins
    with the first article. A blank in the title marks where it is broken on the cover.
    """
    media, numbers = Media(), count(1)
    writer = Articles(style, read_pictures(pictures or {}), media)
    body = list(_cover(title, issuer, day, style))
    body += _contents(entries, style, pages or {})
    for at, entry in enumerate(entries, 1):
        look = ml.PAGE_BEFORE if at > 1 else ""
        body += writer.article(entry, f"article{at}", next(numbers), first=True, dated=True, look=look)
    body.append(ml.closed(body.pop(), ml.bookmark("ending", next(numbers))) + section(style, kind="oddPage", start=1))
    properties = Properties(title=title, subject="文稿汇编", author=issuer, day=day or _NO_DAY)
    return build_package("".join(body), style, properties, media, notes=writer.notes, update_fields=refresh)


def print_collection(
    title: str,
    entries: Sequence[Entry],
    style: HouseStyle,
    pictures: Mapping[str, bytes] | None = None,
    office: Path | None = None,
    *,
    issuer: str = "",
    day: dt.date | None = None,
) -> Printed:
    """The collection as DOCX with true page numbers, and as PDF; estimated without LibreOffice."""

    def build(pages: Mapping[str, int], *, refresh: bool = False) -> bytes:
        return build_collection(title, entries, style, pictures, pages, issuer=issuer, day=day, refresh=refresh)

    if office is None:
        pages, last = estimate_articles(entries, style, pictures or {})
        return Printed(build(pages, refresh=True), pages, last + 2, estimated=True)
    pages = printed_pages(read_layout(to_pdf(build({}), office)))
    docx = build(pages)
    pdf = to_pdf(docx, office)
    layout = read_layout(pdf)
    return Printed(docx, printed_pages(layout), layout.page_count, estimated=False, pdf=pdf)


def printed_pages(layout: Layout) -> dict[str, int]:
    """Page numbers as they are printed: the first article is on page 1."""
    before = layout.pages.get("article1", 1) - 1
    return {mark: page - before for mark, page in layout.pages.items()}


def _cover(title: str, issuer: str, day: dt.date | None, style: HouseStyle) -> Iterator[str]:
    size, grid = style.collection.title_size, style.page.line
    lines = break_title(title, style.page.text_width / size - 0.5)
    yield ml.gap(5 * grid)
    yield ml.paragraph("CoverTitle", broken(lines), ml.spacing(0, 0, round(size * 1.5)))
    used = 5 * grid + len(lines) * round(size * 1.5)
    below = [text for text in (issuer, chinese_date(day) if day else "") if text]
    yield ml.gap(max(grid, style.page.text_height - used - (len(below) + 2) * 1.5 * grid))
    for text in below:
        yield ml.paragraph("CoverText", ml.run(text), ml.spacing(0, 0, 1.5 * grid))
    yield ml.tiny(section=section(style, numbered=False))


def _contents(entries: Sequence[Entry], style: HouseStyle, pages: Mapping[str, int]) -> Iterator[str]:
    room = style.page.text_width / style.character - 2
    last = ml.paragraph("ContentsTitle", ml.run(style.collection.heading))
    for at, entry in enumerate(entries, 1):
        mark = f"article{at}"
        yield last
        if entry.unit:
            yield ml.paragraph("ContentsUnit", ml.run(f"{at}．{entry.unit}："))
        text = entry.contents_title or entry.title
        name = text if entry.unit else f"{at}．{text}"
        last = ml.paragraph(
            "TOC3",
            ml.link(mark, broken(fill_lines(name, room, NUMBER_ROOM))) + ml.page_reference(mark, pages.get(mark, 1)),
        )
    yield ml.closed(last, "", section(style, numbered=False))
