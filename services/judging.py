"""The verdicts on articles: section, likeness, hints and abstract, from the domain's rules and the reference data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bulletin.model import Article, Frozen, Hint, Piece, Publication, Verdict
from services.settings import REFERENCE, Settings

if TYPE_CHECKING:
    from bulletin.classify import Classifier
    from services.context import Office


class Judgement(Frozen):
    """All that the machine thinks of an article on its own; likeness needs the pool."""

    verdict: Verdict
    hints: tuple[Hint, ...]
    abstract: str


def judge(office: "Office", articles: Sequence[Article]) -> list[Judgement]:
    """One Judgement an article, in order."""
    from bulletin.proofread import proofread
    from bulletin.summary import abstract

    if not articles:
        return []
    verdicts = office.classifier.classify(articles)
    return [
        Judgement(verdict=verdict, hints=proofread(article, office.lexicon), abstract=abstract(article))
        for article, verdict in zip(articles, verdicts, strict=True)
    ]


def load_classifier(settings: Settings, publication: Publication) -> "Classifier":
    """The publication's classifier: rules and model of the home where it has its own, else the shipped ones."""
    from services.training import load_classifier as load

    return load(REFERENCE, publication, settings.home)


def proofread_piece(piece: Piece) -> tuple[Hint, ...]:
    """The hints on an article or a past issue; a plan has none."""
    from bulletin.proofread import proofread
    from services.reference import load_lexicon

    lexicon = load_lexicon(REFERENCE)
    return proofread(piece, lexicon) if isinstance(piece, Article) else ()
