import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from bulletin.errors import SettingsError, StateError
from store.database import open_store, schema_version
from store.records import ArticleFilter
from store.schema import HEAD, metadata
from store.upgrade import configuration
from tests.store.samples import KEY, add_articles, article, begin


def test_an_empty_home_gets_the_newest_schema(store):
    assert schema_version(store.engine) == HEAD
    with store.engine.connect() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
        assert script.get_heads() == [HEAD]


def test_the_migrations_make_exactly_the_tables_of_the_schema(store):
    def ours(_object, name, kind, _reflected, _other):
        engine_only = kind == "index" and name == "ix_texts_grams"
        return not engine_only and not (kind == "table" and name.startswith("text_index"))

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def _open(place):
    store = open_store(place.home, place.url)
    version = schema_version(store.engine)
    store.close()
    return version


def test_sixteen_first_starts_at_once_make_one_schema(place):
    with ProcessPoolExecutor(16, mp_context=get_context("spawn")) as pool:
        assert set(pool.map(_open, [place] * 16)) == {HEAD}


def test_a_database_of_a_newer_version_is_left_alone(store, place):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateError, match="9999"):
        open_store(place.home, place.url)


def test_a_failed_transaction_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError), store.transaction() as unit:
        _ = unit.articles.add(KEY, article(1)), 1 / 0
    with store.reading() as unit:
        assert unit.articles.find(KEY).total == 0


def test_reading_sees_one_moment_and_hinders_no_writer(store):
    add_articles(store, 1)
    with store.reading() as unit:
        assert unit.articles.find(KEY).total == 1
        add_articles(store, 2)
        assert unit.articles.find(KEY).total == 1
    with store.reading() as unit:
        assert unit.articles.find(KEY).total == 2


def test_a_moment_comes_back_as_it_was(store):
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=timezone(timedelta(hours=8)))
    store.clock = lambda: noon
    with store.transaction() as unit:
        unit.audit.write(KEY, "张", "测试")
    with store.reading() as unit:
        [entry] = unit.audit.find(KEY)
    assert entry.at == noon
    assert entry.at.tzinfo is UTC


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name"])
def test_a_wrong_address_says_what_to_do(tmp_path, url):
    with pytest.raises(SettingsError):
        open_store(tmp_path, url)


def test_a_database_that_does_not_answer_says_so_without_the_password(tmp_path):
    with pytest.raises(SettingsError) as caught:
        open_store(tmp_path, "postgresql://bulletin:geheim@127.0.0.1:1/none")
    assert "geheim" not in str(caught.value)


def test_a_damaged_file_says_so(tmp_path):
    (tmp_path / "bulletin.db").write_bytes(b"no database" * 1000)
    with pytest.raises(SettingsError, match=r"bulletin\.db：数据库文件已损坏.*bulletin restore"):
        open_store(tmp_path)


def test_a_missing_driver_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"没有安装 PostgreSQL 的驱动.*\[postgres\]"):
        open_store(tmp_path, "postgresql://bulletin@127.0.0.1:1/none")


def test_opening_a_current_store_does_not_load_alembic(tmp_path):
    open_store(tmp_path).close()
    program = (
        "import sys; from pathlib import Path; from store.database import open_store; "
        f"open_store(Path({str(tmp_path)!r})).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_large_pool_is_counted_so_that_a_unit_is_found_by_its_index(tmp_path, monkeypatch):
    monkeypatch.setattr("store.database.FEW", 10)
    store = open_store(tmp_path)
    with store.transaction() as unit:
        for number in range(60):
            unit.articles.add(KEY, article(number, unit=f"第{number % 20}局"))
    store.close()
    store = open_store(tmp_path)
    query = "SELECT row FROM articles WHERE publication = 'yunjiang' AND unit = '第3局' ORDER BY date DESC, row DESC"
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'articles'")).first()
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query} LIMIT 5")).all()
    store.close()
    assert "ix_articles_unit" in str(plan)


def test_the_articles_of_an_issue_are_found_by_its_index_in_a_pool_of_old_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("store.database.FEW", 10)
    store = open_store(tmp_path)
    add_articles(store, *range(200))
    begin(store, "2026-W47", *add_articles(store, 201, 202))
    store.close()
    store = open_store(tmp_path)
    statements = []
    with store.reading() as unit:
        event.listen(unit.connection, "before_cursor_execute", lambda *given: statements.append(given[2:4]))
        assert unit.articles.find(KEY, ArticleFilter(issue=1)).total == 2
        plans = [
            str(unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all())
            for statement, given in tuple(statements)
            if statement.startswith("SELECT")
        ]
    store.close()
    assert plans
    assert all("ix_articles_issue" in plan for plan in plans)
