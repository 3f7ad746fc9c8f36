"""Pages as pictures: made once, shown as they are, failures told and tried again when asked."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.errors import NotFoundError, RenderError
from services import arranging, draftviews, previews
from services.context import Office
from services.intake import receive_and_read
from services.previews import Preview, State
from services.publish import assemble
from services.requests import CompileRequest
from tests.services.conftest import silent
from tests.services.serving import MEETING
from tests.tools import require

LONG = 180
"""Seconds: a bound against hanging, not a measure."""


@pytest.fixture
def draft(office: Office, inbox: Callable[..., Path]) -> int:
    receive_and_read(office, [str(inbox(a=MEETING))], silent)
    return assemble(office, CompileRequest()).issue_id


def _made(office: Office, draft: int, *, again: bool = False) -> Preview:
    found = previews.preview(office, draft, again=again)
    end = time.monotonic() + LONG
    while found.state is State.WORKING and time.monotonic() < end:
        time.sleep(0.1)
        found = previews.preview(office, draft)
    return found


@pytest.mark.slow
def test_pages_follow_the_draft(office: Office, draft: int) -> None:
    require("soffice")
    first = _made(office, draft)
    assert (first.state, first.pages) == (State.READY, 2)
    page = previews.picture(office, first.key, 1)
    assert page.startswith(b"\x89PNG")
    assert page == previews.picture(office, first.key, 1)
    assert len(previews.picture(office, first.key, 1, "cover")) < len(page)
    version = draftviews.view(office, draft).record.version
    arranging.apply(office, draft, version, arranging.issue_note("一段按语。"), "甲")
    second = _made(office, draft)
    assert second.key != first.key
    assert previews.picture(office, second.key, 1) != page
    for key, number, size in (
        (first.key, 99, "page"),
        (first.key, 0, "page"),
        (first.key, 1, "huge"),
        ("../x", 1, "page"),
    ):
        with pytest.raises(NotFoundError):
            previews.picture(office, key, number, size)


def test_what_failed_says_why_and_is_tried_again_when_asked(
    office: Office, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def broken(_office: Office, _id: int) -> None:
        tried.append(1)
        raise RenderError("LibreOffice 没有生成 PDF")

    monkeypatch.setattr("builders.libreoffice.find_office", lambda: Path("/nowhere/soffice"))
    monkeypatch.setattr("services.typesetting.print_draft", broken)
    found = _made(office, draft)
    assert found.state is State.FAILED
    assert "没有生成 PDF" in found.message
    assert _made(office, draft).state is State.FAILED
    assert len(tried) == 1
    assert _made(office, draft, again=True).state is State.FAILED
    assert len(tried) == 2


def test_without_libreoffice_the_page_says_so(office: Office, draft: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builders.libreoffice.find_office", lambda: None)
    assert previews.preview(office, draft).state is State.MISSING
