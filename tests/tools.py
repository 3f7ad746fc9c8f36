"""Programs and libraries that some tests need."""

import importlib
import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

ADMINISTRATORS = Path("/usr/sbin")
"""Where servers are that not everybody has on the PATH."""


def lacking(reason: str) -> NoReturn:
    """Something is not there: the test is skipped, or fails where CI=true (nothing may be missing there)."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{reason}, and CI runs every test")
    pytest.skip(reason)


def require(tool: str) -> str:
    """The path of a program, which may be lacking."""
    path = shutil.which(tool) or shutil.which(tool, path=str(ADMINISTRATORS))
    return path or lacking(f"{tool} is not installed")


def require_module(name: str) -> ModuleType:
    """The library of an extra, which may be lacking."""
    try:
        return importlib.import_module(name)
    except ImportError:
        lacking(f"{name} is not installed")
