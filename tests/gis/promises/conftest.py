"""Makers of records for the promise tests: only what matters is written."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.promises import (
    Asked,
    Control,
    InventoryFigures,
    Measure,
    PromiseSettings,
    Records,
    Viewer,
    count,
    load,
)
from gis.promises.days import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

BOTH = frozenset({"police", "municipality"})
LATER = datetime(2040, 1, 1, tzinfo=UTC)


def _measure(kind: str, day: date, **told: object) -> Measure:
    recorded = datetime.combine(day + timedelta(days=1), time(9), LOCAL).astimezone(UTC)
    plain: dict[str, Any] = {
        "id": f"{kind}-{day}-{len(told)}",
        "kind": kind,
        "day": day,
        "organisers": BOTH,
        "recorded_at": recorded,
    }
    plain.update(told)
    return Measure(**plain)


def _control(kind: str, day: date, **told: object) -> Control:
    begun = datetime.combine(day, time(10), LOCAL).astimezone(UTC)
    plain: dict[str, Any] = {
        "id": f"{kind}-{day}-{sorted(told.items())}",
        "kind": kind,
        "segment_id": "s1",
        "started_at": begun,
        "ended_at": begun + timedelta(hours=1),
        "recorded_at": begun + timedelta(hours=2),
        "reason": "ranked",
        "school_id": "p1",
        "school_m": 100.0,
    }
    plain.update(told)
    return Control(**plain)


@pytest.fixture(scope="session")
def a_measure() -> Callable[..., Measure]:
    """Return a maker of measures: both parties, recorded the morning after by a planner."""
    return _measure


@pytest.fixture(scope="session")
def a_control() -> Callable[..., Control]:
    """Return a maker of controls: an hour from ten, with a reason, 100 m from a school."""
    return _control


@pytest.fixture(scope="session")
def answer_of() -> Callable[..., dict[str, Any]]:
    """Return a function that answers one row for a year."""

    def one(row_id: str, year: int = 2026, **given: object) -> dict[str, Any]:
        told: dict[str, Any] = dict(given)
        records = Records(
            measures=tuple(told.get("measures", ())),
            controls=tuple(told.get("controls", ())),
            figures=tuple(told.get("figures", ())),
            survey=tuple(told.get("survey", ())),
            crime=tuple(told.get("crime", ())),
        )
        viewer = Viewer(now=told.get("now", LATER), role=told.get("role", "police"))
        answers = count(
            load(),
            told.get("inventory", InventoryFigures()),
            records,
            settings=told.get("settings", PromiseSettings()),
            asked=Asked(year=year, viewer=viewer, lang=told.get("lang", "en")),
        )
        return next(answer for answer in answers if answer["id"] == row_id)

    return one
