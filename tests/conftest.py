"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents and labelled data; it is not part of the project."""
    folder = Path(os.environ.get("BULLETIN_CORPUS") or ROOT.parent / "shared")
    if not (folder / "seeds").is_dir():
        pytest.skip(f"no corpus of real documents at {folder} (set BULLETIN_CORPUS)")
    return folder
