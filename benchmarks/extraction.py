"""Web pages side by side: our reader and the libraries for it, by the text they find, the day, and the time.

    python -m benchmarks.extraction FOLDER [--repeat 3] [--limit 1.5]

FOLDER holds original/*.html with cleaned/*.txt and date/*.txt of the same stems. Content is scored as F1 of character
4-shingles (NFKC, blanks removed), dates by day. Every reader gets the same bytes; a library gets them decoded by us,
since decoding costs them up to .15. The last line compares our time with that of the best library, and the exit code
is 1 where we take more than `--limit` times as long. Libraries that are not installed are left out.
"""

import argparse
import contextlib
import io
import logging
import os
import re
import statistics
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Bars, Check, Section, Table
from bulletin.errors import UnreadableError
from bulletin.model import Submission
from extractors import webpage
from extractors.webdates import declared_day
from extractors.webdecode import decode

SHINGLE = 4
OURS = "bulletin"

Found = tuple[str, str]
"""Text and date as a reader gives them."""
Reader = Callable[[bytes], Found]


@dataclass(frozen=True)
class Page:
    content: bytes
    text: str
    date: str


@dataclass(frozen=True)
class Score:
    f1: float
    dates: float | None
    milliseconds: float


def load(folder: Path) -> list[Page]:
    """The pages of a data set, ordered by name."""
    return [
        Page(
            path.read_bytes(),
            (folder / "cleaned" / f"{path.stem}.txt").read_text("utf-8-sig", "replace"),
            (folder / "date" / f"{path.stem}.txt").read_text("utf-8-sig", "replace"),
        )
        for path in sorted((folder / "original").glob("*.html"))
    ]


def shingles(text: str) -> Counter[str]:
    """Every run of four characters, blanks and invisible ones removed."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c) != "Cf"
    )
    return Counter(plain[i : i + SHINGLE] for i in range(max(1, len(plain) - SHINGLE + 1))) if plain else Counter()


def f1(true: str, found: str) -> float:
    """F1 of the multisets of shingles; 1 where both are empty."""
    want, got = shingles(true), shingles(found)
    if not want and not got:
        return 1.0
    return 2 * (want & got).total() / (want.total() + got.total())


# ---------------------------------------------------------------- readers


def ours() -> Reader:
    def run(content: bytes) -> Found:
        try:
            document = webpage.read(Submission(name="page.html", content=content))
        except UnreadableError:
            return "", ""
        return "\n".join(block.plain for block in document.blocks), document.date.isoformat() if document.date else ""

    return run


def readability() -> Reader:
    from readability import Document

    def run(content: bytes) -> Found:
        return _without_tags(Document(decode(content)).summary(html_partial=True)), ""

    return run


def trafilatura() -> Reader:
    from trafilatura import bare_extraction

    def run(content: bytes) -> Found:
        found = bare_extraction(decode(content), include_comments=False, with_metadata=True)
        return (found.text or "", found.date or "") if found else ("", "")

    return run


def resiliparse() -> Reader:
    from resiliparse.extract.html2text import extract_plain_text

    def run(content: bytes) -> Found:
        return extract_plain_text(decode(content), main_content=True, alt_texts=False), ""

    return run


def justext() -> Reader:
    import justext as library

    # No stop list for Chinese; a Chinese character says about as much as three Latin letters.
    settings = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 23, "length_high": 67}

    def run(content: bytes) -> Found:
        parts = library.justext(decode(content), stoplist=frozenset(), **settings)
        return "\n".join(part.text for part in parts if not part.is_boilerplate), ""

    return run


def gne() -> Reader:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def run(content: bytes) -> Found:
        found = extractor.extract(decode(content))
        return found["content"], found["publish_time"]

    return run


def _without_tags(html: str) -> str:
    from lxml import html as lxml_html

    return "\n".join(map(str, lxml_html.fromstring(html).itertext())) if html.strip() else ""


READERS: dict[str, Callable[[], Reader]] = {
    OURS: ours,
    "readability-lxml": readability,
    "trafilatura": trafilatura,
    "resiliparse": resiliparse,
    "justext": justext,
    "gne": gne,
}


# ---------------------------------------------------------------- measuring


def installed() -> Iterator[tuple[str, Reader]]:
    """The readers whose library is there."""
    for name, make in READERS.items():
        try:
            yield name, make()
        except ImportError as error:
            print(f"{name} left out: {error}", file=sys.stderr)


def measure(readers: dict[str, Reader], pages: list[Page], repeat: int) -> dict[str, Score]:
    """Scores by reader; the readers take turns page by page, and each page counts with its best time."""
    best: dict[str, list[float]] = {name: [float("inf")] * len(pages) for name in readers}
    found: dict[str, list[Found]] = {name: [("", "")] * len(pages) for name in readers}
    for _ in range(repeat + 1):  # the first round warms up the same way for all
        for i, page in enumerate(pages):
            for name, run in readers.items():
                start = time.perf_counter()
                with contextlib.suppress(Exception), contextlib.redirect_stderr(io.StringIO()):
                    found[name][i] = run(page.content)
                best[name][i] = min(best[name][i], time.perf_counter() - start)
    return {name: _score(pages, found[name], best[name]) for name in readers}


def _score(pages: list[Page], found: list[Found], seconds: list[float]) -> Score:
    content = statistics.fmean(f1(page.text, text) for page, (text, _) in zip(pages, found, strict=True))
    days = [
        declared_day(date) == declared_day(page.date)
        for page, (_, date) in zip(pages, found, strict=True)
        if re.match(r"\s*\d{4}\D+\d+\D+\d", page.date)
    ]
    named = any(date for _, date in found)
    return Score(content, statistics.fmean(days) if days and named else None, 1000 * statistics.fmean(seconds))


def run(quick: bool = False) -> Section | None:
    """The same for the page of all benchmarks; None where the labelled pages are not at hand (BULLETIN_CORPUS)."""
    corpus = Path(os.environ.get("BULLETIN_CORPUS") or Path(__file__).resolve().parents[2] / "shared")
    pages = load(corpus / "dev" / "webpages") if (corpus / "dev" / "webpages" / "original").is_dir() else []
    if not pages:
        return None
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scores = measure(dict(installed()), pages[:2] if quick else pages, 1 if quick else 3)
    finally:
        logging.disable(logging.NOTSET)
    peers = {name: score for name, score in scores.items() if name != OURS}
    best = max(peers, key=lambda name: peers[name].f1)
    ranked = sorted(scores.items(), key=lambda pair: -pair[1].f1)
    return Section(
        name="extraction",
        title=f"Reading {len(pages)} Chinese web pages",
        about="Content as F1 of character 4-shingles against text made by hand, the day of publication, and the time a page takes.",
        tables=[
            Table(
                ("reader", "F1", "day found", "ms a page"),
                tuple((n, s.f1, "–" if s.dates is None else s.dates, s.milliseconds) for n, s in ranked),
            )
        ],
        checks=[
            Check(f"time against the best library ({best})", scores[OURS].milliseconds / peers[best].milliseconds, 1.5)
        ],
        plots=[Bars("Milliseconds a page", "ms", tuple((name, score.milliseconds) for name, score in ranked))],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.5, help="of the best library's time")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    scores = measure(dict(installed()), load(options.folder), options.repeat)
    print(f"{'reader':18}{'F1':>7}{'date':>7}{'ms/page':>9}")
    for name, score in sorted(scores.items(), key=lambda pair: -pair[1].f1):
        dates = "–" if score.dates is None else f"{score.dates:.2f}"
        print(f"{name:18}{score.f1:7.3f}{dates:>7}{score.milliseconds:9.1f}")
    peers = {name: score for name, score in scores.items() if name != OURS}
    if not peers:
        return 0
    best = max(peers, key=lambda name: peers[name].f1)
    ratio = scores[OURS].milliseconds / peers[best].milliseconds
    print(f"time against the best library, {best}: {ratio:.2f} (limit {options.limit})")
    return int(ratio > options.limit)


if __name__ == "__main__":
    sys.exit(main())
