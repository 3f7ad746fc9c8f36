import json
import zipfile

import pytest
from sqlalchemy import select

from bulletin.errors import FormatError, IntegrityError, NotFoundError, SettingsError, StateError
from bulletin.model import Block, Submission
from store.backup import backup, restore
from store.database import open_store
from store.schema import metadata
from store.verify import verify
from tests.store.samples import DAY, KEY, add_articles, article, back_issue, begin, publication, sign


@pytest.fixture
def full(store):
    """A store with a row in most tables."""
    one, two = add_articles(store, 1, 2)
    sent = Submission(name="稿.txt", content=b"x")
    store.files.put(sent.content)
    back = back_issue(7)
    source = store.files.put(back.name.encode())
    with store.transaction() as unit:
        unit.submissions.receive(KEY, sent)
        unit.fingerprints.add(KEY, [(1, one.id), (2, one.id)])
        unit.audit.write(KEY, "张", "测试")
        unit.issues.import_issue(publication(), back.model_copy(update={"source": source}))
    sign(store, begin(store, "2026-W47", one))
    begin(store, "2026-W48", two)
    return store


def rows(store):
    """Everything in the database, but what each database makes for itself."""
    derived = ("folded", "grams")
    with store.reading() as unit:
        return {
            table.name: sorted(unit.connection.execute(select(*columns)), key=repr)
            for table in metadata.sorted_tables
            for columns in [[column for column in table.c if column.name not in derived]]
        }


def test_a_backup_comes_back_on_either_database(full, elsewhere, tmp_path):
    manifest = backup(full, tmp_path / "out" / "backup.zip")
    back = restore(tmp_path / "out" / "backup.zip", elsewhere.home, elsewhere.url)
    try:
        assert rows(back) == rows(full)
        assert list(back.files.names()) == list(full.files.names())
        assert verify(back) == ()
        with back.reading() as unit:
            assert unit.search.find(KEY, "取得实效").total == 3
        assert begin(back, "2026-W49").number.total == 10
        add_articles(back, 3)
    finally:
        back.close()
    assert (manifest.rows["issues"], manifest.rows["articles"], manifest.files) == (3, 2, 3)


def test_a_backup_is_of_one_moment_though_the_store_is_in_use(full, tmp_path, monkeypatch):
    before = rows(full)
    names = full.files.names

    def busy():
        add_articles(full, 50)
        return names()

    monkeypatch.setattr(full.files, "names", busy)
    backup(full, tmp_path / "backup.zip")
    back = restore(tmp_path / "backup.zip", tmp_path / "elsewhere")
    assert rows(back) == before
    back.close()


def test_nothing_is_restored_over_what_is_there(full, tmp_path):
    backup(full, tmp_path / "backup.zip")
    other = open_store(tmp_path / "other")
    add_articles(other, 1)
    other.close()
    kept = list((tmp_path / "other" / "files").rglob("*"))
    with pytest.raises(StateError, match="已有内容"):
        restore(tmp_path / "backup.zip", tmp_path / "other")
    assert list((tmp_path / "other" / "files").rglob("*")) == kept
    open_store(tmp_path / "elsewhere").close()
    restore(tmp_path / "backup.zip", tmp_path / "elsewhere").close()
    with pytest.raises(StateError, match="已有内容"):
        restore(tmp_path / "backup.zip", tmp_path / "elsewhere")


def rewritten(source, target, change):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: None if name.startswith("files/") else content,
        lambda name, content: content + b"x" if name.startswith("files/") else content,
        lambda name, content: b"" if name == "tables/issues.jsonl" else content,
        lambda name, content: None if name == "tables/revisions.jsonl" else content,
        lambda name, content: content[:-9] if name == "tables/articles.jsonl" else content,
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(full, tmp_path, change):
    backup(full, tmp_path / "backup.zip")
    damaged = rewritten(tmp_path / "backup.zip", tmp_path / "damaged.zip", change)
    with pytest.raises(IntegrityError):
        restore(damaged, tmp_path / "elsewhere")
    empty = open_store(tmp_path / "elsewhere")
    assert not any(rows(empty).values())
    empty.close()


@pytest.mark.parametrize("made_before", [False, True])
def test_a_backup_of_a_newer_version_is_left_alone(store, tmp_path, made_before):
    def from_the_future(name, content):
        rows = {"rows": {"poems": 0}, "schema_version": "9999"}
        return json.dumps(json.loads(content) | rows) if name == "manifest.json" else content

    backup(store, tmp_path / "backup.zip")
    newer = rewritten(tmp_path / "backup.zip", tmp_path / "newer.zip", from_the_future)
    if made_before:
        open_store(tmp_path / "elsewhere").close()
    with pytest.raises(StateError, match=r"备份由更新的版本做成（9999）.*请升级程序"):
        restore(newer, tmp_path / "elsewhere")


def test_a_backup_whose_bytes_have_changed_on_the_disk_is_refused(full, tmp_path):
    backup(full, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        at = archive.getinfo("tables/articles.jsonl").header_offset
    content = bytearray((tmp_path / "backup.zip").read_bytes())
    for place in range(at + 100, at + 140):
        content[place] = 0xFF
    (tmp_path / "backup.zip").write_bytes(content)
    with pytest.raises(IntegrityError, match="备份已损坏"):
        restore(tmp_path / "backup.zip", tmp_path / "elsewhere")


def test_restoring_into_a_database_out_of_reach_says_so(store, tmp_path):
    backup(store, tmp_path / "backup.zip")
    with pytest.raises(SettingsError, match="打不开数据库"):
        restore(tmp_path / "backup.zip", tmp_path / "elsewhere", "postgresql://bulletin@127.0.0.1:1/none")


def test_a_file_that_is_no_backup_says_so(tmp_path):
    (tmp_path / "note.txt").write_text("x")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"x": 1}))
    for name in ("note.txt", "other.zip"):
        with pytest.raises(FormatError):
            restore(tmp_path / name, tmp_path / "elsewhere")
    with pytest.raises(NotFoundError):
        restore(tmp_path / "missing.zip", tmp_path / "elsewhere")


def test_an_earlier_backup_stays_when_a_new_one_fails(full, tmp_path, monkeypatch):
    backup(full, tmp_path / "backup.zip")
    before = (tmp_path / "backup.zip").read_bytes()
    monkeypatch.setattr(full.files, "names", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup(full, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.part")] == []


# ---------------------------------------------------------------- verify


def damage(store, statement):
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "kind", "said"),
    [
        ("UPDATE issues SET data = '{}' WHERE total = 8", "content", "读不出来"),
        ("UPDATE issues SET total = 80 WHERE total = 8", "number", "与期号账不符"),
        ("UPDATE issues SET docx = NULL WHERE total = 8", "content", "留存的版次"),
        ("UPDATE revisions SET data = 'x' WHERE reason = ''", "content", "第0版"),
        ("UPDATE issues SET state = 'discarded' WHERE total = 7", "number", "账上没有"),
        ("UPDATE articles SET data = '' WHERE state = 'used'", "content", "稿件内容"),
        ("UPDATE articles SET state = 'spare', issue = NULL WHERE state = 'published'", "article", "没有记上"),
        ("UPDATE articles SET state = 'new' WHERE state = 'used'", "article", "状态"),
    ],
)
def test_verify_tells_what_is_wrong(full, statement, kind, said):
    assert verify(full) == ()
    damage(full, statement)
    assert any(problem.kind == kind and said in problem.message for problem in verify(full))


def test_verify_tells_of_files_lost_and_altered(full):
    lost, altered, *_ = full.files.names()
    full.files.path(lost).unlink()
    full.files.path(altered).write_bytes(b"other")
    assert {(one.subject, one.kind) for one in verify(full)} == {(lost, "file"), (altered, "file")}


def test_verify_wants_the_pictures_of_articles(store):
    with store.transaction() as unit:
        unit.articles.add(KEY, article(1, blocks=(Block(picture="a" * 64),), date=DAY))
    [problem] = verify(store)
    assert (problem.kind, problem.subject) == ("file", "a" * 64)
