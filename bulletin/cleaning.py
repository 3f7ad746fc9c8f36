"""Cleaning that an editor can trust: every effect is one `Change`, and each can be undone by its key.

All edits are worked out first, always all of them, and belong to characters of the raw document;
then they are made, except those to undo. So a key does not depend on what else is undone.
Passes run in a fixed order until none has anything left to do: cleaning what is clean changes nothing.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bulletin.markers import INLINE_RULES, advert_zones, line_rule, lone_page_numbers, running_heads
from bulletin.model import Block, BlockType, Change, Document
from bulletin.paragraphs import goes_on, is_finished, is_indented, stands_alone, wrap_width, wraps
from bulletin.punctuation import CHARACTER_RULES, LINE_TEXT_RULES, Edit
from bulletin.text import heading_marker, is_unit, visible

WEB = frozenset({"html", "mhtml", "url"})
"""Formats whose paragraphs are the author's: markup knows no pages."""
PARAGRAPHS = WEB | {"docx", "doc", "wps", "odt", "rtf"}
"""Formats whose lines are not cut at the width of the page, though a paragraph can be cut at its foot."""
ROUNDS = 12
"""Most rounds of passes; the seeds need 2, random text at most 4."""
JOIN = "join"
JOIN_REASON = "被分页或换行截断的段落接上"
SHOWN = 12
"""Characters shown on each side of a join."""
TITLE = 60
"""Characters of the longest line taken for a title that is printed twice."""
CUT = 30
"""Characters of the shortest line of running text that a page number or running head may follow."""
CELL_RUN = 6
"""Lines that begin with a tab, one after the other, from which they are the cells of a table."""


@dataclass(slots=True)
class _Edited:
    """One raw character: what it is now, and by which edit."""

    raw: str
    at: int
    start: int
    now: str
    edit: int = 0


@dataclass
class _Line:
    """A block being cleaned: the raw characters of one block, or of several that were joined."""

    blocks: list[Block]
    positions: list[int]
    text: str
    last: str
    """The raw last line of a joined paragraph, for its width."""
    removed: tuple[str, str] | None = None
    joins: list[int] = field(default_factory=list)
    known: list[_Edited] = field(default_factory=list)
    """The characters, once something was done to the line: most lines never need them."""

    @property
    def characters(self) -> list[_Edited]:
        if not self.known:
            (block,) = self.blocks
            self.known = [_Edited(c, block.at[0], i, c) for i, c in enumerate(block.text)]
        return self.known

    @property
    def is_text(self) -> bool:
        return self.blocks[0].type in (BlockType.PARAGRAPH, BlockType.HEADING)

    def edit(self, edits: Sequence[Edit], first_id: int) -> int:
        """Make `edits` (in any order, not overlapping); returns how many."""
        owner = [i for i, c in enumerate(self.characters) for _ in c.now]
        done, covered = 0, -1
        for edit in sorted(edits):
            if edit.start < covered or edit.start == edit.end:
                continue
            covered = edit.end
            first, last = owner[edit.start], owner[edit.end - 1]
            head = (
                ""
                if edit.start == 0 or owner[edit.start - 1] != first
                else self._part(first, edit.start, owner, head=True)
            )
            tail = (
                ""
                if edit.end == len(owner) or owner[edit.end] != last
                else self._part(last, edit.end, owner, head=False)
            )
            for index in range(first, last + 1):
                self.characters[index].now = ""
                self.characters[index].edit = first_id + done
            self.characters[first].now = head + edit.after + tail
            done += 1
        if done:
            self.text = "".join(c.now for c in self.characters)
        return done

    def _part(self, index: int, offset: int, owner: list[int], *, head: bool) -> str:
        begin = owner.index(index)
        now = self.characters[index].now
        return now[: offset - begin] if head else now[offset - begin :]


class _Cleaning:
    """One run over one document."""

    def __init__(self, document: Document) -> None:
        self.strict = document.format in WEB
        self.wrapped = document.format not in PARAGRAPHS
        self.lines = [_line(index, block) for index, block in enumerate(document.blocks)]
        self.rules: list[tuple[str, str]] = [("", "")]
        self.cells: set[int] = set()

    # -- passes: each returns whether it changed anything

    def run(self) -> None:
        passes: tuple[Callable[[], bool], ...] = (
            self.characters,
            self.furniture,
            self.paragraphs,
            self.inline,
            self.marks,
        )
        for _ in range(ROUNDS):
            if not any(step() for step in passes):
                break

    def _live(self) -> list[_Line]:
        return [line for line in self.lines if line.removed is None]

    def _edit(self, line: _Line, code: str, reason: str, edits: Iterator[Edit]) -> bool:
        wanted = [edit for edit in edits if line.text[edit.start : edit.end] != edit.after]
        if not wanted:
            return False
        done = line.edit(wanted, len(self.rules))
        self.rules.extend([(code, reason)] * done)
        return done > 0

    def characters(self) -> bool:
        changed = False
        for line in self._live():
            if line.is_text:
                for rule in CHARACTER_RULES:
                    changed |= self._edit(line, rule.code, rule.reason, rule.edits(line.text))
        return changed

    def furniture(self) -> bool:
        live = [line for line in self._live() if line.is_text and line.text.strip()]
        texts = [line.text for line in live]
        taken: dict[int, tuple[str, str]] = {}
        for index, text in enumerate(texts):
            if rule := line_rule(text):
                taken[index] = (rule.code, rule.reason)
        for index in advert_zones(texts):
            taken.setdefault(index, ("advert", "文库网站、公众号的广告"))
        for index in lone_page_numbers(texts):
            taken.setdefault(index, ("page-number", "页码"))
        pages = {i for i, (code, _) in taken.items() if code == "page-number"}
        cuts = {i for i, text in enumerate(texts) if _is_cut(text)}
        for index in running_heads(texts, cuts, pages):
            taken.setdefault(index, ("running-head", "每页重复的页眉页脚"))
        for index in _repeated_title(texts):
            taken.setdefault(index, ("duplicate-title", "重复的标题"))
        for index, rule_ in taken.items():
            live[index].removed = rule_
        return bool(taken)

    def paragraphs(self) -> bool:
        live = [line for line in self._live() if line.text.strip() or not line.is_text]
        width = 0 if not self.wrapped else wrap_width([line.text for line in live if line.is_text])
        indents = sum(is_indented(line.text) for line in live) >= 2
        kept: list[_Line] = []
        joined = set()
        for index, line in enumerate(live):
            if kept and index and self._goes_on(kept, live, index, width, indents):
                _join(kept[-1], line)
                joined.add(id(line))
            else:
                kept.append(line)
        self.lines = [line for line in self.lines if id(line) not in joined]
        return bool(joined)

    def _goes_on(self, kept: list[_Line], live: list[_Line], index: int, width: int, indents: bool) -> bool:
        line, following = kept[-1], live[index]
        paragraphs = all(x.blocks[0].type is BlockType.PARAGRAPH for x in (line, following))
        if not paragraphs or any(i in self.cells for i in (line.positions[0], following.positions[0])):
            return False
        before = kept[-2].text if len(kept) > 1 else ""
        after = live[index + 1].text if index + 1 < len(live) else ""
        return goes_on(line.text, following.text, before=before, after=after, strict=self.strict) or wraps(
            line.last, following.text, width, indents=indents
        )

    def inline(self) -> bool:
        changed = False
        for line in self._live():
            for rule in INLINE_RULES if line.is_text else ():
                edits = (Edit(*match.span(), "") for match in rule.pattern.finditer(line.text))
                changed |= self._edit(line, rule.code, rule.reason, edits)
        return changed

    def marks(self) -> bool:
        self.cells = _cells(self._live())
        changed = False
        for line in self._live():
            for rule in LINE_TEXT_RULES if line.is_text else ():
                edits = rule.edits(line.text)
                if rule.code == "blanks" and line.positions[0] in self.cells:
                    edits = (e for e in edits if e.start or not line.text.startswith("\t") or e.end == len(line.text))
                changed |= self._edit(line, rule.code, rule.reason, edits)
        return changed


def _line(index: int, block: Block) -> _Line:
    block = block if block.at else block.model_copy(update={"at": (index,)})
    return _Line([block], [index], block.text, block.text)


def _join(line: _Line, following: _Line) -> None:
    characters, added = line.characters, following.characters
    line.joins += [len(characters), *(len(characters) + place for place in following.joins)]
    line.known = characters + added
    line.blocks += following.blocks
    line.positions += following.positions
    line.text += following.text
    line.last = following.last


def _cells(lines: Sequence[_Line]) -> set[int]:
    """Positions of the lines that are the cells of a table flattened to one a line, by their tabs."""
    found: set[int] = set()
    run: list[int] = []
    for line in [*lines, None]:
        tabbed = (
            line is not None
            and line.text.startswith("\t")
            and len(line.text) <= 60
            and not heading_marker(line.text.strip())
        )
        if line is not None and tabbed:
            run.append(line.positions[0])
        elif line is None or not (run and len(line.text) <= 20 and not is_finished(line.text)):
            found |= set(run) if len(run) >= CELL_RUN else set()
            run = []
    return found


def _is_cut(text: str) -> bool:
    """Whether running text breaks off at the end of the line, as at the foot of a page."""
    running = len(text) >= CUT and re.search("[，。；]", text) is not None
    return running and not is_finished(text) and not stands_alone(text)


def _repeated_title(texts: Sequence[str]) -> Iterator[int]:
    """The second of two equal lines at the head of the document."""
    head = [visible(text) for text in texts[:6]]
    for index in range(1, len(head)):
        again = head[index] == head[index - 1] or (index == 2 and head[index] == head[0])
        if again and 8 <= len(head[index]) <= TITLE and not is_finished(texts[index]) and not is_unit(texts[index]):
            yield index


# ---------------------------------------------------------------- out again


def clean(document: Document, undo: Collection[str] = ()) -> Document:
    """The document without what is not the author's, its paragraphs whole; each effect is a `Change`.

    A change whose key is in `undo` is not made and not listed. Tables and pictures stay as they are.
    """
    cleaning = _Cleaning(document)
    cleaning.run()
    undone = frozenset(undo)
    parts = sorted((part for line in cleaning.lines for part in _parts(line)), key=lambda part: part.position)
    blocks: list[Block] = []
    changes: list[Change] = []
    last: _Part | None = None
    for part in parts:
        text, made = part.read(cleaning.rules, undone)
        join = part.join if part.join and part.join.key not in undone else None
        if join and last is part.before and blocks:
            block = blocks[-1]
            blocks[-1] = block.model_copy(update={"text": block.text + text, "at": (*block.at, *part.block.at)})
            changes += [*made, join]
            last = part
            continue
        changes += made
        if text or not part.line.is_text:
            blocks.append(part.block.model_copy(update={"text": text}))
            last = part
    return document.model_copy(update={"blocks": tuple(blocks), "changes": (*document.changes, *changes)})


@dataclass
class _Part:
    """One raw block as it goes out again: alone, or joined to the one before it."""

    line: _Line
    position: int
    block: Block
    characters: list[_Edited]
    before: "_Part | None" = None
    join: Change | None = None

    def read(self, rules: Sequence[tuple[str, str]], undone: frozenset[str]) -> tuple[str, list[Change]]:
        """The text with all edits but those undone, and the changes made."""
        raw = self.block.text
        if not self.line.is_text:
            return raw, []
        if self.line.removed is not None:
            code, reason = self.line.removed
            change = Change(rule=code, reason=reason, before=raw, at=self.block.at[0])
            return (raw, []) if change.key in undone else ("", [change])
        if not self.characters:
            return raw, []
        texts = [c.now for c in self.characters]
        made = []
        for change, places in _edits(self.characters, rules):
            if change.key not in undone:
                made.append(change)
                continue
            for place in places:
                texts[place] = self.characters[place].raw
        return "".join(texts), made


def _parts(line: _Line) -> Iterator[_Part]:
    """The raw blocks of a line in order, each knowing the one it was joined to."""
    bounds = [0, *line.joins, len(line.known)]
    before: _Part | None = None
    for number, (begin, end) in enumerate(pairwise(bounds)):
        block, position = line.blocks[number], line.positions[number]
        part = _Part(line, position, block, line.known[begin:end], before)
        if before is not None and line.removed is None:
            part.join = _join_change(before, part)
        yield part
        before = part


def _join_change(one: _Part, other: _Part) -> Change:
    tail = "".join(c.raw for c in one.characters).rstrip()[-SHOWN:]
    head = "".join(c.raw for c in other.characters).lstrip()[:SHOWN]
    before, after = f"{tail}⏎{head}", tail + head
    at, start = one.block.at[0], len(one.characters)
    return Change(rule=JOIN, reason=JOIN_REASON, before=before, after=after, at=at, start=start)


def _edits(characters: Sequence[_Edited], rules: Sequence[tuple[str, str]]) -> Iterator[tuple[Change, range]]:
    """Each run of neighbouring characters changed by one edit, as a Change and its places."""
    place = 0
    while place < len(characters):
        first = characters[place]
        end = place + 1
        while end < len(characters) and first.edit and characters[end].edit == first.edit:
            end += 1
        before = "".join(c.raw for c in characters[place:end])
        after = "".join(c.now for c in characters[place:end])
        if first.edit and before != after:
            code, reason = rules[first.edit]
            change = Change(rule=code, reason=reason, before=before, after=after, at=first.at, start=first.start)
            yield change, range(place, end)
        place = end
