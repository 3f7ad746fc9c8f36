"""Pages filled from the top with pieces: lines of text, rows, pictures, and the footnotes under them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builders.style import HouseStyle

_FOOT_RULE = 18.4
"""In pt: what the rule above the footnotes of a page takes (LibreOffice: more than 18)."""
_TOLERANCE = 0.1
"""In pt: by so much a page may be overfull."""


@dataclass(frozen=True)
class Piece:
    """Something that takes room: `lines` of `height` pt, `keep` whole on the page of the next piece."""

    lines: int
    height: float
    keep: bool = False
    mark: str = ""
    before: float = 0.0
    """Blank above it, which falls away at the top of a page."""
    notes: tuple[tuple[int, float], ...] = ()
    """Footnotes: the line that has the mark, from 0, and the height of the note."""
    fewest: int = 1
    """Lines that stand together at the foot of a page and at the top of the next."""
    head: float = 0.0
    """Height of what is repeated above it where it begins a page: the header of its table."""


class Pages:
    """Pages filled from the top; `marks` takes the page of every marked piece."""

    def __init__(self, style: HouseStyle, marks: dict[str, int]) -> None:
        self._height = style.page.text_height + _TOLERANCE
        self._marks = marks
        self._notes = 0.0
        self._kept: list[Piece] = []
        self.page = 1
        self.used = 0.0

    def fill(self, pieces: Iterable[Piece]) -> "Pages":
        """Sets the pieces, asking for each when those before it are set or kept with it."""
        for piece in pieces:
            self._kept.append(piece)
            if not piece.keep:
                self._place(self._kept)
                self._kept = []
        self._place(self._kept)
        self._kept = []
        return self

    @property
    def room(self) -> float:
        """What is left of the page, in pt, under what is set and what is kept with the next piece."""
        return self._room - sum(piece.before + piece.lines * piece.height for piece in self._kept)

    @property
    def footed(self) -> bool:
        """Whether there are footnotes on the page."""
        return self._notes > 0

    @property
    def _room(self) -> float:
        return self._height - self.used - self._notes

    def _place(self, pieces: Sequence[Piece]) -> None:
        """The pieces, all but the last whole and on one page with the beginning of the last."""
        if not pieces:
            return
        *kept, last = pieces
        together = sum(piece.before + piece.lines * piece.height for piece in kept) + last.before
        if together + _foremost(last) * last.height > self._room and self.used > 0:
            self._turn(pieces[0])
        for piece in kept:
            self._begin(piece)
            self._set(piece, 0, piece.lines)
        self._begin(last)
        self._lines(last)

    def _begin(self, piece: Piece) -> None:
        if self.used > 0:
            self.used += piece.before
        if piece.mark:
            self._marks[piece.mark] = self.page

    def _lines(self, piece: Piece) -> None:
        """The lines of a piece, on as many pages as they take."""
        done = 0
        while done < piece.lines:
            fit = self._fitting(piece, done)
            rest = piece.lines - done
            if fit < rest:  # widows and orphans
                fit = min(fit, rest - piece.fewest) if rest - piece.fewest >= piece.fewest else 0
                fit = fit if fit >= (piece.fewest if done == 0 else 1) else 0
            if fit <= 0 and self.used <= piece.head:
                fit = 1  # what no page holds
            self._set(piece, done, fit)
            done += max(fit, 0)
            if done < piece.lines:
                self._turn(piece)
                if done == 0 and piece.mark:
                    self._marks[piece.mark] = self.page

    def _fitting(self, piece: Piece, done: int) -> int:
        """How many of its lines from that one on the page holds, with the footnotes in them."""
        room, count, notes = self._room, 0, self._notes
        for line in range(done, piece.lines):
            foot = sum(height for at, height in piece.notes if at == line)
            room -= piece.height + foot + (_FOOT_RULE if foot and not notes else 0.0)
            notes += foot
            if room < 0:
                break
            count += 1
        return count

    def _set(self, piece: Piece, start: int, count: int) -> None:
        self.used += count * piece.height
        foot = sum(height for at, height in piece.notes if start <= at < start + count)
        if foot:
            self._notes += foot + (0.0 if self._notes else _FOOT_RULE)

    def _turn(self, piece: Piece) -> None:
        self.page, self.used, self._notes = self.page + 1, piece.head, 0.0


def _foremost(piece: Piece) -> int:
    """How many of its first lines stand together."""
    return piece.lines if piece.lines < 2 * piece.fewest else piece.fewest
