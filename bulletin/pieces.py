"""What one document turns out to be: a past issue, a study plan, a collection or an article."""

from collections.abc import Collection

from bulletin.backissue import read_issue
from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.model import Document, Piece
from bulletin.structure import structure
from bulletin.studyplan import read_plan


def pieces(document: Document, undo: Collection[str] = ()) -> tuple[Piece, ...]:
    """The pieces of a document as read, cleaned; `undo` holds the keys of changes not to make.

    Raises NumberingError or FormatError for a past issue whose number or date cannot be read.
    """
    cleaned = clean(document, undo)
    if issue := read_issue(cleaned):
        return (issue,)
    if plan := read_plan(cleaned):
        return (plan,)
    parts = split(cleaned, undo) or (cleaned,)
    return tuple(structure(part, undo).model_copy(update={"part": number}) for number, part in enumerate(parts))
