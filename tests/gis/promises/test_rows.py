"""One table a row of the promise: what counts, what does not, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.promises import Figure, InventoryFigures, PromiseSettings, load

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[..., dict[str, Any]]
    Make = Callable[..., Any]

POLICE = frozenset({"police"})
TOWN = frozenset({"municipality"})
BOTH = POLICE | TOWN
ALL_THREE = BOTH | {"lansstyrelsen"}
FRIDAY = date(2026, 5, 8)
TEN = datetime(2026, 5, 8, 8, tzinfo=UTC)  # ten o'clock, local: when a control begins


def left(answer: dict[str, Any]) -> dict[str, int]:
    return {one["code"]: one["n"] for one in answer["not_counted"]}


def test_every_row_has_the_shape_of_the_interface(answer_of: Answer) -> None:
    for row in load():
        answer = answer_of(row.id)
        assert list(answer) == [
            "id",
            "label",
            "unit",
            "period",
            "target",
            "done",
            "remaining",
            "on_schedule",
            "not_counted",
            "evidence",
        ]
        assert answer["target"] is None or isinstance(answer["target"], int | float)
        assert (answer["remaining"] is None) == (answer["target"] is None)
        if answer["target"] is None:
            assert answer["on_schedule"] is None


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_labels_and_reasons_follow_the_language(
    answer_of: Answer, a_control: Make, lang: str
) -> None:
    controls = [a_control("cyclist", FRIDAY, reason=None)]
    answer = answer_of("cyclist_controls", controls=controls, lang=lang)
    swedish = {"Skäl för platsen saknas", "kontroller"}
    assert ({answer["not_counted"][0]["reason"], answer["unit"]} == swedish) is (lang == "sv")


@pytest.mark.parametrize(
    ("told", "done", "codes"),
    [
        pytest.param([{}], 1, {}, id="one with a reason"),
        pytest.param([{"reason": None}], 0, {"no_reason": 1}, id="without a reason"),
        pytest.param([{"afterwards": True}], 1, {}, id="recorded afterwards"),
        pytest.param([{"ended_at": None}], 0, {"no_times": 1}, id="without an end"),
        pytest.param([{"ended_at": TEN}], 0, {"no_times": 1}, id="without length"),
        pytest.param([{"started_at": None}], 0, {"no_times": 1}, id="without a start"),
        pytest.param([{"id": "a"}, {"id": "b"}], 1, {"same_control": 1}, id="same place and day"),
        pytest.param([{"id": "a"}, {"segment_id": "s2"}], 2, {}, id="another place"),
        pytest.param([{"kind": "driver"}], 0, {}, id="drivers are another row"),
        pytest.param([{"kind": "school"}], 0, {}, id="schools are another row"),
        pytest.param(
            [{"id": "a", "reason": None}, {"id": "b"}], 1, {"no_reason": 1}, id="the valid one"
        ),
    ],
)
def test_cyclist_controls(
    answer_of: Answer,
    a_control: Make,
    told: list[dict[str, Any]],
    done: int,
    codes: dict[str, int],
) -> None:
    controls = [a_control(**({"kind": "cyclist", "day": FRIDAY} | one)) for one in told]
    answer = answer_of("cyclist_controls", controls=controls)
    assert (answer["done"], left(answer), answer["remaining"]) == (done, codes, 10 - done)


@pytest.mark.parametrize(
    ("counts", "done"), [pytest.param(False, 1, id="off"), pytest.param(True, 2, id="on")]
)
def test_a_school_control_counts_for_drivers_by_setting_alone(
    answer_of: Answer, a_control: Make, *, counts: bool, done: int
) -> None:
    controls = [a_control("driver", FRIDAY), a_control("school", FRIDAY)]
    settings = PromiseSettings(school_counts_as_driver=counts)
    answer = answer_of("driver_controls", controls=controls, settings=settings)
    assert answer["done"] == done
    assert answer["evidence"].get("also_school_controls") == (1 if counts else None)


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        pytest.param(date(2025, 12, 31), False, id="the year before"),
        pytest.param(date(2026, 1, 1), True, id="first day"),
        pytest.param(date(2026, 12, 31), True, id="last day"),
        pytest.param(date(2027, 1, 1), False, id="the year after"),
    ],
)
def test_the_control_period_is_the_calendar_year_unless_set(
    answer_of: Answer, a_control: Make, day: date, *, counted: bool
) -> None:
    answer = answer_of("cyclist_controls", controls=[a_control("cyclist", day)])
    assert answer["done"] == int(counted)
    whole = PromiseSettings(
        control_period="promise", promise_from=date(2025, 1, 1), promise_to=date(2027, 12, 31)
    )
    answer = answer_of("cyclist_controls", controls=[a_control("cyclist", day)], settings=whole)
    assert answer["done"] == int(day.year <= 2026)


def test_a_control_after_midnight_belongs_to_its_local_day(
    answer_of: Answer, a_control: Make
) -> None:
    begun = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    late = a_control("cyclist", FRIDAY, started_at=begun, ended_at=begun + timedelta(hours=1))
    assert answer_of("cyclist_controls", controls=[late])["done"] == 1


@pytest.mark.parametrize(
    ("told", "included", "done", "codes"),
    [
        pytest.param([{}], True, 1, {}, id="near"),
        pytest.param([{"school_m": 300.0}], True, 1, {}, id="on the limit"),
        pytest.param([{"school_m": 300.1}], True, 0, {"not_near_school": 1}, id="too far"),
        pytest.param([{"school_m": None}], True, 0, {"not_near_school": 1}, id="no school"),
        pytest.param(
            [{"id": "a"}, {"segment_id": "s2"}], True, 1, {"same_school_day": 1}, id="one school"
        ),
        pytest.param([{"id": "a"}, {"school_id": "p2"}], True, 2, {}, id="two schools"),
        pytest.param([{"day": date(2026, 8, 20)}], True, 1, {}, id="at school start"),
        pytest.param(
            [{"day": date(2026, 8, 20)}], False, 0, {"school_start": 1}, id="start excluded"
        ),
        pytest.param([{}], False, 1, {}, id="not at school start"),
        pytest.param([{"reason": None}], True, 0, {"no_reason": 1}, id="without a reason"),
    ],
)
def test_school_controls(
    answer_of: Answer,
    a_control: Make,
    told: list[dict[str, Any]],
    *,
    included: bool,
    done: int,
    codes: dict[str, int],
) -> None:
    controls = [a_control(**({"kind": "school", "day": FRIDAY} | one)) for one in told]
    settings = PromiseSettings(school_start_included=included)
    answer = answer_of("school_controls", controls=controls, settings=settings)
    assert (answer["done"], left(answer)) == (done, codes)


@pytest.mark.parametrize(
    ("day", "met"),
    [
        pytest.param(date(2026, 8, 2), False, id="15 days before"),
        pytest.param(date(2026, 8, 3), True, id="14 days before"),
        pytest.param(date(2026, 8, 17), True, id="the day"),
        pytest.param(date(2026, 8, 31), True, id="14 days after"),
        pytest.param(date(2026, 9, 1), False, id="15 days after"),
    ],
)
def test_a_school_start_is_met_within_14_days(
    answer_of: Answer, a_control: Make, day: date, *, met: bool
) -> None:
    answer = answer_of("school_start_controls", controls=[a_control("school", day)])
    assert (answer["target"], answer["done"]) == (1, int(met))
    assert left(answer) == ({} if met else {"not_at_school_start": 1})
    assert any("2026-08-17" in note for note in answer["evidence"]["notes"])


def test_two_school_starts_want_two_controls(answer_of: Answer, a_control: Make) -> None:
    settings = PromiseSettings(
        school_starts=(date(2026, 1, 8), date(2026, 8, 19)), spring_term_counts=True
    )
    controls = [a_control("school", date(2025, 12, 30)), a_control("school", date(2026, 1, 9))]
    answer = answer_of("school_start_controls", controls=controls, settings=settings)
    assert (answer["target"], answer["done"], answer["remaining"]) == (2, 1, 1)
    assert left(answer) == {"same_school_start": 1}
    assert answer["evidence"]["notes"] == []


def test_the_spring_term_waits_for_its_setting(answer_of: Answer) -> None:
    settings = PromiseSettings(school_starts=(date(2026, 1, 8), date(2026, 8, 19)))
    assert answer_of("school_start_controls", settings=settings)["target"] == 1


@pytest.mark.parametrize(
    ("told", "done", "codes"),
    [
        pytest.param([{}], 1, {}, id="both parties"),
        pytest.param([{"organisers": POLICE}], 0, {"one_party": 1}, id="police alone"),
        pytest.param([{"organisers": TOWN}], 0, {"one_party": 1}, id="municipality alone"),
        pytest.param([{"id": "a"}, {"id": "b"}], 1, {"same_evening": 1}, id="one evening"),
        pytest.param([{}, {"day": date(2026, 5, 9)}], 2, {}, id="two evenings"),
        pytest.param(
            [{"id": "a", "organisers": POLICE}, {"id": "b", "organisers": TOWN}],
            0,
            {"one_party": 2},
            id="side by side is not together",
        ),
    ],
)
def test_pub_inspections(
    answer_of: Answer,
    a_measure: Make,
    told: list[dict[str, Any]],
    done: int,
    codes: dict[str, int],
) -> None:
    measures = [
        a_measure(**({"kind": "pub_inspection", "day": FRIDAY, "premises": 3} | one))
        for one in told
    ]
    answer = answer_of("pub_inspections", measures=measures)
    assert (answer["done"], left(answer), answer["target"]) == (done, codes, 4)
    assert answer["evidence"]["premises"] == 3 * done


@pytest.mark.parametrize(
    ("days", "done", "codes"),
    [
        pytest.param(["2026-05-08"], 1, {}, id="friday"),
        pytest.param(["2026-05-08", "2026-05-09"], 1, {"same_weekend": 1}, id="both nights"),
        pytest.param(["2026-05-08", "2026-05-15"], 2, {}, id="two weekends"),
        pytest.param(["2026-05-10"], 0, {"not_weekend": 1}, id="sunday evening"),
        pytest.param(["2026-05-06"], 0, {"not_weekend": 1}, id="wednesday"),
        pytest.param(["2026-04-03"], 1, {}, id="first friday of april"),
        pytest.param(["2026-03-28"], 0, {"outside_season": 1}, id="march"),
        pytest.param(["2026-10-02"], 0, {"outside_season": 1}, id="october"),
    ],
)
def test_night_walks(
    answer_of: Answer, a_measure: Make, days: list[str], done: int, codes: dict[str, int]
) -> None:
    walks = [a_measure("night_walk", date.fromisoformat(day)) for day in days]
    answer = answer_of("night_walks", measures=walks)
    assert (answer["done"], left(answer), answer["target"]) == (done, codes, 26)


def test_a_walk_on_1_october_counts_with_the_friday_before(
    answer_of: Answer, a_measure: Make
) -> None:
    walk = a_measure("night_walk", date(2022, 10, 1))
    assert answer_of("night_walks", 2022, measures=[walk])["done"] == 1
    early = a_measure("night_walk", date(2023, 4, 1))
    assert left(answer_of("night_walks", 2023, measures=[early])) == {"outside_season": 1}


@pytest.mark.parametrize(
    ("audience", "row", "done", "codes"),
    [
        pytest.param({"drivers"}, "campaigns_drivers", 1, {}, id="its own row"),
        pytest.param({"drivers"}, "campaigns_walkers", 0, {}, id="another row"),
        pytest.param({"drivers", "walkers"}, "campaigns_walkers", 1, {}, id="several groups"),
        pytest.param(set(), "campaigns_cyclists", 0, {"no_audience": 1}, id="no group"),
    ],
)
def test_campaigns(
    answer_of: Answer,
    a_measure: Make,
    audience: set[str],
    row: str,
    done: int,
    codes: dict[str, int],
) -> None:
    campaign = a_measure("campaign", FRIDAY, audience=frozenset(audience), title="Se upp")
    answer = answer_of(row, measures=[campaign])
    assert (answer["done"], left(answer), answer["target"]) == (done, codes, None)


def test_a_named_campaign_is_one_activity_and_wants_both_parties(
    answer_of: Answer, a_measure: Make
) -> None:
    plain = {"audience": frozenset({"drivers"})}
    measures = [
        a_measure("campaign", FRIDAY, title="Se upp", **plain),
        a_measure("campaign", date(2026, 5, 9), title=" se  UPP ", **plain),
        a_measure("campaign", date(2026, 5, 10), title="Lys", organisers=POLICE, **plain),
        a_measure("campaign", date(2025, 5, 10), title="Förra året", **plain),
    ]
    answer = answer_of("campaigns_drivers", measures=measures)
    assert (answer["done"], left(answer)) == (1, {"same_campaign": 1, "one_party": 1})


@pytest.mark.parametrize(
    ("told", "done", "codes"),
    [
        pytest.param([{}], 1, {}, id="with Länsstyrelsen"),
        pytest.param([{"organisers": BOTH}], 0, {"no_lansstyrelsen": 1}, id="without"),
        pytest.param(
            [{"organisers": frozenset({"lansstyrelsen"})}], 0, {"no_lansstyrelsen": 1}, id="alone"
        ),
        pytest.param([{"id": "a"}, {"id": "b"}], 1, {"same_day": 1}, id="one day"),
    ],
)
def test_training(
    answer_of: Answer,
    a_measure: Make,
    told: list[dict[str, Any]],
    done: int,
    codes: dict[str, int],
) -> None:
    plain = {
        "kind": "training",
        "day": FRIDAY,
        "organisers": ALL_THREE,
        "participants": {"guard": 4},
    }
    answer = answer_of("training", measures=[a_measure(**(plain | one)) for one in told])
    assert (answer["done"], left(answer)) == (done, codes)
    assert answer["evidence"]["participants"] == ({"guard": 4} if done else {})


@pytest.mark.parametrize(
    ("day", "area", "hours", "codes"),
    [
        pytest.param("2026-05-08", "", 6.5, {}, id="friday"),
        pytest.param("2026-05-09", "trossö", 6.5, {}, id="in the centre"),
        pytest.param("2026-05-09", "Lyckeby", 0, {"outside_centre": 1}, id="elsewhere"),
        pytest.param("2026-05-11", "", 0, {"not_weekend_night": 1}, id="monday"),
        pytest.param("2026-05-13", "", 6.5, {}, id="eve of Ascension Day"),
    ],
)
def test_presence(
    answer_of: Answer,
    a_measure: Make,
    day: str,
    area: str,
    hours: float,
    codes: dict[str, int],
) -> None:
    night = a_measure("presence", date.fromisoformat(day), officer_hours=6.5, area=area)
    answer = answer_of("closing_time_presence", measures=[night])
    assert (answer["done"], left(answer), answer["remaining"]) == (hours, codes, None)
    assert answer["evidence"]["notes"] == ["Baseline year 2026"]


def test_the_inventory_rows_show_what_was_measured(answer_of: Answer) -> None:
    inventory = InventoryFigures(coverage=40.5, clarity=100.0, not_covered={"proposed": 7})
    coverage = answer_of("inventory_coverage", inventory=inventory)
    assert (coverage["done"], coverage["remaining"], left(coverage)) == (
        40.5,
        59.5,
        {"proposed": 7},
    )
    clarity = answer_of("inventory_clarity", inventory=inventory)
    assert (clarity["done"], clarity["remaining"], clarity["on_schedule"]) == (100, 0, True)


def test_an_empty_inventory_is_not_zero_per_cent(answer_of: Answer) -> None:
    answer = answer_of("inventory_coverage")
    assert (answer["done"], answer["remaining"], answer["on_schedule"]) == (None, 100, None)


@pytest.mark.parametrize(
    ("count", "role", "done"),
    [
        pytest.param(5, "public", 5, id="five"),
        pytest.param(4, "public", None, id="under five is not shown"),
        pytest.param(4, "planner", 4, id="planners see it"),
    ],
)
def test_reported_assaults(answer_of: Answer, count: int, role: str, done: int | None) -> None:
    crime = [{"area": "Trossö", "offence": "Misshandel", "period": "2026", "count": count}]
    answer = answer_of("assaults_centre", crime=crime, role=role)
    assert answer["done"] == done


def test_months_are_added_up_and_marked_preliminary_until_the_year_comes(
    answer_of: Answer,
) -> None:
    months = [
        {"area": "Trossö", "offence": "misshandel", "period": f"2026-0{month}", "count": 10}
        for month in (1, 2)
    ]
    answer = answer_of("assaults_centre", crime=months)
    assert (answer["done"], answer["evidence"]["notes"]) == (20, ["Preliminary figures"])
    year = {"area": "Trossö", "offence": "misshandel", "period": "2026", "count": 99}
    answer = answer_of("assaults_centre", crime=[*months, year])
    assert (answer["done"], answer["evidence"]["notes"]) == (99, [])


def test_kinds_of_an_offence_are_not_added_to_it(answer_of: Answer) -> None:
    def row(offence: str, count: int) -> dict[str, object]:
        return {"area": "Trossö", "offence": offence, "period": "2026", "count": count}

    kinds = [row("Misshandel mot kvinna", 20), row("Misshandel mot man", 30)]
    assert answer_of("assaults_centre", crime=[row("Misshandel", 50), *kinds])["done"] == 50
    assert answer_of("assaults_centre", crime=kinds[:1])["done"] == 20
    assert answer_of("assaults_centre", crime=kinds)["done"] is None


def test_the_survey_is_kept_as_delivered_and_trust_apart(answer_of: Answer) -> None:
    survey = [
        {"year": 2026, "indicator": "Trygg ute sent", "value": 61.5, "unit": "%"},
        {"year": 2026, "indicator": "Förtroende för polisen", "value": 55.0, "unit": "%"},
        {"year": 2025, "indicator": "Trygg ute sent", "value": 60.0, "unit": "%"},
    ]
    assert answer_of("safety_survey", survey=survey)["done"] == 61.5
    assert answer_of("police_trust", survey=survey)["done"] == 55
    two = [*survey, {"year": 2026, "indicator": "Oro", "value": 2.1, "unit": "index"}]
    answer = answer_of("safety_survey", survey=two)
    assert answer["done"] is None
    assert len(answer["evidence"]["rows"]) == 2


def test_the_public_sees_published_figures_by_district(answer_of: Answer) -> None:
    figures = [
        Figure(row="cyclist_controls", year=2026, district="Lyckeby", counted=2),
        Figure(
            row="cyclist_controls", year=2026, district="*", counted=0, left_out={"no_reason": 1}
        ),
        Figure(row="cyclist_controls", year=2025, district="Lyckeby", counted=9),
        Figure(row="driver_controls", year=2026, district="Lyckeby", counted=9),
    ]
    answer = answer_of("cyclist_controls", figures=figures, role="public")
    assert (answer["done"], left(answer)) == (2, {"no_reason": 1})
    assert answer["evidence"]["districts"] == {"Lyckeby": 2}
    assert "records" not in answer["evidence"]


@pytest.mark.parametrize("role", ["public", "inspector", "planner"])
def test_nobody_but_the_police_counts_control_records(
    answer_of: Answer, a_control: Make, role: str
) -> None:
    answer = answer_of("cyclist_controls", controls=[a_control("cyclist", FRIDAY)], role=role)
    assert answer["done"] == 0
    assert "s1" not in str(answer)
