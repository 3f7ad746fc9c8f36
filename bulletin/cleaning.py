"""Cleaning that an editor can trust: every effect is one `Change`, and each can be undone by its key.

All edits are worked out first, always all of them, and belong to characters of the raw document;
then they are made, except those to undo. So a key does not depend on what else is undone.
Passes run in a fixed order until none has anything left to do: cleaning what is clean changes nothing.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from bulletin.contents import HEADER
from bulletin.edits import Line, Part, join, parts_of, to_line
from bulletin.mailtext import mail_lines
from bulletin.markers import INLINE_RULES, advert_zones, line_rule, lone_page_numbers, running_heads
from bulletin.model import Block, BlockType, Change, Document
from bulletin.paragraphs import Width, goes_on, is_finished, is_indented, stands_alone, wrap_width, wraps
from bulletin.punctuation import CHARACTER_RULES, LINE_TEXT_RULES, Edit
from bulletin.text import heading_marker, is_unit, squeeze, visible

WEB = frozenset({"html", "mhtml", "url"})
"""Formats whose paragraphs are the author's: markup knows no pages."""
PARAGRAPHS = WEB | {"docx", "doc", "wps", "odt", "rtf"}
"""Formats whose lines are not cut at the width of the page, though a paragraph can be cut at its foot."""
ROUNDS = 12
"""Most rounds of passes; the seeds need 2, random text at most 4."""
TITLE = 60
"""Characters of the longest line taken for a title that is printed twice."""
CUT = 30
"""Characters of the shortest line of running text that a page number or running head may follow."""
CELL_RUN = 6
"""Lines that begin with a tab, one after the other, from which they are the cells of a table."""


class _Cleaning:
    """One run over one document."""

    def __init__(self, document: Document) -> None:
        self.strict = document.format in WEB
        self.wrapped = document.format not in PARAGRAPHS
        self.lines = [to_line(index, block) for index, block in enumerate(document.blocks)]
        self.rules: list[tuple[str, str]] = [("", "")]
        self.cells: set[int] = set()

    # -- passes: each returns whether it changed anything

    def run(self) -> None:
        passes: tuple[Callable[[], bool], ...] = (
            self.characters,
            self.furniture,
            self.inline,
            self.paragraphs,
            self.marks,
        )
        for _ in range(ROUNDS):
            if not any(step() for step in passes):
                break

    def _live(self) -> list[Line]:
        return [line for line in self.lines if line.removed is None]

    def _edit(self, line: Line, code: str, reason: str, edits: Sequence[Edit]) -> bool:
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
                    if edits := list(rule.edits(line.text)):
                        changed |= self._edit(line, rule.code, rule.reason, edits)
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
        for index, mail in mail_lines(texts).items():
            taken.setdefault(index, mail)
        for index, rule_ in taken.items():
            live[index].removed = rule_
        return bool(taken)

    def paragraphs(self) -> bool:
        live = [line for line in self._live() if line.text.strip() or not line.is_text]
        width = wrap_width([line.text for line in live if line.is_text]) if self.wrapped else None
        indents = sum(is_indented(line.text) for line in live) >= 2
        kept: list[Line] = []
        joined = set()
        for index, line in enumerate(live):
            if kept and index and self._goes_on(kept, live, index, width, indents):
                join(kept[-1], line)
                joined.add(id(line))
            else:
                kept.append(line)
        self.lines = [line for line in self.lines if id(line) not in joined]
        return bool(joined)

    def _goes_on(self, kept: list[Line], live: list[Line], index: int, width: Width | None, indents: bool) -> bool:
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
                if edits := [Edit(*match.span(), "") for match in rule.pattern.finditer(line.text)]:
                    changed |= self._edit(line, rule.code, rule.reason, edits)
        return changed

    def marks(self) -> bool:
        self.cells = _cells(self._live())
        changed = False
        for line in self._live():
            for rule in LINE_TEXT_RULES if line.is_text else ():
                edits = list(rule.edits(line.text))
                if edits and rule.code == "blanks" and line.positions[0] in self.cells:
                    edits = [e for e in edits if e.start or not line.text.startswith("\t") or e.end == len(line.text)]
                if edits:
                    changed |= self._edit(line, rule.code, rule.reason, edits)
        return changed


def _cells(lines: Sequence[Line]) -> set[int]:
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
    running = len(text) >= CUT and not is_finished(text) and re.search("[，。；]", text) is not None
    return running and not stands_alone(text)


def _repeated_title(texts: Sequence[str]) -> Iterator[int]:
    """The second of two equal lines at the head of the document; contents may list two titles that read the same."""
    head = [visible(text) for text in texts[:6]]
    listed = next((i for i, text in enumerate(texts[:6]) if HEADER.fullmatch(squeeze(text))), len(head))
    for index in range(1, listed):
        again = head[index] == head[index - 1] or (index == 2 and head[index] == head[0])
        if again and 8 <= len(head[index]) <= TITLE and not is_finished(texts[index]) and not is_unit(texts[index]):
            yield index


# ---------------------------------------------------------------- out again


def _with_text(block: Block, text: str) -> Block:
    """The block with its cleaned text; its run-in heading is one no longer where its words changed."""
    if text == block.text:
        return block
    lead = block.lead if text[: block.lead] == block.text[: block.lead] else 0
    return block.model_copy(update={"text": text, "lead": lead})


def clean(document: Document, undo: Collection[str] = ()) -> Document:
    """The document without what is not the author's, its paragraphs whole; each effect is a `Change`.

    A change whose key is in `undo` is not made and not listed. Tables and pictures stay as they are.
    """
    cleaning = _Cleaning(document)
    cleaning.run()
    undone = frozenset(undo)
    parts = sorted((part for line in cleaning.lines for part in parts_of(line)), key=lambda part: part.position)
    blocks: list[Block] = []
    changes: list[Change] = []
    last: Part | None = None
    for part in parts:
        text, made = part.read(cleaning.rules, undone)
        joined = part.join if part.join and part.join.key not in undone else None
        if joined and last is part.before and blocks:
            block = blocks[-1]
            blocks[-1] = block.model_copy(update={"text": block.text + text, "at": (*block.at, *part.block.at)})
            changes += [*made, joined]
            last = part
            continue
        changes += made
        if text or not part.line.is_text:
            blocks.append(_with_text(part.block, text))
            last = part
    return document.model_copy(update={"blocks": tuple(blocks), "changes": (*document.changes, *changes)})
