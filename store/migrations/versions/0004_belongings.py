"""The search index knows what each text belongs to: the entries of an issue are found beside any number of articles.

Revision ID: 0004
"""

from alembic import op

from store.search import fold

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_SQLITE = "kind || lower(hex(publication)) || ' text' || lower(hex(publication))"
OF_POSTGRESQL = "ARRAY[kind || encode(convert_to(publication, 'UTF8'), 'hex'), 'text' || encode(convert_to(publication, 'UTF8'), 'hex')]"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_index({"belongs": OF_SQLITE, "title": "spaced(title)", "body": "spaced(body)"})
    else:
        op.execute(f"UPDATE texts SET grams = grams || {OF_POSTGRESQL}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_index({"title": "spaced(title)", "body": "spaced(body)"})
    else:
        op.execute(f"UPDATE texts SET grams = ARRAY(SELECT unnest(grams) EXCEPT SELECT unnest({OF_POSTGRESQL}))")


def _make_index(columns: dict[str, str]) -> None:
    """Makes FTS5's index anew of the texts: it keeps none, and takes no new column."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.create_function("spaced", 1, lambda words: " ".join(fold(words)), deterministic=True)
    names, values = ", ".join(columns), ", ".join(columns.values())
    op.execute("DROP TABLE text_index")
    op.execute(f"CREATE VIRTUAL TABLE text_index USING fts5({names}, content='', tokenize='unicode61')")
    op.execute(f"INSERT INTO text_index (rowid, {names}) SELECT row, {values} FROM texts ORDER BY row")
