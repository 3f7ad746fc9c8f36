"""An issue as one HTML file: the look of the print on a desk, an easy read on a phone.

Nothing is loaded from elsewhere: style sheet and pictures are in the file, and there is no script.
"""

import base64
from collections.abc import Iterator, Mapping, Set
from html import escape
from itertools import pairwise, zip_longest
from string import Template

from builders import imprint
from builders.front import chinese_date, copy_number, name_lines, own_label, section_mark
from builders.pictures import DRAWINGS, Picture, fitted, read_pictures
from builders.plain import labelled
from builders.style import HouseStyle
from builders.tables import header_spans
from builders.titles import break_title
from builders.widths import width
from bulletin.footnotes import anchors
from bulletin.model import Block, BlockType, Entry, Issue, Role

_STAND_INS = {
    "body": '"仿宋_GB2312","FangSong","FangSong_GB2312","STFangsong","FandolFang","Noto Serif SC"',
    "kai": '"楷体_GB2312","KaiTi","KaiTi_GB2312","STKaiti","FandolKai","Noto Serif SC"',
    "hei": '"SimHei","STHeiti","PingFang SC","Microsoft YaHei","FandolHei","Noto Sans SC"',
    "song": '"SimSun","STSong","FandolSong","Noto Serif SC"',
    "title": '"FZXiaoBiaoSong-B05S","FandolBiaosong","方正小标宋_GBK","STZhongsong","FandolSong","Noto Serif SC","SimSun"',
}

_SHEET = Template("""
:root{--red:#$colour;--ink:#111;--body:$body;--kai:$kai;--hei:$hei;--song:$song;--biao:$title;
--size:${size}pt;--line:${line}pt}
*{box-sizing:border-box}
html{background:#e9e9e6;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);font:var(--size)/var(--line) var(--body);text-align:justify;line-break:strict;
overflow-wrap:break-word;font-kerning:none}
main{width:${width}mm;max-width:100%;margin:8mm auto;background:#fff;
padding:${top}mm ${right}mm ${bottom}mm ${left}mm;box-shadow:0 1px 6px #0003}
p{margin:0;text-indent:${indent}em}
.marks,.issuer,.printed{display:flex;justify-content:space-between;gap:1em}
.marks{font-family:var(--hei)}
h1,h2,h3,h4,h5,h6{margin:0;font-weight:normal;font-size:inherit}
h1{font-family:var(--biao);color:var(--red);text-align:center;line-height:1.25}
h1 span,h3 span{display:block}
time,th{white-space:nowrap}
.number{text-align:center;text-indent:0;margin:.9em 0}
.issuer{border-bottom:${rule}pt solid var(--red);padding-bottom:.3em;margin-bottom:var(--line)}
nav ul{list-style:none;margin:0;padding:0}
nav ul ul{padding-left:2em}
nav+.note{margin-top:var(--line)}
nav .name,h2{font-family:var(--hei)}
a{color:inherit;text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline;text-underline-offset:.25em}
h2{margin-top:var(--line)}
h3{font:${title_size}pt/var(--line) var(--biao);text-align:center;margin:0 0 var(--line)}
article+article h3{margin-top:var(--line)}
.sub,.by{font-family:var(--kai);text-align:center;text-indent:0}
h3.tight{margin-bottom:0}
.by:last-of-type{margin-bottom:0}
header.piece{margin-bottom:var(--line)}header.piece h3:last-child{margin-bottom:0}
.note,.quote,.kai,h5{font-family:var(--kai)}.note b,.hei,h4{font-family:var(--hei);font-weight:normal}
h4,h5,h6{text-indent:${indent}em}
.quote{margin:0 2em}.small{font-size:${foot}pt;line-height:1.5}
sup{font-size:.65em;line-height:0}td.whole{white-space:nowrap}
.sign{text-align:right;text-indent:0;padding-right:2em}
.wide{overflow-x:auto;margin:.4em 0}
table{border-collapse:collapse;width:100%;font-size:${cell}pt;line-height:1.4}
th,td{border:.5pt solid #000;padding:.2em .4em;text-align:left}
th{font-family:var(--hei);font-weight:normal;text-align:center}
caption,figcaption{font-size:${caption}pt;text-align:center;padding:.2em 0}caption{font-family:var(--hei)}
figcaption{font-family:var(--kai)}
figure{margin:.5em 0;text-align:center}img{max-width:100%;height:auto}
footer{margin-top:calc(2*var(--line));border-top:${outer}mm solid;border-bottom:${outer}mm solid;
font-size:${end}pt;line-height:1.6}
footer div{padding:.2em 1em}footer div+div{border-top:${inner}mm solid}footer p{text-indent:-2em;padding-left:2em}
@media(max-width:800px){html{background:#fff}main{margin:0;padding:6vw 5vw;box-shadow:none;width:auto}
body{font-size:18px;line-height:1.8;--line:1.8em;text-align:left}h1{font-size:min(9vw,44px)!important}
h1 span{font-size:inherit!important;letter-spacing:0!important;margin:0!important}
h3{font-size:22px;line-height:1.4}h3 span{display:inline-block;text-wrap:balance}table{font-size:15px}footer,.small{font-size:15px}
nav ul ul{padding-left:1em}nav a{display:inline-block;padding:.15em 0}.issuer{flex-wrap:wrap;gap:0 1em}}
@media print{@page{size:A4;margin:${top}mm ${right}mm ${bottom}mm ${left}mm}html{background:none}
main{margin:0;padding:0;box-shadow:none;width:auto}
h2,h3,h4,h5,h6{break-after:avoid}tr,figure,footer{break-inside:avoid}thead{display:table-header-group}}
""")


WHOLE = 6.0
"""In characters: cells up to this stay on one line on the narrowest screen."""


def build_html(issue: Issue, style: HouseStyle, pictures: Mapping[str, bytes] | None = None) -> str:
    """The issue as a self-contained HTML page, the same text for the same arguments."""
    known = read_pictures(pictures or {})
    title = escape(f"{issue.publication} {issue.number.label}")
    body = "\n".join((*_front(issue, style), *_sections(issue, style, known), *_imprint(issue, style)))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="author" content="{escape(issue.issuer)}">\n<meta name="date" content="{issue.date}">\n'
        f"<title>{title}</title>\n<style>{_sheet(style)}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _sheet(style: HouseStyle) -> str:
    page, end = style.page, style.imprint
    stacks = {role: f'"{getattr(style.fonts, role)}",{others},serif' for role, others in _STAND_INS.items()}
    return _SHEET.substitute(
        stacks, colour=style.masthead.colour, size=style.body.size, line=page.line, width=page.width, top=page.top,
        right=page.right, bottom=page.bottom, left=page.left, indent=style.body.indent, rule=style.masthead.rule,
        title_size=style.title.size, foot=style.note.footnote_size, cell=style.table.size,
        caption=style.table.caption_size, outer=end.outer_rule, inner=end.inner_rule, end=end.size,
    )  # fmt: skip


def _front(issue: Issue, style: HouseStyle) -> Iterator[str]:
    yield "<header>"
    if issue.secrecy or issue.copy_number:
        number = copy_number(issue, style)
        yield f'<div class="marks"><span>{escape(issue.secrecy)}</span><span>{escape(number)}</span></div>'
    lines = name_lines(issue.publication, style)
    spans = " ".join(
        f'<span style="font-size:{line.size * line.scale / 100:.1f}pt;letter-spacing:{line.tracking:.1f}pt;'
        # The tracking of the last character would push a centred line to the left.
        f'margin-right:-{line.tracking:.1f}pt">'
        f"{escape(line.text)}</span>"
        for line in lines
    )
    yield f"<h1>{spans}</h1>"
    yield f'<p class="number">{escape(issue.number.label)}</p>'
    yield (
        f'<div class="issuer"><span>{escape(issue.issuer)}</span>'
        f'<time datetime="{issue.date}">{chinese_date(issue.date)}</time></div>'
    )
    yield "</header>"
    if len(issue.entries) >= style.contents.minimum:
        yield from _contents(issue, style)
    yield from _note(issue.note, style)


def _contents(issue: Issue, style: HouseStyle) -> Iterator[str]:
    place = 0
    yield '<nav aria-label="要目"><ul>'
    for section in issue.sections:
        if not section.entries:
            continue
        if section.name:
            yield f'<li><span class="name">{escape(section_mark(section.name, style))}</span><ul>'
        for entry in section.entries:
            place += 1
            yield f'<li><a href="#article{place}">{escape(entry.contents_title or entry.title)}</a></li>'
        if section.name:
            yield "</ul></li>"
    yield "</ul></nav>"


def _note(text: str, style: HouseStyle) -> Iterator[str]:
    for at, line in enumerate(part for part in text.splitlines() if part.strip()):
        full = labelled(line, style) if at == 0 else line
        label, colon, rest = full.partition("：") if at == 0 and "：" in full[:6] else ("", "", full)
        yield f'<p class="note">{f"<b>{escape(label + colon)}</b>" if label else ""}{escape(rest)}</p>'


def _sections(issue: Issue, style: HouseStyle, pictures: Mapping[str, Picture]) -> Iterator[str]:
    place = 0
    for section in issue.sections:
        if not section.entries:
            continue
        name = section_mark(section.name, style)
        yield "<section>" + (f"\n<h2>{escape(name)}</h2>" if name else "")
        for entry in section.entries:
            place += 1
            yield f'<article id="article{place}">'
            yield from _entry(entry, style)
            marked = anchors(entry.blocks)
            for at, block in enumerate(entry.blocks):
                marks = frozenset(anchor.start for anchor in marked.values() if anchor.block == at)
                yield from _block(block, marks, style, pictures)
            yield "</article>"
        yield "</section>"


def _entry(entry: Entry, style: HouseStyle) -> Iterator[str]:
    lines = "".join(f"<span>{escape(line)}</span>" for line in break_title(entry.title, style.title_room))
    byline = "　".join(part for part in (entry.unit, entry.author) if part)
    below = (("sub", entry.subtitle), ("by", byline))
    rest = "".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in below if text)
    yield f'<header class="piece"><h3{" class=tight" if rest else ""}>{lines}</h3>{rest}</header>'
    yield from _note(entry.note, style)


_CLASSES = {
    Role.SUBTITLE: "sub", Role.BYLINE: "by", Role.SIGNATURE: "sign", Role.DATE: "sign",
    Role.NOTE: "small", Role.QUOTE: "quote", Role.KEYWORDS: "kai",
}  # fmt: skip


def _block(block: Block, marks: Set[int], style: HouseStyle, pictures: Mapping[str, Picture]) -> Iterator[str]:
    """The block; `marks` are where marks of notes stand in its text."""
    if block.type is BlockType.HEADING:
        level = min(max(block.level, 1), 3) + 3
        yield f"<h{level}>{_raised(block.text, 0, marks)}</h{level}>"
    elif block.type is BlockType.TABLE:
        yield from _table(block)
    elif block.type is BlockType.IMAGE:
        yield from _figure(block, style, pictures)
    elif label := own_label(block):
        yield f'<p class="note"><b>{escape(block.text[:label])}</b>{_raised(block.text[label:], label, marks)}</p>'
    elif block.text:
        look = f' class="{_CLASSES[block.role]}"' if block.role in _CLASSES else ""
        lead, rest = block.text[: block.lead], block.text[block.lead :]
        face = {1: "hei", 2: "kai"}.get(block.level, "")
        head = _raised(lead, 0, marks)
        head = f'<span class="{face}">{head}</span>' if lead and face else head
        yield f"<p{look}>{head}{_raised(rest, len(lead), marks)}</p>"


def _raised(text: str, begin: int, marks: Set[int]) -> str:
    """The text, which begins so far into its block, with the marks of notes raised as in print."""
    places = sorted(mark - begin for mark in marks if begin <= mark < begin + len(text))
    if not places:
        return escape(text)
    parts = [text[start + 1 : end] for start, end in pairwise((-1, *places, len(text)))]
    raised = [f"<sup>{escape(text[place])}</sup>" for place in places]
    return "".join(escape(part) + mark for part, mark in zip_longest(parts, raised, fillvalue=""))


def _table(block: Block) -> Iterator[str]:
    yield '<div class="wide"><table>'
    if block.text:
        yield f"<caption>{escape(block.text)}</caption>"
    head, body = block.rows[: block.header_rows], block.rows[block.header_rows :]
    if head:
        spans = header_spans(head)
        rows = "".join(
            "<tr>" + "".join(_head(cell, *spans.get((at, k), (1, 1))) for k, cell in enumerate(row) if _stands(at, k, spans))
            + "</tr>" for at, row in enumerate(head)
        )  # fmt: skip
        yield f"<thead>{rows}</thead>"
    yield "<tbody>"
    for row in body:
        yield "<tr>" + "".join(map(_cell, row)) + "</tr>"
    yield "</tbody></table></div>"


def _stands(row: int, column: int, spans: Mapping[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether there is a cell of its own, and not one that stands over this place too."""
    return spans.get((row, column), (1, 1))[1] > 0 and not any(
        at == row and left < column < left + across for (at, left), (across, _) in spans.items()
    )


def _head(cell: str, columns: int, rows: int) -> str:
    over = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
    return f'<th scope="{"colgroup" if columns > 1 else "col"}"{over}>{escape(cell)}</th>'


def _cell(cell: str) -> str:
    """A cell; one of a few characters, such as a name or a date, is not broken."""
    return f"<td{' class=whole' if 1 < width(cell) <= WHOLE else ''}>{escape(cell)}</td>"


def _figure(block: Block, style: HouseStyle, pictures: Mapping[str, Picture]) -> Iterator[str]:
    picture = pictures.get(block.picture)
    caption = f"<figcaption>{escape(block.text)}</figcaption>" if block.text else ""
    if picture is None or picture.suffix in DRAWINGS:
        if block.text or block.alt:
            yield f"<figure><figcaption>{escape(block.text or block.alt)}</figcaption></figure>"
        return
    width, height = (round(size * 4 / 3) for size in fitted(picture, style))
    data = base64.b64encode(picture.content).decode()
    yield (
        f'<figure><img alt="{escape(block.alt or block.text or "图片")}" width="{width}" height="{height}" '
        f'src="data:image/{picture.suffix};base64,{data}">{caption}</figure>'
    )


def _imprint(issue: Issue, style: HouseStyle) -> Iterator[str]:
    groups = imprint.lines(issue, style)
    if not groups:
        return
    yield "<footer>"
    for group in groups:
        yield "<div>"
        for line in group:
            left, tab, right = line.partition("\t")
            both = f'<div class="printed"><span>{escape(left)}</span><span>{escape(right)}</span></div>'
            yield both if tab else f"<p>{escape(left)}</p>"
        yield "</div>"
    yield "</footer>"
