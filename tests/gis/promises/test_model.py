"""Random years of events against a plain slow model, written sentence by sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gis.promises import (
    Control,
    Figure,
    Measure,
    PromiseSettings,
    counts_for,
    figures,
    load,
)
from gis.promises.days import LOCAL, assumed_school_start, holidays

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Answer = Callable[..., dict[str, Any]]

PARTIES = ("police", "municipality", "lansstyrelsen", "association")
GROUPS = ("drivers", "cyclists", "walkers")
DAYS = st.dates(date(2025, 12, 1), date(2027, 1, 31))
MOMENTS = st.integers(0, 426 * 24 * 60).map(
    lambda minute: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@st.composite
def measures(draw: st.DrawFn) -> list[Measure]:
    made = []
    for number in range(draw(st.integers(0, 25))):
        day = draw(DAYS)
        after = datetime.combine(day, time(12), LOCAL) + timedelta(days=draw(st.integers(0, 40)))
        made.append(
            Measure(
                id=f"m{number:02d}",
                kind=draw(
                    st.sampled_from(
                        ["campaign", "pub_inspection", "presence", "night_walk", "training"]
                    )
                ),
                day=day,
                organisers=frozenset(draw(st.sets(st.sampled_from(PARTIES)))),
                recorded_at=after.astimezone(UTC),
                role=draw(st.sampled_from(["planner", "police"])),
                title=draw(st.sampled_from(["", "Lys", "lys ", "Se upp"])),
                audience=frozenset(draw(st.sets(st.sampled_from(GROUPS)))),
                premises=draw(st.integers(0, 9)),
                officer_hours=draw(st.integers(0, 20)) / 2,
            )
        )
    return made


@st.composite
def controls(draw: st.DrawFn) -> list[Control]:
    made = []
    for number in range(draw(st.integers(0, 25))):
        begun = draw(MOMENTS)
        length = timedelta(minutes=draw(st.integers(0, 120)))
        made.append(
            Control(
                id=f"c{number:02d}",
                kind=draw(st.sampled_from(["cyclist", "driver", "school"])),
                segment_id=draw(st.sampled_from(["s1", "s2"])),
                started_at=begun,
                ended_at=draw(st.sampled_from([begun + length, None])),
                recorded_at=begun + timedelta(days=1),
                reason=draw(st.sampled_from([None, "ranked", "complaint"])),
                district=draw(st.sampled_from(["", "Lyckeby"])),
                school_id=draw(st.sampled_from(["p1", "p2"])),
                school_m=draw(st.sampled_from([None, 299.0, 300.0, 301.0])),
            )
        )
    return made


SETTINGS = st.builds(
    PromiseSettings,
    school_start_included=st.booleans(),
    school_counts_as_driver=st.booleans(),
)


def valid(one: Control) -> bool:
    """Ask for start, end and a reason."""
    if one.started_at is None or one.ended_at is None or one.reason is None:
        return False
    return one.ended_at > one.started_at


def day_of(one: Control) -> date:
    """Return the local day on which it began."""
    return (one.started_at or one.recorded_at).astimezone(LOCAL).date()


def starts_near(day: date) -> list[date]:
    """School starts within two weeks."""
    starts = [assumed_school_start(which) for which in (2025, 2026, 2027)]
    return [start for start in starts if -14 <= (day - start).days <= 14]


def slow_controls(made: list[Control], row: str, year: int, settings: PromiseSettings) -> int:
    """Count controls the slow way: each sentence of the rules on its own."""
    good = [one for one in made if valid(one)]
    schools = [one for one in good if one.kind == "school" and one.school_m in (299.0, 300.0)]
    of_year = {one.id for one in made if day_of(one).year == year}
    if row == "school_start_controls":
        met = {start for one in schools for start in starts_near(day_of(one))}
        return len({start for start in met if start.year == year})
    if row == "school_controls":
        kept = [
            one for one in schools if settings.school_start_included or not starts_near(day_of(one))
        ]
        return len({(one.school_id, day_of(one)) for one in kept if one.id in of_year})
    kinds = {row.removesuffix("_controls")}
    if row == "driver_controls" and settings.school_counts_as_driver:
        kinds.add("school")
    return len(
        {
            (one.kind, one.segment_id, day_of(one))
            for one in good
            if one.kind in kinds and one.id in of_year
        }
    )


def on_weekend_night(day: date) -> bool:
    """Friday, Saturday or the eve of a holiday."""
    morning = day + timedelta(days=1)
    return day.isoweekday() in (5, 6) or morning in holidays(morning.year)


def slow_weekends(made: list[Measure], year: int) -> int:
    """Walk over the days of the season and look at each weekend."""
    walked = {one.day for one in made if one.kind == "night_walk"}
    days = [date(year, 4, 1) + timedelta(days=day) for day in range(183)]
    fridays = [day for day in days if day.isoweekday() == 5]
    return sum(1 for friday in fridays if walked & {friday, friday + timedelta(days=1)})


def slow_measures(made: list[Measure], row: str, year: int) -> float:
    """Count measures the slow way."""
    if row == "night_walks":
        return slow_weekends(made, year)
    this_year = [one for one in made if one.day.year == year]
    joint = [one for one in this_year if {"police", "municipality"} <= one.organisers]
    if row == "pub_inspections":
        return len({one.day for one in joint if one.kind == "pub_inspection"})
    if row == "training":
        days = [one for one in this_year if one.kind == "training" and len(one.organisers) > 1]
        return len({one.day for one in days if "lansstyrelsen" in one.organisers})
    if row == "closing_time_presence":
        nights = [one for one in this_year if one.kind == "presence" and on_weekend_night(one.day)]
        return sum(one.officer_hours for one in nights)
    group = row.removeprefix("campaigns_")
    held = [one for one in joint if one.kind == "campaign" and group in one.audience]
    return len({one.title.strip().lower() or one.id for one in held})


CONTROL_ROWS = ("cyclist_controls", "driver_controls", "school_controls", "school_start_controls")
MEASURE_ROWS = (
    "campaigns_drivers",
    "campaigns_cyclists",
    "campaigns_walkers",
    "pub_inspections",
    "closing_time_presence",
    "night_walks",
    "training",
)


@given(made=controls(), settings=SETTINGS)
def test_controls_are_counted_as_the_slow_model_does(
    answer_of: Answer, made: list[Control], settings: PromiseSettings
) -> None:
    for row in CONTROL_ROWS:
        answer = answer_of(row, 2026, controls=made, settings=settings)
        assert answer["done"] == slow_controls(made, row, 2026, settings)


@given(made=measures())
def test_measures_are_counted_as_the_slow_model_does(
    answer_of: Answer, made: list[Measure]
) -> None:
    for row in MEASURE_ROWS:
        assert answer_of(row, 2026, measures=made)["done"] == slow_measures(made, row, 2026)


@given(made=controls(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(
    answer_of: Answer, made: list[Control], order: Random
) -> None:
    shuffled = list(made)
    order.shuffle(shuffled)
    for row in CONTROL_ROWS:
        assert answer_of(row, controls=made) == answer_of(row, controls=shuffled)


@given(made=controls(), now=MOMENTS, settings=SETTINGS)
def test_the_public_counts_what_the_police_did_until_the_delay(
    answer_of: Answer, made: list[Control], now: datetime, settings: PromiseSettings
) -> None:
    rows = load()
    let_out = figures(made, rows, settings, now)
    old = [one for one in made if (one.ended_at or one.recorded_at) + timedelta(days=30) <= now]
    for row in CONTROL_ROWS:
        public = answer_of(row, figures=let_out, role="public", settings=settings, now=now)
        police = answer_of(row, controls=old, role="police", settings=settings, now=now)
        assert public["done"] == police["done"]
        assert public["not_counted"] == police["not_counted"]


@given(made=controls(), planned=controls(), now=MOMENTS)
def test_what_has_not_happened_changes_no_public_figure(
    made: list[Control], planned: list[Control], now: datetime
) -> None:
    rows, settings = load(), PromiseSettings()
    future = [one for one in planned if one.ended_at is not None and one.ended_at > now]
    assert figures([*made, *future], rows, settings, now) == figures(made, rows, settings, now)


@given(made=controls())
def test_every_control_is_counted_or_left_out_once(answer_of: Answer, made: list[Control]) -> None:
    of_year = [
        one
        for one in made
        if one.kind == "cyclist"
        and one.started_at is not None
        and one.started_at.astimezone(LOCAL).year == 2026
    ]
    answer = answer_of("cyclist_controls", 2026, controls=made)
    left = sum(one["n"] for one in answer["not_counted"])
    assert answer["done"] + left == len(of_year)


@given(made=measures())
def test_a_measure_is_told_what_it_will_count_for(answer_of: Answer, made: list[Measure]) -> None:
    rows, settings = load(), PromiseSettings()
    before: list[Measure] = []
    totals = dict.fromkeys(MEASURE_ROWS, 0)
    for one in made:
        told = counts_for(one, rows, settings, recorded=before)
        before.append(one)
        if (one.day.year, one.kind) != (2026, "presence") and one.day.year == 2026:
            for row in told.counts_for:
                totals[row] += 1
    for row in set(MEASURE_ROWS) - {"closing_time_presence", "night_walks"}:
        assert answer_of(row, 2026, measures=made)["done"] == totals[row]


@given(made=controls(), now=MOMENTS)
def test_published_figures_hold_nothing_but_what_is_allowed(
    made: list[Control], now: datetime
) -> None:
    for figure in figures(made, load(), PromiseSettings(), now):
        assert isinstance(figure, Figure)
        text = str(figure)
        for one in made:
            assert one.id not in text
            assert one.segment_id not in text
            assert "ranked" not in text
