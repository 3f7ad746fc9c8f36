"""Ten thousand articles in the pool make no page slow: a ratio of medians on one machine, never a time."""

import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from services.context import Office
from services.publish import assemble
from services.requests import CompileRequest
from store.records import ArticleFilter, ArticleState
from tests.desk.conftest import PASSWORD, PATIENCE, Desk, serve
from tests.desk.samples import fill

pytestmark = pytest.mark.slow

FEW, MANY = 60, 10_000
RATIO = 2.0
"""How much slower a page may be with a full pool."""
ROUNDS = 9
ATTEMPTS = 4
"""A measurement that others on the machine disturbed is made again."""
PAGES = (
    "/intake",
    "/pool",
    "/pool?state=all",
    "/pool?words=学习活动&sort=date",
    "/pool?sort=title&ascending=true",
    "/arrange/{draft}",
    "/arrange/{draft}/pool",
    "/signing",
    "/signing/{draft}",
    "/archive",
    "/archive?words=学习",
    "/figures",
    "/runs",
)


def _with_draft(office: Office, more: int) -> int:
    """A draft of a few articles, and so many more in the pool."""
    fill(office, 12)
    draft = assemble(office, CompileRequest()).issue_id
    with office.store.transaction() as unit:
        free = unit.articles.ids(office.publication.key, ArticleFilter(states=(ArticleState.NEW,)))
        unit.articles.set_state(office.publication.key, free, ArticleState.REJECTED)
    fill(office, more)
    return draft


@pytest.fixture
def desks(staffed_home: Path, tmp_path: Path) -> Iterator[list[tuple[Desk, int]]]:
    """Two desks with the same draft: one with a page or two in its pool, one with a full pool.

    What grows with the pool is the question, not how long forty rows are.
    """
    with ExitStack() as stack:
        found = []
        for name, more in (("small", FEW), ("full", MANY)):
            shutil.copytree(staffed_home, tmp_path / name)
            desk = stack.enter_context(serve(tmp_path / name))
            found.append((desk, _with_draft(desk.office, more)))
        yield found


def _reader(desk: Desk) -> Callable[[str], float]:
    """A function that reads a page as a signed-in signer, and gives the seconds."""
    session = requests.Session()
    answer = session.post(
        f"{desk.address}/sign-in",
        data={"name": "signer", "password": PASSWORD},
        allow_redirects=False,
        timeout=PATIENCE,
    )
    assert answer.status_code == 303

    def read(path: str) -> float:
        begun = time.perf_counter()
        page = session.get(desk.address + path, timeout=PATIENCE)
        spent = time.perf_counter() - begun
        assert page.status_code == 200, path
        return spent

    return read


def test_a_full_pool_makes_no_page_slow(desks: list[tuple[Desk, int]]) -> None:
    (small, draft), (full, same) = desks
    assert draft == same
    readers = _reader(small), _reader(full)
    slow = {}
    for page in PAGES:
        path = page.format(draft=draft)
        ratios = []
        for _ in range(ATTEMPTS):
            times: tuple[list[float], list[float]] = ([], [])
            # By turns, so that whatever else the machine does falls on both.
            for _ in range(ROUNDS):
                for reader, kept in zip(readers, times, strict=True):
                    kept.append(reader(path))
            ratios.append(statistics.median(times[1]) / statistics.median(times[0]))
            if ratios[-1] <= RATIO:
                break
        if min(ratios) > RATIO:
            slow[page] = [round(ratio, 2) for ratio in ratios]
    assert slow == {}
