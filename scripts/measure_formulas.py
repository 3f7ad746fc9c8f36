"""Measure in how many articles each fixed phrase of the lexicon stands, and write the shares back.

    python -m scripts.measure_formulas FILE.jsonl...      each line an object with "body"

The shares decide how little a phrase weighs when two articles are compared, so measure them over
articles of the kind that the office receives.
"""

import argparse
import json
from pathlib import Path

from bulletin.fingerprint import Formulas, letters
from services.settings import REFERENCE

TABLE = REFERENCE / "lexicons" / "formulas.tsv"


def measured(formulas: Formulas, bodies: list[str]) -> list[tuple[str, float]]:
    """Each phrase with the share of the bodies that have it, the commonest first."""
    plain = [letters(body) for body in bodies]
    rows = [(phrase, sum(letters(phrase) in body for body in plain) / len(plain)) for phrase, _ in formulas.shares]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    lines = [line for path in parser.parse_args().files for line in path.read_text("utf-8").splitlines()]
    bodies = [str(json.loads(line)["body"]) for line in lines if line.strip()]
    rows = measured(Formulas.parse(TABLE.read_text("utf-8")), bodies)
    head = f"# Fixed phrases of the genre and the share of articles that have each, measured over {len(bodies)} articles.\n"
    TABLE.write_text(head + "".join(f"{phrase}\t{share:.3f}\n" for phrase, share in rows), "utf-8")


if __name__ == "__main__":
    main()
