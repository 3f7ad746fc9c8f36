"""What one document turns out to be: past issues, a study plan, a collection or an article."""

from collections.abc import Collection

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.errors import FormatError, NumberingError
from bulletin.model import Document, Piece, Publication
from bulletin.otherissues import articles_of, is_own, read_issues, unnumbered
from bulletin.structure import structure
from bulletin.studyplan import read_plan


def pieces(document: Document, undo: Collection[str] = (), own: Publication | None = None) -> tuple[Piece, ...]:
    """The pieces of a document as read, cleaned; `undo` holds the keys of changes not to make.

    With `own`, what is submitted to that publication: an issue of another bulletin is its articles. Raises
    NumberingError or FormatError for a past issue whose number or date cannot be read.
    """
    cleaned = clean(document, undo)
    try:
        issues = read_issues(cleaned)
    except (NumberingError, FormatError):
        if own and (found := unnumbered(cleaned, own, undo)):
            return found
        raise
    if issues:
        foreign = own is not None and not any(is_own(back.issue, own) for back in issues)
        return articles_of(cleaned, issues, undo) if foreign else issues
    if found := unnumbered(cleaned, own, undo):
        return found
    if plan := read_plan(cleaned):
        return (plan,)
    parts = split(cleaned, undo) or (cleaned,)
    return tuple(structure(part, undo).model_copy(update={"part": number}) for number, part in enumerate(parts))
