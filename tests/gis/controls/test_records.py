"""Plans and performed controls: what is kept, what is refused, what stays apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.controls import records
from gis.controls.bodies import names_somebody
from gis.controls.place import place_of
from gis.errors import GisError, NotFoundError
from gis.store import create_store
from gis.store.base import VersionConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd

    from gis.store import Store

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN: dict[str, Any] = {
    "kind": "driver",
    "segment_id": "s001",
    "starts_at": (NOW + HOUR).isoformat(),
    "ends_at": (NOW + 2 * HOUR).isoformat(),
    "reason": "complaint",
}
DONE: dict[str, Any] = {
    "started_at": (NOW + HOUR).isoformat(),
    "ended_at": (NOW + 2 * HOUR).isoformat(),
    "stopped": 4,
    "informed": 0,
    "reported": {"3:61": 1},
    "note": None,
}
LATER = NOW + 3 * HOUR


@pytest.fixture
def police(tmp_path: Path) -> Iterator[Store]:
    made = create_store(tmp_path / "a.police.gpkg", '{"id":"a"}')
    yield made
    made.close()


def test_a_plan_is_changed_and_cancelled_by_versions(police: Store) -> None:
    plan_id = records.add_plan(police, PLAN, author="o1", now=NOW)
    changes = {"segment_id": "s002"}
    assert records.change_plan(police, plan_id, changes, author="o2", expected_version=1) == 2
    assert records.plan(police, plan_id)["segment_id"] == "s002"
    with pytest.raises(VersionConflictError):
        records.change_plan(police, plan_id, changes, author="o2", expected_version=1)
    records.cancel_plan(police, plan_id, author="o1")
    assert records.plans(police) == []
    assert len(police.revisions("plan", plan_id)) == 3


def test_a_cancelled_plan_is_answered_like_one_that_never_was(police: Store) -> None:
    plan_id = records.add_plan(police, PLAN, author="o1", now=NOW)
    records.cancel_plan(police, plan_id, author="o1")
    texts = set()
    for unknown in (plan_id, "f" * 32):
        with pytest.raises(NotFoundError) as caught:
            records.perform(police, unknown, DONE, author="o1", now=LATER)
        texts.add(str(caught.value))
    assert len(texts) == 1


def test_a_performed_plan_is_no_record_after_the_fact(police: Store) -> None:
    plan_id = records.add_plan(police, PLAN, author="o1", now=NOW, place={"district": "Väst"})
    records.perform(police, plan_id, DONE, author="o1", now=LATER)
    after = records.add_control(
        police, DONE | {"kind": "driver", "segment_id": "s2"}, author="o1", now=LATER
    )
    found = {one["id"]: one for one in records.controls(police)}
    assert found[after]["afterwards"] is True
    assert found[after]["reason"] is None
    planned = next(one for key, one in found.items() if key != after)
    assert (planned["afterwards"], planned["district"], planned["reason"]) == (
        False,
        "Väst",
        "complaint",
    )


def test_a_plan_made_after_the_start_is_marked(police: Store) -> None:
    plan_id = records.add_plan(police, PLAN, author="o1", now=LATER)
    records.perform(police, plan_id, DONE, author="o1", now=LATER)
    assert records.controls(police)[0]["afterwards"] is True


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"kind": "pedestrian"}, id="unknown kind"),
        pytest.param({"kind": None}, id="no kind"),
        pytest.param({"segment_id": ""}, id="no segment"),
        pytest.param({"segment_id": 7}, id="a number as segment"),
        pytest.param({"reason": "easy"}, id="unknown reason"),
        pytest.param({"starts_at": "2026-05-08T10:00:00"}, id="no offset"),
        pytest.param({"starts_at": "soon"}, id="no time"),
        pytest.param({"ends_at": PLAN["starts_at"]}, id="no length"),
        pytest.param({"note": "Kör 850101-1234"}, id="a personal number"),
        pytest.param({"note": "x" * 2001}, id="too long a note"),
    ],
)
def test_a_wrong_plan_is_refused(police: Store, told: dict[str, Any]) -> None:
    with pytest.raises(GisError) as caught:
        records.add_plan(police, PLAN | told, author="o1", now=NOW)
    assert "850101" not in str(caught.value)
    assert records.plans(police) == []


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"ended_at": (LATER + HOUR).isoformat()}, id="not over yet"),
        pytest.param({"stopped": -1}, id="below zero"),
        pytest.param({"stopped": 1.5}, id="half a driver"),
        pytest.param({"informed": True}, id="yes is no number"),
        pytest.param({"reported": [1]}, id="a list"),
        pytest.param({"reported": {"850101-1234": 1}}, id="a person as offence"),
        pytest.param({"reported": {"3:61": "1"}}, id="a word as number"),
        pytest.param({"note": "ABC 123"}, id="a plate"),
    ],
)
def test_a_wrong_outcome_is_refused(police: Store, told: dict[str, Any]) -> None:
    plan_id = records.add_plan(police, PLAN, author="o1", now=NOW)
    with pytest.raises(GisError):
        records.perform(police, plan_id, DONE | told, author="o1", now=LATER)
    assert records.controls(police) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("850101-1234", True),
        ("198501011234", True),
        ("850101 1234", True),
        ("850101–1234", True),
        ("Bilen ABC123 stod", True),
        ("ABC 12D", True),
        ("abc123", True),
        ("19 stoppade, 3 anmälda", False),
        ("vid 100 meter", False),
        ("klockan 07:30-08:15", False),
        ("2026-05-08", False),
        ("E22 mot Kalmar", False),
    ],
)
def test_personal_numbers_and_plates_are_recognised(text: str, *, named: bool) -> None:
    assert names_somebody(text) is named


def test_the_place_is_remembered_with_the_control(
    police: Store, town: Callable[..., dict[str, gpd.GeoDataFrame]]
) -> None:
    layers = town()
    place = place_of("s001", layers, station=(10.51, 0.0))
    assert place is not None
    assert place["district"] == "Väst"
    assert place["school_id"] == "p1"
    assert place["top_quarter"] is None
    assert place["station_m"] > 0
    assert place_of("s-none", layers) is None
    body = DONE | {"kind": "driver", "segment_id": "s001"}
    records.add_control(police, body, author="o1", now=LATER, place=place)
    point = records.control_points(police, 3006).geometry.iloc[0]
    line = layers["segments"].set_index("segment_id").geometry["s001"]
    assert line.distance(point) < 0.1


def test_no_controls_make_no_points(police: Store) -> None:
    assert records.control_points(police, 3006).empty


def test_seeds_differ_and_fit_into_every_json_reader() -> None:
    seeds = {records.new_seed() for _ in range(50)}
    assert len(seeds) == 50
    assert max(seeds) < 2**53
