"""Web pages (HTML, MHTML) as documents: the article as blocks, all that stood around it as changes."""

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from bulletin.errors import EmptyError, TooLargeError
from bulletin.model import Change, Document, Submission
from extractors.webblocks import heading_tag, make_blocks, read_looks
from extractors.webdecode import Page, open_pages
from extractors.webembedded import embedded_article
from extractors.webfurniture import OTHER, TITLE, Rule, furniture
from extractors.weblinks import join
from extractors.webmeta import Declared, Meta, read_meta
from extractors.webscore import Selection, select
from extractors.webtitle import TITLE_METAS, TitleLines, choose_title, page_titles, title_lines
from extractors.webtree import Line, parse, read_lines

LARGEST = 40_000_000
"""Characters of markup; pages saved in one file with their pictures reach 20 million, articles alone 2."""
MOST_LINES = 200_000
"""A page of more lines is a dump of data; this many take some 15 s."""
THIN = 40
"""An article of fewer characters is looked for in what the page hides or carries as data, too."""

HEAD, FOOT, ABOVE_TITLE = 20, 8, 12
"""How many lines above the body, below it, and above its title may hold the byline."""

HEADED = 6
"""Lines above the text among which the first heading of a collection stands, its byline between them."""
LINKED = 0.5
"""Share of links from which a heading is one of the site's."""


class Reading(NamedTuple):
    """One page read, before it becomes a document."""

    lines: list[Line]
    selection: Selection
    title: str
    titles: frozenset[int]
    """The lines that print the title."""
    meta: Meta


def read(submission: Submission) -> Document:
    """The document of a web page, or of all the pages of an article that were bundled when they were fetched.

    `blocks` hold the article without its title and bylines (they are in the metadata), `changes` every other visible
    line of the page with the rule that left it out; `at` counts the visible lines from 0. Raises FormatError,
    EmptyError or TooLargeError.
    """
    first, *others = open_pages(submission.content, submission.media_type, submission.name)
    documents = [_read_one(submission, first)]
    for number, page in enumerate(others, start=2):
        try:
            documents.append(_read_one(submission, page))
        except EmptyError:
            gap = f"第{number}页没有正文"
            documents[-1] = documents[-1].model_copy(update={"warnings": (*documents[-1].warnings, gap)})
    return join(documents) if others else documents[0]


def _read_one(submission: Submission, page: Page) -> Document:
    if len(page.html) > LARGEST:
        raise TooLargeError("网页过大", subject=submission.name)
    if not page.html.strip():
        raise EmptyError("网页是空的", subject=submission.name)
    return _document(submission, page, read_page(page, submission))


def read_page(page: Page, submission: Submission) -> Reading:
    """The page's lines, which of them are its article, and what is known about it."""
    root = parse(page.html, submission.name)
    lines = read_lines(root)
    if len(lines) > MOST_LINES:
        raise TooLargeError(f"网页超过 {MOST_LINES} 行，不是一篇稿件", subject=submission.name)
    declared = Declared(root)
    titles = page_titles(root, declared.values(TITLE_METAS, "headline"))
    lines, selection, (exact, partly) = _find_article(root, lines, titles, submission.name)
    texts = [i for i in selection.kept if not lines[i].image]
    first, last = (texts[0], texts[-1]) if texts else (len(lines), len(lines) - 1)
    title, printed = choose_title(lines, first, exact, partly, titles)
    if texts and printed and (more := _first_heading(lines, texts, max(printed))) < first:
        selection, first = _from(selection, more, first), more
    printing = frozenset((*printed, *(i for i in exact if i in texts[:3])))
    address = declared.address(page.address or (submission.origin if submission.origin.startswith("http") else ""))
    top = max(0, first - HEAD) if not printed else max(0, min(printed) - ABOVE_TITLE)
    body = [lines[i] for i in selection.kept if i not in printing and lines[i].text != title]
    meta = read_meta(declared, address, lines[top:first], body, lines[last + 1 : last + 1 + FOOT])
    return Reading(lines, selection, title, printing, meta)


def _find_article(
    root: etree._Element, seen: list[Line], titles: Sequence[str], name: str
) -> tuple[list[Line], Selection, TitleLines]:
    """The page's lines, which are its article, and which print its title.

    The article is among the lines that the page shows, those it hides, or those it carries as data.
    """
    printed = title_lines(seen, titles)
    selection = select(seen, printed[0])
    if _size(seen, selection) >= THIN:
        return seen, selection, printed
    every = read_lines(root, hidden=True)
    unfolded_titles = title_lines(every, titles)
    unfolded = select(every, unfolded_titles[0])
    if _size(every, unfolded) >= THIN:
        return every, unfolded, unfolded_titles
    carried = embedded_article(root)
    if not carried:
        return seen, selection, printed
    lines = [*seen, *read_lines(parse(carried, name))]
    dropped = {i: furniture(line) or OTHER for i, line in enumerate(seen)}
    return lines, Selection(tuple(range(len(seen), len(lines))), dropped), title_lines(lines, titles)


def _first_heading(lines: Sequence[Line], texts: Sequence[int], title: int) -> int:
    """Where a collection's text begins: the headings above it, below the page's title, that are set like those in it.

    What stands under such a heading is the byline of the first article and not the page's.
    """
    tags = {tag for i in texts if (tag := heading_tag(lines[i]))}
    first = found = texts[0]
    for index in range(first - 1, max(title, first - HEADED), -1):
        set_alike = heading_tag(lines[index]) in tags and lines[index].link_share < LINKED
        if set_alike and (found == first or index == found - 1):
            found = index
    return found


def _from(selection: Selection, begin: int, end: int) -> Selection:
    """The selection with the lines from `begin` up to `end`."""
    added = range(begin, end)
    dropped = {i: rule for i, rule in selection.dropped.items() if i not in added}
    return Selection((*added, *selection.kept), dropped, selection.score)


def _size(lines: Sequence[Line], selection: Selection) -> int:
    return sum(lines[i].size for i in selection.kept)


def _document(submission: Submission, page: Page, reading: Reading) -> Document:
    lines, selection, titles, meta = reading.lines, reading.selection, reading.titles, reading.meta
    kept = [i for i in selection.kept if i not in titles]
    blocks, pictures = make_blocks(lines, kept, meta.address, page.resources)
    if not any(block.plain for block in blocks):
        raise EmptyError("网页里没有正文（可能由脚本生成，或只是一个框架、一张图片）", subject=submission.name)
    looks, gaps = read_looks(lines, blocks)
    dropped: dict[int, Rule] = {**selection.dropped, **dict.fromkeys(titles, TITLE)}
    return Document(
        source=submission.sha256,
        name=submission.name,
        format=page.format,
        blocks=blocks,
        title=reading.title,
        unit=meta.unit,
        author=meta.author,
        date=meta.date,
        keywords=meta.keywords,
        address=meta.address,
        changes=tuple(_changes(lines, dropped)),
        warnings=page.warnings,
        pictures=pictures,
        looks=looks,
        gaps=gaps,
    )


def _changes(lines: Sequence[Line], dropped: dict[int, Rule]) -> list[Change]:
    return [
        Change(rule=rule.code, reason=rule.reason, before=lines[i].text, at=i)
        for i, rule in sorted(dropped.items())
        if lines[i].text
    ]
