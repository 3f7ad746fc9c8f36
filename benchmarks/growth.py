"""What a growing archive costs: the same week's work with 1 000, 10 000 and 100 000 articles in the store."""

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.deskpages import PAGES, read_pages
from benchmarks.material import articles, write_submissions
from benchmarks.measure import call
from benchmarks.report import Bars, Check, Section, Table
from benchmarks.sql import DATED, STORED, raw_search
from bulletin.model import Article
from services.context import Office, open_office
from services.duplicates import Pool
from services.intake import receive_and_read
from services.publish import assemble
from services.requests import CompileRequest
from services.settings import read_settings
from store.records import ArticleChange, ArticleState

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (30, 60, 120)
SEED = 77
LENGTH = 700
"""Characters of an archived article: a past issue prints them shorter than they arrive."""
LOADED = 500
"""Articles in one transaction of the loading, which is not measured."""
WEEK = 30
"""Submissions of one week."""
WORDS = ("湿地", "数据比对", "结对帮扶 渔港", "老街改造", "口袋书 操作要点", "隐患排查 变电站", "敬老院", "读书")


TITLES = 12
"""Searches for one article by the beginning of its title, beside those by words that thousands of articles hold."""


def run(quick: bool = False) -> Section:
    """Every size in turn, round after round."""
    sizes, rounds = (QUICK_SIZES, 1) if quick else (SIZES, 7)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        homes = grow(folder, sizes)
        queries = (*WORDS, *(article.title[:8] for article in articles(TITLES, seed=SEED, length=LENGTH)))
        found: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}
        for number in range(rounds + 1):  # the first round warms every home alike
            inbox = folder / f"week{number}"
            write_submissions(inbox, WEEK, seed=5_000 + number)
            for size, home in homes.items():
                for what, seconds in _week(home, inbox, number, queries).items():
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
            f"The same {WEEK} submissions taken in, one new article searched for duplicates, {len(WORDS)} searches by common "
            f"words and {TITLES} by the beginning of a title, and the whole compile of the week, in stores that differ only in what "
            "they hold. Medians in milliseconds, the sizes in turn. A search counts its hits (up to 1,000), puts the newest 20 in "
            "order of their dates and marks the words in them; the raw statements fetch 20 rows, those stored last or the newest. "
            "Intake and draft are timed by the clock without the start of the program; LibreOffice is left out, "
            "for it never sees the archive. Pages of the desk are whole answers of the application, without a network."
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
                "p95 of a search against the raw MATCH ... LIMIT 20",
                medians[large]["search p95"] / medians[large]["raw MATCH ... LIMIT p95"],
                1.5,
            ),
            Check(
                "p95 of a search against the raw MATCH ... ORDER BY date LIMIT 20",
                medians[large]["search p95"] / medians[large]["raw MATCH ... ORDER BY date LIMIT p95"],
                1.5,
            ),
            Check("the page of the desk that grows most", max(map(ratio, PAGES)), 3),
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
    supply = articles(sizes[-1], seed=SEED, length=LENGTH)
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
        arrivals = [ArticleChange(article=article, state=ArticleState.OLD) for article in batch]
        with office.store.transaction() as unit, Pool(office, unit) as pool:
            if len(unit.articles.add_all(key, arrivals)) < len(batch):
                raise AssertionError("some articles are there already")
            for article in batch:
                pool.remember(article)


@contextmanager
def _open(home: Path) -> Iterator[Office]:
    opened = open_office(read_settings(home))
    try:
        yield opened
    finally:
        opened.store.close()


# ---------------------------------------------------------------- the week


def _week(home: Path, inbox: Path, number: int, queries: Sequence[str]) -> dict[str, float]:
    """Seconds of each piece of one week's work."""
    request = CompileRequest(date=date(2030, 1, 4) + timedelta(weeks=number), out=str(home / "out"))
    with _open(home) as office:
        _ = office.classifier, office.lexicon, office.actors
        taken = call(lambda: receive_and_read(office, [str(inbox)], lambda *_: None)).wall
        drafts: list[int] = []
        drafted = call(lambda: drafts.append(assemble(office, request).issue_id)).wall
        found = {"intake of a week": taken, "draft of a week": drafted, "week: intake and draft": taken + drafted}
        found["duplicates of one article"] = _duplicates(office, number)
        found |= _searches(office, queries)
        return found | read_pages(office, drafts[0])


def _searches(office: Office, queries: Sequence[str]) -> dict[str, float]:
    """The 95th percentile of each way to search: the ways in turn for every query, so that noise meets all alike."""
    key = office.publication.key
    with office.store.reading() as unit:
        ways: dict[str, Callable[[str], object]] = {
            "search p95": lambda query: unit.search.find(key, query, limit=20),
            "raw MATCH ... LIMIT p95": lambda query: raw_search(unit, STORED, key, query, 20),
            "raw MATCH ... ORDER BY date LIMIT p95": lambda query: raw_search(unit, DATED, key, query, 20),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for query in queries * 4:
            for name, search in ways.items():
                times[name].append(call(lambda search=search, query=query: search(query)).wall)  # type: ignore[misc]
    return {name: sorted(found)[int(0.95 * len(found))] for name, found in times.items()}


def _duplicates(office: Office, number: int) -> float:
    """The median of one search for an article that is new."""
    times = []
    with office.store.reading() as unit:
        for article in articles(12, seed=9_000 + number):
            times.append(call(lambda article=article: Pool(office, unit).find_likeness(article)).wall)  # type: ignore[misc]
    return statistics.median(times)
