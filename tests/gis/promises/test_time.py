"""Delay, schedule and what is over: counted in local time from the end of the event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.promises import PromiseSettings, figures, load

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[..., dict[str, Any]]
    Make = Callable[..., Any]

FRIDAY = date(2026, 5, 8)
DAYS_30 = timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after_end", "shown"),
    [
        pytest.param(DAYS_30 - SECOND, 0, id="a second before"),
        pytest.param(DAYS_30, 1, id="on the limit"),
    ],
)
def test_a_control_is_public_30_days_after_its_end(
    a_control: Make, after_end: timedelta, shown: int
) -> None:
    control = a_control("cyclist", FRIDAY)
    found = figures([control], load(), PromiseSettings(), control.ended_at + after_end)
    assert sum(one.counted for one in found if one.row == "cyclist_controls") == shown


def test_the_delay_can_be_made_longer_and_not_shorter(a_control: Make) -> None:
    control = a_control("cyclist", FRIDAY)
    for words, days in (("P60D", 60), ("P1D", 30)):
        settings = PromiseSettings(delays={"cyclist_controls": words})
        limit = control.ended_at + timedelta(days=days)
        assert figures([control], load(), settings, limit - SECOND) == []
        assert figures([control], load(), settings, limit)


@pytest.mark.parametrize(
    ("role", "by", "seen_after_days"),
    [
        pytest.param("police", "police", 0, id="police see everything"),
        pytest.param("police", "planner", 0, id="police see planners' records"),
        pytest.param("planner", "planner", 0, id="planners see their own"),
        pytest.param("planner", "police", 30, id="planners wait for the police's"),
        pytest.param("inspector", "planner", 30, id="inspectors see what the public sees"),
        pytest.param("public", "planner", 30, id="the public waits"),
    ],
)
def test_who_sees_a_pub_inspection_when(
    answer_of: Answer, a_measure: Make, role: str, by: str, seen_after_days: int
) -> None:
    inspection = a_measure("pub_inspection", FRIDAY, role=by)
    ended = datetime(2026, 5, 9, 4, tzinfo=UTC)  # six in the morning, local
    visible_at = ended + timedelta(days=seen_after_days)
    for now, done in ((visible_at, 1), (visible_at - SECOND, 1 if seen_after_days == 0 else 0)):
        answer = answer_of("pub_inspections", measures=[inspection], role=role, now=now)
        assert answer["done"] == done


def test_what_is_recorded_at_once_has_ended_and_is_public_without_delay(
    answer_of: Answer, a_measure: Make
) -> None:
    noon = datetime(2026, 5, 8, 10, tzinfo=UTC)
    campaign = a_measure(
        "campaign", FRIDAY, recorded_at=noon, audience=frozenset({"drivers"}), title="A"
    )
    answer = answer_of("campaigns_drivers", measures=[campaign], role="public", now=noon)
    assert answer["done"] == 1


@pytest.mark.parametrize("role", ["public", "planner", "police"])
def test_what_lies_in_the_future_never_counts(
    answer_of: Answer, a_measure: Make, a_control: Make, role: str
) -> None:
    now = datetime(2026, 5, 7, 12, tzinfo=UTC)
    measures = [a_measure("pub_inspection", FRIDAY), a_measure("night_walk", FRIDAY)]
    for row in ("pub_inspections", "night_walks", "cyclist_controls"):
        answer = answer_of(
            row, measures=measures, controls=[a_control("cyclist", FRIDAY)], role=role, now=now
        )
        assert (answer["done"], answer["not_counted"]) == (0, [])


@pytest.mark.parametrize(
    ("now", "done", "on_schedule"),
    [
        pytest.param("2026-01-01T12:00:00+00:00", 0, True, id="nothing is due yet"),
        pytest.param("2026-07-02T12:00:00+00:00", 4, False, id="half the year, four of five"),
        pytest.param("2026-07-02T12:00:00+00:00", 5, True, id="half the year, five"),
        pytest.param("2027-01-01T00:00:00+00:00", 9, False, id="the year is over, nine"),
        pytest.param("2027-01-01T00:00:00+00:00", 10, True, id="the year is over, ten"),
    ],
)
def test_controls_are_due_evenly_over_the_year(
    answer_of: Answer, a_control: Make, now: str, done: int, *, on_schedule: bool
) -> None:
    controls = [a_control("cyclist", date(2026, 1, 1), segment_id=f"s{n}") for n in range(done)]
    moment = datetime.fromisoformat(now)
    answer = answer_of("cyclist_controls", controls=controls, now=moment)
    assert (answer["done"], answer["on_schedule"]) == (done, on_schedule)


@pytest.mark.parametrize(
    ("now", "role", "on_schedule"),
    [
        pytest.param("2026-04-04T12:00:00+00:00", "police", True, id="the weekend goes on"),
        pytest.param("2026-04-04T22:00:00+00:00", "police", False, id="it is over"),
        pytest.param("2026-04-05T12:00:00+00:00", "public", True, id="the public waits a week"),
        pytest.param("2026-04-11T22:00:00+00:00", "public", False, id="the week is over"),
    ],
)
def test_a_weekend_is_due_when_it_is_over_and_may_be_known(
    answer_of: Answer, now: str, role: str, *, on_schedule: bool
) -> None:
    answer = answer_of("night_walks", role=role, now=datetime.fromisoformat(now))
    assert answer["on_schedule"] is on_schedule


@pytest.mark.parametrize(
    ("now", "on_schedule"),
    [
        pytest.param("2026-08-31T12:00:00+00:00", True, id="last day of the window"),
        pytest.param("2026-09-01T12:00:00+00:00", False, id="the window is over"),
    ],
)
def test_a_school_start_is_due_when_its_window_is_over(
    answer_of: Answer, now: str, *, on_schedule: bool
) -> None:
    answer = answer_of("school_start_controls", now=datetime.fromisoformat(now))
    assert answer["on_schedule"] is on_schedule
