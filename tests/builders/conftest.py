"""Issues printed once for all tests that look at pages."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from builders.libreoffice import find_office
from builders.printing import Printed, print_issue
from builders.style import HouseStyle, load_style
from bulletin.model import Issue
from tests.builders.samples import PICTURES, issue
from tests.tools import lacking

# Its assertions tell what differs, as those of tests do.
pytest.register_assert_rewrite("tests.builders.reading")


@pytest.fixture(scope="session")
def office() -> Path:
    """LibreOffice, with fonts that stand in for the Chinese ones."""
    found = find_office()
    reason = "" if found else "LibreOffice is not installed"
    if not reason and shutil.which("fc-match"):
        said = subprocess.run(["fc-match", "-f", "%{lang}", "仿宋"], capture_output=True, text=True, check=False).stdout
        reason = "" if "zh-cn" in said.split("|") else "no Chinese fonts (run scripts/install-fonts.sh)"
    if reason or found is None:
        lacking(reason)
    return found


Printer = Callable[..., tuple[Issue, HouseStyle, Printed]]


@pytest.fixture(scope="session")
def printed(office: Path) -> Printer:
    """Prints the sample issue of so many articles, each only once."""

    @cache
    def of(
        articles: int, style: str = "default", rich: bool = False, paragraphs: int = 4
    ) -> tuple[Issue, HouseStyle, Printed]:
        sample, house = issue(articles, rich=rich, paragraphs=paragraphs), load_style(style)
        return sample, house, print_issue(sample, house, PICTURES, office)

    return of
