"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.processes import START
from tests.tools import require

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says how busy the machine is, and nothing of the code. A change is judged by the same examples
# each time; new ones are met where somebody is there to look at them.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: with one of them left to the end, one process works and the others wait."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents and labelled data; it is not part of the project."""
    folder = Path(os.environ.get("BULLETIN_CORPUS") or ROOT.parent / "shared")
    if not (folder / "seeds").is_dir():
        pytest.skip(f"no corpus of real documents at {folder} (set BULLETIN_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for all tests of a process: Playwright's loop runs once in each."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(require("chromium")), args=["--no-sandbox"], timeout=1000 * START
        )
        yield browser
        browser.close()
