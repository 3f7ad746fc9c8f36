"""The office's rules for counting contributions (采用情况), and the spans of time they are counted over."""

import calendar
import re
from collections.abc import Mapping
from datetime import date

from pydantic import Field, ValidationError

from bulletin.errors import SettingsError
from bulletin.model import Frozen
from services.context import Office
from services.settings import REFERENCE
from services.written import read_toml, wrong

_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d{2}))?")


class Scoring(Frozen):
    """The office's rules, in points."""

    name: str = "计分办法"
    submitted: float = 0.0
    used: float = 1.0
    lead: float = 0.0
    long: float = 0.0
    long_from: int = Field(default=1500, ge=1)
    minimum: int = Field(default=0, ge=0)
    missing: float = 0.0
    units: tuple[str, ...] = ()
    points: Mapping[str, float] = Field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    def unit(self, name: str) -> str:
        """The name under which a unit counts."""
        name = name.strip()
        return next((known for known, others in self.aliases.items() if name in others), name)


def read_scoring(office: Office) -> Scoring:
    """The publication's rules: of the home, else the shipped ones; SettingsError naming the line that is wrong."""
    name = f"{office.publication.key}.toml"
    places = (office.settings.home / "scoring" / name, REFERENCE / "scoring" / name)
    path = next((place for place in places if place.is_file()), REFERENCE / "scoring" / "default.toml")
    try:
        return Scoring.model_validate(read_toml(path))
    except ValidationError as error:
        raise wrong(error, str(path)) from error


def period_span(period: str) -> tuple[date, date, str]:
    """First day, last day and name of 2026, 2026-Q4 or 2026-11; SettingsError for anything else."""
    match = _PERIOD.fullmatch(period.strip())
    if match is None:
        raise SettingsError(f"看不懂的时段：{period}", advice="写作 2026、2026-Q4 或 2026-11")
    year, quarter, month = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if not 1 <= year <= 9998 or month > 12 or match[3] == "00":
        raise SettingsError(f"没有这个时段：{period}")
    first, last = (month, month) if month else (3 * quarter - 2, 3 * quarter) if quarter else (1, 12)
    name = f"{year}年" + (f"{month}月" if month else f"第{'一二三四'[quarter - 1]}季度" if quarter else "")
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), name
