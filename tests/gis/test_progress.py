"""How far has the inventory come, and how old is what is known?"""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from gis import progress

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def segments(**columns: list[object]) -> pd.DataFrame:
    """Return two paths of 100 m, one seen in May, beside what is told."""
    usual: dict[str, list[object]] = {
        "segment_id": ["a", "b"],
        "kind": ["path", "path"],
        "status": ["inspected", "proposed"],
        "path_class": ["gangbana", "cykelbana"],
        "district": ["Trossö", None],
        "length_m": [100.0, 100.0],
        "inspected_at": [pd.Timestamp("2026-05-12T08:00Z"), pd.NaT],
        "decided_at": [pd.NaT, pd.NaT],
    }
    return pd.DataFrame({**usual, **columns})


def test_the_share_grows_in_the_month_somebody_was_there() -> None:
    points = progress.over_time(progress.paths(segments()), NOW)
    assert [point["month"] for point in (points[0], points[-1])] == ["2025-11", "2026-11"]
    shares = {point["month"]: point["share"] for point in points}
    assert (shares["2026-04"], shares["2026-05"], shares["2026-11"]) == (0.0, 0.5, 0.5)


@pytest.mark.parametrize(
    ("columns", "share"),
    [
        pytest.param({}, 0.5, id="one of two"),
        pytest.param({"status": ["stale", "proposed"]}, 0.0, id="a stale one no longer counts"),
        pytest.param({"kind": ["lane", "path"]}, 0.0, id="only paths count"),
        pytest.param({"status": ["inspected", "retired"]}, 1.0, id="retired ones are no length"),
        pytest.param({"status": ["retired", "retired"]}, 0.0, id="nothing is a share of 0"),
    ],
)
def test_what_counts(columns: dict[str, list[object]], share: float) -> None:
    assert progress.over_time(progress.paths(segments(**columns)), NOW)[-1]["share"] == share


def test_by_district_and_class() -> None:
    found = progress.paths(segments())
    assert [(row["code"], row["share"]) for row in progress.by(found, "district")] == [
        ("", 0.0),
        ("Trossö", 1.0),
    ]
    assert [row["code"] for row in progress.by(found, "path_class")] == ["cykelbana", "gangbana"]


def test_weeks_begin_on_monday_and_old_ones_are_left_out() -> None:
    late = segments(inspected_at=[pd.Timestamp("2026-11-18T08:00Z"), pd.NaT])
    (row,) = progress.by_week(progress.paths(late), NOW)
    assert (row["week"], row["district"], row["count"]) == ("2026-11-16", "Trossö", 1)
    assert progress.by_week(progress.paths(segments()), NOW) == []


def test_the_newest_knowledge_gives_the_age() -> None:
    days = {"a": "2010-01-01T00:00Z", "c": "2026-01-01T00:00Z"}
    edited = pd.Series({one: pd.Timestamp(day) for one, day in days.items()})
    ages = {
        row["code"]: row["share"] for row in progress.ages(progress.paths(segments()), edited, NOW)
    }
    assert ages == {"under_1": 0.5, "under_3": 0.0, "under_5": 0.0, "older": 0.0, "never": 0.5}
    old = progress.paths(segments(status=["proposed", "proposed"]))
    assert {row["code"]: row["share"] for row in progress.ages(old, edited, NOW)}["older"] == 0.5


def test_without_any_edit_the_age_is_that_of_the_visit() -> None:
    none = pd.Series([], index=pd.Index([], dtype=object), dtype="datetime64[ns, UTC]")
    ages = progress.ages(progress.paths(segments()), none, NOW)
    assert {row["code"]: row["share"] for row in ages}["never"] == 0.5


def test_only_open_questions_are_counted() -> None:
    findings = pd.DataFrame(
        {
            "check_id": ["A01", "A01", "B07", "A12", "B07"],
            "severity": [2, 2, 3, 1, 3],
            "state": ["open", "open", "open", "open", "accepted"],
        }
    )
    counts = [(row["check_id"], row["count"]) for row in progress.questions(findings)]
    assert counts == [("A01", 2), ("B07", 1)]
