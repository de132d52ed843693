"""Does what a phone takes back follow a segment that was cut meanwhile, seen over HTTP alone?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.api.writing import ITEMS, first, mark, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]


def operation(kind: str, segment_id: str, **fields: object) -> dict[str, Any]:
    """Return an operation without a position."""
    return {
        "op_id": str(uuid.uuid4()),
        "kind": kind,
        "segment_id": segment_id,
        "base_version": None,
        "fields": fields,
        "observed_at": "2026-05-12T09:00:00Z",
    }


def drawn(client: TestClient) -> dict[str, tuple[str, str]]:
    """Read class and status of every living segment."""
    features = client.get(f"{ITEMS}?limit=100").json()["features"]
    told = {one["id"]: one["properties"] for one in features}
    return {
        key: (row["path_class"], row["status"])
        for key, row in told.items()
        if row["status"] != "retired"
    }


def test_undo_takes_a_mark_back_from_the_part_it_moved_to(live: TestClient, bearer: Bearer) -> None:
    who, whole = bearer("inspector"), drawn(live)
    sent, parent = mark(live, path_class="cykelbana"), first(live)
    (west, north), (east, _) = live.get(f"{ITEMS}/{parent}").json()["geometry"]["coordinates"]
    near_end = {"lon": west + 0.9 * (east - west), "lat": north, "accuracy_m": 3.0, "age_s": 1}
    send(live, who, sent | {"fix": near_end})
    point = {"lon": west + 0.3 * (east - west), "lat": north}
    cut = operation("split", parent, point=point)
    assert [one["result"] for one in send(live, who, cut)] == ["applied"]
    parts = drawn(live)
    (child,) = set(parts) - set(whole)
    assert parts[child] == ("cykelbana", "inspected")
    assert parts[parent] == (whole[parent][0], "inspected")
    back = operation("undo", parent, op_id=sent["op_id"])
    assert [one["result"] for one in send(live, who, back)] == ["applied"]
    assert drawn(live)[child] == whole[parent]
    joined = operation("undo", parent, op_id=cut["op_id"])
    assert [one["result"] for one in send(live, who, joined)] == ["applied"]
    assert drawn(live) == whole


def test_two_people_who_disagree_leave_both_answers(live: TestClient, bearer: Bearer) -> None:
    parent = first(live)
    for role, kind in (("inspector", "gangbana"), ("planner", "cykelbana")):
        send(live, bearer(role), mark(live, path_class=kind))
    assert drawn(live)[parent] == ("gangbana", "disputed")
    address = f"/ogc/collections/observations/items?segment_id={parent}"
    seen = live.get(address, headers=bearer("planner")).json()["features"]
    answers = {(one["properties"]["author"], str(one["properties"]["fields"])) for one in seen}
    assert len(answers) == len(seen) == 2
    assert all(any(kind in said for _, said in answers) for kind in ("gangbana", "cykelbana"))
