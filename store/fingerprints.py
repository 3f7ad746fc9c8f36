"""Which articles are filed under which keys of fingerprints: those that share some may repeat each other.

The cost is that of looking the keys up, however large the archive: the table is its own index.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select

from store.ground import hold_arrivals, insert_all_new
from store.schema import bands

BATCH = 1000
"""Keys in one IN (...): a batch of an intake has some 3000."""


class Fingerprints:
    """The keys of every publication's articles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, publication: str) -> None:
        """From here to the end of the unit nobody else files articles of the publication."""
        hold_arrivals(self._connection, publication)

    def add(self, publication: str, filed: Iterable[tuple[int, str]]) -> None:
        """Files articles under keys (whole numbers of 63 bits), the pairs of a key and an article."""
        rows = [{"publication": publication, "key": key, "article": article} for key, article in filed]
        insert_all_new(self._connection, bands, rows)

    def remove(self, publication: str, article: str) -> None:
        """Forgets an article, whose text has changed."""
        where = (bands.c.publication == publication, bands.c.article == article)
        self._connection.execute(delete(bands).where(*where))

    def buckets(self, publication: str, keys: Sequence[int]) -> dict[int, list[str]]:
        """The articles that are filed under each of the keys; an empty list where there is none."""
        found: dict[int, list[str]] = {key: [] for key in keys}
        for start in range(0, len(keys), BATCH):
            query = select(bands.c.key, bands.c.article).where(
                bands.c.publication == publication, bands.c.key.in_(keys[start : start + BATCH])
            )
            for key, article in self._connection.execute(query):
                found[key].append(article)
        return found
