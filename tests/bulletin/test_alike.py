"""Collections whose titles are known by how they are set."""

import json
from pathlib import Path

import pytest

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.model import NEW_PAGE, Article, Document
from bulletin.pieces import pieces
from tests.bulletin.bound import MORE, PROSE, THREE, document, heading

SETS = {"**": "bold", "^^": "center bold"}
ROWS = Path(__file__).resolve().parents[1] / "golden/collections.jsonl"
GOLDEN = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]


def printed(lines: list[str]) -> Document:
    """The document of the lines: ** before a bold one, ^^ before a centred one, "" for an empty one, \f for a new page."""
    texts, looks, gaps, gap = [], {}, {}, 0
    for line in lines:
        if not line.strip():
            gap += NEW_PAGE if line else 1
            continue
        if look := SETS.get(line[:2]):
            looks[len(texts)] = look
        if gap:
            gaps[len(texts)] = gap
        texts.append(line[2:] if look else line)
        gap = 0
    return document(*texts).model_copy(update={"looks": looks, "gaps": gaps})


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["kind"])
def test_golden_collections(row):
    found = pieces(printed(row["lines"]))
    assert all(isinstance(piece, Article) for piece in found)
    assert [(piece.title, piece.unit) for piece in found] == list(zip(row["titles"], row["units"], strict=True))


def test_labels_and_numbers_above_titles_are_on_record():
    parts = split(clean(printed(next(row["lines"] for row in GOLDEN if row["kind"] == "counted sections and titles"))))
    assert parts is not None
    assert [(c.rule, c.before) for c in parts[0].changes] == [
        ("section", "一、上情下达"),
        ("article-number", "1.数字赋能乡村治理的实践与思考"),
    ]


def test_a_page_whose_title_is_that_of_its_first_article():
    lines = [
        PROSE,
        MORE,
        heading(THREE[1][0], 1),
        THREE[1][1],
        PROSE,
        MORE,
        heading(THREE[2][0], 1),
        THREE[2][1],
        MORE,
        MORE,
    ]
    page = document(*lines, format="html").model_copy(update={"title": THREE[0][0], "unit": THREE[0][1]})
    assert [(piece.title, piece.unit) for piece in pieces(page)] == THREE
