"""What a growing archive costs: the same week's work with 1 000, 10 000 and 100 000 articles in the store."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.material import articles, write_submissions
from benchmarks.measure import call
from benchmarks.report import Bars, Check, Section, Table
from benchmarks.sql import raw_search
from bulletin.fingerprint import fingerprint
from bulletin.model import Article
from services.context import Office, open_office
from services.duplicates import find_likeness, formulas, remember
from services.intake import receive_and_read
from services.publish import assemble
from services.requests import CompileRequest
from services.settings import read_settings
from store.records import ArticleState

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (30, 60, 120)
LENGTH = 700
"""Characters of an archived article: a past issue prints them shorter than they arrive."""
LOADED = 500
"""Articles in one transaction of the loading, which is not measured."""
WEEK = 30
"""Submissions of one week."""
QUERIES = ("湿地", "数据比对", "结对帮扶 渔港", "老街改造", "口袋书 操作要点", "隐患排查 变电站", "敬老院", "读书")


def run(quick: bool = False) -> Section:
    """Every size in turn, round after round."""
    sizes, rounds = (QUICK_SIZES, 1) if quick else (SIZES, 7)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        homes = grow(folder, sizes)
        found: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}
        for number in range(rounds + 1):  # the first round warms every home alike
            inbox = folder / f"week{number}"
            write_submissions(inbox, WEEK, seed=5_000 + number)
            for size, home in homes.items():
                for what, seconds in _week(home, inbox, number).items():
                    if number or quick:
                        found[size].setdefault(what, []).append(seconds)
    return _section(sizes, {size: {what: statistics.median(s) for what, s in by.items()} for size, by in found.items()})


def _section(sizes: tuple[int, ...], medians: dict[int, dict[str, float]]) -> Section:
    small, large = sizes[0], sizes[-1]

    def ratio(what: str) -> float:
        return medians[large][what] / medians[small][what]

    names = list(medians[small])
    return Section(
        name="growth",
        title=f"A growing archive: {small:,}, {sizes[1]:,} and {large:,} articles",
        about=(
            f"The same {WEEK} submissions taken in, one new article searched for duplicates, {len(QUERIES)} searches by words, "
            "and the whole compile of the week, in stores that differ only in what they hold. Medians in milliseconds, the sizes in turn. "
            "Intake and draft are timed by the clock without the start of the program; LibreOffice is left out, "
            "for it never sees the archive."
        ),
        tables=[
            Table(
                ("", *(f"{size:,}" for size in sizes), f"{large:,} / {small:,}"),
                tuple((name, *(medians[size][name] * 1000 for size in sizes), ratio(name)) for name in names),
            )
        ],
        checks=[
            Check("one new article against the whole archive", ratio("duplicates of one article"), 1.3),
            Check("a week's run, intake to draft", ratio("week: intake and draft"), 1.2),
            Check(
                "p95 of a search against the raw SQL query's",
                medians[large]["search p95"] / medians[large]["raw SQL p95"],
                1.5,
            ),
        ],
        plots=[
            Bars(
                "A week's intake and draft",
                "ms",
                tuple((f"{s:,}", medians[s]["week: intake and draft"] * 1000) for s in sizes),
            ),
            Bars(
                "Duplicates of one article",
                "ms",
                tuple((f"{s:,}", medians[s]["duplicates of one article"] * 1000) for s in sizes),
            ),
        ],
    )


# ---------------------------------------------------------------- the archive


def grow(folder: Path, sizes: tuple[int, ...]) -> dict[int, Path]:
    """A home for each size; each holds what the smaller one holds, and more."""
    homes: dict[int, Path] = {}
    supply = articles(sizes[-1], seed=77, length=LENGTH)
    held = 0
    for size in sizes:
        home = folder / f"home{size}"
        if homes:
            shutil.copytree(homes[held], home)
        with _open(home) as office:
            load(office, islice(supply, size - held))
        homes[size], held = home, size
    return homes


def load(office: Office, supply: Iterator[Article]) -> None:
    """Old articles put into the store as `bulletin archive bring-in` leaves them."""
    key = office.publication.key
    while batch := list(islice(supply, LOADED)):
        with office.store.transaction() as unit:
            for article in batch:
                if not unit.articles.add(key, article, state=ArticleState.OLD):
                    raise AssertionError(f"{article.title} is there already")
                remember(office, unit, article, fingerprint(article, formulas()))


@contextmanager
def _open(home: Path) -> Iterator[Office]:
    opened = open_office(read_settings(home))
    try:
        yield opened
    finally:
        opened.store.close()


# ---------------------------------------------------------------- the week


def _week(home: Path, inbox: Path, number: int) -> dict[str, float]:
    """Seconds of each piece of one week's work."""
    request = CompileRequest(date=date(2030, 1, 4) + timedelta(weeks=number), out=str(home / "out"))
    with _open(home) as office:
        _ = office.classifier, office.lexicon, office.actors
        taken = call(lambda: receive_and_read(office, [str(inbox)], lambda *_: None)).wall
        drafted = call(lambda: assemble(office, request)).wall
        found = {"intake of a week": taken, "draft of a week": drafted, "week: intake and draft": taken + drafted}
        found["duplicates of one article"] = _duplicates(office, number)
        key = office.publication.key
        with office.store.reading() as unit:
            found["search p95"] = _p95(lambda query: unit.search.find(key, query, limit=20))
            found["raw SQL p95"] = _p95(lambda query: raw_search(unit, key, query, limit=20))
    return found


def _duplicates(office: Office, number: int) -> float:
    """The median of one search for an article that is new."""
    times = []
    with office.store.reading() as unit:
        for article in articles(12, seed=9_000 + number):
            times.append(call(lambda article=article: find_likeness(office, unit, article)).wall)  # type: ignore[misc]
    return statistics.median(times)


def _p95(search: Callable[[str], object]) -> float:
    times = []
    for query in QUERIES * 4:
        began = time.perf_counter()
        search(query)
        times.append(time.perf_counter() - began)
    return sorted(times)[int(0.95 * len(times))]
