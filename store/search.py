"""Full-text search over the pool and the archive, by any words of any length.

Neither of FTS5's tokenizers knows where a Chinese word ends, and its trigrams miss words of two
characters, which most are. So SQLite indexes single characters, and a word is a phrase of them:
nothing is missed, and on 100 000 texts a page of hits for a word takes 2-6 ms, for the beginning of
a title 10-30. PostgreSQL keeps at most 256 places of a lexeme and its pg_trgm, too, wants three
characters; there an index of character pairs finds the texts that may hold the word, and a look at
each decides. It needs no extension.

The publication and the kind of a text are words of both indexes too (`belonging`), so that the
entries of a few issues are found among a hundred thousand articles without looking at those.

Case, width and punctuation make no difference: 高质量,发展 finds 高质量，发展.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import (
    Connection,
    Dialect,
    Executable,
    Integer,
    Select,
    all_,
    bindparam,
    column,
    delete,
    false,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.sql.expression import and_

from bulletin.fingerprint import normalized
from bulletin.model import Article, Entry, Issue
from store.records import Hit, Hits
from store.schema import GRAMS, texts

Kind = Literal["article", "entry"]

MOST = 1000
"""How many hits are counted and put in order of date; the most recently stored ones."""
BATCH = 500
PASSAGES = 3
AROUND = 30
"""Characters shown on each side of a match."""
SHOWN = ("kind", "owner", "position", "title", "unit", "date", "body")
"""Columns that a hit is made of; PostgreSQL has wider ones."""

_INDEX = table("text_index", column("rowid"))
_INDEXED = tuple(texts.c[name] for name in ("row", "publication", "kind", "title", "body"))


class Search:
    """The search index of every publication."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fts = connection.dialect.name == "sqlite"

    def add_articles(self, publication: str, articles: Iterable[Article]) -> None:
        """Makes articles findable that are new to the pool."""
        self._add(publication, "article", [(article.id, 0, _article_row(article)) for article in articles])

    def put_article(self, publication: str, article: Article) -> None:
        """Makes an article of the pool findable, in place of its earlier text."""
        self._replace(publication, "article", article.id, [_article_row(article)])

    def put_issue(self, publication: str, issue_id: int, issue: Issue) -> None:
        """Makes the entries of an issue findable, in place of an earlier revision."""
        self._replace(publication, "entry", str(issue_id), [_entry_row(entry, issue) for entry in issue.entries])

    def _replace(self, publication: str, kind: Kind, owner: str, rows: Sequence[Mapping[str, Any]]) -> None:
        same = and_(texts.c.publication == publication, texts.c.kind == kind, texts.c.owner == owner)
        if self._fts:
            self._index("delete", self._connection.execute(select(*_INDEXED).where(same)).mappings())
        self._connection.execute(delete(texts).where(same))
        self._add(publication, kind, [(owner, position, row) for position, row in enumerate(rows)])

    def _add(self, publication: str, kind: Kind, rows: Sequence[tuple[str, int, Mapping[str, Any]]]) -> None:
        """Stores texts, each with its owner and its place among the owner's, and makes them findable."""
        common = {"publication": publication, "kind": kind}
        values = [{**common, "owner": owner, "position": position, **row} for owner, position, row in rows]
        if not values:
            return
        if not self._fts:
            self._connection.execute(insert(texts), [row | _folded(row) for row in values])
            return
        inserted = insert(texts).returning(texts.c.row, sort_by_parameter_order=True)
        numbers = self._connection.execute(inserted, values).scalars().all()
        self._index("", [{"row": number, **row} for number, row in zip(numbers, values, strict=True)])

    def _index(self, act: str, rows: Iterable[Mapping[Any, Any]]) -> None:
        """Adds rows to FTS5's index, or takes them out: the index keeps no text and must be told it again."""
        columns, values = ("text_index, rowid", ":act, :row") if act else ("rowid", ":row")
        statement = (
            f"INSERT INTO text_index ({columns}, belongs, title, body) VALUES ({values}, :belongs, :title, :body)"
        )
        spaced = [
            {
                "act": act,
                "row": row["row"],
                "belongs": " ".join(_belongings(row)),
                "title": " ".join(fold(row["title"])),
                "body": " ".join(fold(row["body"])),
            }
            for row in rows
        ]
        if spaced:
            self._connection.execute(text(statement), spaced)

    def openings(self, publication: str, owners: Sequence[str], length: int) -> dict[str, str]:
        """The first `length` characters of the bodies of articles, by id, without the rest of them."""
        found: dict[str, str] = {}
        for start in range(0, len(owners), BATCH):
            query = select(texts.c.owner, func.substr(texts.c.body, 1, length).label("opening")).where(
                texts.c.publication == publication,
                texts.c.kind == "article",
                texts.c.owner.in_(owners[start : start + BATCH]),
            )
            found |= {row.owner: row.opening for row in self._connection.execute(query)}
        return found

    def rebuild(self) -> None:
        """Makes the index anew from the texts, as after a restore."""
        if self._fts:
            self._connection.execute(text("INSERT INTO text_index (text_index) VALUES ('delete-all')"))
        query = select(*_INDEXED).order_by(texts.c.row).limit(BATCH)
        rows = self._connection.execute(query).mappings().all()
        while rows:
            if self._fts:
                self._index("", rows)
            for row in () if self._fts else rows:
                self._connection.execute(update(texts).where(texts.c.row == row["row"]).values(_folded(row)))
            rows = self._connection.execute(query.where(texts.c.row > rows[-1]["row"])).mappings().all()

    def find(self, publication: str, query: str, *, kind: Kind | None = None, limit: int = 20, offset: int = 0) -> Hits:
        """One page of the texts that hold every word of the query (words are parted by blanks), newest first."""
        words = _words(query)
        if not words:
            return Hits(hits=(), total=0)
        given = self._given(publication, words, kind)
        dialect, page = self._connection.dialect, given | {"limit": limit, "offset": offset}
        rows = self._connection.execute(_page(dialect), page).mappings().all()
        if not rows and offset:
            total = self._connection.execute(_count(dialect), given).scalar_one()
            return Hits(hits=(), total=total)
        pattern = highlighter(words)
        return Hits(hits=tuple(_hit(row, pattern) for row in rows), total=rows[0]["total"] if rows else 0)

    def owners(self, publication: str, query: str, kind: Kind) -> Select[Any]:
        """A query for whose texts hold every word: of the most recently stored ones, up to `MOST`."""
        words = _words(query)
        if not words:
            return select(texts.c.owner).where(false())
        found = _matching(self._fts).params(self._given(publication, words, kind)).subquery()
        return select(texts.c.owner).join(found, texts.c.row == found.c.row)

    def _given(self, publication: str, words: Sequence[str], kind: Kind | None) -> dict[str, Any]:
        """The values of what `_matching` asks for."""
        here = belonging(publication, kind)
        if self._fts:
            return {"match": " AND ".join((f"belongs: {here}", *(f'"{" ".join(word)}"' for word in words)))}
        return {"words": words, "grams": sorted({here}.union(*map(pairs, words)))}

    def passages(
        self, publication: str, query: str, kind: Kind, owners: Sequence[str]
    ) -> dict[str, tuple[tuple[tuple[str, bool], ...], ...]]:
        """The places in these owners' texts where the words of the query stand."""
        words = _words(query)
        if not words or not owners:
            return {}
        pattern = highlighter(words)
        same = (texts.c.publication == publication, texts.c.kind == kind, texts.c.owner.in_(owners))
        rows = self._connection.execute(select(texts.c.owner, texts.c.body).where(*same))
        return {row.owner: passages(row.body, pattern) for row in rows}


def _words(query: str) -> list[str]:
    return [word for word in map(fold, query.split()) if word]


def _matching(fts: bool) -> Select[Any]:
    """Row and date of the texts that hold every word, of the most recently stored ones."""
    rows = select(texts.c.row, texts.c.date).limit(MOST)
    if fts:
        holds = literal_column("text_index").op("MATCH")(bindparam("match"))
        return rows.join(_INDEX, texts.c.row == _INDEX.c.rowid).where(holds).order_by(_INDEX.c.rowid.desc())
    may_hold = texts.c.grams.contains(bindparam("grams", type_=GRAMS))
    # Not LIKE: of that PostgreSQL thinks that it lets nothing more through, and looks at every text for a common word
    # (of 30 000 texts 20 ms instead of 590 for one that all of them hold).
    word = func.unnest(bindparam("words", type_=GRAMS)).column_valued("word")
    each_holds = literal(0) < all_(select(func.strpos(texts.c.folded, word)).scalar_subquery())
    return rows.where(may_hold, each_holds).order_by(texts.c.row.desc())


@lru_cache(maxsize=2)
def _page(dialect: Dialect) -> Executable:
    """One page, newest first, with the number of all; compiled once, for SQLAlchemy takes as long as the database."""
    found = _matching(dialect.name == "sqlite").subquery()
    # Counted in passing: the index is asked once.
    ordered = select(found.c.row, found.c.date, func.count().over().label("total"))
    order = (found.c.date.desc().nulls_last(), found.c.row.desc())
    limits = (bindparam("limit", type_=Integer), bindparam("offset", type_=Integer))
    page = ordered.order_by(*order).limit(limits[0]).offset(limits[1]).subquery()
    shown = select(*(texts.c[name] for name in SHOWN), page.c.total).join(page, texts.c.row == page.c.row)
    return _compiled(shown.order_by(page.c.date.desc().nulls_last(), texts.c.row.desc()), dialect)


@lru_cache(maxsize=2)
def _count(dialect: Dialect) -> Executable:
    """How many texts hold every word, up to `MOST`."""
    return _compiled(select(func.count()).select_from(_matching(dialect.name == "sqlite").subquery()), dialect)


def _compiled(statement: Select[Any], dialect: Dialect) -> Executable:
    # What is compiled can be executed; only the annotations of SQLAlchemy do not say so.
    return cast(Executable, statement.compile(dialect=dialect))


def _folded(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What PostgreSQL looks at."""
    # A line end between them, which no folded word holds.
    parts = (fold(row["title"]), fold(row["body"]))
    return {"folded": "\n".join(parts), "grams": sorted(pairs(parts[0]).union(pairs(parts[1]), _belongings(row)))}


def _belongings(row: Mapping[Any, Any]) -> tuple[str, str]:
    return belonging(row["publication"], row["kind"]), belonging(row["publication"])


def belonging(publication: str, kind: Kind | None = None) -> str:
    """The word of the index for what a publication holds of a kind, or of any: longer than a character or a pair."""
    return f"{kind or 'text'}{publication.encode().hex()}"


def fold(text: str) -> str:
    """The letters, digits and characters of a text, in one width and case."""
    return "".join(filter(str.isalnum, normalized(text).casefold()))


def pairs(folded: str) -> set[str]:
    """Every two neighbours in a folded text."""
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def highlighter(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern that finds the folded words in a text as it was written."""
    return re.compile("|".join(r"[\W_]*".join(map(_any_width, word)) for word in words), re.IGNORECASE)


def _any_width(character: str) -> str:
    wide = chr(ord(character) + 0xFEE0) if character.isascii() else ""
    return f"[{character}{wide}]"


def passages(body: str, pattern: re.Pattern[str]) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """The first places of a text where the pattern matches, each as pieces with whether they match."""
    found: list[tuple[tuple[str, bool], ...]] = []
    at = 0
    while len(found) < PASSAGES and (match := pattern.search(body, at)):
        start = max(at, match.start() - AROUND)
        end = min(len(body), match.end() + AROUND)
        found.append(tuple(_pieces(body[start:end], pattern)))
        at = end
    return tuple(found)


def _pieces(passage: str, pattern: re.Pattern[str]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in pattern.finditer(passage):
        pieces += [(passage[at : match.start()], False), (match.group(), True)]
        at = match.end()
    pieces.append((passage[at:], False))
    return [(text.replace("\n", " "), hit) for text, hit in pieces if text]


def _article_row(article: Article) -> dict[str, Any]:
    return {"title": article.title, "unit": article.unit, "date": article.date, "body": article.body}


def _entry_row(entry: Entry, issue: Issue) -> dict[str, Any]:
    body = "\n".join(block.plain for block in entry.blocks if block.plain)
    return {"title": entry.title, "unit": entry.unit, "date": entry.date or issue.date, "body": body}


def _hit(row: Mapping[Any, Any], pattern: re.Pattern[str]) -> Hit:
    fields = {name: row[name] for name in SHOWN if name != "body"}
    return Hit(**fields, passages=passages(row["body"], pattern))
