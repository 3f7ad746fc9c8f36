"""A backup of everything in one ZIP, made while the store is in use, and its way back.

    manifest.json          schema, time, number of rows and files
    tables/articles.jsonl  one row a line
    files/ab/cdef...       the files as they are
    home/settings.toml     what else the caller wants to keep: settings, publications, styles

The rows are written as JSON and not as a copy of the database, so that a backup made on SQLite
comes back on PostgreSQL, and one of an older version in a newer one. The rows are read at one
moment; files are on the disk before rows speak of them and never change, so they follow later.
"""

import glob
import json
import os
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, Table, func, insert, select, text

from bulletin.errors import FormatError, IntegrityError, NotFoundError, StateError
from bulletin.model import Frozen
from store.archive import Files
from store.database import Store, make_engine, open_store, reached, schema_version
from store.objects import open_files
from store.schema import HEAD, metadata
from store.search import Search
from store.upgrade import migrate, upgrade

BATCH = 500
EXTRAS = "home/"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError)
"""What reading a damaged ZIP raises."""
UNTOUCHED = 3600
"""Seconds after which nobody is writing a file any more, not even a process of another machine."""
DERIVED = {"texts": ("folded", "grams")}
"""Columns that are made anew, because each database has its own."""


class Manifest(Frozen):
    """What a backup holds."""

    schema_version: str
    made: datetime
    rows: dict[str, int]
    files: int


def backup(store: Store, path: Path, extras: Mapping[str, bytes] | None = None) -> Manifest:
    """Writes the backup; under its name there is at every moment the earlier one or the whole new one.

    `extras` are further files by their path in the home; `read_extras` gives them back.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Accounts and settings are in it: nobody else may read it.
        temporary.touch(0o600)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with store.reading() as unit:
                rows = {table.name: _write_table(unit.connection, table, archive) for table in metadata.sorted_tables}
            files = _write_files(store, archive)
            manifest = Manifest(schema_version=HEAD, made=store.clock(), rows=rows, files=files)
            for name, content in sorted((extras or {}).items()):
                archive.writestr(f"{EXTRAS}{name}", content)
            archive.writestr("manifest.json", manifest.model_dump_json(indent=2))
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return manifest


def _sweep(path: Path) -> None:
    """Takes away what killed backups to this place have left: each is as large as a backup."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        pid = left.name.removeprefix(f".{path.name}.").removesuffix(".part")
        with suppress(OSError):
            if pid.isdecimal() and not _at_work(pid) and time.time() - left.stat().st_mtime > UNTOUCHED:
                left.unlink()


def _at_work(pid: str) -> bool:
    # By its command too: after a restart of the machine another process may have the number.
    command = Path("/proc", pid, "cmdline")
    return command.is_file() and b"backup" in command.read_bytes()


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    count = 0
    columns = [column for column in table.c if column.name not in DERIVED.get(table.name, ())]
    query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in connection.execute(query).mappings():
            line = json.dumps(dict(row), ensure_ascii=False, default=_plain)
            file.write(line.encode() + b"\n")
            count += 1
    return count


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value)}")


def _write_files(store: Store, archive: zipfile.ZipFile) -> int:
    count = 0
    for sha in store.files.names():
        # Office files and pictures are compressed already.
        archive.writestr(f"files/{sha[:2]}/{sha[2:]}", store.files.get(sha), zipfile.ZIP_STORED)
        count += 1
    return count


def restore(
    path: Path, home: Path, url: str = "", *, files: str = "", files_options: Mapping[str, Any] | None = None
) -> Store:
    """The store of an empty home, filled from a backup and brought to the current schema.

    Database and files are put where `open_store` with these arguments has them. Raises StateError where there is
    something in the database already or a newer version made the backup, NotFoundError where there is no file,
    FormatError for one that is no backup, IntegrityError for one that is damaged, SettingsError where the database
    cannot be reached. Nothing is in the database before all is.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive)
        home.mkdir(parents=True, exist_ok=True)
        engine = make_engine(url, home)
        try:
            with reached(engine):
                empty = schema_version(engine) is None
                # To a database that is there already only what this version knows can come.
                upgrade(engine, manifest.schema_version if empty or manifest.schema_version > HEAD else HEAD)
            with engine.connect() as connection:
                _require_empty(connection, manifest)  # before a file is put anywhere
            _read_files(archive, open_files(home, files, files_options), manifest)
            _read_tables(archive, engine, manifest)
        finally:
            engine.dispose()
    return open_store(home, url, files=files, files_options=files_options)


def read_extras(path: Path) -> dict[str, bytes]:
    """The further files of a backup, by their path in the home; names that lead outside are left out."""
    with _opened(path) as archive:
        names = [name.removeprefix(EXTRAS) for name in archive.namelist() if name.startswith(EXTRAS)]
        inside = [
            name for name in names if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        ]
        return {name: _read(archive, f"{EXTRAS}{name}") for name in inside}


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise NotFoundError("找不到这个文件", subject=str(path), advice="请检查路径") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise FormatError("这不是备份文件", subject=str(path), advice="请选用 bulletin backup 做的文件") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        return Manifest.model_validate_json(archive.read("manifest.json"))
    except BROKEN as error:
        raise FormatError(
            "这不是备份文件", subject=str(archive.filename or ""), advice="请选用 bulletin backup 做的文件"
        ) from error


def _read_files(archive: zipfile.ZipFile, files: Files, manifest: Manifest) -> None:
    names = [name for name in archive.namelist() if name.startswith("files/")]
    if len(names) != manifest.files:
        raise IntegrityError("备份里的文件不全", subject=str(archive.filename), advice="请换一份备份")
    for name in names:
        wanted = name.removeprefix("files/").replace("/", "")
        if files.put(_read(archive, name)) != wanted:
            raise IntegrityError("备份里的文件与登记的不符", subject=wanted, advice="请换一份备份")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except BROKEN as error:
        raise IntegrityError("备份已损坏", subject=name, advice="请换一份备份") from error


def _read_tables(archive: zipfile.ZipFile, engine: Engine, manifest: Manifest) -> None:
    """All rows into the tables as they were when the backup was made, and those made the newest, in one transaction."""
    with engine.begin() as connection:
        for name, table in _require_empty(connection, manifest).items():
            count = 0
            for batch in _batches(_rows(archive, table)):
                connection.execute(insert(table), batch)
                count += len(batch)
            if count != manifest.rows[name]:
                raise IntegrityError("备份里的记录不全", subject=name, advice="请换一份备份")
            _advance_sequence(connection, table)
        migrate(connection)
        Search(connection).rebuild()


def _require_empty(connection: Connection, manifest: Manifest) -> Mapping[str, Table]:
    """The tables that the backup has rows of, in their order; StateError where there is something in one."""
    known = MetaData()
    known.reflect(connection, only=list(manifest.rows))
    for name in manifest.rows:
        if connection.execute(select(known.tables[name]).limit(1)).first() is not None:
            raise StateError("数据库里已有内容，不能恢复到这里", advice="请恢复到一个空的文件夹或空的数据库")
    return {name: known.tables[name] for name in manifest.rows}


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    try:
        with archive.open(f"tables/{table.name}.jsonl") as file:
            for line in file:
                yield _typed(json.loads(line), table)
    except BROKEN as error:
        raise IntegrityError("备份已损坏", subject=table.name, advice="请换一份备份") from error


def _typed(row: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The values as the table's columns want them: moments and days are strings in JSON."""
    values = dict(row)
    for name, value in row.items():
        kind = table.c[name].type
        if value is not None and isinstance(kind, DateTime):
            moment = datetime.fromisoformat(value)
            values[name] = moment if kind.timezone else moment.astimezone(UTC).replace(tzinfo=None)
        elif value is not None and isinstance(kind, Date):
            values[name] = date.fromisoformat(value)
    return values


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _advance_sequence(connection: Connection, table: Table) -> None:
    """PostgreSQL counts new rows from a sequence, which does not notice rows that bring their number."""
    [first, *others] = table.primary_key.columns
    if connection.dialect.name != "postgresql" or others or first.name not in ("row", "id"):
        return
    highest = connection.execute(select(func.max(first))).scalar()
    if highest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        connection.execute(sequence, {"table": table.name, "column": first.name, "highest": highest})
