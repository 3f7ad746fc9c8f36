"""`bulletin compile` killed at any moment, or called many times at once: one number, nothing lost or doubled."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.commands import LONG, command, printed
from tests.conftest import ROOT

COMPILE = ("compile", str(ROOT / "data" / "samples"), "--date", "2026-11-20", "--local", "--json")

MANY = 8
"""Whole commands at once; sixteen triggers race for a number in tests/store/test_ledger.py."""

pytestmark = pytest.mark.slow


def compile_samples(home: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(printed(home, *COMPILE))
    return result


def summary(result: dict[str, Any]) -> tuple[object, ...]:
    """What must not depend on interruptions: the number, the articles in their order, and what waits."""
    articles = [line["id"] for line in result["articles"]]
    assert len(set(articles)) == len(articles)
    return result["number"], sorted(articles), sorted(line["id"] for line in result["spare"])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[object, ...], float]:
    """The result of a run that nobody interrupts, and how long it took."""
    started = time.monotonic()
    result = compile_samples(tmp_path_factory.mktemp("undisturbed"))
    return summary(result), time.monotonic() - started


@pytest.mark.parametrize("share", [0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
def test_killed_at_any_moment_and_run_again(
    tmp_path: Path, undisturbed: tuple[tuple[object, ...], float], share: float
) -> None:
    expected, seconds = undisturbed
    words = command(tmp_path, *COMPILE)
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds * share)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert summary(compile_samples(tmp_path)) == expected


def test_many_at_once_make_one_draft(tmp_path: Path, undisturbed: tuple[tuple[object, ...], float]) -> None:
    words = command(tmp_path, *COMPILE)
    processes = [
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(MANY)
    ]
    results = []
    for process in processes:
        out, error = process.communicate(timeout=LONG)
        assert process.returncode == 0, error
        results.append(json.loads(out))
    assert len({result["issue"] for result in results}) == 1
    assert {result["number"] for result in results} == {1}
    listed = printed(tmp_path, "issue", "list", "--json").splitlines()
    assert [json.loads(line)["number"] for line in listed] == [1]
    assert summary(compile_samples(tmp_path)) == undisturbed[0]
