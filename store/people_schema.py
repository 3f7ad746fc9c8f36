"""The tables of the people of the desk, in the same metadata as the others."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from store.schema import Moment, metadata
from store.schema import _key as key
from store.schema import _words as words

accounts = Table(
    "accounts",
    metadata,
    key("name", primary_key=True),
    words("person"),
    key("role"),
    words("unit"),
    words("mail"),
    Column("publications", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("password", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("seen", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    key("token", primary_key=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False),
    key("csrf"),
    words("publication"),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Index("ix_sessions_account", "account"),
    Index("ix_sessions_expires", "expires"),
)

attempts = Table(
    "attempts",
    metadata,
    key("subject", primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False),
    Column("locked_until", Moment),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    key("token"),
    Column("account", String, ForeignKey("accounts.name"), nullable=False),
    words("label"),
    Column("created", Moment, nullable=False),
    Column("seen", Moment),
    UniqueConstraint("token"),
    Index("ix_tokens_account", "account"),
    sqlite_autoincrement=True,
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Integer, primary_key=True),
    key("publication"),
    key("account"),
    key("sha256"),
    words("name"),
    Column("at", Moment, nullable=False),
    Index("ix_uploads_account", "publication", "account", "id"),
    Index("ix_uploads_sha256", "publication", "sha256"),
    sqlite_autoincrement=True,
)
