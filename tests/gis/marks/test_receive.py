"""Is every operation kept and answered for what it is?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis import areas
from gis.marks import decide_segment, decisions, observations, receive, versions
from gis.store import Entry, create_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
UNDO = {"segment_version": 1}
ANNA, BO = "person-a", "person-b"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a store with two segments and nothing else."""
    made = create_store(str(tmp_path / "s.gpkg"), areas.load("karlskrona").to_json())
    lines = [LineString([(0, y), (10, y)]) for y in (0, 5)]
    frame = gpd.GeoDataFrame({"segment_id": ["s1", "s2"]}, geometry=lines, crs=3006)
    made.replace_layers({"segments": frame}, keys={"segments": "segment_id"})
    yield made
    made.close()


def mark(segment_id: str = "s1", **changes: object) -> dict[str, Any]:
    """Make a mark of a shared path."""
    fields = {"path_class": "gc_gemensam"}
    return {
        "op_id": str(uuid4()), "kind": "mark", "segment_id": segment_id, "base_version": None,
        "fields": fields, "observed_at": NOW.isoformat(),
    } | changes  # fmt: skip


def result(store: Store, operation: object, author: str = ANNA) -> str:
    """Return what became of one operation."""
    (answer,) = receive(store, [operation], author=author, now=NOW)
    assert answer.reason
    return answer.result


def test_a_mark_is_applied_and_found_again(store: Store) -> None:
    operation = mark()
    assert result(store, operation) == "applied"
    (row,) = observations(store).to_dict("records")
    assert row["observation_id"] == operation["op_id"]
    assert row["fields"] == operation["fields"]
    assert versions(store)["s1"] == 2


def test_the_same_again_is_a_duplicate_whoever_sends_it(store: Store) -> None:
    operation = mark()
    result(store, operation)
    assert result(store, operation, BO) == "duplicate"
    assert len(observations(store)) == 1
    assert versions(store)["s1"] == 2


def test_the_same_id_with_other_content_is_invalid_and_kept(store: Store) -> None:
    operation = mark()
    result(store, operation)
    assert result(store, operation | {"fields": {"path_class": "gangbana"}}) == "invalid"
    (kept,) = store.revisions("refused")
    assert kept.body["operation"]["fields"] == {"path_class": "gangbana"}


def test_junk_is_invalid_and_kept_once(store: Store) -> None:
    assert [result(store, {"kind": "mark"}) for _ in range(2)] == ["invalid", "invalid"]
    assert len(store.revisions("refused")) == 1


def test_an_unknown_segment_is_invalid_and_kept(store: Store) -> None:
    assert result(store, mark("s9")) == "invalid"
    assert store.revisions("observation", "s9")[0].body["fields"] == {"path_class": "gc_gemensam"}
    assert observations(store).empty


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"path_class": "gangbana"}, "conflict", id="another class"),
        pytest.param({"path_class": "gc_gemensam"}, "applied", id="the same class"),
        pytest.param({"width_m": 2.0}, "applied", id="another field"),
        pytest.param({}, "applied", id="nothing"),
    ],
)
def test_two_people(store: Store, fields: dict[str, object], expected: str) -> None:
    result(store, mark())
    assert result(store, mark(fields=fields), BO) == expected
    assert len(observations(store)) == 2


def test_who_saw_the_other_answer_and_differs_is_applied(store: Store) -> None:
    result(store, mark())
    assert result(store, mark(fields={"path_class": "gangbana"}, base_version=2), BO) == "applied"


def test_ones_own_later_mark_is_no_conflict(store: Store) -> None:
    result(store, mark())
    assert result(store, mark(fields={"path_class": "gangbana"})) == "applied"


def test_a_mark_against_a_decision_is_a_conflict(store: Store) -> None:
    decide_segment(store, "s1", "gangbana", reason="skylt D5", author=BO)
    assert decisions(store)["path_class"].tolist() == ["gangbana"]
    assert result(store, mark()) == "conflict"


def test_an_undo_takes_ones_own_mark_back_and_nobody_elses(store: Store) -> None:
    first = mark()
    result(store, first)
    undo = mark(kind="undo", fields={"op_id": first["op_id"]})
    assert result(store, undo | {"op_id": str(uuid4())}, BO) == "invalid"
    assert len(observations(store)) == 1
    assert result(store, undo) == "applied"
    assert observations(store).empty


def test_an_undo_that_was_refused_leaves_the_mark_to_disagree_with(store: Store) -> None:
    first = mark()
    result(store, first)
    undo = mark(kind="undo", fields={"op_id": first["op_id"]})
    assert result(store, undo, BO) == "invalid"
    assert result(store, mark(fields={"path_class": "gangbana"}), BO) == "conflict"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(order=st.permutations(range(4)))
def test_no_order_loses_a_mark(store: Store, order: list[int]) -> None:
    classes = ["gangbana", "gc_gemensam", "cykelbana", "gangbana"]
    before = len(observations(store))
    for index in order:
        segment_id = f"s{1 + index % 2}"
        operation = mark(segment_id, fields={"path_class": classes[index]})
        assert result(store, operation, f"person-{index}") in ("applied", "conflict")
    assert len(observations(store)) == before + 4


def test_an_undone_decision_lets_the_one_before_stand_again(store: Store) -> None:
    for path_class in ("gangbana", "cykelbana"):
        decide_segment(store, "s1", path_class, reason=None, author=BO)
    for expected in (["gangbana"], []):
        entry = Entry(entity="decision", entity_id="s1", op="undo", author=BO, body=UNDO)
        store.append([entry])
        assert decisions(store)["path_class"].tolist() == expected
    assert versions(store)["s1"] == 5
