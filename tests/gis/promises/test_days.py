"""Local days, weekends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.promises.days import (
    easter,
    friday_of,
    holidays,
    is_weekend_night,
    local_day,
    weekends,
)

YEARS = st.integers(2000, 2099)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param("2026-03-28T22:59:00+00:00", date(2026, 3, 28), id="winter, before midnight"),
        pytest.param("2026-03-28T23:00:00+00:00", date(2026, 3, 29), id="winter, midnight"),
        pytest.param("2026-07-01T21:59:59+00:00", date(2026, 7, 1), id="summer, before midnight"),
        pytest.param("2026-07-01T22:00:00+00:00", date(2026, 7, 2), id="summer, midnight"),
        pytest.param("2025-12-31T23:00:00+00:00", date(2026, 1, 1), id="new year"),
    ],
)
def test_the_day_is_local(at: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(at)) == day


@pytest.mark.parametrize(
    ("year", "number"),
    [(2020, 26), (2021, 26), (2022, 27), (2023, 26), (2026, 26), (2027, 26), (2033, 27)],
)
def test_weekends_of_a_season_are_26_or_27(year: int, number: int) -> None:
    assert len(weekends(year)) == number


@given(year=YEARS)
def test_weekends_are_the_fridays_from_april_to_september(year: int) -> None:
    days = [date(year, 4, 1) + timedelta(days=day) for day in range(183)]
    assert weekends(year) == [day for day in days if day.strftime("%u") == "5"]


@given(day=DAYS)
def test_a_weekend_night_begins_on_friday_or_saturday(day: date) -> None:
    friday = friday_of(day)
    assert (friday is not None) == (day.isoweekday() in (5, 6))
    if friday is not None:
        assert friday.isoweekday() == 5
        assert 0 <= (day - friday).days <= 1


@given(year=YEARS)
def test_easter_is_the_sunday_after_the_first_full_moon_of_spring(year: int) -> None:
    day = easter(year)
    assert day.isoweekday() == 7
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("evening", "counts"),
    [
        pytest.param(date(2026, 5, 1), True, id="friday"),
        pytest.param(date(2026, 5, 2), True, id="saturday"),
        pytest.param(date(2026, 5, 3), False, id="sunday"),
        pytest.param(date(2026, 5, 13), True, id="eve of Ascension Day"),
        pytest.param(date(2026, 5, 14), False, id="Ascension Day itself"),
        pytest.param(date(2026, 4, 2), True, id="eve of Good Friday"),
        pytest.param(date(2026, 4, 5), True, id="eve of Easter Monday"),
        pytest.param(date(2026, 12, 24), True, id="Christmas Eve"),
        pytest.param(date(2025, 12, 31), True, id="New Year's Eve looks into the next year"),
        pytest.param(date(2026, 6, 15), False, id="an ordinary monday"),
    ],
)
def test_presence_counts_on_weekend_nights_and_holiday_eves(evening: date, *, counts: bool) -> None:
    assert is_weekend_night(evening) is counts


def test_moving_holidays_of_2026() -> None:
    assert {date(2026, 6, 20), date(2026, 10, 31), date(2026, 5, 24)} <= holidays(2026)


@given(
    at=st.datetimes(timezones=st.just(UTC), allow_imaginary=False).filter(
        lambda at: 1950 < at.year < 2100
    )
)
def test_a_local_day_is_at_most_two_hours_ahead(at: datetime) -> None:
    moment = at
    assert local_day(moment) in {moment.date(), (moment + timedelta(hours=2)).date()}
