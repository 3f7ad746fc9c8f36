"""How the command line speaks: results on standard output, progress and errors on standard error."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table

from bulletin.errors import FormatError

ONE_A_LINE = '每行写一篇，如 {"id": "1", "title": "标题", "body": "正文"}'

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def print_json(records: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, as soon as each is there."""
    for record in records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def read_json_lines() -> Iterator[dict[str, Any]]:
    """The JSON objects of standard input, one a line; FormatError naming the line that is none."""
    for place, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise FormatError("不是 JSON", subject=f"第 {place} 行", advice=ONE_A_LINE) from error
        if not isinstance(record, dict):
            raise FormatError("不是一个 JSON 对象", subject=f"第 {place} 行", advice=ONE_A_LINE)
        yield record


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; cells are shown as they are, never read as markup."""
    grid = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(_plain(cell) for cell in row))
    if grid.row_count:
        out.print(grid)


def _plain(cell: object) -> str:
    from rich.markup import escape

    return escape(str(cell))


def say(message: str) -> None:
    """A line of result for people."""
    out.print(message, markup=False)


def note(message: str) -> None:
    """A line about the work itself, on standard error."""
    err.print(message, markup=False)


def fail(message: str) -> None:
    """One line about what failed."""
    err.print(f"✗ {message}", markup=False, style="red")


class Advance(Protocol):
    def __call__(self, done: int, total: int, what: str = "", /) -> None: ...


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Advance]:
    """A progress bar on standard error where a person watches; nothing elsewhere."""
    if quiet or not err.is_terminal:
        yield lambda done, total, what="", /: None
        return
    # Drawn when something is done, by no thread of its own.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int, what: str = "", /) -> None:
            bar.update(task, completed=done, total=total, description=what or title, refresh=True)

        yield advance
