"""Which local day, night, weekend or holiday is it?

Days are local (Europe/Stockholm); moments are aware datetimes. A night belongs to the evening it
began, so the date of a night is the date of that evening.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from gis.csvfile import rows
from gis.errors import RuleError
from gis.settings import data_dir

LOCAL: Final = ZoneInfo("Europe/Stockholm")
FRIDAY: Final = 4
SATURDAY: Final = 5
SEASON: Final = ((4, 1), (9, 30))
SCHOOL_START_WEEK: Final = 34  # assumed where the profile has no date (project's own reading)


def local_day(at: datetime) -> date:
    """Return the local date of a moment.

    Examples
    --------
    >>> local_day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    datetime.date(2026, 7, 1)
    """
    return at.astimezone(LOCAL).date()


def midnight(day: date) -> datetime:
    """Return the moment at which a local day begins, in UTC."""
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Return the moment at which a local day ends, in UTC."""
    return midnight(day + timedelta(days=1))


def friday_of(evening: date) -> date | None:
    """Return the Friday of the weekend an evening belongs to; None outside Friday and Saturday.

    Examples
    --------
    >>> friday_of(date(2026, 5, 2)), friday_of(date(2026, 5, 3))
    (datetime.date(2026, 5, 1), None)
    """
    after = evening.weekday() - FRIDAY
    return evening - timedelta(days=after) if after in (0, 1) else None


def weekends(year: int) -> list[date]:
    """Return the Fridays on which a weekend of April to September begins (26 or 27).

    Examples
    --------
    >>> len(weekends(2026)), len(weekends(2027))
    (26, 26)
    """
    (first_month, first_day), (last_month, last_day) = SEASON
    first, last = date(year, first_month, first_day), date(year, last_month, last_day)
    friday = first + timedelta(days=(FRIDAY - first.weekday()) % 7)
    return [friday + timedelta(weeks=week) for week in range((last - friday).days // 7 + 1)]


def easter(year: int) -> date:
    """Return Easter Day (anonymous Gregorian computus, Meeus 1991).

    Examples
    --------
    >>> easter(2026), easter(2024)
    (datetime.date(2026, 4, 5), datetime.date(2024, 3, 31))
    """
    golden, century = year % 19, year // 100
    shift = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = shift - (shift // 28) * (1 - (29 // (shift + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 1) + timedelta(days=moon - weekday + 27)


def _holiday(rule: str, value: str, year: int) -> date:
    """Return the day of one row of the holiday table."""
    if rule == "easter":
        return easter(year) + timedelta(days=int(value))
    month, day = (int(part) for part in value.split("-"))
    first = date(year, month, day)
    if rule == "date":
        return first
    if rule == "saturday_from":
        return first + timedelta(days=(SATURDAY - first.weekday()) % 7)
    msg = f"holidays.csv: rule {rule!r} is unknown; use date, easter or saturday_from."
    raise RuleError(msg)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year that are no ordinary Sundays."""
    path = data_dir() / "rules" / "holidays.csv"
    return frozenset(_holiday(row["rule"], row["value"], year) for row in rows(path))


def is_weekend_night(evening: date) -> bool:
    """Tell whether an evening is a Friday, a Saturday or the eve of a public holiday."""
    following = evening + timedelta(days=1)
    return evening.weekday() in (FRIDAY, SATURDAY) or following in holidays(following.year)


def assumed_school_start(year: int) -> date:
    """Return the Monday of ISO week 34."""
    return date.fromisocalendar(year, SCHOOL_START_WEEK, 1)
