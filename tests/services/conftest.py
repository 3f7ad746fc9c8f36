"""An office in an empty folder, with the clock standing still."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.context import Office, open_office
from services.settings import read_settings

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The default publication with nothing in its store, on Friday 20 November 2026."""
    opened = open_office(read_settings(tmp_path / "home"), clock=lambda: NOW)
    yield opened
    opened.store.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes submissions into a folder: inbox(name=text, ...) gives the folder."""

    def write(**texts: str) -> Path:
        folder = tmp_path / "inbox"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, "utf-8")
        return folder

    return write


def silent(_done: int, _total: int, _what: str = "", /) -> None:
    """Progress nobody watches."""
