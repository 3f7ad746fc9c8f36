"""Proofreading hints (校对提示) on articles and whole issues; nothing is ever changed.

Rules are functions over one line (`proofing.marks`, `proofing.wording`, `proofing.days`), over the blocks of
an article (`proofing.paragraphs`) or over an issue (here). A rule that cannot be sure says 疑似 or 提示;
必改 is kept for what is wrong in every context.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bulletin.fingerprint import letters
from bulletin.model import Article, BlockType, Entry, Frozen, Hint, Issue
from bulletin.proofing import marks, wording
from bulletin.proofing.days import days
from bulletin.proofing.found import LIKELY, MUST, NOTE, Found
from bulletin.proofing.lexicon import Lexicon
from bulletin.proofing.paragraphs import BLOCK_RULES, REPEATED_SHORTEST
from bulletin.proofing.persons import Person, one_off, persons

__all__ = ["IssueHint", "Lexicon", "proofread", "proofread_issue"]

TITLE = -1
"""Block number of the title in a hint."""
EMPTY = Lexicon()
_LINE_RULES = (*marks.LINE_RULES, *wording.LINE_RULES)


class IssueHint(Frozen):
    """A hint on one entry of an issue: sections and entries count from 0."""

    section: int
    entry: int
    title: str
    hint: Hint


def proofread(article: Article, lexicon: Lexicon = EMPTY) -> tuple[Hint, ...]:
    """The hints on an article in the order of its text; the title is block -1."""
    named = (hint for _, hint in _names([article]))
    return tuple(sorted({*_own(article, lexicon), *named}, key=lambda hint: (hint.block, hint.span, hint.rule)))


def _own(article: Article, lexicon: Lexicon) -> set[Hint]:
    """The hints on an article but those on its persons, whom an issue shares."""
    hints = [_hint(found, TITLE, article.title) for found in _line(article.title, article, lexicon)]
    for index, block in enumerate(article.blocks):
        if block.type in (BlockType.HEADING, BlockType.PARAGRAPH):
            hints += [_hint(found, index, block.text) for found in _line(block.text, article, lexicon)]
    for rule in BLOCK_RULES:
        hints += [
            _hint(placed.found, placed.block, article.blocks[placed.block].text) for placed in rule(article.blocks)
        ]
    return set(hints)


def proofread_issue(issue: Issue, lexicon: Lexicon = EMPTY) -> tuple[IssueHint, ...]:
    """The hints on every entry of an issue, then those that only the whole issue shows.

    The latter: contents that differ from the body, one name in two spellings, one person in two
    offices, one paragraph in two articles.
    """
    places = [
        (at, number, entry) for at, section in enumerate(issue.sections) for number, entry in enumerate(section.entries)
    ]
    hints = []
    for section, number, entry in places:
        own = {*_contents(entry), *_own(_article(entry), lexicon)}
        hints += [IssueHint(section=section, entry=number, title=entry.title, hint=hint) for hint in own]
    entries = [entry for _, _, entry in places]
    for at, hint in (*_names(entries), *_repeated(entries)):
        section, number, entry = places[at]
        hints.append(IssueHint(section=section, entry=number, title=entry.title, hint=hint))
    return tuple(sorted(hints, key=lambda one: (one.section, one.entry, one.hint.block, one.hint.span, one.hint.rule)))


def _line(text: str, article: Article, lexicon: Lexicon) -> Iterator[Found]:
    for rule in _LINE_RULES:
        yield from rule(text, lexicon)
    yield from days(text, article.date)


def _hint(found: Found, block: int, text: str) -> Hint:
    return Hint(
        rule=found.rule,
        level=found.level,
        block=block,
        span=(found.start, found.end),
        text=text[found.start : found.end],
        suggestion=found.suggestion,
        message=found.message,
    )


def _article(entry: Entry) -> Article:
    return Article(source=entry.article, title=entry.title, date=entry.date, blocks=entry.blocks)


def _contents(entry: Entry) -> Iterator[Hint]:
    """A title in the contents that is not the one in the body, blanks and marks aside."""
    listed = entry.contents_title
    if listed and letters(listed) != letters(entry.title):
        message = f"要目中的标题与正文标题不一致：要目为“{listed}”，正文为“{entry.title}”"
        found = Found("contents-title", MUST, 0, len(entry.title), entry.title, message)
        yield _hint(found, TITLE, entry.title)


def _names(entries: Sequence[Entry | Article]) -> Iterator[tuple[int, Hint]]:
    """One name in two spellings (same office, one character apart), one person in two offices."""
    named: list[tuple[int, int, str, Person]] = []
    for at, entry in enumerate(entries):
        for index, block in enumerate(entry.blocks):
            named += [(at, index, block.text, person) for person in persons(block.text)]
    offices: dict[str, Person] = {}
    spelt: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for at, index, text, person in named:
        first = offices.setdefault(person.name, person)
        if not first.titles & person.titles:
            message = f"“{person.name}”前文职务为“{_office(first)}”，此处为“{_office(person)}”，请核对"
            yield at, _hint(Found("two-offices", NOTE, person.start, person.end, "", message), index, text)
        known = spelt[person.organ, person.titles]
        others = [name for name in known if one_off(name, person.name)]
        if others and person.name not in known:
            message = f"人名前后不一致：前文为“{others[0]}”，此处为“{person.name}”"
            yield at, _hint(Found("two-spellings", LIKELY, person.start, person.end, others[0], message), index, text)
        known.add(person.name)


def _office(person: Person) -> str:
    return person.organ + "、".join(sorted(person.titles))


def _repeated(entries: list[Entry]) -> Iterator[tuple[int, Hint]]:
    """One long paragraph in two entries."""
    seen: dict[str, int] = {}
    for at, entry in enumerate(entries):
        for index, block in enumerate(entry.blocks):
            plain = letters(block.text)
            if block.type is not BlockType.PARAGRAPH or len(plain) < REPEATED_SHORTEST:
                continue
            if seen.setdefault(plain, at) != at:
                message = f"此段与本期《{entries[seen[plain]].title}》中的一段相同"
                yield at, _hint(Found("repeated-in-issue", LIKELY, 0, len(block.text), "", message), index, block.text)
