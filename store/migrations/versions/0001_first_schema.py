"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_edits",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_article_edits"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_edits_article", "article_edits", ["publication", "article", "version"], unique=False)
    op.create_table(
        "audit",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publication", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_publication", "audit", ["publication", "row"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["publication", "subject", "row"], unique=False)
    op.create_table(
        "bands",
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("publication", "key", "article", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bands_article", "bands", ["publication", "article"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("was", sa.Text(), server_default="", nullable=False),
        sa.Column("now", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_feedback"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_article", "feedback", ["publication", "kind", "article", "row"], unique=False)
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("in_year", sa.Integer(), nullable=True),
        sa.Column("fixed", sa.Integer(), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("docx", sa.String(), nullable=True),
        sa.Column("signed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issues_date", "issues", ["publication", "state", "date", "id"], unique=False)
    op.create_index(
        "uq_issues_in_year",
        "issues",
        ["publication", "series", "year", "in_year"],
        unique=True,
        sqlite_where=sa.text("state <> 'discarded'"),
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_index(
        "uq_issues_period",
        "issues",
        ["publication", "series", "period"],
        unique=True,
        sqlite_where=sa.text("state <> 'discarded'"),
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_index(
        "uq_issues_total",
        "issues",
        ["publication", "series", "total"],
        unique=True,
        sqlite_where=sa.text("state <> 'discarded'"),
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "ledger",
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("publication", "series", name="pk_ledger"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("publication", "key", name="uq_outbox_publication_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due", "id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("publication", "source", name="pk_plans"),
    )
    op.create_table(
        "receipts",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_receipts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipts_file", "receipts", ["publication", "sha256"], unique=False)
    op.create_index("ix_receipts_unit", "receipts", ["publication", "unit", "received"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_kind", "runs", ["publication", "kind", "period", "id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("media_type", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("advice", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_submissions"),
        sa.UniqueConstraint("publication", "sha256", name="uq_submissions_publication_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_submissions_state", "submissions", ["publication", "state", "row"], unique=False)
    op.create_index("ix_submissions_unit", "submissions", ["publication", "unit", "row"], unique=False)
    op.create_table(
        "texts",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.Column("grams", postgresql.ARRAY(sa.Text()).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("row", name="pk_texts"),
        sa.UniqueConstraint(
            "publication", "kind", "owner", "position", name="uq_texts_publication_kind_owner_position"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "articles",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), server_default="", nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=True),
        sa.Column("duplicate_of", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("hints_open", sa.Integer(), nullable=False),
        sa.Column("abstract", sa.Text(), server_default="", nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("likeness", sa.Text(), nullable=True),
        sa.Column("hints", sa.Text(), nullable=False),
        sa.Column("undone", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_articles_issue"),
        sa.PrimaryKeyConstraint("row", name="pk_articles"),
        sa.UniqueConstraint("publication", "id", name="uq_articles_publication_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_confidence", "articles", ["publication", "confidence", "row"], unique=False)
    op.create_index("ix_articles_counts", "articles", ["publication", "state", "section"], unique=False)
    op.create_index("ix_articles_created", "articles", ["publication", "created", "row"], unique=False)
    op.create_index("ix_articles_date", "articles", ["publication", "date", "row"], unique=False)
    op.create_index("ix_articles_family", "articles", ["publication", "family"], unique=False)
    op.create_index("ix_articles_issue", "articles", ["issue"], unique=False)
    op.create_index("ix_articles_length", "articles", ["publication", "length", "row"], unique=False)
    op.create_index("ix_articles_section", "articles", ["publication", "section", "created", "row"], unique=False)
    op.create_index("ix_articles_source", "articles", ["publication", "source"], unique=False)
    op.create_index("ix_articles_state", "articles", ["publication", "state", "created", "row"], unique=False)
    op.create_index("ix_articles_title", "articles", ["publication", "title", "row"], unique=False)
    op.create_index("ix_articles_unit", "articles", ["publication", "unit", "created", "row"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("docx", sa.String(), nullable=True),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_revisions_issue"),
        sa.PrimaryKeyConstraint("issue", "revision", name="pk_revisions"),
    )

    if op.get_bind().dialect.name == "sqlite":
        # Without content: the texts are in their own table.
        op.execute("CREATE VIRTUAL TABLE text_index USING fts5(title, body, content='', tokenize='unicode61')")
        # Makes the table of statistics.
        op.execute("ANALYZE")
    else:
        op.create_index("ix_texts_grams", "texts", ["grams"], postgresql_using="gin")
