"""An issue as DOCX."""

from collections.abc import Iterator, Mapping
from itertools import count

from builders.articles import Articles
from builders.front import contents, editor_note, front, section_mark
from builders.imprint import Ending, finish
from builders.ooxml import markup as ml
from builders.ooxml.form import read_form
from builders.ooxml.package import Media, Properties, build_package
from builders.pages import estimate
from builders.pictures import read_pictures
from builders.placing import Places
from builders.style import HouseStyle
from builders.template import masthead, masthead_height
from bulletin.model import Issue


def build_docx(
    issue: Issue,
    style: HouseStyle,
    pictures: Mapping[str, bytes] | None = None,
    pages: Mapping[str, int] | None = None,
    *,
    ending: Ending = Ending.SAME,
    refresh: bool = False,
    template: bytes = b"",
    places: Mapping[int, Places] | None = None,
    noted: int = 0,
) -> bytes:
    """The issue as DOCX, the same bytes for the same arguments.

    `pictures` are bytes by SHA-256, as Block.picture names them. `pages` are the page numbers of the
    bookmarks (`bookmarks`), stored as the results of the fields in the contents; `ending` says where
    the 版记 goes (builders.imprint). `refresh` asks Word to work the fields out anew when it opens
    the file: only for numbers that are estimated, because it makes Word ask. `template` is a DOCX whose
    masthead and styles are the user's own (builders.template). `places`: pictures that do not stand as they
    come (builders.placing), where they are known; else they are found here. `noted`: the notes of so many of the
    last articles stand under their text, because the 版记 needs the foot of the last page.
    """
    media = Media()
    if places is None and pictures:
        masthead_room = masthead_height(template, style) if template else None
        places = estimate(issue, style, pictures, masthead_room, noted=noted).places
    whole = len(issue.entries)
    writer = Articles(style, read_pictures(pictures or {}), media, places, range(whole - noted, whole))
    marks = bookmarks(issue)
    numbers = count(1)
    body = [masthead(issue, template)] if template else list(front(issue, style))
    body += contents(issue, style, marks, pages or {})
    if issue.note:
        body.append(ml.gap(style.page.line))
        body += editor_note(issue.note, style)
    body += _sections(issue, style, writer, marks, numbers)
    body += finish(body.pop(), issue, style, ending, next(numbers))
    return build_package(
        "".join(body), style, properties(issue), media,
        notes=writer.notes, update_fields=refresh, form=read_form(template) if template else None,
    )  # fmt: skip


def _sections(
    issue: Issue, style: HouseStyle, writer: Articles, marks: Mapping[int, str], numbers: Iterator[int]
) -> Iterator[str]:
    """The sections with their articles; `numbers` are the ids of bookmarks."""
    place = 0
    for section in issue.sections:
        if not section.entries:
            continue
        if section.name:
            yield ml.paragraph("Heading1", ml.run(section_mark(section.name, style)))
        for at, entry in enumerate(section.entries):
            yield from writer.article(entry, marks[place], next(numbers), first=at == 0 and bool(section.name))
            place += 1


def bookmarks(issue: Issue) -> dict[int, str]:
    """The bookmark of each entry by its place in the issue."""
    return {at: f"article{at + 1}" for at in range(len(issue.entries))}


def properties(issue: Issue) -> Properties:
    """Title, number, issuer, date and sections, as the file's own properties."""
    return Properties(
        title=f"{issue.publication} {issue.number.label}",
        subject=issue.number.label,
        author=issue.issuer,
        day=issue.date,
        keywords=[section.name for section in issue.sections],
    )
