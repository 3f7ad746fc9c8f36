"""A mail address for each account; indexes of an issue's articles and of what came lately.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("mail", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_articles_issue", "articles")
    chosen = sa.text("issue IS NOT NULL")
    op.create_index("ix_articles_issue", "articles", ["issue"], sqlite_where=chosen, postgresql_where=chosen)
    op.create_index("ix_receipts_received", "receipts", ["publication", "received", "row"])
    if op.get_bind().dialect.name == "sqlite":
        # Counted anew, as store.database does when the pool has doubled.
        op.execute("PRAGMA analysis_limit = 400")
        op.execute("ANALYZE")


def downgrade() -> None:
    op.drop_index("ix_receipts_received", "receipts")
    op.drop_index("ix_articles_issue", "articles")
    op.create_index("ix_articles_issue", "articles", ["issue"])
    op.drop_column("accounts", "mail")
