"""A block being cleaned: its raw characters, what each of them is now, and the changes that made it so.

Every edit belongs to characters of the raw document. So any set of edits can be left out when the
block goes out again, and the name of an edit does not depend on the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bulletin.model import Block, BlockType, Change
from bulletin.punctuation import Edit

JOIN = "join"
JOIN_REASON = "被分页或换行截断的段落接上"
SHOWN = 12
"""Characters shown on each side of a join."""


@dataclass(slots=True)
class Character:
    """One raw character: what it is now, and by which edit."""

    raw: str
    at: int
    start: int
    now: str
    edit: int = 0


@dataclass
class Line:
    """A block being cleaned: the raw characters of one block, or of several that were joined."""

    blocks: list[Block]
    positions: list[int]
    text: str
    last: str
    """The raw last line of a joined paragraph, for its width."""
    removed: tuple[str, str] | None = None
    joins: list[int] = field(default_factory=list)
    known: list[Character] = field(default_factory=list)
    """The characters, once something was done to the line: most lines never need them."""
    is_text: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_text = self.blocks[0].type in (BlockType.PARAGRAPH, BlockType.HEADING)

    @property
    def characters(self) -> list[Character]:
        if not self.known:
            (block,) = self.blocks
            self.known = [Character(c, block.at[0], i, c) for i, c in enumerate(block.text)]
        return self.known

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


def to_line(index: int, block: Block) -> Line:
    block = block if block.at else block.model_copy(update={"at": (index,)})
    return Line([block], [index], block.text, block.text)


def join(line: Line, following: Line) -> None:
    characters, added = line.characters, following.characters
    line.joins += [len(characters), *(len(characters) + place for place in following.joins)]
    line.known = characters + added
    line.blocks += following.blocks
    line.positions += following.positions
    line.text += following.text
    line.last = following.last


@dataclass
class Part:
    """One raw block as it goes out again: alone, or joined to the one before it."""

    line: Line
    position: int
    block: Block
    characters: list[Character]
    before: "Part | None" = None
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


def parts_of(line: Line) -> Iterator[Part]:
    """The raw blocks of a line in order, each knowing the one it was joined to."""
    bounds = [0, *line.joins, len(line.known)]
    before: Part | None = None
    for number, (begin, end) in enumerate(pairwise(bounds)):
        block, position = line.blocks[number], line.positions[number]
        part = Part(line, position, block, line.known[begin:end], before)
        if before is not None and line.removed is None:
            part.join = _join_change(before, part)
        yield part
        before = part


def _join_change(one: Part, other: Part) -> Change:
    tail = "".join(c.raw for c in one.characters).rstrip()[-SHOWN:]
    head = "".join(c.raw for c in other.characters).lstrip()[:SHOWN]
    before, after = f"{tail}⏎{head}", tail + head
    at, start = one.block.at[0], len(one.characters)
    return Change(rule=JOIN, reason=JOIN_REASON, before=before, after=after, at=at, start=start)


def _edits(characters: Sequence[Character], rules: Sequence[tuple[str, str]]) -> Iterator[tuple[Change, range]]:
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
