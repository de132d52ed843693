"""Does OPTIONS tell what one may do, and does a write without headers go the careful way?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gis import areas
from gis.store import open_store
from gis.store.geopackage import GeoPackageStore
from tests.api.conftest import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

COLLECTIONS = "/ogc/collections"
OBSERVATIONS = f"{COLLECTIONS}/observations/items"
PATCH_TYPE = {"content-type": "application/merge-patch+json"}
DESK = {"authorization": "Bearer desk-token"}
OTHER = {"authorization": "Bearer other-token"}
READ = "GET, HEAD, OPTIONS"


@pytest.fixture
def desks(live: TestClient, live_location: Path) -> TestClient:
    """Give two planners a token for desktop GIS each."""
    store = open_store(live_location)
    for name in ("desk", "other"):
        store.add_user(name, "planner", None)
        store.add_token(hashlib.sha256(f"{name}-token".encode()).hexdigest(), name, "desktop")
    store.close()
    return live


def first(client: TestClient) -> str:
    found: str = client.get(f"{COLLECTIONS}/segments/items?limit=1").json()["features"][0]["id"]
    return found


def patch(path_class: str) -> str:
    return f'{{"properties": {{"path_class": "{path_class}"}}}}'


def mark(segment_id: str, path_class: str = "gangbana") -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [15.58917, 56.16139]},
        "properties": {"segment_id": segment_id, "fields": {"path_class": path_class}},
    }


@pytest.mark.parametrize(
    ("role", "name", "items", "item"),
    [
        (None, "segments", READ, READ),
        ("inspector", "segments", READ, READ),
        ("planner", "segments", READ, f"{READ}, PATCH"),
        ("planner", "findings", READ, f"{READ}, PATCH"),
        ("planner", "places", READ, READ),
        ("inspector", "observations", READ, READ),
        ("police", "segments", READ, READ),
    ],
)
def test_options_tell_what_a_role_may(
    client: TestClient, bearer: Bearer, role: str | None, name: str, items: str, item: str
) -> None:
    for end, expected in (("", items), ("/unknown_id", item)):
        answer = client.options(f"{COLLECTIONS}/{name}/items{end}", headers=bearer(role))
        assert (answer.status_code, answer.headers["allow"]) == (204, expected)


def test_options_of_a_hidden_collection_tell_nothing(client: TestClient, bearer: Bearer) -> None:
    assert client.options(OBSERVATIONS).status_code == 401
    assert client.options(OBSERVATIONS, headers=bearer("police")).status_code == 404
    assert client.options(f"{COLLECTIONS}/network/items").status_code == 404


def test_desktop_gis_finds_post_where_it_may(desks: TestClient) -> None:
    assert desks.options(OBSERVATIONS, headers=DESK).headers["allow"] == f"{READ}, POST"


@pytest.mark.parametrize("role", ["inspector", "planner"])
def test_a_mark_is_put_once(live: TestClient, bearer: Bearer, role: str) -> None:
    headers = bearer(role) | {"idempotency-key": "k1"}
    sent = mark(first(live))
    made = live.post(OBSERVATIONS, json=sent, headers=headers)
    again = live.post(OBSERVATIONS, json=sent, headers=headers)
    assert made.status_code == again.status_code == 201
    assert made.content == again.content
    there = live.get(made.headers["location"], headers=headers).json()
    assert there["properties"]["segment_id"] == first(live)
    assert there["geometry"] == sent["geometry"]
    assert live.get(OBSERVATIONS, headers=headers).json()["numberMatched"] == 1


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("OGC/1.3/CRS84", [15.58917, 56.16139]),
        ("EPSG/0/4326", [56.16139, 15.58917]),
        ("EPSG/0/3006", [6224198.363, 536591.726]),
    ],
)
def test_a_place_is_read_in_the_order_of_its_system(
    live: TestClient, bearer: Bearer, name: str, place: list[float]
) -> None:
    told = {"idempotency-key": "k", "content-crs": f"<http://www.opengis.net/def/crs/{name}>"}
    sent = mark(first(live)) | {"geometry": {"type": "Point", "coordinates": place}}
    made = live.post(OBSERVATIONS, json=sent, headers=bearer("inspector") | told)
    assert made.json()["geometry"]["coordinates"] == pytest.approx([15.58917, 56.16139], abs=1e-6)


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        ({}, {}, 400),
        ({"geometry": {"type": "Point", "coordinates": [200, 99]}}, {"idempotency-key": "a"}, 422),
        ({"geometry": {"type": "LineString"}}, {"idempotency-key": "a"}, 422),
        ({"properties": {"segment_id": "none"}}, {"idempotency-key": "a"}, 422),
        ({"properties": {}}, {"idempotency-key": "a"}, 422),
        ({"properties": {"segment_id": "x", "kind": "undo"}}, {"idempotency-key": "a"}, 422),
        ({"more": 1}, {"idempotency-key": "a"}, 422),
    ],
)
def test_a_mark_that_cannot_be_kept_is_refused(
    live: TestClient,
    bearer: Bearer,
    change: dict[str, object],
    headers: dict[str, str],
    status: int,
) -> None:
    sent = mark(first(live)) | change
    answer = live.post(OBSERVATIONS, json=sent, headers=bearer("inspector") | headers)
    assert answer.status_code == status
    known = live.get(OBSERVATIONS, headers=bearer("inspector")).json()
    assert known["numberMatched"] == 0


def test_desktop_gis_marks_once_without_a_key(desks: TestClient) -> None:
    sent = mark(first(desks))
    answers = [desks.post(OBSERVATIONS, json=sent, headers=DESK) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_desktop_gis_decides_without_a_tag(desks: TestClient) -> None:
    path = f"{COLLECTIONS}/segments/items/{first(desks)}"
    answer = desks.patch(path, content=patch("cykelbana"), headers=DESK | PATCH_TYPE)
    assert answer.status_code == 200
    assert answer.json()["properties"]["path_class"] == "cykelbana"
    again = desks.patch(path, content=patch("gangbana"), headers=DESK | PATCH_TYPE)
    assert again.json()["properties"]["path_class"] == "gangbana"


def test_an_unseen_change_of_somebody_else_makes_a_conflict(
    desks: TestClient, bearer: Bearer
) -> None:
    segment_id = first(desks)
    path = f"{COLLECTIONS}/segments/items/{segment_id}"
    desks.patch(path, content=patch("cykelbana"), headers=DESK | PATCH_TYPE)
    answer = desks.patch(path, content=patch("gangbana"), headers=OTHER | PATCH_TYPE)
    assert answer.status_code == 202
    stands = answer.json()["properties"]
    assert (stands["path_class"], stands["status"]) == ("cykelbana", "disputed")
    (kept,) = desks.get(OBSERVATIONS, headers=bearer("planner")).json()["features"]
    assert kept["properties"]["fields"]["path_class"] == "gangbana"


@pytest.mark.parametrize(("hours", "status"), [(12, 202), (0, 200)])
def test_the_area_sets_for_how_long_a_change_counts_as_unseen(
    desks: TestClient, monkeypatch: pytest.MonkeyPatch, hours: int, status: int
) -> None:
    area = areas.load("karlskrona")
    told = replace(area, settings=area.settings | {"desktop_conflict_hours": hours}).to_json()
    monkeypatch.setattr(GeoPackageStore, "area_json", lambda _: told)
    path = f"{COLLECTIONS}/segments/items/{first(desks)}"
    desks.patch(path, content=patch("cykelbana"), headers=DESK | PATCH_TYPE)
    answer = desks.patch(path, content=patch("gangbana"), headers=OTHER | PATCH_TYPE)
    assert answer.status_code == status


def test_a_full_token_still_needs_its_tag(live: TestClient, bearer: Bearer) -> None:
    path = f"{COLLECTIONS}/segments/items/{first(live)}"
    headers = bearer("planner") | PATCH_TYPE
    assert live.patch(path, content=patch("cykelbana"), headers=headers).status_code == 428


@pytest.mark.parametrize(
    ("prefer", "status"),
    [
        ("return=minimal", 204),
        ("return=representation", 200),
        ("respond-async, return=minimal", 204),
    ],
)
def test_a_writer_may_do_without_the_feature(
    live: TestClient, bearer: Bearer, prefer: str, status: int
) -> None:
    path = f"{COLLECTIONS}/segments/items/{first(live)}"
    headers = bearer("planner") | PATCH_TYPE | {"if-match": "*", "prefer": prefer}
    answer = live.patch(path, content=patch("cykelbana"), headers=headers)
    assert answer.status_code == status
    assert answer.headers["etag"].startswith('"2-')
    assert bool(answer.content) == (status == 200)


@pytest.mark.parametrize(("prefer", "bare"), [("return=minimal", True), ("wait=5", False)])
def test_a_mark_is_answered_bare_where_that_is_preferred(
    live: TestClient, bearer: Bearer, prefer: str, *, bare: bool
) -> None:
    headers = bearer("inspector") | {"idempotency-key": "k", "prefer": prefer}
    made = live.post(OBSERVATIONS, json=mark(first(live)), headers=headers)
    assert made.status_code == 201
    assert (made.content == b"") == bare
    assert ("preference-applied" in made.headers) == bare
    assert live.get(made.headers["location"], headers=bearer("inspector")).status_code == 200


def test_the_past_stays_as_it_was(live: TestClient, bearer: Bearer) -> None:
    segment_id = first(live)
    path = f"{COLLECTIONS}/segments/items/{segment_id}"
    before = live.get("/api/segments/" + segment_id + "/history").json()["history"]
    assert before == []
    headers = bearer("planner") | PATCH_TYPE | {"if-match": "*"}
    live.patch(path, content=patch("cykelbana"), headers=headers)
    for address in (path, f"/api/segments/{segment_id}/explain"):
        assert live.get(f"{address}?as_of=2001-01-01").status_code == 404
        assert live.get(f"{address}?as_of=9000-01-01").status_code == 200
        assert live.get(f"{address}?as_of=yesterday").status_code == 400
    history = f"/api/segments/{segment_id}/history"
    assert live.get(f"{history}?as_of=2001-01-01").json()["history"] == []
    assert len(live.get(f"{history}?as_of=9000-01-01").json()["history"]) == 1
    items = f"{COLLECTIONS}/segments/items"
    assert live.get(f"{items}?as_of=2001-01-01").json()["numberMatched"] == 0
    past = live.get(f"{items}?as_of=9000-01-01&path_class=cykelbana").json()
    assert past["numberMatched"] == 1
    assert live.get("/api/status?as_of=2001-01-01").json()["coverage"]["segments"] == 0
    assert live.get("/api/promises?as_of=2001-01-01").status_code == 200
    over = "/api/promises?year=2001&as_of="
    assert {live.get(over + year).status_code for year in ("2001-06-01", "2030-01-01")} == {200}


def test_a_cursor_outlives_the_server(fresh: TestClient, location: Path) -> None:
    page = fresh.get(f"{COLLECTIONS}/segments/items?limit=2").json()
    (onward,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    with running(settings_for(location)) as another:
        assert another.get(onward).json()["features"][0]["id"] == "s000000000000002"
