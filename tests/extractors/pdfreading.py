"""What was read from a PDF, as tests compare it."""

from collections import Counter

from bulletin.model import Document, Submission
from extractors import pdf

Expected = list[str | tuple[tuple[str, ...], ...]]


def read(content: bytes) -> Document:
    return pdf.read(Submission(name="稿件.pdf", content=content))


def shown(document: Document) -> Expected:
    """The blocks as text, tables as rows."""
    return [block.rows or block.text for block in document.blocks]


def rules(document: Document) -> Counter[str]:
    return Counter(change.rule for change in document.changes)


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def kept(document: Document) -> Counter[str]:
    """The visible characters in the blocks and in what the changes took away."""
    removed = (change.before for change in document.changes if change.rule != "page-break")
    return visible("".join(block.plain for block in document.blocks) + "".join(removed))
