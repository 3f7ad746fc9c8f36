"""Every schema that was ever released is brought to the newest one with all that is in it."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, func, insert, inspect, select, update
from sqlalchemy.schema import DropTable

from bulletin.errors import StateError
from store.account_records import Role
from store.backup import DERIVED, backup, restore
from store.creation import create
from store.database import make_engine, open_store, schema_version
from store.schema import HEAD, metadata, texts
from store.upgrade import MIGRATIONS, upgrade
from store.verify import verify
from tests.store.samples import KEY, add_articles, article, begin, sign

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def test_the_newest_migration_is_the_one_the_store_wants():
    assert REVISIONS[-1] == HEAD
    assert REVISIONS[0] == "0001"


@pytest.fixture
def used(tmp_path):
    """A store with issues, articles and messages in it."""
    store = open_store(tmp_path / "used")
    one, two = add_articles(store, 1, 2)
    sign(store, begin(store, "2026-W47", one))
    begin(store, "2026-W48", two)
    with store.transaction() as unit:
        unit.audit.write(KEY, "张", "测试")
        unit.runs.start(KEY, "weekly", "2026-W47")
        unit.accounts.add("jia", "hash", Role.CONTRIBUTOR, person="甲", unit="望河市委宣传部", publications=(KEY,))
    yield store
    store.close()


def rows(store, names):
    with store.reading() as unit:
        tables = [table for table in metadata.sorted_tables if table.name in names]
        return {
            table.name: sorted(
                unit.connection.execute(select(*(c for c in table.c if c.name not in ("folded", "grams")))), key=repr
            )
            for table in tables
        }


def old_database(used, place, revision):
    """The used store's rows in a database of an earlier schema; the names of its tables."""
    place.home.mkdir(parents=True)
    engine = make_engine(place.url, place.home)
    upgrade(engine, revision)
    known = MetaData()
    with engine.begin() as connection, used.reading() as unit:
        known.reflect(
            connection, only=[name for name in inspect(connection).get_table_names() if name in metadata.tables]
        )
        for table in metadata.sorted_tables:
            if table.name not in known.tables:
                continue
            columns = [column for column in table.c if column.name in known.tables[table.name].c]
            if found := [dict(row) for row in unit.connection.execute(select(*columns)).mappings()]:
                connection.execute(insert(table), found)
    for sha in used.files.names():
        target = place.home / "files" / sha[:2] / sha[2:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(used.files.get(sha))
    engine.dispose()
    return set(known.tables)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_database_is_upgraded_with_all_that_is_in_it(used, place, revision):
    names = old_database(used, place, revision)
    assert schema_version(make_engine(place.url, place.home)) == revision
    store = open_store(place.home, place.url)
    try:
        assert schema_version(store.engine) == HEAD
        assert rows(store, names) == rows(used, names)
        assert verify(store) == ()
        # PostgreSQL's counters do not know of rows that brought their number; a real old database does.
        if store.engine.dialect.name == "sqlite":
            assert begin(store, "2026-W49").number.total == 3
    finally:
        store.close()


def test_an_account_of_before_there_were_addresses_can_be_given_one(used, place):
    old_database(used, place, "0002")
    store = open_store(place.home, place.url)
    with store.transaction() as unit:
        assert unit.accounts.get("jia").mail == ""
        assert unit.accounts.change("jia", mail="jia@wanghe.example").mail == "jia@wanghe.example"
    store.close()


def test_what_is_in_an_older_database_is_found_by_its_words(used, place):
    old_database(used, place, "0003")
    engine = make_engine(place.url, place.home)
    if engine.dialect.name == "postgresql":  # there the index is in the rows; FTS5's is made of them
        old = update(texts).values(folded=func.concat(texts.c.title, texts.c.body), grams=["临川", "活动"])
        with engine.begin() as connection:
            connection.execute(old)
    engine.dispose()
    store = open_store(place.home, place.url)
    with store.reading() as unit:
        assert unit.search.find(KEY, "临川 活动").total == 3
        assert [hit.kind for hit in unit.search.find(KEY, "临川", kind="entry").hits] == ["entry"]
        assert unit.search.find("other", "临川").total == 0
    with store.transaction() as unit:
        unit.search.put_article(KEY, article(1, "望河市的新闻。", title="望河"))
    with store.reading() as unit:
        assert unit.search.find(KEY, "临川", kind="article").total == 1
    store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgraded_schema_is_the_one_the_program_describes(place, revision):
    place.home.mkdir(parents=True)
    engine = make_engine(place.url, place.home)
    upgrade(engine, revision)
    upgrade(engine)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata)
    engine.dispose()
    # The search index of SQLite is made of tables of its own, which the description does not hold.
    assert [change for change in found if change[0] not in ("remove_table", "remove_index")] == []


def plain(one):
    """A column, index or constraint as text; a clause of SQL is an object that equals no other."""
    options = {name: str(clause) for name, clause in one.get("dialect_options", {}).items()}
    return str(sorted((one | {"dialect_options": options}).items()))


def described(engine):
    """Everything that a schema consists of, apart from the order of the columns."""
    seen = inspect(engine)
    tables = [name for name in seen.get_table_names() if not name.startswith(("text_index", "sqlite_"))]
    kinds = ("columns", "indexes", "unique_constraints", "foreign_keys", "check_constraints")
    found = {
        (table, kind): sorted(plain(one) for one in getattr(seen, f"get_{kind}")(table))
        for table in tables
        for kind in kinds
    }
    return found | {(table, "key"): seen.get_pk_constraint(table) for table in tables}


def test_a_new_schema_is_the_one_that_all_migrations_make(place):
    place.home.mkdir(parents=True)
    engine = make_engine(place.url, place.home)
    upgrade(engine)
    migrated = described(engine)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(DropTable(table))
        connection.exec_driver_sql("DROP TABLE alembic_version")
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE text_index")
    create(engine)
    assert described(engine) == migrated
    assert schema_version(engine) == HEAD
    engine.dispose()


FIRST = {"submissions", "receipts", "articles", "ledger", "issues", "revisions", "texts", "audit", "runs", "outbox"}


@pytest.mark.parametrize(("revision", "names"), [("0001", FIRST), ("0002", FIRST | {"accounts"})])
def test_a_backup_of_an_older_version_comes_back_in_this_one(used, tmp_path, monkeypatch, revision, names):
    monkeypatch.setattr("store.backup.HEAD", revision)
    monkeypatch.setitem(DERIVED, "accounts", ("mail",))
    tables = [table for table in metadata.sorted_tables if table.name in names]
    monkeypatch.setattr("store.backup.metadata", type("Old", (), {"sorted_tables": tables}))
    backup(used, tmp_path / "old.zip")
    back = restore(tmp_path / "old.zip", tmp_path / "elsewhere")
    assert rows(back, names) == rows(used, names)
    assert schema_version(back.engine) == HEAD
    back.close()


def test_a_database_of_a_newer_version_is_left_alone(used, tmp_path):
    with used.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StateError, match="更新的版本"):
        open_store(tmp_path / "used")
