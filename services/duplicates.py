"""Likeness against everything the publication has: the domain's search over the store's index."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from bulletin.fingerprint import Fingerprint, Formulas, band_keys, fingerprint
from bulletin.model import Article, Likeness
from bulletin.similarity import GIVE_UP, Duplicates, MemoryIndex
from services.context import Office
from services.reference import load_formulas
from services.settings import REFERENCE
from store.database import Transaction


def formulas() -> Formulas:
    """The fixed phrases of the genre, which prove nothing when two articles share them."""
    return load_formulas(REFERENCE)


KEPT = 2000
"""Articles kept in memory from one unit of work to the next, some 20 MB."""


class Pool:
    """The articles of one publication in one unit of work, to ask which of them a new one repeats.

    What it is told to remember it knows at once, and writes down when it is left.
    """

    def __init__(self, office: Office, unit: Transaction, known: dict[str, Article] | None = None) -> None:
        """`known`: articles that were read for earlier units of the same run; this one adds its own."""
        self._unit = unit
        self._publication = office.publication.key
        self._known = {} if known is None else known
        # Never within a unit: what that remembers need not be in the store yet.
        if len(self._known) >= KEPT:
            self._known.clear()
        self._index = MemoryIndex(articles=self._known)
        self._filed: list[tuple[int, str]] = []
        self._search = Duplicates(self, formulas())

    def __enter__(self) -> Self:
        self._unit.fingerprints.hold(self._publication)
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if kind is None:
            self.settle()

    def settle(self) -> None:
        """Writes down what it was told, and asks the store anew from now on: others may have written too."""
        self._unit.fingerprints.add(self._publication, self._filed)
        self._filed.clear()
        self._index.buckets.clear()

    def expect(self, traces: Iterable[Fingerprint]) -> None:
        """Asks the store once for all keys that are soon looked for, not once for every article."""
        self._load({key for trace in traces for key in band_keys(trace)})

    def find_likeness(self, article: Article, trace: Fingerprint | None = None) -> Likeness:
        """Which article of the publication's pool or archive this one repeats.

        `trace` is its fingerprint where that is known already.
        """
        return self._search.find(article, trace=trace)

    def remember(self, article: Article, trace: Fingerprint | None = None) -> None:
        """Makes a new article known to every later search."""
        self.add(article.id, trace or fingerprint(article, formulas()), article)

    def renew(self, article: Article) -> None:
        """Makes an article known as it is now; its earlier text is forgotten."""
        self.settle()
        self._unit.fingerprints.remove(self._publication, article.id)
        self.remember(article)

    # What the domain's search asks of an index (bulletin.similarity.Index).

    def candidates(self, keys: Iterable[int], limit: int) -> list[str]:
        """The ids of those that share keys; the first ones, which a search is sure to ask for, are fetched together."""
        wanted = tuple(keys)
        self._load(wanted)
        found = self._index.candidates(wanted, limit)
        self._fetch([identity for identity in found[:GIVE_UP] if identity not in self._known])
        return found

    def article(self, id: str) -> Article | None:
        if id not in self._known:
            self._fetch([id])
        return self._known.get(id)

    def add(self, id: str, trace: Fingerprint, article: Article) -> None:
        self._load(band_keys(trace))
        self._filed += ((key, id) for key in self._index.file(id, band_keys(trace)))
        self._known[id] = article

    def _load(self, keys: Iterable[int]) -> None:
        unknown = sorted(key for key in keys if key not in self._index.buckets)
        if unknown:
            self._index.buckets |= self._unit.fingerprints.buckets(self._publication, unknown)

    def _fetch(self, ids: Sequence[str]) -> None:
        if ids:
            self._known |= self._unit.articles.contents(self._publication, ids)


def find_among(articles: Iterable[Article], identities: Iterable[str]) -> list[Likeness]:
    """Which articles of a list repeat an earlier one; `duplicate_of` is the identity of the first of its kind."""
    index = Duplicates(formulas=formulas())
    firsts: dict[str, str] = {}
    found: list[Likeness] = []
    for place, (article, identity) in enumerate(zip(articles, identities, strict=True)):
        # Identities of the caller's may repeat; places in the list do not.
        name = str(place)
        likeness = index.find(article, name)
        firsts[name] = firsts[likeness.duplicate_of] if likeness.duplicate_of else identity
        index.add(article, name)
        found.append(likeness.model_copy(update={"duplicate_of": firsts[name]}) if likeness.duplicate_of else likeness)
    return found
