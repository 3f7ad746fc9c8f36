"""What a measurement found, and how docs/benchmarks.md shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Check:
    """One promise: a ratio and the limit it should keep."""

    what: str
    value: float
    limit: float
    at_least: bool = False
    """Whether the limit is the smallest allowed value; otherwise it is the largest."""

    @property
    def kept(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{self.what}: {self.value:.2f} ({sign} {self.limit:g}) {'✓' if self.kept else '✗'}"


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    title: str = ""

    def __str__(self) -> str:
        """The table in Markdown."""
        lines = [f"**{self.title}**", ""] if self.title else []
        lines += [_row(self.columns), _row("---" if n == 0 else "---:" for n in range(len(self.columns)))]
        return "\n".join([*lines, *(_row(map(_shown, row)) for row in self.rows)])


@dataclass(frozen=True)
class Bars:
    """A plot of horizontal bars."""

    title: str
    unit: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Section:
    """The report of one measurement."""

    name: str
    title: str
    about: str
    tables: Sequence[Table] = ()
    checks: Sequence[Check] = ()
    plots: Sequence[Bars] = ()
    notes: Sequence[str] = field(default=())

    def __str__(self) -> str:
        parts = [f"## {self.title}", self.about, *map(str, self.tables)]
        parts += [f"![{plot.title}](benchmarks/{self.name}-{n}.svg)" for n, plot in enumerate(self.plots, 1)]
        if self.checks:
            parts.append("\n".join(f"- {check}" for check in self.checks))
        return "\n\n".join([*parts, *self.notes])


def _row(cells: object) -> str:
    return "| " + " | ".join(cells) + " |"  # type: ignore[arg-type]


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}" if abs(cell) < 1 else f"{cell:.2f}" if abs(cell) < 100 else f"{cell:.0f}"
    return str(cell)


BAR, LEFT, WIDTH = 22, 230, 720


def svg(plot: Bars) -> str:
    """The plot as an SVG picture that needs no fonts or scripts of its own."""
    largest = max((value for _, value in plot.values), default=0) or 1
    height = BAR * len(plot.values) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="#fff"/><text x="8" y="22" font-weight="bold">{plot.title}</text>'
    ]
    for number, (name, value) in enumerate(plot.values):
        top, length = 36 + BAR * number, (WIDTH - LEFT - 110) * value / largest
        parts.append(
            f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">{name}</text>'
            f'<rect x="{LEFT}" y="{top + 2}" width="{max(length, 1):.1f}" height="{BAR - 6}" fill="#b3261e"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 14}">{_shown(float(value))} {plot.unit}</text>'
        )
    return "".join([*parts, "</svg>\n"])
