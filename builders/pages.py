"""Page numbers without a layout program: the 22 x 28 grid, filled line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from builders.imprint import Ending
from builders.style import HouseStyle
from bulletin.model import Issue


@dataclass(frozen=True)
class Estimate:
    pages: Mapping[str, int]
    page_count: int
    ending: Ending


def estimate(issue: Issue, style: HouseStyle, pictures: Mapping[str, bytes]) -> Estimate:
    raise NotImplementedError
