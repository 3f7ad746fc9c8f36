"""The lexicons of the reference folder, read into the domain's values."""

from functools import lru_cache
from pathlib import Path

from bulletin.fingerprint import Formulas
from bulletin.proofing.lexicon import Lexicon

_FOLDER = "lexicons"


@lru_cache(maxsize=4)
def load_lexicon(reference: Path) -> Lexicon:
    """The proofreading lexicon of `reference`/lexicons."""
    return Lexicon.parse(
        misspellings=_read(reference, "misspellings.tsv"),
        phrases=_read(reference, "phrases.txt"),
        doublings=_read(reference, "doublings.txt"),
    )


@lru_cache(maxsize=4)
def load_formulas(reference: Path) -> Formulas:
    """The formulas (套话) of `reference`/lexicons with their document frequencies."""
    return Formulas.parse(_read(reference, "formulas.tsv"))


def _read(reference: Path, name: str) -> str:
    return (reference / _FOLDER / name).read_text(encoding="utf-8")
