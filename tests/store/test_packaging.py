"""The migrations are part of the installation."""

import tomllib

from setuptools import find_packages

from store.upgrade import MIGRATIONS
from tests.conftest import ROOT


def test_an_installation_has_the_migrations():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    packages = find_packages(str(ROOT), include=settings["include"])
    assert {"store.migrations", "store.migrations.versions"} <= set(packages)
    assert (MIGRATIONS / "env.py").is_file()
