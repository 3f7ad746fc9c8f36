"""Programs that some tests need."""

import os
import shutil

import pytest


def require(tool: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CI=true (nothing may be missing there)."""
    path = shutil.which(tool)
    if path is None:
        reason = f"{tool} is not installed"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{reason}, and CI runs every test")
        pytest.skip(reason)
    return path
