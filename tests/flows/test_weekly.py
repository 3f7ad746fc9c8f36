"""The rules of the weekly run, without a server."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.weekly import overtaken

FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_run_that_is_days_late_still_makes_its_week() -> None:
    assert not overtaken(FRIDAY, FRIDAY)
    assert not overtaken(FRIDAY, FRIDAY + timedelta(days=6, hours=23))


def test_a_run_that_the_next_week_has_overtaken_does_nothing() -> None:
    assert overtaken(FRIDAY, FRIDAY + timedelta(days=7))
    assert overtaken(FRIDAY, FRIDAY + timedelta(days=25))
