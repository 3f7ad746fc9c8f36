"""An issue laid out: built, measured, and built again with the page numbers that are true.

The first layout has no 版记 and shows where the text ends; from that follows where the 版记 goes
(builders.imprint) and, since the 版记 comes after everything, the first layout's page numbers hold.
The second layout checks both. Where it disagrees (text that moved by a line), the 版记 goes a step
further back, where there is always room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builders import imprint
from builders.imprint import Ending
from builders.pages import estimate
from builders.pdf import Layout, read_layout, to_pdf
from builders.style import POINTS_PER_MM, HouseStyle
from builders.word import build_docx
from bulletin.model import Issue


@dataclass(frozen=True)
class Printed:
    """A finished issue. `pages` are those of the bookmarks; `pdf` is None where they are estimated."""

    docx: bytes = field(repr=False)
    pages: Mapping[str, int]
    page_count: int
    estimated: bool
    pdf: bytes | None = field(default=None, repr=False)


def print_issue(
    issue: Issue, style: HouseStyle, pictures: Mapping[str, bytes] | None = None, office: Path | None = None
) -> Printed:
    """The issue as DOCX with true page numbers, and as PDF.

    `office` is LibreOffice (builders.pdf.find_office); without it the pages are estimated and Word
    is asked to refresh them. Raises RenderError where LibreOffice fails.
    """
    pictures = pictures or {}
    if office is None:
        guess = estimate(issue, style, pictures)
        docx = build_docx(issue, style, pictures, guess.pages, ending=guess.ending, refresh=style.contents.pages)
        return Printed(docx, guess.pages, guess.page_count, estimated=True)
    measured = read_layout(to_pdf(build_docx(issue, style, pictures, {}, ending=Ending.NONE), office))
    for ending in _candidates(choose_ending(issue, style, measured), style):
        docx = build_docx(issue, style, pictures, measured.pages, ending=ending)
        pdf = to_pdf(docx, office)
        layout = read_layout(pdf)
        if _agrees(layout, measured, ending):
            break
    if _moved(layout, measured):
        docx = build_docx(issue, style, pictures, layout.pages, ending=ending)
        pdf = to_pdf(docx, office)
        layout = read_layout(pdf)
    return Printed(docx, layout.pages, layout.page_count, estimated=False, pdf=pdf)


def choose_ending(issue: Issue, style: HouseStyle, layout: Layout) -> Ending:
    """Where the 版记 goes when the text ends as the layout says."""
    foot = style.page.bottom * POINTS_PER_MM
    room = layout.tops.get("ending", 0.0) - foot
    fits = room >= imprint.height(issue, style) + style.page.line
    return imprint.ending_for(layout.pages.get("ending", layout.page_count), fits, style)


def _candidates(first: Ending, style: HouseStyle) -> tuple[Ending, ...]:
    if first is not Ending.SAME:
        return (first,)
    return (first, Ending.BLANK if style.imprint.even else Ending.NEXT)


def _agrees(layout: Layout, measured: Layout, ending: Ending) -> bool:
    """Whether the text ends where it did without 版记, and the file on the page that follows from it."""
    page = measured.pages.get("ending")
    return page == layout.pages.get("ending") and (
        page is None or layout.page_count == page + imprint.PAGES_AFTER[ending]
    )


def _moved(layout: Layout, measured: Layout) -> bool:
    return any(layout.pages.get(mark) != page for mark, page in measured.pages.items() if mark.startswith("article"))
