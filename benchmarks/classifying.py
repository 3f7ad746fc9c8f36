"""Sorting 1 000 articles into sections, against reading them."""

import tempfile
from pathlib import Path

from benchmarks.material import write_submissions
from benchmarks.measure import Spent, call, in_turn
from benchmarks.report import Check, Section, Table
from bulletin.errors import BulletinError
from bulletin.model import Article
from bulletin.pieces import pieces
from collectors.containers import expand
from collectors.folder import collect
from extractors.registry import extract_many
from services.context import open_office
from services.settings import read_settings


def run(quick: bool = False) -> Section:
    """Both over the same articles, in turn."""
    count, rounds = (25, 1) if quick else (1_000, 3)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_submissions(folder / "inbox", count)
        office = open_office(read_settings(folder / "home"))
        submissions = [
            member
            for found in collect(folder / "inbox")
            if not isinstance(found, BulletinError)
            for member in expand(found)
            if not isinstance(member, BulletinError)
        ]
        documents = [found for found in extract_many(submissions) if not isinstance(found, BulletinError)]
        articles = [piece for document in documents for piece in pieces(document) if isinstance(piece, Article)]
        office.classifier.classify(articles[:3])
        ways = {
            "reading out": lambda: call(lambda: extract_many(submissions)),
            "cleaning and structure": lambda: call(lambda: [pieces(document) for document in documents]),
            "classification": lambda: call(lambda: office.classifier.classify(articles)),
        }
        times: dict[str, Spent] = in_turn(ways, rounds)
        office.store.close()
    reading = times["reading out"].cpu + times["cleaning and structure"].cpu
    return Section(
        name="classifying",
        title=f"Classification of {len(articles)} articles against reading them",
        about="The same submissions as in the compile; medians of the processor time, the steps in turn.",
        tables=[
            Table(
                ("step", "seconds", "ms an article"),
                tuple((step, spent.cpu, 1000 * spent.cpu / len(articles)) for step, spent in times.items()),
            )
        ],
        checks=[
            Check(
                "classification against reading (read out, cleaned, structured)",
                times["classification"].cpu / reading,
                1,
            )
        ],
    )
