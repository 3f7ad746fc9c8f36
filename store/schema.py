"""The tables. A change here needs a migration in store/migrations/versions and a new HEAD.

Every row that belongs to a publication says so, and every query asks for it. JSON is text written
and read by the pydantic models; no query looks inside it. The widest column comes last, so that
SQLite lists rows without reading their overflow pages.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

HEAD = "0004"
"""The newest migration: what `open_store` wants to find in the database."""

OPEN = text("state <> 'discarded'")
CHOSEN = text("issue IS NOT NULL")


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC (SQLite has no time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


GRAMS: ARRAY[str] = ARRAY(Text).with_variant(Text(), "sqlite")
"""The pairs of characters of a text, which PostgreSQL indexes; SQLite has FTS5 and leaves it NULL."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str, **options: bool) -> Column[str]:
    return Column(name, String, nullable=False, primary_key=options.get("primary_key", False))


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


submissions = Table(
    "submissions",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("sha256"),
    _words("name"),
    _words("media_type"),
    _key("channel"),
    _words("unit"),
    _words("origin"),
    Column("received", Moment, nullable=False),
    Column("size", Integer, nullable=False),
    _key("state"),
    _words("code"),
    _words("message"),
    _words("advice"),
    _words("parent"),
    UniqueConstraint("publication", "sha256"),
    Index("ix_submissions_state", "publication", "state", "row"),
    Index("ix_submissions_unit", "publication", "unit", "row"),
    sqlite_autoincrement=True,
)

receipts = Table(
    "receipts",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("sha256"),
    _words("name"),
    _key("channel"),
    _words("unit"),
    _words("origin"),
    Column("received", Moment, nullable=False),
    Index("ix_receipts_file", "publication", "sha256"),
    Index("ix_receipts_unit", "publication", "unit", "received"),
    Index("ix_receipts_received", "publication", "received", "row"),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("id"),
    _key("source"),
    Column("part", Integer, nullable=False),
    _words("title"),
    _words("unit"),
    _words("author"),
    Column("date", Date),
    Column("length", Integer, nullable=False),
    _words("section"),
    Column("confidence", Float, nullable=False),
    _key("state"),
    Column("issue", Integer, ForeignKey("issues.id")),
    Column("duplicate_of", String),
    _key("family"),
    Column("hints_open", Integer, nullable=False),
    _words("abstract"),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("wish", Text, nullable=False),
    Column("verdict", Text),
    Column("likeness", Text),
    Column("hints", Text, nullable=False),
    Column("undone", Text, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("publication", "id"),
    Index("ix_articles_created", "publication", "created", "row"),
    Index("ix_articles_date", "publication", "date", "row"),
    Index("ix_articles_state", "publication", "state", "created", "row"),
    Index("ix_articles_counts", "publication", "state", "section"),
    Index("ix_articles_section", "publication", "section", "created", "row"),
    Index("ix_articles_unit", "publication", "unit", "created", "row"),
    Index("ix_articles_title", "publication", "title", "row"),
    Index("ix_articles_length", "publication", "length", "row"),
    Index("ix_articles_confidence", "publication", "confidence", "row"),
    Index("ix_articles_family", "publication", "family"),
    Index("ix_articles_source", "publication", "source"),
    # Most articles never stand in an issue. Counted with them, SQLite thinks the index no better than the whole pool.
    Index("ix_articles_issue", "issue", sqlite_where=CHOSEN, postgresql_where=CHOSEN),
    sqlite_autoincrement=True,
)

article_edits = Table(
    "article_edits",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("article"),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    _words("who"),
    _words("act"),
    Column("before", Text, nullable=False),
    Index("ix_article_edits_article", "publication", "article", "version"),
    sqlite_autoincrement=True,
)

plans = Table(
    "plans",
    metadata,
    _key("publication", primary_key=True),
    _key("source", primary_key=True),
    _words("title"),
    _words("organisation"),
    Column("year", Integer),
    Column("created", Moment, nullable=False),
    Column("data", Text, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    _key("publication", primary_key=True),
    _key("series", primary_key=True),
    _key("scheme"),
    Column("start", Integer, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("publication"),
    _key("series"),
    Column("period", String),
    _key("state"),
    Column("total", Integer),
    Column("year", Integer),
    Column("in_year", Integer),
    Column("fixed", Integer),
    Column("follows", Integer),
    Column("date", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("imported", Boolean, nullable=False),
    Column("source", String),
    Column("docx", String),
    _words("signed_by"),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("signed", Moment),
    Column("pages", Text, nullable=False),
    Column("data", Text, nullable=False),
    Index("uq_issues_period", "publication", "series", "period", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("uq_issues_total", "publication", "series", "total", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index(
        "uq_issues_in_year",
        "publication",
        "series",
        "year",
        "in_year",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
    Index("ix_issues_date", "publication", "state", "date", "id"),
    sqlite_autoincrement=True,
)

revisions = Table(
    "revisions",
    metadata,
    Column("issue", Integer, ForeignKey("issues.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    _words("reason"),
    _words("who"),
    Column("at", Moment, nullable=False),
    Column("docx", String),
    Column("pages", Text, nullable=False),
    Column("data", Text, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("kind"),
    _key("owner"),
    Column("position", Integer, nullable=False),
    _words("title"),
    _words("unit"),
    Column("date", Date),
    Column("body", Text, nullable=False),
    Column("folded", Text),
    Column("grams", GRAMS),
    UniqueConstraint("publication", "kind", "owner", "position"),
    sqlite_autoincrement=True,
)

bands = Table(
    "bands",
    metadata,
    _key("publication", primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    _key("article", primary_key=True),
    Index("ix_bands_article", "publication", "article"),
    sqlite_with_rowid=False,
)

feedback = Table(
    "feedback",
    metadata,
    Column("row", Integer, primary_key=True),
    _key("publication"),
    _key("kind"),
    _key("article"),
    _words("was"),
    _words("now"),
    _words("who"),
    Column("at", Moment, nullable=False),
    Index("ix_feedback_article", "publication", "kind", "article", "row"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("publication"),
    _key("key"),
    _key("state"),
    _words("recipient"),
    Column("attempts", Integer, nullable=False),
    _words("error"),
    Column("due", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("publication", "key"),
    Index("ix_outbox_state", "state", "due", "id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    _words("publication"),
    _words("who"),
    _key("act"),
    _words("subject"),
    _words("detail"),
    Index("ix_audit_publication", "publication", "row"),
    Index("ix_audit_subject", "publication", "subject", "row"),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("publication"),
    _key("kind"),
    _words("period"),
    _key("state"),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    _words("note"),
    Index("ix_runs_kind", "publication", "kind", "period", "id"),
    sqlite_autoincrement=True,
)
