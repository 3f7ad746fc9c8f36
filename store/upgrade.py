"""Bringing a database to the newest schema, once, however many processes ask at the same time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from bulletin.errors import StateError
from store.creation import alone
from store.schema import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, target: str = HEAD) -> None:
    """Migrates to `target` in one transaction; a crash on the way leaves the old schema.

    Raises StateError for a database that a newer version has written, or a target that only a newer one knows.
    """
    with alone(engine) as connection:
        migrate(connection, target)


def migrate(connection: Connection, target: str = HEAD) -> None:
    """Migrates to `target` within the caller's transaction; raises as `upgrade` does."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current == target:
        return
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StateError(f"数据库由更新的版本建立（{current}），这一版只认得到 {HEAD}", advice="请升级程序后再打开")
    if target not in known:
        raise StateError(f"备份由更新的版本做成（{target}），这一版只认得到 {HEAD}", advice="请升级程序后再恢复")
    command.upgrade(config, target)


def configuration(connection: Connection) -> Config:
    """Alembic's settings, made here so that no alembic.ini is needed."""
    config = Config()
    # ConfigParser reads % as the start of an interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
