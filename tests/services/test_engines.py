"""The whole work on the real engines: the same issue, byte for byte, whatever keeps it."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from bulletin.model import Article, Block, Series
from services.archives import export_issues, list_issues, search_issues
from services.context import open_office
from services.duplicates import Pool
from services.issuing import sign_issue
from services.publish import compile_issue
from services.requests import CompileRequest, ExportRequest
from services.review import Manuscript, edit
from services.settings import read_settings
from tests import postgres
from tests.commands import LONG, printed
from tests.conftest import ROOT
from tests.objectstores import object_store
from tests.services.conftest import NOW, silent

SAMPLES = ROOT / "data" / "samples"

pytestmark = pytest.mark.slow


def issue(home: Path, **settings: Any) -> tuple[bytes, list[tuple[str, str]], list[str]]:
    """The exported DOCX of the samples' issue, what came of each sample, and what a search of the archive finds."""
    opened = open_office(read_settings(home, **settings), clock=lambda: NOW)
    try:
        result = compile_issue(opened, CompileRequest(sources=(str(SAMPLES),)), silent)
        again = compile_issue(opened, CompileRequest(sources=(str(SAMPLES),)), silent)
        assert (again.number, again.changed) == (result.number, False)
        sign_issue(opened, result.number, Series.REGULAR, "签发人")
        [exported] = export_issues(opened, ExportRequest(numbers=str(result.number), out=str(home / "out")))
        assert [listed["sha256"] for listed in list_issues(opened)] == [exported.sha256]
        found = [str(hit["title"]) for hit in search_issues(opened, "学习")]
        outcomes = [(outcome.name, outcome.fate.value) for outcome in result.outcomes]
        return Path(exported.path).read_bytes(), outcomes, found
    finally:
        opened.store.close()


@pytest.fixture(scope="module")
def on_one_machine(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[tuple[str, str]], list[str]]:
    """SQLite and a folder: the default."""
    return issue(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as address:
        yield address


def test_postgresql_makes_the_same_issue(
    on_one_machine: tuple[bytes, list[tuple[str, str]], list[str]], server: str, tmp_path: Path
) -> None:
    assert issue(tmp_path, database=postgres.new_database(server)) == on_one_machine
    assert not list(tmp_path.glob("*.db*"))


def test_postgresql_with_an_object_store_makes_the_same_issue(
    on_one_machine: tuple[bytes, list[tuple[str, str]], list[str]], server: str, tmp_path: Path
) -> None:
    with object_store() as bucket:
        settings = {"database": postgres.new_database(server), "files": bucket.address, "files_options": bucket.options}
        assert issue(tmp_path, **settings) == on_one_machine
    assert not (tmp_path / "files").exists()


def test_an_office_moves_from_one_machine_to_several_and_back(
    on_one_machine: tuple[bytes, list[tuple[str, str]], list[str]], server: str, tmp_path: Path
) -> None:
    """SQLite and a folder -> PostgreSQL and S3 -> SQLite and a folder: whole each time, the same bytes."""
    issue(tmp_path / "one")
    printed(tmp_path / "one", "backup", str(tmp_path / "one.zip"))
    with object_store() as bucket:
        several = {
            "BULLETIN_DATABASE": postgres.new_database(server),
            "BULLETIN_FILES": bucket.address,
            "BULLETIN_FILES_OPTIONS": json.dumps(bucket.options),
        }
        bulletin = partial(printed, tmp_path / "several", environment=several)
        assert "没有问题" in bulletin("restore", str(tmp_path / "one.zip"))
        assert "没有问题" in bulletin("verify")
        bulletin("archive", "export", "1", "--out", str(tmp_path / "out"))
        assert not list((tmp_path / "several").glob("bulletin.db*"))
        assert not (tmp_path / "several" / "files").exists()
        bulletin("backup", str(tmp_path / "several.zip"))
    assert "没有问题" in printed(tmp_path / "back", "restore", str(tmp_path / "several.zip"))
    printed(tmp_path / "back", "archive", "export", "1", "--out", str(tmp_path / "out-back"))
    exported = [path.read_bytes() for name in ("out", "out-back") for path in (tmp_path / name).glob("*.docx")]
    assert exported == [on_one_machine[0]] * 2


def test_of_two_intakes_at_the_same_moment_the_second_knows_what_the_first_brings(server: str, tmp_path: Path) -> None:
    opened = open_office(read_settings(tmp_path, database=postgres.new_database(server)))
    lines = (
        "望河市松岭区委党校办起流动课堂，31名讲师走进31个乡镇。",
        "每堂课后留出31分钟答疑，收集意见31条，已办结九成。",
    )
    first = Article(source="a" * 64, title="流动课堂", blocks=tuple(Block(text=line) for line in lines))
    found: list[str | None] = []

    def bring_in_the_same() -> None:
        with opened.store.transaction() as unit, Pool(opened, unit) as pool:
            found.append(pool.find_likeness(first.model_copy(update={"source": "b" * 64})).duplicate_of)

    rival = Thread(target=bring_in_the_same)
    with opened.store.transaction() as unit, Pool(opened, unit) as pool:
        unit.articles.add(opened.publication.key, first)
        pool.remember(first)
        rival.start()
        rival.join(1)
        assert found == []  # it waits
    rival.join(LONG)
    opened.store.close()
    assert found == [first.id]


def test_an_edit_that_waits_for_an_intake_keeps_nobody_from_the_article(server: str, tmp_path: Path) -> None:
    """The intake may be waiting for that one: a past issue among old material wants the ledger, which a draft holds."""
    opened = open_office(read_settings(tmp_path, database=postgres.new_database(server)))
    kept = Article(source="a" * 64, title="流动课堂", blocks=(Block(text="望河市松岭区委党校办起流动课堂。"),))
    with opened.store.transaction() as unit:
        unit.articles.add(opened.publication.key, kept)
    saved: list[str] = []

    def type_over() -> None:
        saved.append(edit(opened, kept.id, 1, Manuscript(title="流动课堂进乡镇", text="新的正文。"), "编辑").title)

    editor = Thread(target=type_over)
    with opened.store.transaction() as unit, Pool(opened, unit):
        editor.start()
        editor.join(1)
        assert saved == []  # it waits
        with opened.store.transaction() as draft:
            draft.connection.execute(text("SELECT 1 FROM articles FOR UPDATE NOWAIT"))
    editor.join(LONG)
    opened.store.close()
    assert saved == ["流动课堂进乡镇"]
