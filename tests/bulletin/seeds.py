"""Seed documents as the plain text reader delivers them: one line a block, blank lines left out."""

from pathlib import Path

from bulletin.model import Block, Document


def read_seed(corpus: Path, number: str) -> Document:
    path = next((corpus / "seeds").glob(f"{number}_*.txt"))
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    return Document(source=number.ljust(64, "0"), name=path.name, format="txt", blocks=blocks)
