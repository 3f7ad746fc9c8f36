"""An issue laid out: built, measured, and built again with the page numbers that are true.

The first layout has no 版记 and shows where the text ends; from that follows where the 版记 goes
(builders.imprint). A second layout, with 版记, checks it and gives the page numbers; where the two
disagree (text that moved by a line), the 版记 goes a step further back, where there is always room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builders import imprint
from builders.imprint import Ending
from builders.pages import estimate
from builders.pdf import Layout, read_layout, to_pdf, to_pdfs
from builders.style import POINTS_PER_MM, HouseStyle
from builders.template import masthead_height
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
    ending: Ending = Ending.SAME


def print_issue(
    issue: Issue,
    style: HouseStyle,
    pictures: Mapping[str, bytes] | None = None,
    office: Path | None = None,
    *,
    template: bytes = b"",
) -> Printed:
    """The issue as DOCX with true page numbers, and as PDF.

    Where only an empty page would let the 版记 stand on an even one, the lines are set closer (style's
    page.tightest, GB/T 9704 5.2.3: 特定情况可以作适当调整) if that saves the page.

    `office` is LibreOffice (builders.pdf.find_office); without it the pages are estimated and Word
    is asked to refresh them. `template`: a DOCX whose masthead is printed (builders.template). Raises RenderError where LibreOffice fails.
    """
    loose = _print(issue, style, pictures or {}, office, template)
    if loose.ending is not Ending.BLANK or style.page.tightest <= style.page.lines:
        return loose
    tight = _print(issue, style.tightened, pictures or {}, office, template)
    return tight if tight.page_count < loose.page_count else loose


def _print(
    issue: Issue, style: HouseStyle, known: Mapping[str, bytes], office: Path | None, template: bytes
) -> Printed:
    guess = estimate(issue, style, known, masthead_height(template, style) if template else None)
    if office is None:
        docx = build_docx(
            issue, style, known, guess.pages, ending=guess.ending, refresh=style.contents.pages, template=template
        )
        return Printed(docx, guess.pages, guess.page_count, estimated=True, ending=guess.ending)

    def drafted(ending: Ending) -> bytes:
        return build_docx(issue, style, known, guess.pages, ending=ending, template=template)

    # One start of LibreOffice for both where the guess is right. The numbers that LibreOffice shows in
    # the contents are its own, so the PDF of a draft is that of the final DOCX.
    bare, likely = to_pdfs([drafted(Ending.NONE), drafted(guess.ending)], office)
    measured = read_layout(bare)
    for ending in _candidates(choose_ending(issue, style, measured), style):
        pdf = likely if ending is guess.ending else to_pdf(drafted(ending), office)
        layout = read_layout(pdf)
        if _agrees(layout, measured, ending):
            break
    docx = build_docx(issue, style, known, layout.pages, ending=ending, template=template)
    return Printed(docx, layout.pages, layout.page_count, estimated=False, pdf=pdf, ending=ending)


def choose_ending(issue: Issue, style: HouseStyle, layout: Layout) -> Ending:
    """Where the 版记 goes when the text ends as the layout says."""
    foot = style.page.bottom * POINTS_PER_MM
    room = layout.tops.get("ending", 0.0) - style.page.line - foot  # the mark is at the top of the last line
    fits = room >= imprint.height(issue, style) + style.page.line
    if not imprint.lines(issue, style):
        return Ending.NONE
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
