"""采用情况: counts, points, ranks, who handed nothing in; workbook, charts, notice."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from bulletin.errors import SettingsError
from bulletin.model import Series
from services import charts, shelves
from services.context import Office
from services.contributions import UNNAMED, report, safe_cell, workbook
from services.intake import receive_and_read
from services.issuing import sign_issue
from services.publish import assemble
from services.requests import CompileRequest
from services.scoring import period_span, read_scoring
from store.records import ArticleChange, ArticleFilter
from tests.services.conftest import silent
from tests.services.serving import ADVERT, MEETING, READING

SCORING = """
name = "本办公室的办法"
submitted = 1.0
used = 2.0
lead = 3.0
minimum = 2
missing = 0.5
units = ["松岭市委宣传部", "望河市委宣传部"]

[points]
"学习动态" = 4.0

[aliases]
"白塔区" = ["白塔区委区直机关工委"]
"""


@pytest.fixture(autouse=True)
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builders.libreoffice.find_office", lambda: None)


@pytest.fixture
def signed(office: Office, inbox: Callable[..., Path]) -> Office:
    """An office with rules of its own that has issued one issue with two articles in November 2026."""
    rules = office.settings.home / "scoring" / "default.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text(SCORING, "utf-8")
    receive_and_read(office, [str(inbox(a=MEETING, b=READING, c=ADVERT))], silent)
    draft = assemble(office, CompileRequest())
    sign_issue(office, draft.number, Series.REGULAR, "丙")
    return office


def _arrived(office: Office) -> str:
    """The month in which the store took the submissions: it has a clock of its own."""
    return f"{office.store.clock().astimezone(office.settings.zone):%Y-%m}"


@pytest.mark.parametrize(
    ("period", "since", "until", "name"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
    ],
)
def test_periods(period: str, since: date, until: date, name: str) -> None:
    assert period_span(period) == (since, until, name)


@pytest.mark.parametrize("period", ["", "26", "2026-13", "2026-00", "2026-Q5", "0000", "上月"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(SettingsError):
        period_span(period)


def test_what_was_printed_counts_by_the_offices_rules(signed: Office) -> None:
    found = report(signed, "2026-11")
    lines = {line.unit: line for line in found.units}
    assert found.issues == 1
    assert [one.title[:3] for one in found.used] == ["望河市", "白塔区"]
    first, second = lines["望河市委宣传部"], lines["白塔区"]
    assert (first.used, first.leads, second.used, second.leads) == (1, 1, 1, 0)
    assert first.by_section == (0, 0, 1)
    assert second.points == second.submitted * 1.0 + 4.0
    assert first.points == first.submitted * 1.0 + 4.0 + 3.0 - first.missing * 0.5
    assert first.place == 1
    assert lines[UNNAMED].place == 0


def test_what_came_in_counts_in_its_month(signed: Office) -> None:
    found = report(signed, _arrived(signed))
    lines = {line.unit: line for line in found.units}
    assert found.submitted == 3
    assert lines["望河市委宣传部"].submitted == 1
    assert lines["望河市委宣传部"].missing == 1
    assert "松岭市委宣传部" in found.silent
    assert lines["松岭市委宣传部"].missing == 2
    assert "望河市委宣传部" not in found.silent


def test_nothing_is_counted_outside_the_period(signed: Office) -> None:
    found = report(signed, "2019-05")
    assert (found.issues, found.used, found.submitted) == (0, (), 0)
    assert set(found.silent) == {"松岭市委宣传部", "望河市委宣传部"}


def test_an_empty_office_has_a_report_too(office: Office) -> None:
    found = report(office, "2026")
    assert (found.units, found.silent, found.issues) == ((), (), 0)
    assert workbook(found).startswith(b"PK")
    assert "<svg" in charts.units_chart(found)
    assert "没有零报送的单位" in _text(charts.notice(office, found))


def test_a_new_issue_is_in_the_next_report(signed: Office, inbox: Callable[..., Path]) -> None:
    before = report(signed, "2026-11")
    assert report(signed, "2026-11") is before
    more = MEETING.replace("望河", "松岭").replace("统筹发展和安全", "基层治理")
    receive_and_read(signed, [str(inbox(d=more))], silent)
    draft = assemble(signed, CompileRequest(period="2026-W48"))
    sign_issue(signed, draft.number, Series.REGULAR, "丙")
    assert report(signed, "2026-11").issues == 2


def test_rules_that_cannot_be_read_name_the_line(signed: Office) -> None:
    (signed.settings.home / "scoring" / "default.toml").write_text("minimum = -1", "utf-8")
    with pytest.raises(SettingsError, match="minimum"):
        read_scoring(signed)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_plain_cells_stay(signed: Office) -> None:
    assert safe_cell("临川市") == "临川市"
    assert safe_cell(-3) == -3


def test_the_workbook(signed: Office) -> None:
    with signed.store.transaction() as unit:
        [row] = unit.articles.find("default", ArticleFilter(title="征订")).rows
        record = unit.articles.get("default", row.id)
        named = record.article.model_copy(update={"unit": "=1+1"})
        unit.articles.update("default", row.id, record.version, ArticleChange(article=named))
    book = load_workbook(io.BytesIO(workbook(report(signed, _arrived(signed)))))
    assert book.sheetnames == ["采用情况", "按月", "刊用明细", "零报送"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "'=1+1" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_a_chart_without_figures_says_so_in_words_that_go_into_it(office: Office) -> None:
    chart = charts.units_chart(report(office, "2026"))
    assert "没有数据" in chart
    assert re.search(r"no_data\{[^}]*font-size:16px", chart)


def test_charts_hold_no_script_and_are_the_same_twice(signed: Office) -> None:
    found = report(signed, "2026-11")
    for chart in (charts.units_chart, charts.months_chart):
        svg = chart(found)
        assert svg == chart(found)
        assert "<script" not in svg
    assert "望河市委宣传部" in charts.units_chart(found)


def test_the_notice_is_a_document_in_our_form(signed: Office) -> None:
    content = charts.notice(signed, report(signed, "2026-11"))
    assert content == charts.notice(signed, report(signed, "2026-11"))
    text = _text(content)
    assert "关于工作简报2026年11月采用情况的通报" in text
    assert "松岭市委宣传部" in text
    table = Document(io.BytesIO(content)).tables[0]
    assert [cell.text for cell in table.rows[0].cells][:4] == ["名次", "单位", "报送", "采用"]


def _text(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_archive_by_year_words_and_unit(signed: Office) -> None:
    shelf = shelves.shelf(signed)
    assert (shelf.year, shelf.years, len(shelf.rows)) == (2026, ((2026, 1),), 1)
    found = shelves.find_printed(signed, "底线思维")
    assert [(one.number.label, one.hit.title[:3]) for one in found.rows] == [("第1期", "望河市")]
    assert ("底线思维", True) in found.rows[0].hit.passages[0]
    [printed] = shelves.published_by(signed, "望河市委宣传部").rows
    assert (printed.number.label, printed.row.section) == ("第1期", "学习动态")
    package = shelves.package(signed, [shelf.rows[0].id])
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        assert archive.namelist() == ["工作简报第1期.docx", "manifest.json"]
    for form in ("docx", "html", "txt"):
        copy = shelves.copy_of(signed, shelf.rows[0].id, form)
        assert copy.name == f"工作简报第1期.{form}"
        assert copy.content
    with pytest.raises(SettingsError):
        shelves.copy_of(signed, shelf.rows[0].id, "exe")
    with pytest.raises(SettingsError):
        shelves.package(signed, [])
