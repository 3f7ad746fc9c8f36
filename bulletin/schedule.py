"""The schedule of a study plan: from a table, from rows set with tabs, or from one cell a line."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.model import Block, BlockType, Session
from bulletin.text import BLANK, FINAL, chinese_number, squeeze, visible

# Field of a session -> what the head of its column says.
COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"序号|编号|次序|期次|次数|NO\.?")),
    ("when", re.compile(r"(?:学习|集中|计划|完成|举办|活动|时间|授课)*(?:时间|日期|月份|时段|安排时间)|月份?|季度")),
    ("form", re.compile(r"(?:学习|组织|活动|开展|集中)*(?:形式|方式|方法|载体|形式及要求)")),
    (
        "content",
        re.compile(r"(?:学习|主要|研讨|活动|重点|培训|集中)*(?:内容|专题|主题|重点|题目|课题|项目|篇目)(?:及要求)?"),
    ),
    (
        "other",
        re.compile(
            r"(?:责任|牵头|主讲|参加|负责|配合|承办|主办|组织|学习|授课)*(?:单位|部门|科室|处室|领导|人员?|对象|地点|范围)|备注"
        ),
    ),
)
FORM = re.compile(
    "研讨|报告|辅导|自学|讲座|参观|观看|教学|调研|读书班|党课|集中学习|宣讲|交流|培训|座谈|讨论|竞赛|测试|学习会|活动|视频|线上|线下|研学|考察"
)
_WHEN = re.compile(
    rf"(?:\d{{4}}{BLANK}*年)?{BLANK}*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}}){BLANK}*(?:[-—–~～至、,，/和]{BLANK}*\d{{1,2}}{BLANK}*)*月|第?[一二三四上下1-4]{{1,2}}(?:季度|半年)|全年|每[月季周]|年[初中底]"
)
_MONTH_LINE = re.compile(
    rf"(?P<when>(?:{_WHEN.pattern})(?:[份底末初]|[上中下]旬)?){BLANK}*[：:]{BLANK}*(?P<content>.{{4,}})"
)
FEWEST_MONTHS = 3
"""Lines that begin with a month from which they are a schedule."""
CELL = 80
"""Characters of the longest cell of a flattened table."""
FEWEST = 2
"""Rows from which lines are a schedule."""


class Found(NamedTuple):
    """The sessions and the lines that they were read from, `first` up to `end`."""

    sessions: tuple[Session, ...]
    first: int
    end: int


def column_of(text: str) -> str | None:
    """The field whose column has this head, or None."""
    head = visible(text)
    return next((name for name, pattern in COLUMNS if len(head) <= 10 and pattern.fullmatch(head)), None)


def find_schedule(blocks: Sequence[Block]) -> Found | None:
    """The schedule in the blocks, or None where there is none."""
    for index, block in enumerate(blocks):
        if block.type is BlockType.TABLE and (sessions := from_rows(block.rows)):
            return Found(sessions, index, index + 1)
    lines = [block.text if block.type is BlockType.PARAGRAPH else "" for block in blocks]
    return _from_split_rows(lines) or _from_cells(lines) or _from_months(lines)


def from_rows(rows: Sequence[Sequence[str]]) -> tuple[Session, ...]:
    """The sessions of a table whose head names a time or a content; merged cells count for the rows below."""
    for index, row in enumerate(rows[:4]):
        heads = [column_of(cell) for cell in row]
        if "content" in heads and ("when" in heads or "number" in heads or "form" in heads):
            return _sessions(heads, rows[index + 1 :])
    return ()


def _from_months(lines: Sequence[str]) -> Found | None:
    """The sessions of a list that goes on from month to month or quarter to quarter: 3月：学习……."""
    first = 0
    while first < len(lines):
        end = first
        while end < len(lines) and _MONTH_LINE.match(visible(lines[end])):
            end += 1
        if end - first >= FEWEST_MONTHS:
            found = [match for line in lines[first:end] if (match := _MONTH_LINE.match(squeeze(line)))]
            sessions = tuple(Session(when=m["when"].strip(), content=m["content"].rstrip("。；;")) for m in found)
            return Found(sessions, first, end)
        first = end + 1
    return None


def _sessions(heads: Sequence[str | None], rows: Sequence[Sequence[str]]) -> tuple[Session, ...]:
    sessions: list[Session] = []
    when = content = ""
    outer = _outer(heads)
    spans = ""
    for row in rows:
        fields: dict[str, str] = {}
        if outer is not None and outer < len(row):
            spans = row[outer].strip() or spans
            row = [*row[:outer], spans, *row[outer + 1 :]]
        for head, cell in zip(heads, row, strict=False):
            if head and head != "other" and cell.strip():
                text = "".join(squeeze(part) for part in cell.split("\n"))
                fields[head] = f"{fields[head]} {text}" if head in fields else text
        if "content" not in fields and "form" in fields and "when" in fields:
            fields["content"] = content  # merged over the rows of several months
        if not fields.get("content"):
            continue
        content = fields["content"]
        when = fields.get("when") or when
        fields["when"] = when
        sessions.append(Session(**fields))
    return tuple(sessions)


def _outer(heads: Sequence[str | None]) -> int | None:
    """The column of the longer time where there are two (第一季度 | 3月): merged over the rows of the shorter one."""
    times = [index for index, head in enumerate(heads) if head == "when"]
    return times[0] if len(times) > 1 else None


# ---------------------------------------------------------------- rows set with tabs or blanks


def _from_split_rows(lines: Sequence[str]) -> Found | None:
    for index, line in enumerate(lines):
        cells = _cells(line)
        heads = [column_of(cell) for cell in cells]
        if len(cells) < 3 or "content" not in heads:
            continue
        end = index + 1
        while end < len(lines) and len(_cells(lines[end])) >= len(cells) - 1:
            end += 1
        sessions = _sessions(heads, [_cells(row) for row in lines[index + 1 : end]])
        if len(sessions) >= FEWEST:
            return Found(sessions, index, end)
    return None


def _cells(line: str) -> list[str]:
    parts = line.strip().split("\t") if "\t" in line.strip() else re.split(rf"{BLANK}+|\|", line.strip().strip("|"))
    return [part.strip() for part in parts if part.strip()]


# ---------------------------------------------------------------- one cell a line


def _from_cells(lines: Sequence[str]) -> Found | None:
    """The rows of a table flattened to one cell a line, wrapped cells put together again."""
    for index in range(len(lines)):
        heads: list[str] = []
        while index + len(heads) < len(lines) and (name := column_of(lines[index + len(heads)])):
            heads.append(name)
        if len(heads) < 3 or "content" not in heads:
            continue
        first = index + len(heads)
        rows, end = _rows(lines, first, heads)
        sessions = _sessions(heads, rows)
        if len(sessions) >= FEWEST:
            return Found(sessions, index, end)
    return None


def _rows(lines: Sequence[str], first: int, heads: Sequence[str]) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    end = first
    while end < len(lines) and _opens_row(lines[end], heads[0], len(rows) + 1):
        stop = end + 1
        while stop < len(lines) and _is_cell(lines[stop]) and not _next_row(lines, stop, heads, len(rows) + 2):
            stop += 1
        last = not (stop < len(lines) and _opens_row(lines[stop], heads[0], len(rows) + 2))
        cells = [line.strip() for line in lines[end:stop]]
        if last and len(cells) > len(heads):
            keep = _last_row(cells, len(heads))
            cells, stop = cells[:keep], end + keep
        rows.append(_fold(cells, heads))
        end = stop
    return rows, end


def _opens_row(line: str, head: str, number: int) -> bool:
    text = visible(line).rstrip(".、．")
    if head == "number":
        return chinese_number(text) == number
    if head == "when":
        return _WHEN.match(text) is not None and len(text) <= 16
    return bool(text) and _is_cell(line)


def _next_row(lines: Sequence[str], index: int, heads: Sequence[str], number: int) -> bool:
    """Whether the row with this number opens here: under a column of numbers, a time must follow where there is one."""
    if not _opens_row(lines[index], heads[0], number):
        return False
    timed = heads[0] == "number" and len(heads) > 1 and heads[1] == "when" and index + 1 < len(lines)
    return not timed or _WHEN.match(visible(lines[index + 1])) is not None


def _is_cell(line: str) -> bool:
    text = line.strip()
    return (
        0 < len(text) <= CELL
        and not re.match(r"(?:注|备注|说明|抄送|附|主送|报|送|发)\d*[：:]", text)
        and text[-1] not in FINAL
    )


def _last_row(cells: Sequence[str], width: int) -> int:
    """How many of the lines belong to the last row: its columns, and what an unfinished cell goes on with."""
    keep = width
    while keep < len(cells) and cells[keep - 1][-1] in "、，（《和与及":
        keep += 1
    return keep


def _fold(cells: list[str], heads: Sequence[str]) -> list[str]:
    """The cells of a row, as many as columns: lines that a wrapped cell was cut into are put together."""
    cells = list(cells)
    index = 0
    while len(cells) > len(heads) and index + 1 < len(cells):
        if cells[index][-1] in "、，（《“和与及" or cells[index + 1][0] in "、，）》”":
            cells[index : index + 2] = [cells[index] + cells[index + 1]]
        else:
            index += 1
    while len(cells) > len(heads):
        content = heads.index("content")
        form = heads.index("form") if "form" in heads else -1
        at = content
        if form == content + 1 and FORM.search(cells[content + 1]) and not _looks_cut(cells[content]):
            at = form
        cells[at : at + 2] = [cells[at] + cells[at + 1]]
    return cells


def _looks_cut(text: str) -> bool:
    """Whether a cell seems to go on: a quotation or bracket in it is open."""
    return any(text.count(a) != text.count(b) for a, b in ("“”", "《》", "（）"))
