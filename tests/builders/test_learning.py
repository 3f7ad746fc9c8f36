"""A style learnt from a DOCX makes that DOCX's look."""

import io
import zipfile

import pytest

from builders.learning import learn_looks, learn_style
from builders.ooxml.reading import Looks, Paper
from builders.style import load_style
from builders.word import build_docx
from bulletin.errors import FormatError
from tests.builders.samples import PICTURES, issue

SAMPLE = issue(3, rich=True)


def test_our_own_issue_teaches_nothing_new() -> None:
    assert learn_style(build_docx(SAMPLE, load_style(), PICTURES)) == {}


def test_what_differs_is_proposed_and_can_be_used() -> None:
    theirs = {
        "page.top": 30.0, "page.line": 28.0, "fonts.body": "方正仿宋_GBK", "fonts.hei": "方正黑体_GBK",
        "body.size": 15.0, "title.size": 20.0, "masthead.colour": "C00000",
    }  # fmt: skip
    learnt = learn_style(build_docx(SAMPLE, load_style("default", theirs), PICTURES))
    assert {key: learnt.get(key) for key in theirs} == theirs
    assert load_style("default", learnt).fonts.body == "方正仿宋_GBK"


def test_titles_have_their_own_face_and_not_that_of_the_name() -> None:
    def looks(text: str, font: str, size: float) -> Looks:
        return Looks(text, font, size, "", 0.0, centred=True, style="normal")

    lines = [looks("云江要情", "华文行楷", 60), looks("第12期", "仿宋", 16), looks("临川市召开会议", "华文中宋", 22)]
    paper = Paper(210, 297, 37, 28, 26, 35)
    assert learn_looks(paper, lines, load_style())["fonts.title"] == "华文中宋"
    assert learn_looks(paper, lines[:2], load_style())["fonts.title"] == "华文行楷"


def test_what_is_no_docx_is_refused() -> None:
    whole, broken = io.BytesIO(build_docx(SAMPLE, load_style())), io.BytesIO()
    with zipfile.ZipFile(whole) as known, zipfile.ZipFile(broken, "w") as archive:
        for name in known.namelist():
            archive.writestr(name, known.read(name)[: 900 if name == "word/document.xml" else None])
    with pytest.raises(FormatError):
        learn_style(broken.getvalue())
    with pytest.raises(FormatError):
        learn_style(b"%PDF-1.7")
