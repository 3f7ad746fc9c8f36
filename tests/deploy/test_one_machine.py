"""docs/deploy.md, followed word by word: a service on one machine that makes an issue."""

import configparser
import importlib.metadata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from packaging.specifiers import SpecifierSet

from services import prefect_server
from tests.conftest import ROOT
from tests.deploy.blocks import steps
from tests.deploy.guides import Machine
from tests.processes import START

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service")) + sorted((ROOT / "deploy" / "systemd").glob("*.timer"))

PINS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "machine")
    yield made
    made.stop()


@pytest.mark.slow
def test_the_guide_leads_to_a_service_that_makes_an_issue(machine: Machine) -> None:
    machine.follow(ROOT / "docs" / "deploy.md")
    printed = dict(machine.said)
    assert "第455期" in printed["sudo bulletin-run bulletin issue list"]
    assert "没有问题" in printed["sudo bulletin-run bulletin verify"]
    with zipfile.ZipFile(machine.folder / "backups" / "today.zip") as archive:
        assert {"manifest.json", "home/settings.toml", "home/publications/default.toml"} <= set(archive.namelist())
    assert (machine.folder / "backups" / "open" / "default" / "articles.csv").is_file()
    machine.wait_for("bulletin-desk", "8455")
    assert requests.get(f"http://127.0.0.1:{machine.ports['8455']}/", timeout=START).status_code == 200
    api = f"http://127.0.0.1:{machine.ports['4200']}/api"
    with prefect_server.patient() as session:
        deployments = session.post(f"{api}/deployments/filter", json={}, timeout=START).json()
    assert {"weekly", "manual", "distribute"} <= {one["name"] for one in deployments}


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_name_what_is_there(unit: Path) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, "utf-8")
    assert parser["Unit"]["Description"].startswith("工作简报")
    if unit.suffix == ".service":
        assert parser["Service"]["User"] == "bulletin"
        assert parser["Service"]["WorkingDirectory"] == "/opt/bulletin"
        assert parser["Service"]["EnvironmentFile"] == "/etc/bulletin/bulletin.env"


def test_the_guides_install_every_unit() -> None:
    guides = [ROOT / "docs" / name for name in ("deploy.md", "deploy-large.md")]
    commands = "".join(block for guide in guides for step in steps(guide).values() for block in step.blocks)
    for unit in UNITS:
        assert f"deploy/systemd/{unit.name}" in commands


def test_every_pinned_version_runs_on_the_python_of_the_guide() -> None:
    """Debian 12 has Python 3.11.2; a version that asks for a later 3.11 makes the guide's third step fail."""
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in PINS if "==" in line}
    for found in importlib.metadata.distributions():
        if found.name.lower().replace("_", "-") in pinned and (needs := found.metadata.get("Requires-Python")):
            assert SpecifierSet(needs).contains("3.11.2"), f"{found.name} {found.version} {needs}"
