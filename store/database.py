"""Opening the store, and its transactions.

SQLite by default: WAL, so that readers never wait for the writer; BEGIN IMMEDIATE, so that a
writer waits at the door and never fails half-way; synchronous=FULL, because a signed number must
survive a power cut. PostgreSQL by URL: row locks on the ledger do the same work there.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, ProgrammingError
from sqlalchemy.exc import OperationalError as SqlOperationalError

from bulletin.errors import SettingsError
from store.accounts import Accounts, Attempts, Sessions, Tokens, Uploads
from store.archive import Files
from store.articles import Articles
from store.audit import Audit, Runs
from store.feedback import Feedback
from store.fingerprints import Fingerprints
from store.issues import Issues
from store.objects import open_files
from store.outbox import Outbox
from store.plans import Plans
from store.schema import HEAD
from store.search import Search
from store.submissions import Submissions

FILE = "bulletin.db"
FEW = 1000
"""Articles that SQLite lists fast without knowing how many they are."""
WAIT_MS = 60_000
"""How long a writer waits for its turn: a transaction takes milliseconds, but a hundred may queue."""
PLANNED = {"prepare_threshold": None}
"""No statement is prepared: PostgreSQL would plan it for any words, and look for common ones as for rare ones (8 times as
long in 30 000 texts)."""
DAMAGED = ("file is not a database", "database disk image is malformed")
"""What SQLite says of a file that is broken or was never its own."""
CACHE_KB = 64 * 1024
"""Pages of the database kept in memory: with SQLite's own 2 MB a week's intake into 20 000 articles took some 5 % longer
(medians of three runs: barely above the noise)."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Transaction:
    """One unit of work: everything asked of it happens, or nothing does."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the unit that may fail alone: an exception undoes it and leaves the rest to go on."""
        with self.connection.begin_nested():
            yield

    @cached_property
    def submissions(self) -> Submissions:
        return Submissions(self.connection, self.now)

    @cached_property
    def articles(self) -> Articles:
        return Articles(self.connection, self.now)

    @cached_property
    def plans(self) -> Plans:
        return Plans(self.connection, self.now)

    @cached_property
    def issues(self) -> Issues:
        return Issues(self.connection, self.now)

    @cached_property
    def search(self) -> Search:
        return Search(self.connection)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        return Fingerprints(self.connection)

    @cached_property
    def feedback(self) -> Feedback:
        return Feedback(self.connection, self.now)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection, self.now)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection, self.now)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.connection, self.now)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection, self.now)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection, self.now)

    @cached_property
    def attempts(self) -> Attempts:
        return Attempts(self.connection, self.now)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.connection, self.now)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.connection, self.now)


class Store:
    """The state of one installation: a database and the files beside it."""

    def __init__(self, engine: Engine, files: Files, clock: Callable[[], datetime] = _utc_now) -> None:
        self.engine = engine
        self.files = files
        self.clock = clock

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A unit that writes: committed at the end, rolled back by any exception."""
        with self.engine.begin() as connection:
            yield Transaction(connection, self.clock())

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A unit that only reads, all of it at one moment, and hinders no writer."""
        with self._readers.connect() as connection:
            yield Transaction(connection, self.clock())

    @cached_property
    def _readers(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine.execution_options(read_only=True)
        return self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def close(self) -> None:
        self.engine.dispose()


def open_store(
    home: Path,
    url: str = "",
    clock: Callable[[], datetime] = _utc_now,
    *,
    files: str = "",
    files_options: Mapping[str, Any] | None = None,
) -> Store:
    """The store of a home folder, made or upgraded when needed.

    `url` names another database (postgresql://user@host/name), `files` another place for the files
    (s3://bucket/prefix, see store.objects) with its `files_options`; both are in the home otherwise.
    Raises SettingsError for a database that cannot be reached, StateError for one that a newer
    version of the program has written.
    """
    home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url, home)
    try:
        with reached(engine):
            _bring_up(engine)
    except BaseException:
        engine.dispose()
        raise
    if engine.dialect.name == "sqlite":
        _refresh_statistics(engine)
    return Store(engine, open_files(home, files, files_options), clock)


def _bring_up(engine: Engine) -> None:
    version = schema_version(engine)
    if version is None:
        from store.creation import create

        create(engine)
        version = schema_version(engine)
    if version != HEAD:
        # Imported here because Alembic takes longer to load than the rest of a short command.
        from store.upgrade import upgrade

        upgrade(engine)


@contextmanager
def reached(engine: Engine) -> Iterator[None]:
    """Turns what a driver raises into SettingsError where the database cannot be reached, or its file is damaged."""
    try:
        yield
    except DatabaseError as error:
        said = " ".join(str(error.orig).split())
        if any(word in said for word in DAMAGED):
            raise SettingsError(
                "数据库文件已损坏",
                subject=_shown(engine),
                advice="请停掉服务，把这个文件移到别处，用 bulletin restore 恢复最近的备份，并检查磁盘",
            ) from error
        if not isinstance(error, SqlOperationalError):
            raise
        raise SettingsError(
            f"打不开数据库：{said}", subject=_shown(engine), advice="请检查数据库地址、权限和磁盘空间"
        ) from error


def make_engine(url: str, home: Path) -> Engine:
    """The engine of a database URL, or of the SQLite file in `home` where there is none."""
    address = _address(url) if url else URL.create("sqlite", database=str(home / FILE))
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(address, pool_pre_ping=True, connect_args=PLANNED)
    except ImportError as error:
        raise SettingsError(
            "没有安装 PostgreSQL 的驱动",
            advice="请运行 sudo .venv/bin/pip install -c constraints.txt -e '.[postgres]'，或把设置 database 留空",
        ) from error


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at; None for an empty one."""
    with engine.execution_options(read_only=True).connect() as connection:
        try:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except (ProgrammingError, SqlOperationalError) as error:
            if _is_missing_table(error):
                return None
            raise


def _refresh_statistics(engine: Engine) -> None:
    """Counts SQLite's tables anew when the pool has doubled: without counts it reads the whole pool for one unit.

    PostgreSQL does so by itself.
    """
    with engine.execution_options(read_only=True).connect() as connection:
        rows = connection.execute(text("SELECT max(row) FROM articles")).scalar() or 0
        counted = "0"
        if connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar():
            counted = connection.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'articles'")).scalar() or "0"
    if rows >= max(FEW, 2 * int(counted.split()[0])):
        with engine.begin() as connection:
            connection.execute(text("PRAGMA analysis_limit = 400"))
            connection.execute(text("ANALYZE"))


def _is_missing_table(error: DBAPIError) -> bool:
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", "") == "42P01"


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except Exception as error:
        raise SettingsError("数据库地址写得不对", advice="例如 postgresql://用户@主机/库名") from error
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise SettingsError(f"不支持的数据库：{backend}", advice="请用 SQLite 或 PostgreSQL")
    return address.set(drivername="sqlite" if backend == "sqlite" else "postgresql+psycopg")


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
