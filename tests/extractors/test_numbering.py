"""The numbers that Word shows before paragraphs."""

import pytest
from lxml import etree

from extractors.numbering import FORMATS, Numbering, circled
from extractors.package import W


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        ("chineseCounting", 12, "十二"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 15, "１５"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("none", 3, ""),
    ],
)
def test_number_formats(kind: str, number: int, shown: str) -> None:
    assert FORMATS[kind](number) == shown


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("number", [-1, 0, 1, 51, 10_000, 10**9])
def test_no_number_of_a_hostile_file_breaks_a_format(kind: str, number: int) -> None:
    assert len(FORMATS[kind](number)) < 200


def test_notes_beyond_the_circled_numbers() -> None:
    assert [circled(1), circled(50), circled(51)] == ["①", "㊿", "[51]"]


def numbering(levels: str, nums: str = '<num numId="1"><abstractNumId val="0"/></num>') -> Numbering:
    """A Numbering from shorthand without prefixes."""
    source = etree.fromstring(f'<numbering><abstractNum abstractNumId="0">{levels}</abstractNum>{nums}</numbering>')
    for item in source.iter():
        item.tag = W + item.tag
        for key, value in dict(item.attrib).items():
            del item.attrib[key]
            item.set(W + key, value)
    return Numbering(source, {})


def test_deeper_levels_begin_again_unless_they_are_told_not_to() -> None:
    levels = '<lvl ilvl="0"><lvlText val="%1."/></lvl><lvl ilvl="1"><lvlText val="%1.%2"/></lvl>'
    levels += '<lvl ilvl="2"><lvlRestart val="0"/><lvlText val="(%3)"/></lvl>'
    made = numbering(levels)
    labels = [made.label("1", index) for index in (0, 1, 1, 2, 0, 1, 2)]
    assert labels == ["1. ", "1.1 ", "1.2 ", "(1)", "2. ", "2.1 ", "(2)"]


def test_legal_numbers_bullets_starts_and_unknown_lists() -> None:
    levels = '<lvl ilvl="0"><start val="3"/><numFmt val="chineseCounting"/><lvlText val="第%1章"/></lvl>'
    levels += '<lvl ilvl="1"><isLgl/><lvlText val="%1.%2"/><suff val="nothing"/></lvl>'
    levels += '<lvl ilvl="2"><numFmt val="bullet"/><lvlText val="●"/></lvl>'
    made = numbering(levels)
    assert [made.label("1", index) for index in (0, 1, 2)] == ["第三章", "3.1", ""]
    assert made.label("9", 0) == ""
