"""A guide as its reader takes it: numbered steps, each with the commands to type."""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A numbered heading and the blocks below it."""

    number: int
    title: str
    blocks: tuple[str, ...]


def steps(guide: Path) -> dict[int, Step]:
    """The steps of a guide by their numbers, in its order."""
    parts = HEADING.split(guide.read_text("utf-8"))[1:]
    found = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return {int(number): Step(int(number), title, tuple(BLOCK.findall(body))) for number, title, body in found}
