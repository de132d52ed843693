"""Is everything a phone sends kept once, judged, and seen at once?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gis.store import open_store
from tests.api.writing import decision, first, item, mark, send, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]


def test_a_mark_is_kept_and_seen_at_once(
    live: TestClient, bearer: Bearer, live_location: Path
) -> None:
    sent = mark(live, path_class="cykelbana", signs=["SE:D4"])
    (result,) = send(live, bearer("inspector"), sent)
    assert (result["op_id"], result["result"]) == (sent["op_id"], "applied")
    assert live.get(item(live)).json()["properties"]["status"] == "inspected"
    store = open_store(live_location)
    kept = store.revision_of(sent["op_id"])
    store.close()
    assert kept is not None
    assert kept.body["fields"] == sent["fields"]


def test_the_same_again_is_a_duplicate_whoever_sends_it(live: TestClient, bearer: Bearer) -> None:
    sent = mark(live)
    send(live, bearer("inspector"), sent)
    before = live.get(item(live)).json()["properties"]["version"]
    for role in ("inspector", "planner"):
        (again,) = send(live, bearer(role), sent)
        assert again["result"] == "duplicate"
    assert live.get(item(live)).json()["properties"]["version"] == before


def test_the_same_id_with_other_content_is_invalid(live: TestClient, bearer: Bearer) -> None:
    sent = mark(live)
    send(live, bearer("inspector"), sent)
    (result,) = send(live, bearer("inspector"), sent | {"fields": {"path_class": "gangbana"}})
    assert result["result"] == "invalid"


def test_marks_that_come_at_once_are_all_counted(live: TestClient, bearer: Bearer) -> None:
    sent = [mark(live) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda one: send(live, bearer("inspector"), one), sent))
    assert [one["result"] for (one,) in results] == ["applied"] * 8
    assert live.get(item(live)).json()["properties"]["version"] == 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"op_id": "no uuid"},
        {"fix": {"lon": 200, "lat": 0}},
        {"fix": {"lon": "15", "lat": 56}},
        {"fields": {"width_m": "2.5"}},
        {"segment_id": "s-unknown"},
        {"kind": "dance"},
    ],
    ids=str,
)
def test_one_wrong_operation_does_not_stop_the_others(
    live: TestClient, bearer: Bearer, wrong: dict[str, object]
) -> None:
    sent = [mark(live), mark(live) | wrong, 5, {}, mark(live)]
    results = send(live, bearer("inspector"), *sent)
    assert [one["result"] for one in results] == ["applied", *["invalid"] * 3, "applied"]
    assert all(one["reason"] for one in results)


@pytest.mark.parametrize(
    "body",
    [
        {"device": "phone", "operations": []},
        {"device": "phone", "operations": {}},
        {"device": "phone"},
        {"operations": [{}]},
        {"device": 5, "operations": [{}]},
        {"device": "phone", "operations": [{"fields": {"note": "a\x00b"}}]},
    ],
)
def test_a_batch_of_the_wrong_shape_is_422(
    client: TestClient, bearer: Bearer, body: object
) -> None:
    answer = client.post("/api/sync", json=body, headers=bearer("inspector"))
    assert answer.status_code == 422


def test_the_public_history_tells_neither_who_nor_why(live: TestClient, bearer: Bearer) -> None:
    send(live, bearer("inspector"), mark(live, path_class="cykelbana", note="hos Kajsa"))
    tag = live.get(item(live)).headers["etag"]
    settle(live, bearer("planner"), tag, decision(reason="enligt Kajsa"))
    for end in ("history", "explain"):
        address = f"/api/segments/{first(live)}/{end}"
        for role in (None, "police", "admin"):
            told = live.get(address, headers=bearer(role))
            assert told.status_code == 200
            for secret in ("Kajsa", "inspector", "author", "note"):
                assert secret not in told.text
        inside = live.get(address, headers=bearer("planner")).text
        assert "planner" in inside
        assert "enligt Kajsa" in inside
