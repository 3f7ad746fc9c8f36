from datetime import date

import pytest

from services.workdays import Workdays


@pytest.mark.parametrize(
    ("day", "comes_out"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),  # an ordinary Friday
        (date(2026, 11, 16), date(2026, 11, 20)),  # any day of its week
        (date(2026, 1, 2), date(2026, 1, 4)),  # 元旦: the Sunday of the same week is worked
        (date(2026, 10, 2), date(2026, 9, 30)),  # 国庆: nothing worked after it in its week, so before
        (date(2026, 5, 1), date(2026, 4, 30)),  # 劳动节
        (date(2026, 2, 20), None),  # 春节: the whole week is off
    ],
)
def test_a_holiday_moves_the_day_within_its_week(day: date, comes_out: date | None) -> None:
    assert Workdays().publication_day(day, weekday=5) == comes_out


def test_a_worked_weekend_is_a_workday() -> None:
    assert Workdays().is_workday(date(2026, 2, 14))
    assert not Workdays().is_workday(date(2026, 2, 15))
    assert not Workdays().is_workday(date(2026, 2, 16))


def test_an_unknown_year_degrades_to_weekdays_and_the_settings_help() -> None:
    far = date(2099, 1, 2)
    assert not Workdays().is_published(2099)
    assert Workdays().is_published(2026)
    assert Workdays().publication_day(far, 5) == far
    assert Workdays(off=[far]).publication_day(far, 5) == date(2099, 1, 1)
    assert Workdays(off=[far], on=[date(2099, 1, 3)]).publication_day(far, 5) == date(2099, 1, 3)
