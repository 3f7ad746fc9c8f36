"""Training examples composed of written sentences: the same material always gives the same articles.

The material (`data/reference/training/composition.toml`) holds lists of places, bodies, sentences and
paragraphs, and families of articles that choose among them. An article draws each list once, so that
its place is the same from title to end; `{name*}` draws anew, never twice the same; `{n:5-20}` is a number.

Articles written as a whole (`written.jsonl`) are roughened besides: without their unit or title,
cut off, run together, or between the furniture of a web page, because what arrives is seldom clean.
"""

import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.learning import COMPOSED_GROUP

MATERIAL = "composition.toml"
COMPOSED = "composed.jsonl"
WRITTEN = "written.jsonl"
ROUGH_WEIGHT = 0.5
WEB_PAGES = 3
"""Of so many composed articles one is given the furniture of a web page besides."""
TRIES = 50
"""Draws that may pass until an article differs from the others of its family."""
SHORTEST = 80
"""Characters that a cut body keeps at least."""

_SLOT = re.compile(r"\{(?:n:(\d+)-(\d+)|(\w+?)(\*?))\}")
_DEPTH = 4
"""How deep sentences may hold slots of their own."""


class _Draw:
    """The choices of one article."""

    def __init__(self, lists: Mapping[str, list[str]], chance: random.Random) -> None:
        self._lists = lists
        self._chance = chance
        self._kept: dict[str, str] = {"date": f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"}
        self._used: dict[str, set[str]] = {}

    def fill(self, text: str) -> str:
        for _ in range(_DEPTH):
            if "{" not in text:
                break
            text = _SLOT.sub(self._slot, text)
        return text

    def pick(self, texts: list[str]) -> str:
        """One of the texts, filled."""
        return self.fill(self._chance.choice(texts))

    def _slot(self, match: re.Match[str]) -> str:
        low, high, name, anew = match.groups()
        if low:
            return str(self._chance.randint(int(low), int(high)))
        if anew:
            used = self._used.setdefault(name, set())
            choice = self._chance.choice([item for item in self._lists[name] if item not in used])
            used.add(choice)
            return choice
        if name not in self._kept:
            self._kept[name] = self._chance.choice(self._lists[name])
        return self._kept[name]


def compose(material: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The articles of all families as training rows."""
    for family in material["families"]:
        seen: set[str] = set()
        for number in range(family["count"]):
            tries = (_article(family, number, material["lists"], again) for again in range(TRIES))
            row = next(row for row in tries if row["body"] not in seen)
            seen.add(row["body"])
            yield row


def _article(family: Mapping[str, Any], number: int, lists: Mapping[str, list[str]], again: int) -> dict[str, Any]:
    chance = random.Random(f"{family['key']}-{number}-{again}" if again else f"{family['key']}-{number}")
    draw = _Draw(lists, chance)
    titles, units = family["titles"], family["units"]
    title, unit = draw.fill(titles[number % len(titles)]), draw.fill(units[chance.randrange(len(units))])
    lines = [draw.fill(chance.choice(variants)) for variants in family["paragraphs"]]
    if family.get("byline"):
        # 署名行: the whole body for a study group, the bare name of a person now and then.
        lines.insert(0, unit if chance.random() < 0.7 else unit.split()[-1])
    return {
        "id": f"{family['key']}-{number}",
        "title": title,
        "unit": unit if not family.get("byline") or chance.random() < 0.8 else "",
        "date": f"{chance.randint(2021, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "body": "\n".join(line for line in lines if line),
        "role": family["role"],
        "hard": family.get("hard", False),
        "group": f"{COMPOSED_GROUP}{family['key']}",
    }


def roughen(row: Mapping[str, Any], material: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Five rough copies of a written article, each of half its weight."""
    body = row["body"]
    copies = {
        "no-unit": {"unit": ""},
        "no-title": {"title": ""},
        "cut": {"body": body[: max(SHORTEST, len(body) // 2)]},
        "run-together": {"body": body.replace("\n", "")},
    }
    for name, change in copies.items():
        yield {**row, **change, "id": f"{row['id']}-{name}", "weight": ROUGH_WEIGHT}
    yield furnish(row, material)


def furnish(row: Mapping[str, Any], material: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an article between the furniture of a web page."""
    draw = _Draw(material["lists"], random.Random(f"rough-{row['id']}"))
    head, foot = draw.pick(material["furniture"]["heads"]), draw.pick(material["furniture"]["feet"])
    body = f"{head}\n{row['body']}\n{foot}"
    return {**row, "body": body, "id": f"{row['id']}-web-page", "weight": ROUGH_WEIGHT}


def compose_text(material: str, written: str) -> str:
    """The JSONL text of all composed and roughened articles, from the TOML text and the written JSONL."""
    parsed = tomllib.loads(material)
    rows = list(compose(parsed))
    rows += [furnish(row, parsed) for row in rows[::WEB_PAGES]]
    for number, line in enumerate(written.splitlines(), 1):
        rows += roughen({**json.loads(line), "group": f"{Path(WRITTEN).stem}-{number}"}, parsed)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_composed(folder: Path) -> int:
    """Composes the examples of a training folder anew; returns how many there are."""
    text = compose_text((folder / MATERIAL).read_text("utf-8"), (folder / WRITTEN).read_text("utf-8"))
    (folder / COMPOSED).write_text(text, "utf-8")
    return text.count("\n")


if __name__ == "__main__":
    from services.settings import REFERENCE

    print(f"{write_composed(REFERENCE / 'training')} examples")
