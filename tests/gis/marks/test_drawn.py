"""What becomes of a path that somebody draws, of the marks on it, and when it is taken back?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from gis import inventory, marks
from gis.marks.drawn import path_id
from gis.marks.shape import fault
from tests.gis.marks.test_splits import (
    LAT,
    NOW,
    WEST,
    built,
    living,
    lon_at,
    mark_at,
    only,
    say,
    split_at,
)

if TYPE_CHECKING:
    from gis.store import Store

__all__ = ["built"]

LINE = [[WEST, LAT], [WEST, LAT + 0.0005], [WEST, LAT + 0.001]]
LENGTH_M = 111.3


def operation(line: object = LINE, **more: object) -> dict[str, Any]:
    op_id = str(uuid.uuid4())
    told = {"op_id": op_id, "kind": "path", "segment_id": path_id(op_id)}
    return {**told, "fields": {"line": line, **more}}


def draw(store: Store, **more: object) -> str:
    """Receive a drawn path as the server does; return its segment."""
    told = operation(**more)
    assert marks.receive(store, [told], author="anna", now=NOW)[0].result == "applied"
    inventory.refresh(store, [told["segment_id"]])
    return str(told["segment_id"])


def row(store: Store, segment_id: str) -> dict[str, Any]:
    rows = store.layer("segments", ids=[segment_id])
    return {str(name): value for name, value in rows.iloc[0].to_dict().items()}


def test_a_drawn_path_is_a_segment_at_once_and_meets_the_network(store: Store) -> None:
    parent = only(store)
    name = draw(store, signs=["SE:D5"])
    assert living(store)[name] == pytest.approx(LENGTH_M, abs=0.5)
    told = row(store, name)
    assert (told["path_class"], told["status"]) == ("gangbana", "inspected")
    assert told["sources"] == ["field"]
    rows = store.layer("network", ids=[parent, name]).set_index("segment_id").to_dict("index")
    assert rows[name]["from_node"] == rows[parent]["from_node"]
    assert rows[name]["to_node"] < 0


def test_the_next_update_gives_the_same_path(store: Store) -> None:
    name = draw(store, signs=["SE:D4"])
    at_once, told = living(store), row(store, name)
    inventory.update(store)
    assert living(store) == at_once
    after = row(store, name)
    same = ("path_class", "status", "severity", "flags", "sources", "version", "valid_from")
    assert {key: after[key] for key in same} == {key: told[key] for key in same}


def test_it_is_marked_in_the_same_batch_cut_and_marked_again(store: Store) -> None:
    path = operation()
    seen = {"op_id": str(uuid.uuid4()), "kind": "mark", "segment_id": path["segment_id"]}
    told = [path, {**seen, "fields": {"signs": ["SE:D4"]}}]
    assert [one.result for one in marks.receive(store, told, author="a", now=NOW)] == [
        "applied"
    ] * 2
    inventory.refresh(store, [path["segment_id"]])
    assert row(store, path["segment_id"])["path_class"] == "cykelbana"
    point = {"lon": WEST, "lat": LAT + 0.0003}
    say(store, "split", path["segment_id"], fields={"point": point}, fix=None)
    assert len(living(store)) == 3


def test_taking_it_back_takes_its_parts_and_leaves_the_rest(store: Store) -> None:
    parent, before = only(store), living(store)
    name = draw(store)
    path = next(r for r in store.revisions("observation", name) if r.body["kind"] == "path")
    point = {"lon": WEST, "lat": LAT + 0.0003}
    say(store, "split", name, fields={"point": point}, fix=None)
    split_at(store, parent, 0.5)
    assert len(living(store)) == 4
    say(store, "undo", name, fields={"op_id": path.op_id})
    assert len(living(store)) == 2
    at_once = living(store)
    inventory.update(store)
    assert living(store) == at_once
    assert sum(at_once.values()) == pytest.approx(sum(before.values()), abs=0.2)


def test_what_others_marked_on_a_path_taken_back_waits_for_a_planner(store: Store) -> None:
    name = draw(store)
    path = next(r for r in store.revisions("observation", name) if r.body["kind"] == "path")
    mark_at(store, name, 0, "SE:D4")
    say(store, "undo", name, fields={"op_id": path.op_id})
    findings = store.layer("findings", where={"segment_id": [name]})
    assert findings["check_id"].tolist() == ["E10"]


@pytest.mark.parametrize(
    "line",
    [None, [], [[15.0, 56.0]], [[15.0, 56.0]] * 3, [[15.0, 56.0], [15.1]],
     [[15.0, 56.0], [15.1, 95]], [[15.0, 56.0], "x"], [[lon_at(0), LAT]] + [[15.0, 56.0]] * 2000],
)  # fmt: skip
def test_a_line_that_is_none_is_refused(line: object) -> None:
    assert fault(operation(line)) == "bad_line"


def test_a_path_may_not_take_the_id_of_another_segment() -> None:
    assert fault({**operation(), "segment_id": "s22e53qhy7f4emlc"}) == "bad_line"
    assert fault(operation()) is None
