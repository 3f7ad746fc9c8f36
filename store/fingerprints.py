"""Which articles share a fingerprint key with a new one: candidates for being its duplicates.

The cost is that of looking the keys up, however large the archive: the table is its own index,
and of one key only BUCKET articles are kept.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select

from store.ground import insert_all_new
from store.schema import bands

BUCKET = 48
"""Articles kept of one key: a key that so many share is formula (贯彻落实…) and proves nothing.
It is bulletin.similarity.BUCKET_CAP, which a short command need not load."""


class Fingerprints:
    """The keys of every publication's articles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, publication: str, article: str, keys: Iterable[int | str]) -> None:
        """Files an article under its keys (whole numbers of 63 bits)."""
        wanted = sorted(set(map(int, keys)))
        query = select(bands.c.key).where(bands.c.publication == publication, bands.c.key.in_(wanted))
        query = query.group_by(bands.c.key).having(func.count() >= BUCKET)
        full = set(self._connection.execute(query).scalars())
        rows = [{"publication": publication, "key": key, "article": article} for key in wanted if key not in full]
        insert_all_new(self._connection, bands, rows)

    def remove(self, publication: str, article: str) -> None:
        """Forgets an article, whose text has changed."""
        where = (bands.c.publication == publication, bands.c.article == article)
        self._connection.execute(delete(bands).where(*where))

    def candidates(self, publication: str, keys: Iterable[int | str], limit: int = 20) -> list[tuple[str, float]]:
        """The articles that share keys, with their votes, the likeliest first.

        A key's vote is divided among those that have it, so rarer keys count more; full ones do not count.
        """
        query = select(bands.c.key, bands.c.article).where(
            bands.c.publication == publication, bands.c.key.in_(sorted(set(map(int, keys))))
        )
        buckets: dict[int, list[str]] = {}
        for key, article in self._connection.execute(query):
            buckets.setdefault(key, []).append(article)
        votes: dict[str, float] = {}
        for _, bucket in sorted(buckets.items()):
            if len(bucket) < BUCKET:
                for article in bucket:
                    votes[article] = votes.get(article, 0.0) + 1 / len(bucket)
        return sorted(votes.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]
