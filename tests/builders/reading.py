"""Reading back what was printed, and comparing it with what was to be printed."""

from bulletin.footnotes import note_mark
from bulletin.model import Article, BackIssue, Block, Entry, Issue, Submission
from bulletin.pieces import pieces
from extractors.registry import extract


def read_back(docx: bytes) -> Issue:
    (piece,) = pieces(extract(Submission(name="issue.docx", content=docx)))
    assert isinstance(piece, BackIssue)
    return piece.issue


def blocks_of(entry: Entry | Article) -> list[Block]:
    """The blocks, but for where they were read; notes that stand at the foot of a page after the rest."""
    blocks = [block.model_copy(update={"at": ()}) for block in entry.blocks]
    return sorted(blocks, key=lambda block: bool(note_mark(block)))


def assert_same(one: Issue, other: Issue) -> None:
    for name in ("publication", "number", "date", "issuer", "note", "copies", "distribution", "secrecy", "copy_number"):
        assert getattr(other, name) == getattr(one, name)
    assert [section.name for section in other.sections] == [section.name for section in one.sections]
    for mine, theirs in zip(one.entries, other.entries, strict=True):
        for name in ("title", "subtitle", "unit", "author", "note"):
            assert getattr(theirs, name) == getattr(mine, name)
        assert blocks_of(theirs) == blocks_of(mine)
