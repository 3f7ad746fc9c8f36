"""Chinese working days: public holidays and the weekends worked for them (调休), and the day a week's issue comes out.

chinesecalendar rather than holidays: it knows the worked weekends as days of their own and refuses years
whose arrangement the State Council has not yet published, instead of guessing them. Such a year
degrades to Monday to Friday, with what the settings add.
"""

import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """Which days are worked; the settings' own days win over the published arrangement."""

    off: Collection[date] = field(default=())
    on: Collection[date] = field(default=())

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.on:
            return True
        if day in self.off:
            return False
        known = _published(day)
        return day.weekday() < SATURDAY if known is None else known

    def is_published(self, year: int) -> bool:
        """Whether the arrangement of the year is known."""
        return _published(date(year, 1, 1)) is not None

    def publication_day(self, day: date, weekday: int) -> date | None:
        """The day on which the issue of that day's week comes out; `weekday` is 1 for Monday.

        The named day where it is worked; else the next worked day of the same week, so that nothing
        gets into next week's issue; else the last worked one before. None when the whole week is off.
        """
        monday = day - day.weekday() * DAY
        week = [monday + count * DAY for count in range(7)]
        named = week[weekday - 1]
        worked = [one for one in week if self.is_workday(one)]
        later = [one for one in worked if one >= named]
        return later[0] if later else (worked[-1] if worked else None)


def _published(day: date) -> bool | None:
    """Whether the published arrangement has the day worked; None for a year it does not cover."""
    with warnings.catch_warnings():
        # The library warns about its age by itself; doctor says so in words an administrator understands.
        warnings.simplefilter("ignore")
        from chinese_calendar import is_workday
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return None
