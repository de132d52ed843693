"""Is a measure recorded once, counted, and corrected without losing what stood?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gis.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

MEASURE = {"kind": "campaign", "date": "2026-05-12", "organisers": ["police", "municipality"],
           "title": "Lys i mörkret", "audience": ["cyclists"]}  # fmt: skip


def record(client: TestClient, who: dict[str, str], key: str | None, **more: object) -> Response:
    headers = who | ({} if key is None else {"idempotency-key": key})
    return client.post("/api/measures", json={**MEASURE, **more}, headers=headers)


def test_a_measure_counts_and_is_listed(fresh: TestClient, bearer: Bearer) -> None:
    answer = record(fresh, bearer("police"), "k1")
    assert answer.status_code == 201
    assert answer.json()["counts_for"]
    (listed,) = fresh.get("/api/measures", headers=bearer("planner")).json()["measures"]
    assert listed["id"] == answer.json()["id"]
    assert listed["author"] == "police"
    year = fresh.get("/api/promises?year=2026", headers=bearer("planner")).json()
    done = {row["id"]: row["done"] for row in year["promises"]}
    assert any(done[row] == 1 for row in answer.json()["counts_for"])


def test_the_same_key_gives_the_same_answer_and_one_measure(
    fresh: TestClient, bearer: Bearer
) -> None:
    answers = [record(fresh, bearer("planner"), "k1") for _ in range(3)]
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    listed = fresh.get("/api/measures", headers=bearer("planner")).json()["measures"]
    assert len(listed) == 1


def test_the_same_key_with_another_body_is_422(fresh: TestClient, bearer: Bearer) -> None:
    record(fresh, bearer("planner"), "k1")
    answer = record(fresh, bearer("planner"), "k1", title="Annat")
    assert (answer.status_code, answer.json()["code"]) == (422, "other_content")


def test_keys_are_each_persons_own(fresh: TestClient, bearer: Bearer) -> None:
    one = record(fresh, bearer("planner"), "k1")
    other = record(fresh, bearer("police"), "k1", title="Annat")
    assert one.status_code == other.status_code == 201


@pytest.mark.parametrize("key", [None, "", "a b", "å", "x" * 256])
def test_without_a_usable_key_nothing_is_recorded(
    client: TestClient, bearer: Bearer, key: str | None
) -> None:
    headers = [(b"authorization", b"Bearer planner-token")]
    headers += [] if key is None else [(b"idempotency-key", key.encode())]
    answer = client.post("/api/measures", json=MEASURE, headers=headers)
    assert answer.status_code == 400
    assert not client.get("/api/measures", headers=bearer("planner")).json()["measures"]


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "party"},
        {"date": "2026-13-01"},
        {"date": "12/5 2026"},
        {"date": 20260512},
        {"organisers": []},
        {"organisers": "police"},
        {"audience": ["dogs"]},
        {"premises": "3"},
        {"premises": -1},
        {"premises": 1.5},
        {"officer_hours": True},
        {"kind": "presence"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_a_wrong_measure_is_422(
    client: TestClient, bearer: Bearer, more: dict[str, object]
) -> None:
    assert record(client, bearer("planner"), "k2", **more).status_code == 422


def correct(client: TestClient, who: dict[str, str], address: str, tag: str | None) -> Response:
    headers = who | ({} if tag is None else {"if-match": tag})
    return client.patch(address, json={"title": "Ljus", "reason": "felskrivet"}, headers=headers)


def test_a_correction_is_a_new_version(fresh: TestClient, bearer: Bearer, location: Path) -> None:
    address = f"/api/measures/{record(fresh, bearer('planner'), 'k1').json()['id']}"
    tag = fresh.get(address, headers=bearer("police")).headers["etag"]
    answer = correct(fresh, bearer("planner"), address, tag)
    assert (answer.status_code, answer.json()["title"]) == (200, "Ljus")
    assert (answer.json()["version"], answer.json()["counts_for"] != []) == (2, True)
    assert answer.headers["etag"] == fresh.get(address, headers=bearer("police")).headers["etag"]
    store = open_store(location)
    titles = [one.body["title"] for one in store.revisions("measure")]
    store.close()
    assert titles == ["Lys i mörkret", "Ljus"]


def test_a_correction_of_what_changed_since_is_refused(fresh: TestClient, bearer: Bearer) -> None:
    made = record(fresh, bearer("planner"), "k1")
    address, tag = f"/api/measures/{made.json()['id']}", made.headers["etag"]
    for told, status in ((None, 428), ("x", 400), (f"W/{tag}", 412), (tag, 200), (tag, 412)):
        answer = correct(fresh, bearer("planner"), address, told)
        assert answer.status_code == status
    assert answer.json()["version"] == 2
    assert correct(fresh, bearer("planner"), address, "*").status_code == 200


def test_a_measure_that_is_not_there_is_404(client: TestClient, bearer: Bearer) -> None:
    assert correct(client, bearer("planner"), "/api/measures/none", "*").status_code == 404
    assert client.get("/api/measures/none", headers=bearer("planner")).status_code == 404
