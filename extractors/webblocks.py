"""The chosen lines of a page as blocks: headings, paragraphs, tables, images."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote_to_bytes, urljoin

from lxml import etree

from bulletin.model import NEW_PAGE, Block, BlockType
from extractors.webtree import HEADINGS, Line, squeeze

HEADING_SIZE = 60
"""A longer line is no heading, whatever its tag."""
CELL_SIZE = 200
"""A table whose cells hold more on average lays out the page and is no table of data."""
ICON = 60
"""An image of fewer pixels on a side is an icon."""

_ICON = re.compile(
    r"icon|logo|spacer|blank|pixel|qrcode|ewm|share|button|btn|arrow|loading|dot\.gif|line\.gif|1x1", re.I
)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "src")


def make_blocks(
    lines: Sequence[Line], kept: Sequence[int], address: str, resources: Mapping[str, bytes]
) -> tuple[tuple[Block, ...], dict[str, bytes]]:
    """The blocks, and the bytes of their pictures by SHA-256; images that are mere icons are left out.

    `at` of each block holds the indices of the lines it was made from.
    """
    blocks: list[Block] = []
    pictures: dict[str, bytes] = {}
    tables = _tables(lines, kept)
    done: set[etree._Element] = set()
    for i in kept:
        line = lines[i]
        table = tables.get(i)
        if table is not None:
            if table not in done:
                done.add(table)
                blocks.append(_table(table, [(j, lines[j]) for j in kept if tables.get(j) is table]))
        elif line.image:
            block = _image(line.node, i, address, resources, pictures)
            if block is not None:
                blocks.append(block)
        else:
            blocks.append(_text(line, i))
    return tuple(blocks), pictures


def read_looks(lines: Sequence[Line], blocks: Sequence[Block]) -> tuple[dict[int, str], dict[int, int]]:
    """How the short paragraphs are set that are bold or centred, and the empty paragraphs and rules above each."""
    looks: dict[int, str] = {}
    gaps: dict[int, int] = {}
    for block in blocks:
        line = lines[block.at[0]]
        if block.type not in (BlockType.PARAGRAPH, BlockType.HEADING) or line.size > HEADING_SIZE:
            continue
        if look := _look(line):
            looks[block.at[0]] = look
        if gap := _gap(line.node):
            gaps[block.at[0]] = gap
    return looks, gaps


def _look(line: Line) -> str:
    strong = next(line.node.iter("b", "strong"), None)
    bold = strong is not None and squeeze("".join(map(str, strong.itertext()))) == squeeze(line.text)
    centred = any(
        e.tag == "center" or e.get("align") == "center" or _CENTRED.search(e.get("style") or "")
        for e in line.ancestors[:2]
    )
    return " ".join(name for name, said in (("center", centred), ("bold", bold)) if said)


def _gap(node: etree._Element) -> int:
    gap, before = 0, node.getprevious()
    while (
        before is not None
        and before.tag in ("p", "hr", "br", "div")
        and not "".join(map(str, before.itertext())).strip()
    ):
        gap += NEW_PAGE if before.tag == "hr" else 1
        before = before.getprevious()
    return gap


def heading_tag(line: Line) -> str:
    """The tag h1 to h6 in which a line is set as a heading, or nothing."""
    return next((str(e.tag) for e in line.ancestors[:2] if e.tag in HEADINGS), "")


def _text(line: Line, i: int) -> Block:
    level = next((HEADINGS[e.tag] for e in line.ancestors[:2] if e.tag in HEADINGS), 0)
    if level and line.size <= HEADING_SIZE:
        # h1 is the page's title; the headings of an article begin at h2.
        return Block(type=BlockType.HEADING, text=line.text, level=min(4, max(1, level - 1)), at=(i,))
    return Block(text=line.text, at=(i,))


def _tables(lines: Sequence[Line], kept: Sequence[int]) -> dict[int, etree._Element]:
    """For each line in a table of data that was kept whole, that table."""
    inside: dict[etree._Element, list[int]] = {}
    for i in kept:
        table = next((e for e in lines[i].ancestors if e.tag == "table"), None)
        if table is not None and not lines[i].image:
            inside.setdefault(table, []).append(i)
    whole: dict[etree._Element, int] = {}
    for line in lines:
        if not line.image:
            table = next((e for e in line.ancestors if e.tag == "table"), None)
            if table is not None:
                whole[table] = whole.get(table, 0) + 1
    return {
        i: table
        for table, members in inside.items()
        if len(members) == whole[table] and _is_data(table, sum(lines[i].size for i in members))
        for i in members
    }


def _is_data(table: etree._Element, size: int) -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = list(table.iter("tr"))
    cells = sum(1 for _ in table.iter("td", "th"))
    wide = sum(1 for row in rows if sum(1 for _ in row.iterchildren("td", "th")) >= 2)
    return len(rows) >= 2 and wide >= 2 and size <= CELL_SIZE * cells


def _table(table: etree._Element, members: Sequence[tuple[int, Line]]) -> Block:
    """A table with a merged cell's text in its first place and its other places empty."""
    texts: dict[etree._Element, list[str]] = {}
    caption = []
    for _, line in members:
        cell = next((e for e in line.ancestors if e.tag in ("td", "th", "table")), table)
        if cell.tag == "table":
            caption.append(line.text)
        else:
            texts.setdefault(cell, []).append(line.text)
    rows: list[list[str]] = []
    header_rows = 0
    hanging: dict[int, int] = {}
    for row in table.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        rows.append(_row(cells, texts, hanging))
        if (
            cells
            and len(rows) == header_rows + 1
            and (_tag(row.getparent()) == "thead" or all(c.tag == "th" for c in cells))
        ):
            header_rows += 1
    filled = [row for row in rows if any(row)]
    width = max((len(row) for row in filled), default=0)
    return Block(
        type=BlockType.TABLE,
        text=" ".join(caption),
        rows=tuple(tuple(row + [""] * (width - len(row))) for row in filled),
        header_rows=min(header_rows, len(filled)),
        at=tuple(i for i, _ in members),
    )


def _tag(element: etree._Element | None) -> str:
    return str(element.tag) if element is not None else ""


def _row(
    cells: Sequence[etree._Element], texts: Mapping[etree._Element, list[str]], hanging: dict[int, int]
) -> list[str]:
    row: list[str] = []
    for cell in cells:
        while hanging.get(len(row), 0) > 0:
            hanging[len(row)] -= 1
            row.append("")
        across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        for k in range(across):
            hanging[len(row)] = down - 1
            row.append(" ".join(texts.get(cell, ())) if k == 0 else "")
    while hanging.get(len(row), 0) > 0:
        hanging[len(row)] -= 1
        row.append("")
    return row


def _span(value: str | None) -> int:
    return min(50, max(1, int(value))) if value and value.strip().isdigit() else 1


def _image(
    node: etree._Element, i: int, address: str, resources: Mapping[str, bytes], pictures: dict[str, bytes]
) -> Block | None:
    source = next((node.get(name) for name in _SOURCES if node.get(name)), "") or ""
    if _is_icon(node, source):
        return None
    data = _data(source) or resources.get(source) or resources.get(urljoin(address, source))
    picture = ""
    if data:
        picture = hashlib.sha256(data).hexdigest()
        pictures[picture] = data
    return Block(
        type=BlockType.IMAGE, alt=(node.get("alt") or node.get("title") or "").strip(), picture=picture, at=(i,)
    )


def _is_icon(node: etree._Element, source: str) -> bool:
    if not source or _ICON.search(source.rpartition("/")[2]):
        return True
    sides = [int(m.group()) for name in ("width", "height") if (m := re.match(r"\d+(?!\d|%)", node.get(name) or ""))]
    return any(side < ICON for side in sides)


def _data(source: str) -> bytes | None:
    """The bytes of a data: address."""
    head, comma, body = source.partition(",")
    if not comma or not head.startswith("data:image/"):
        return None
    raw = unquote_to_bytes(body)
    try:
        return base64.b64decode(raw, validate=False) if head.endswith(";base64") else raw
    except binascii.Error:
        return None
