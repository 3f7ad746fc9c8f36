"""Reads a PDF of an issue the way a proofreader with a ruler does."""

import io
from collections import Counter
from dataclasses import dataclass, field

import pdfplumber

from builders.style import POINTS_PER_MM, HouseStyle

NEAR = 1.6
"""In pt: half a millimetre, what a ruler shows."""


@dataclass
class Line:
    """A line of type: distances in pt from the top and left of the paper."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    fonts: Counter[str] = field(default_factory=Counter)

    @property
    def font(self) -> str:
        return self.fonts.most_common(1)[0][0]


@dataclass
class Rule:
    left: float
    right: float
    y: float
    thickness: float
    colour: object


@dataclass
class Sheet:
    """One page: its lines of type from top to bottom, page number apart, and its rules."""

    lines: list[Line]
    folio: Line | None
    rules: list[Rule]
    pictures: int
    height: float
    picture_feet: list[float]
    """Where each picture ends."""


def read_sheets(pdf: bytes, style: HouseStyle) -> list[Sheet]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_sheet(page, style) for page in document.pages]


def _sheet(page: pdfplumber.page.Page, style: HouseStyle) -> Sheet:
    foot = float(page.height) - style.page.bottom * POINTS_PER_MM
    rows: list[list[dict]] = []
    for char in sorted(page.chars, key=lambda item: (-_baseline(item), item["x0"])):
        if not char["text"].strip():
            continue
        if rows and abs(_baseline(rows[-1][0]) - _baseline(char)) < 3:
            rows[-1].append(char)
        else:
            rows.append([char])
    lines = [_line(sorted(row, key=lambda item: item["x0"]), float(page.height)) for row in rows]
    folio = next((line for line in lines if line.bottom > foot + 5), None)
    rules = [
        Rule(shape["x0"], shape["x1"], (shape["top"] + shape["bottom"]) / 2, max(shape["height"], shape.get("linewidth") or 0),
             shape.get("non_stroking_color") if shape["object_type"] == "rect" else shape.get("stroking_color"))
        for shape in (*page.rects, *page.lines) if shape["width"] > 100 and shape["height"] < 6
    ]  # fmt: skip
    return Sheet(
        [line for line in lines if line is not folio], folio, sorted(rules, key=lambda rule: rule.y), len(page.images),
        float(page.height), [float(image["bottom"]) for image in page.images],
    )  # fmt: skip


def _baseline(char: dict) -> float:
    return char["matrix"][5]


def _line(chars: list[dict], height: float) -> Line:
    return Line(
        "".join(char["text"] for char in chars),
        min(char["x0"] for char in chars),
        max(char["x1"] for char in chars),
        height - _baseline(chars[0]),
        max(char["size"] for char in chars),
        Counter(char["fontname"].partition("+")[2] for char in chars),
    )
