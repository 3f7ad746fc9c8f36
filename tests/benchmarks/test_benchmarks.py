"""Every measurement runs, small, and leaves its table, its promises and its plots."""

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import MODULES, keep
from benchmarks.report import Bars, Check, Section, Table, svg
from tests.tools import require_module

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", MODULES)
def test_each_runs_and_reports(name: str, tmp_path: Path) -> None:
    if name == "workers":
        require_module("distributed")
    section = import_module(f"benchmarks.{name}").run(True)
    if section is None:
        pytest.skip("its labelled pages are not part of the project")
    assert section.name == name
    assert all(len(row) == len(table.columns) for table in section.tables for row in table.rows)
    assert all(check.value > 0 or name == "prefect_share" for check in section.checks)
    keep(tmp_path, section)
    page = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert section.title in page
    assert len(list((tmp_path / "benchmarks").glob("*.svg"))) == len(section.plots)


def test_a_section_that_is_run_again_takes_its_old_place(tmp_path: Path) -> None:
    first, second = (Section(name=name, title=name, about="old") for name in ("growth", "compiling"))
    for section in (first, second, Section(name="growth", title="growth", about="new")):
        keep(tmp_path, section)
    page = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert page.index("## compiling") < page.index("## growth")
    assert page.count("## growth") == 1
    assert "new" in page


def test_promises_are_marked() -> None:
    assert str(Check("slow", 2.5, 2)).endswith("✗")
    assert str(Check("twice as fast", 1.9, 1.8, at_least=True)).endswith("✓")
    table = str(Table(("way", "seconds"), (("ours", 0.5), ("theirs", 12.345))))
    assert "| ours | 0.500 |" in table
    assert "| theirs | 12.35 |" in table
    assert svg(Bars("Time", "s", (("ours", 1.0), ("theirs", 2.0)))).count("<rect") == 3
