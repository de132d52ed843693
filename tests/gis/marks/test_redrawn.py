"""What becomes of a segment that people move or join, of its marks, and when it is taken back?"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gis import inventory, marks
from gis.marks.drawn import path_id
from gis.marks.shape import fault
from gis.network.splits import child_id
from tests.gis.marks.conftest import inventoried
from tests.gis.marks.test_splits import NOW
from tests.gis.osmtext import Town

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store

Line = list[list[float]]
UP = 0.00005
"""About 5.6 m to the north."""


def town(*, north: float = 0.0) -> Town:
    """Two footways that meet and a third that stands apart; the first may lie further north."""
    made = Town()
    for number, (x, y) in enumerate([(0, 0), (1, north), (2, 0), (4, 0), (6, 4), (7, 4)], start=1):
        made.node(number, x, y)
    made.way(1, [1, 2, 3], {"highway": "footway"}).way(2, [3, 4], {"highway": "footway"})
    made.way(3, [5, 6], {"highway": "footway"})
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    return inventoried(folder, town().save(folder))


def ids(store: Store) -> list[str]:
    """Name the three segments by the order of their ways."""
    rows = store.layer("network").sort_values("source_id")
    return list(rows["segment_id"])


def operation(kind: str, segment_id: str, **more: object) -> dict[str, Any]:
    return {"op_id": str(uuid.uuid4()), "kind": kind, "segment_id": segment_id, **more}


def say(store: Store, kind: str, segment_id: str, author: str = "anna", **more: object) -> str:
    """Receive one operation as the server does; return its id, or why it is invalid."""
    told = operation(kind, segment_id, **more)
    received = marks.receive(store, [told], author=author, now=NOW, lang="en")[0]
    if received.result == "invalid":
        return received.reason
    inventory.refresh(store, [segment_id])
    return str(told["op_id"])


def row(store: Store, segment_id: str) -> dict[str, Any]:
    feature = store.feature("segments", segment_id)
    assert feature is not None
    told: dict[str, Any] = json.loads(feature)
    return told


def line(store: Store, segment_id: str) -> Line:
    coordinates: Line = row(store, segment_id)["geometry"]["coordinates"]
    return coordinates


def node(store: Store, segment_id: str, end: str) -> int:
    return int(store.layer("network", ids=[segment_id])[end].iloc[0])


def status(store: Store, segment_id: str) -> str:
    return str(row(store, segment_id)["properties"]["status"])


def living(store: Store) -> dict[str, bytes]:
    """Every living segment as it is shown."""
    rows = store.layer("segments")
    alive = rows.loc[rows["status"].ne("retired"), "segment_id"]
    return {name: store.feature("segments", name) or b"" for name in alive}


def shapes(store: Store) -> dict[str, Line]:
    """Read the line of every living segment."""
    return {name: json.loads(text)["geometry"] for name, text in living(store).items()}


def shifted(told: Line, up: float = UP) -> Line:
    return [[lon, round(lat + up, 7)] for lon, lat in told]


def bent(told: Line) -> Line:
    """Move what lies between the ends."""
    return [told[0], *shifted(told[1:-1], 2 * UP), told[-1]]


def asked(store: Store, segment_id: str) -> list[tuple[str, dict[str, Any]]]:
    rows = store.layer("findings", where={"segment_id": [segment_id]})
    rows = rows[rows["check_id"].isin(["E10", "E11", "E12"]) & rows["state"].eq("open")]
    return [
        (check, json.loads(text))
        for check, text in zip(rows["check_id"], rows["evidence"], strict=True)
    ]


def test_a_moved_segment_lies_where_it_was_drawn_until_that_is_taken_back(store: Store) -> None:
    first, second, _ = ids(store)
    before = shapes(store)
    drawn = bent(line(store, first))
    op_id = say(store, "move", first, base_version=1, fields={"line": drawn})
    assert line(store, first) == [pytest.approx(place, abs=2e-7) for place in drawn]
    assert row(store, first)["properties"]["version"] == 2
    assert node(store, first, "to_node") == node(store, second, "from_node")
    at_once = living(store)
    inventory.update(store)
    assert living(store) == at_once
    say(store, "undo", first, fields={"op_id": op_id})
    assert shapes(store) == before
    assert store.layer("network_delivered").empty


def test_a_move_waits_over_a_changed_delivery_and_rests_on_what_the_person_saw(
    store: Store, tmp_path: Path
) -> None:
    first, _, _ = ids(store)
    drawn = bent(line(store, first))
    seen_at = datetime.now(UTC).isoformat()
    op_id = say(store, "move", first, observed_at=seen_at, fields={"line": drawn})
    inventory.import_file(store, town(north=0.05).save(tmp_path))
    inventory.update(store)
    now = line(store, first)
    assert now != drawn
    assert status(store, first) == "stale"
    ((check, evidence),) = asked(store, first)
    assert (check, evidence["record"]) == ("E11", op_id)
    assert evidence["drawn"] == [pytest.approx(place, abs=2e-7) for place in drawn]
    assert len(evidence["before"]) == 3
    say(store, "move", first, observed_at=seen_at, fields={"line": shifted(drawn)})
    assert (line(store, first), status(store, first)) == (now, "stale")
    say(store, "move", first, fields={"line": bent(now)})
    assert (status(store, first), asked(store, first)) == ("proposed", [])


def test_two_people_who_move_one_segment_disagree_and_none_is_overwritten(store: Store) -> None:
    first, _, _ = ids(store)
    one, two = bent(line(store, first)), shifted(line(store, first))
    say(store, "move", first, base_version=1, fields={"line": one})
    later = say(store, "move", first, "bo", base_version=1, fields={"line": two})
    assert line(store, first) == [pytest.approx(place, abs=2e-7) for place in one]
    assert status(store, first) == "disputed"
    ((check, evidence),) = asked(store, first)
    assert (check, evidence["record"]) == ("E12", later)
    assert evidence["drawn"] == [pytest.approx(place, abs=2e-7) for place in two]
    say(store, "move", first, "planner", base_version=2, fields={"line": shifted(one)})
    assert (status(store, first), asked(store, first)) == ("proposed", [])


def test_two_segments_become_one_over_a_delivery_and_their_marks_follow(
    store: Store, tmp_path: Path
) -> None:
    first, second, third = ids(store)
    before, far = shapes(store), line(store, second)[-1]
    op_id = say(store, "join", first, fields={"with": second})
    there = {"lon": far[0], "lat": far[1]}
    mark = say(store, "mark", first, fields={"signs": ["SE:D4"]}, fix=there)
    assert set(living(store)) == {first, third}
    assert line(store, first)[-1] == far
    assert [one.new_id for one in store.lineage(second)] == [first]
    at_once = shapes(store)
    more = town()
    more.node(9, 9, 9).node(10, 10, 9).way(9, [9, 10], {"highway": "footway"})
    inventory.import_file(store, more.save(tmp_path))
    inventory.update(store)
    assert at_once.items() < shapes(store).items()
    say(store, "undo", first, fields={"op_id": op_id})
    assert before.items() < shapes(store).items()
    homes = store.layer("observations").set_index("observation_id")["segment_id"]
    assert homes[mark] == second


def test_what_cannot_become_one_is_refused(store: Store) -> None:
    first, second, third = ids(store)
    (west, lat), (east, _) = line(store, second)
    split = operation("split", second, fields={"point": {"lon": (west + 2 * east) / 3, "lat": lat}})
    part = child_id(split["op_id"])
    told = [
        operation("join", first, fields={"with": third}),
        operation("join", first, fields={"with": "snowhere"}),
        split,
        operation("join", first, fields={"with": part}),
        operation("join", second, fields={"with": part}),
        operation("join", first, fields={"with": second}),
    ]
    received = marks.receive(store, told, author="anna", now=NOW, lang="en")
    assert [one.result for one in received] == ["invalid"] * 2 + ["applied", "invalid"] + [
        "applied"
    ] * 2
    wrong = [one.reason for one in received if one.result == "invalid"]
    for reason, words in zip(
        wrong, ("end to end", "not in the inventory", "part of a third"), strict=True
    ):
        assert words in reason


def test_what_is_drawn_moved_and_joined_in_one_batch_fits(store: Store) -> None:
    first, second, _ = ids(store)
    end = line(store, second)[-1]
    path = operation("path", "")
    path["segment_id"] = path_id(path["op_id"])
    path["fields"] = {"line": [end, [end[0] + 0.001, end[1]]]}
    batch = [
        path,
        operation("move", path["segment_id"], fields={"line": [end, [end[0] + 0.002, end[1]]]}),
        operation("join", second, fields={"with": path["segment_id"]}),
        operation("join", first, fields={"with": second}),
    ]
    received = marks.receive(store, batch, author="anna", now=NOW)
    assert [one.result for one in received] == ["applied"] * 4
    inventory.refresh(store, sorted({str(one.segment_id) for one in received}))
    assert line(store, first)[-1] == pytest.approx([end[0] + 0.002, end[1]], abs=2e-7)
    at_once = living(store)
    inventory.update(store)
    assert living(store) == at_once


LINE = [[15.0, 56.0], [15.1, 56.0]]


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("move", {"line": LINE}, None),
        ("move", {"line": LINE, "before": LINE}, None),
        ("move", {"line": LINE, "before": [[15.0, 56.0]]}, "bad_move"),
        ("move", {"line": [LINE[0]] * 3}, "bad_move"),
        ("move", {"line": [*LINE, [15.0]]}, "bad_move"),
        ("move", {"line": [*LINE, [15.0, 95.0]]}, "bad_move"),
        ("move", {"line": [LINE[0]] + [LINE[1]] * 2000}, "bad_move"),
        ("move", {}, "bad_move"),
        ("move", None, "bad_move"),
        ("join", {"with": "sother"}, None),
        ("join", {"with": "sown"}, "bad_join"),
        ("join", {"with": 5}, "bad_join"),
        ("join", {}, "bad_join"),
    ],
)
def test_an_operation_that_is_none_is_refused(kind: str, fields: object, wrong: str | None) -> None:
    assert fault(operation(kind, "sown", fields=fields)) == wrong
