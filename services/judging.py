"""The verdicts on articles: section, likeness, hints and abstract, from the domain's rules and the reference data."""

from collections.abc import Sequence

from bulletin.model import Article, BackIssue, Frozen, Hint, Piece, Verdict
from services.readingroom import ReadingRoom
from services.settings import REFERENCE


class Judgement(Frozen):
    """All that the machine thinks of an article on its own; likeness needs the pool."""

    verdict: Verdict
    hints: tuple[Hint, ...]
    abstract: str


def judge(room: ReadingRoom, articles: Sequence[Article]) -> list[Judgement]:
    """One Judgement an article, in order."""
    from bulletin.proofread import proofread
    from bulletin.summary import abstract

    if not articles:
        return []
    verdicts = room.classifier.classify(articles)
    return [
        Judgement(verdict=verdict, hints=proofread(article, room.lexicon), abstract=abstract(article))
        for article, verdict in zip(articles, verdicts, strict=True)
    ]


def rank_of(room: ReadingRoom, title: str, unit: str, opening: str) -> tuple[int, str]:
    """The level of an article's acting body, 0 the highest, and its name for the reason."""
    from bulletin.places import Level

    actor = room.actors.acting(title, unit, opening)
    return Level.CENTRAL - actor.level, actor.name


def proofread_piece(piece: Piece) -> list[tuple[Hint, int | None, int | None]]:
    """The hints on an article, or on a past issue with section and entry; a plan has none."""
    from bulletin.proofread import proofread, proofread_issue
    from services.reference import load_lexicon

    lexicon = load_lexicon(REFERENCE)
    match piece:
        case Article():
            return [(hint, None, None) for hint in proofread(piece, lexicon)]
        case BackIssue():
            return [(found.hint, found.section, found.entry) for found in proofread_issue(piece.issue, lexicon)]
    return []
