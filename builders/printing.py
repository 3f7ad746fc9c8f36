"""An issue laid out: built, measured, and built again with the page numbers that are true.

The first layout has the 版记 where the estimate puts it (builders.pages), which is nearly always right, and
shows where the text ends. Where the 版记 should then be elsewhere (builders.imprint), it is put there and
laid out again, until the layout agrees with itself: a layout alone shows whether text gave way to the 版记.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from builders import imprint
from builders.imprint import Ending
from builders.pages import Estimate, estimate
from builders.pdf import Layout, read_layout, to_pdf, to_pdfs
from builders.pictures import fitted, read_pictures
from builders.placing import Place, in_order
from builders.style import POINTS_PER_MM, HouseStyle
from builders.template import masthead_height
from builders.word import build_docx
from bulletin.footnotes import anchors
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

    `office` is LibreOffice; without it the pages are estimated and Word is asked to refresh them. `template`:
    a DOCX whose masthead is printed (builders.template). Raises RenderError where LibreOffice fails.
    """
    settings = [_Setting(issue, look, pictures or {}, template).settled for look in _looks(style)]
    # One start of LibreOffice for both where both are likely to be needed.
    likely = settings if settings[0].guess.ending is Ending.BLANK else settings[:1]
    pdfs = to_pdfs([setting.draft(setting.guess.ending) for setting in likely], office) if office else []
    results = []
    for setting, pdf in zip_longest(settings, pdfs):
        results.append(setting.laid_out(office, pdf) if office else setting.estimated())
        if results[-1].ending is not Ending.BLANK:
            break
    return min(results, key=lambda result: result.page_count)


def _looks(style: HouseStyle) -> Iterator[HouseStyle]:
    yield style
    if style.page.tightest > style.page.lines:
        yield style.tightened


@dataclass(frozen=True)
class _Setting:
    """An issue in one style."""

    issue: Issue
    style: HouseStyle
    pictures: Mapping[str, bytes]
    template: bytes
    noted: int = 0
    """Of how many of the last articles the notes stand under the text: the 版记, which floats, would stand upon them."""

    @cached_property
    def guess(self) -> Estimate:
        masthead = masthead_height(self.template, self.style) if self.template else None
        return estimate(self.issue, self.style, self.pictures, masthead, noted=self.noted)

    @property
    def settled(self) -> "_Setting":
        """The same, or with the notes under the text where 版记 and footnotes would meet."""
        setting = self
        while setting.guess.ending is Ending.SAME and setting.guess.footed and (further := setting.further):
            setting = further
        return setting

    @property
    def further(self) -> "_Setting | None":
        """The same with the notes of one more article under its text; None where they all are."""
        return replace(self, noted=self.noted + 1) if self.noted < len(self.issue.entries) else None

    def draft(self, ending: Ending) -> bytes:
        """With the 版记 there, and page numbers that are of the right width only."""
        return self._docx(self.guess.pages, ending)

    def estimated(self) -> Printed:
        guess = self.guess
        docx = self._docx(guess.pages, guess.ending, refresh=self.style.contents.pages)
        return Printed(docx, guess.pages, guess.page_count, estimated=True, ending=guess.ending)

    def laid_out(self, office: Path, pdf: bytes | None) -> Printed:
        """As LibreOffice sets it; `pdf` is its layout of the draft with the guessed ending."""
        # The numbers that LibreOffice shows in the contents are its own, so the PDF of a draft is that of the final DOCX.
        ending, left = self.guess.ending, [*self._endings]
        while True:
            pdf = pdf or to_pdf(self.draft(ending), office)
            layout = read_layout(pdf)
            right = choose_ending(self.issue, self.style, layout, self.last_line)
            left = [other for other in left if other is not ending]
            if (right is ending and _agrees(layout, ending)) or not left:
                break
            ending, pdf = right if right in left else left[0], None
        if ending is Ending.SAME and layout.page_count in layout.footed and (further := self.further):
            return further.laid_out(office, None)
        docx = self._docx(layout.pages, ending)
        return Printed(docx, layout.pages, layout.page_count, estimated=False, pdf=pdf, ending=ending)

    @property
    def last_line(self) -> float:
        """The height in pt of the line in which the text ends: of a picture without a caption, else one of the grid."""
        place = len(self.issue.entries) - 1
        blocks = self.issue.entries[place].blocks if place >= 0 else ()
        marked = {} if self.noted else anchors(blocks)
        places = self.guess.places.get(place, {})
        at = next((at for at in reversed(in_order(len(blocks), places)) if at not in marked), -1)
        content = self.pictures.get(blocks[at].picture) if at >= 0 and not blocks[at].text else None
        known = read_pictures({"": content}).get("") if content else None
        return fitted(known, self.style)[1] * places.get(at, Place()).shrink if known else self.style.page.line

    @property
    def _endings(self) -> tuple[Ending, ...]:
        """Those the style allows, the one with the most room first."""
        return (Ending.BLANK,) * self.style.imprint.even + (Ending.NEXT, Ending.SAME)

    def _docx(self, pages: Mapping[str, int], ending: Ending, *, refresh: bool = False) -> bytes:
        return build_docx(
            self.issue, self.style, self.pictures, pages,
            ending=ending, refresh=refresh, template=self.template, places=self.guess.places, noted=self.noted,
        )  # fmt: skip


def choose_ending(issue: Issue, style: HouseStyle, layout: Layout, last: float) -> Ending:
    """Where the 版记 goes when the text ends as the layout says, with a line of the height `last`."""
    foot = style.page.bottom * POINTS_PER_MM
    room = layout.tops.get("ending", 0.0) - last - foot  # the mark is at the top of the last line
    fits = room >= imprint.height(issue, style) + style.page.line
    if not imprint.lines(issue, style):
        return Ending.NONE
    return imprint.ending_for(layout.pages.get("ending", layout.page_count), fits, style)


def _agrees(layout: Layout, ending: Ending) -> bool:
    """Whether the 版记 is as many pages after the end of the text as it should be."""
    last = layout.pages.get("ending")
    return last is None or layout.page_count == last + imprint.PAGES_AFTER[ending]
