"""Likeness against everything the publication has: the domain's search over the store's index."""

from collections.abc import Iterable

from bulletin.fingerprint import Fingerprint, Formulas, band_keys, fingerprint
from bulletin.model import Article, Likeness
from bulletin.similarity import GIVE_UP, Duplicates
from services.context import Office
from services.reference import load_formulas
from services.settings import REFERENCE
from store.database import Transaction


class PoolIndex:
    """The store's index of one publication, as the domain's search wants it."""

    def __init__(self, unit: Transaction, publication: str) -> None:
        self._unit = unit
        self._publication = publication
        self._fetched: dict[str, Article] = {}

    def candidates(self, keys: Iterable[int], limit: int) -> list[str]:
        """As the domain wants it; the first ones, which a search is sure to ask for, are fetched together."""
        found = [identity for identity, _ in self._unit.fingerprints.candidates(self._publication, keys, limit)]
        self._fetched = self._unit.articles.contents(self._publication, found[:GIVE_UP])
        return found

    def article(self, id: str) -> Article | None:
        return self._fetched.get(id) or self._unit.articles.contents(self._publication, [id]).get(id)

    def add(self, id: str, trace: Fingerprint, article: Article) -> None:
        self._unit.fingerprints.add(self._publication, id, band_keys(trace))


def formulas() -> Formulas:
    """The fixed phrases of the genre, which prove nothing when two articles share them."""
    return load_formulas(REFERENCE)


def find_likeness(office: Office, unit: Transaction, article: Article, trace: Fingerprint | None = None) -> Likeness:
    """Which article of the publication's pool or archive this one repeats; of versions, the first.

    `trace` is its fingerprint where that is known already.
    """
    likeness = Duplicates(PoolIndex(unit, office.publication.key), formulas()).find(article, trace=trace)
    if likeness.duplicate_of is None:
        return likeness
    first = unit.articles.get(office.publication.key, likeness.duplicate_of)
    return likeness.model_copy(update={"duplicate_of": first.duplicate_of or first.id})


def remember(office: Office, unit: Transaction, article: Article, trace: Fingerprint | None = None) -> None:
    """Make the article known to every later search; its earlier text is forgotten."""
    unit.fingerprints.remove(office.publication.key, article.id)
    PoolIndex(unit, office.publication.key).add(article.id, trace or fingerprint(article, formulas()), article)


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
