"""Does a resident's message reach planners alone, and is it gone in time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from api.work import photos
from api.work.housekeeping import tidy
from api.work.messages import SHELF
from api.work.senders import FROM_ALL, FROM_ONE, Senders, address_of
from gis import areas
from gis.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

SEGMENT = "s000000000000000"
WORDS = "Skylten är borta sedan i våras."


def leave(client: TestClient, **more: object) -> Response:
    return client.post("/api/messages", json={"segment_id": SEGMENT, "text": WORDS, **more})


def test_a_message_is_left_by_anybody_and_read_by_planners(
    fresh: TestClient, bearer: Bearer
) -> None:
    answer = leave(fresh)
    assert answer.status_code == 201
    assert list(answer.json()) == ["id"]
    (message,) = fresh.get("/api/messages", headers=bearer("planner")).json()["messages"]
    assert (message["text"], message["state"], message["segment_id"]) == (WORDS, "open", SEGMENT)
    for role, status in [(None, 401), ("inspector", 404), ("police", 404), ("admin", 404)]:
        assert fresh.get("/api/messages", headers=bearer(role)).status_code == status


def test_its_words_stand_in_nothing_public_and_not_in_the_history(
    fresh: TestClient, location: Path
) -> None:
    leave(fresh)
    for path in (
        f"/api/segments/{SEGMENT}/history",
        f"/ogc/collections/segments/items/{SEGMENT}",
        "/ogc/collections/findings/items",
        "/api/status",
    ):
        assert WORDS not in fresh.get(path).text
    store = open_store(str(location))
    told = [str(revision.body) for revision in store.revisions()]
    store.close()
    assert not any(WORDS in body for body in told)


@pytest.mark.parametrize("state", ["answered", "closed", "open"])
def test_a_planner_says_how_far_it_has_come(fresh: TestClient, bearer: Bearer, state: str) -> None:
    one = f"/api/messages/{leave(fresh).json()['id']}"
    assert fresh.patch(one, json={"state": state}).status_code == 401
    answer = fresh.patch(one, json={"state": state}, headers=bearer("planner"))
    assert (answer.status_code, answer.json()["state"]) == (200, state)
    (message,) = fresh.get("/api/messages", headers=bearer("planner")).json()["messages"]
    assert message["state"] == state
    absent = fresh.patch("/api/messages/x", json={"state": state}, headers=bearer("planner"))
    assert absent.status_code == 404


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": ""}, 422),
        ({"text": " \n "}, 422),
        ({"text": "x" * 2001}, 422),
        ({"text": "a\x00b"}, 422),
        ({"text": 7}, 422),
        ({"name": "Anna"}, 422),
        ({"segment_id": "none"}, 404),
        ({"segment_id": None}, 422),
    ],
)
def test_another_shape_is_refused(fresh: TestClient, more: dict[str, object], status: int) -> None:
    assert leave(fresh, **more).status_code == status


def test_one_sender_gets_a_few_through_and_then_waits(fresh: TestClient) -> None:
    statuses = [leave(fresh).status_code for _ in range(FROM_ONE + 1)]
    assert statuses == [201] * FROM_ONE + [429]


def test_everybody_together_has_a_limit_and_addresses_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    senders, now = Senders(), [0.0]
    monkeypatch.setattr("api.auth.tries.time.monotonic", lambda: now[0])
    passed = [senders.allowed(f"192.0.2.{n}") for n in range(FROM_ALL + 5)]
    assert sum(passed) == FROM_ALL
    assert len(senders) == FROM_ALL + 5
    assert "192.0.2.1" not in repr(vars(senders))
    now[0] = 3601.0
    senders.forget()
    assert len(senders) == 0
    assert senders.allowed("192.0.2.1")


def test_behind_the_proxy_its_own_word_counts() -> None:
    headers = [(b"x-forwarded-for", b"6.6.6.6, 192.0.2.7")]
    told = Request({"type": "http", "headers": headers, "client": ("127.0.0.1", 1)})
    assert address_of(told, behind_proxy=True) == "192.0.2.7"
    assert address_of(told, behind_proxy=False) == "127.0.0.1"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [[1, 1, 1], [1, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]]),
        (
            {"message_months": 1, "photo_orphan_days": 365},
            [[1, 1, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]],
        ),
    ],
)
def test_what_is_over_the_time_that_the_area_sets_is_thrown_away(
    fresh: TestClient, location: Path, settings: dict[str, int], expected: list[list[int]]
) -> None:
    standard = areas.load("karlskrona")
    area = replace(standard, settings=standard.settings | settings)
    leave(fresh)
    store = open_store(str(location))
    store.keep_item(photos.PART_SHELF, "a:b", b"x")
    store.keep_item(photos.SHELF, "0" * 64, b"x")
    now = datetime.now(UTC)
    left = []
    for days in (0, 15, 364, 366, 401):
        tidy(store, area, now + timedelta(days=days))
        shelves = (SHELF, photos.PART_SHELF, photos.SHELF)
        left.append([len(store.items(shelf)) for shelf in shelves])
    store.close()
    assert left == expected
