"""Which articles share a fingerprint band with a new one: candidates for being its duplicates.

The cost is that of looking the keys up, however large the archive: the table is its own index,
and of a key that too many articles share only the first BUCKET are read.
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from store.ground import insert_all_new
from store.schema import bands

BUCKET = 64
"""Articles read of one key: a band that more articles share is formula (贯彻落实…), not a copy."""


class Fingerprints:
    """The band keys of every publication's articles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, publication: str, article: str, keys: Iterable[str]) -> None:
        """Files an article under its keys."""
        rows = [{"publication": publication, "key": key, "article": article} for key in sorted(set(keys))]
        insert_all_new(self._connection, bands, rows)

    def remove(self, publication: str, article: str) -> None:
        """Forgets an article, whose text has changed."""
        where = (bands.c.publication == publication, bands.c.article == article)
        self._connection.execute(delete(bands).where(*where))

    def candidates(self, publication: str, keys: Iterable[str], limit: int = 20) -> list[tuple[str, int]]:
        """The articles that share keys, with how many, the likeliest first."""
        hits: Counter[str] = Counter()
        for key in set(keys):
            query = select(bands.c.article).where(bands.c.publication == publication, bands.c.key == key)
            hits.update(self._connection.execute(query.order_by(bands.c.article).limit(BUCKET)).scalars())
        return sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]
