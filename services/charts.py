"""The figures of a report as pictures (SVG) and as a notice (通报) in our form."""

import re
from collections.abc import Sequence
from typing import Any

from builders.notice import build_notice
from bulletin.model import Block, BlockType, Entry
from services.context import Office
from services.contributions import UNNAMED, Report

MOST_BARS = 15
"""Units in a chart: more are not read but looked up, in the table."""
LABEL = 12
"""Characters of a unit's name beside its bar; the table has the whole."""
BAR = 26
"""Height of a unit's bar and its gap, in pixels."""
COLOURS = ("#b3261e", "#4a6fa5")
"""Printed and handed in: told apart in grey and by people who do not see red; both readable on white and black."""
GREY = "#5a6169"
DARK = "@media (prefers-color-scheme: dark) { text:not(.value) { fill: #c3c8ce !important } .guide.line { stroke: #505861 !important } }"
"""The picture is drawn on the page's own ground, which may be dark."""

_SCRIPT = re.compile(r"<script.*?(</script>|/>)", re.DOTALL)


def units_chart(report: Report) -> str:
    """SVG: the units with most points, what they handed in and what was printed."""
    lines = [line for line in report.units if line.unit != UNNAMED][:MOST_BARS][::-1]
    chart = _chart("HorizontalBar", 80 + BAR * 2 * max(1, len(lines)), [line.submitted for line in lines])
    chart.x_labels = [_short(line.unit) for line in lines]
    chart.add("报送", [line.submitted for line in lines])
    chart.add("采用", [line.used for line in lines])
    return _svg(chart)


def months_chart(report: Report) -> str:
    """SVG: what was handed in and printed month by month."""
    chart = _chart("Bar", 290, [line.submitted for line in report.months])
    chart.x_labels = [f"{int(line.month[5:])}月" for line in report.months]
    chart.add("报送", [line.submitted for line in report.months])
    chart.add("采用", [line.used for line in report.months])
    return _svg(chart)


def _chart(kind: str, height: int, counts: Sequence[int]) -> Any:
    import pygal
    from pygal.style import Style

    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=GREY,
        foreground_strong=GREY,
        foreground_subtle=GREY,
        colors=COLOURS[::-1],
        opacity=1,
        # The picture stands alone: the page's fonts do not reach into it.
        font_family="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', "
        "'WenQuanYi Zen Hei', 'FandolHei', sans-serif",
        title_font_size=16,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        value_font_size=12,
        # In pygal's 64 the words for an empty picture would not go into it.
        no_data_font_size=16,
        value_colors=("#ffffff", "#ffffff"),
    )
    chart = getattr(pygal, kind)(
        style=style,
        js=(),
        width=760,
        height=height,
        print_values=True,
        print_zeroes=False,
        legend_at_bottom=True,
        show_y_guides=False,
        show_x_guides=False,
        y_labels=_ticks(max(counts, default=0)),
        truncate_label=-1,
        truncate_legend=-1,
        value_formatter=lambda value: f"{value:.0f}",
        no_data_text="没有数据",
        disable_xml_declaration=True,
        explicit_size=False,
        spacing=8,
        # pygal takes a Chinese character for half as wide as it is.
        margin_left=20 if kind == "Bar" else 76,
    )
    # A random one by default; the same figures give the same picture.
    chart.uuid = kind.lower()
    return chart


def _short(name: str) -> str:
    return name if len(name) <= LABEL else f"{name[: LABEL - 1]}…"


def _ticks(most: int) -> list[int]:
    """Whole numbers from 0 to the first that is not below `most`, six steps at the most."""
    step = next(s * 10**power for power in range(10) for s in (1, 2, 5) if s * 10**power * 6 >= most)
    return list(range(0, max(1, -(-most // step)) * step + 1, step))


def _svg(chart: Any) -> str:
    """The chart without the script that pygal puts into every picture."""
    svg = _SCRIPT.sub("", chart.render(is_unicode=True))
    return svg.replace("</defs>", f"<style>{DARK}</style></defs>", 1)


def notice(office: Office, report: Report) -> bytes:
    """The 通报 as DOCX: what was handed in and printed, the table of units, who handed nothing in."""
    entry = Entry(title=f"关于{report.title}的通报", blocks=tuple(_notice_blocks(report)))
    return build_notice(entry, office.style, issuer=office.publication.issuer, day=office.today())


def _notice_blocks(report: Report) -> list[Block]:
    named = [line for line in report.units if line.unit != UNNAMED]
    last = int(report.months[-1].month[5:]) if report.months else report.until.month
    span = f"{report.since.year}年{report.since.month}月" + (f"至{last}月" if last > report.since.month else "")
    active = [line for line in named if line.submitted]
    texts = [
        f"{span}，共编发{report.issues}期，刊用稿件{len(report.used)}篇；收到{len(active)}个单位来稿"
        f"{report.submitted}件。现将采用情况通报如下。",
    ]
    blocks = [Block(text=text) for text in texts]
    blocks.append(_heading("一、", "采用情况"))
    best = [line for line in named if line.used][:3]
    if best:
        said = "、".join(f"{line.unit}（{line.used}篇）" for line in best)
        blocks.append(Block(text=f"得分居前的单位是{said}。各单位报送、采用和得分见下表。"))
    blocks.append(_table(report))
    blocks.append(_heading("二、", "零报送情况"))
    silent = f"本期零报送的单位有{len(report.silent)}个：{'、'.join(report.silent)}。" if report.silent else ""
    blocks.append(Block(text=silent or "没有零报送的单位。"))
    return blocks


def _heading(number: str, text: str) -> Block:
    return Block(type=BlockType.HEADING, level=1, text=number + text)


def _table(report: Report) -> Block:
    head = ("名次", "单位", "报送", "采用", *report.sections, "头条", "得分")
    rows = [
        (
            str(line.place or ""),
            line.unit,
            str(line.submitted),
            str(line.used),
            *map(str, line.by_section),
            str(line.leads),
            f"{line.points:g}",
        )
        for line in report.units
    ]
    return Block(type=BlockType.TABLE, text="各单位采用情况", rows=(head, *rows), header_rows=1)
