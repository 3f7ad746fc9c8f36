"""A style learnt from a DOCX makes that DOCX's look."""

import pytest

from builders.learning import learn_style
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


def test_what_is_no_docx_is_refused() -> None:
    with pytest.raises(FormatError):
        learn_style(b"%PDF-1.7")
