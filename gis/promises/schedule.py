"""How much should be done by now?

Due is the share of the target that the elapsed days ask for, rounded down; weekends and school
starts are due when they are over. What a viewer cannot know yet is not due for them.
"""

from __future__ import annotations

from datetime import timedelta
from math import floor
from typing import TYPE_CHECKING

from gis.promises.days import day_end, local_day, midnight, weekends

if TYPE_CHECKING:
    from datetime import datetime

    from gis.promises.settings import PromiseSettings
    from gis.promises.table import PromiseRow, Term


def target_of(row: PromiseRow, year: int, settings: PromiseSettings) -> float | None:
    """Return the target as a number: weekends counted, one control for each school start."""
    if row.target is None:
        return None
    if row.period == "april_september" and row.target == "all":
        return float(len(weekends(year)))
    if row.period == "school_start":
        return float(row.target) * len(settings.starts_of(year)) if row.target != "all" else None
    return None if isinstance(row.target, str) else row.target


def elapsed_share(term: Term, at: datetime) -> float:
    """Return how much of a term has passed, between 0 and 1."""
    begin, end = midnight(term.first), day_end(term.last)
    return min(1.0, max(0.0, (at - begin) / (end - begin)))


def due_weekends(year: int, at: datetime) -> int:
    """Return how many weekends of the season are over: their Sunday has begun."""
    return sum(midnight(friday + timedelta(days=2)) <= at for friday in weekends(year))


def due_starts(year: int, at: datetime, settings: PromiseSettings) -> list[str]:
    """Return the school starts whose window is over, as ISO dates."""
    window = timedelta(days=settings.school_start_days)
    starts = [start for start, _ in settings.starts_of(year)]
    return [start.isoformat() for start in starts if start + window < local_day(at)]


def due(
    row: PromiseRow, target: float, term: Term, at: datetime, settings: PromiseSettings
) -> float:
    """Return what should be done by a moment."""
    year = term.last.year
    if row.period == "april_september":
        return float(due_weekends(year, at)) if row.target == "all" else 0.0
    if row.period == "school_start":
        return float(len(due_starts(year, at, settings)))
    return float(floor(target * elapsed_share(term, at) + 1e-9))
