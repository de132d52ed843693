"""What planners settle for many segments: corridors, errands, work on signs, answers taken back."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from api.work import corridor as corridors
from tests.conftest import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]


def first(client: TestClient) -> str:
    page = client.get("/ogc/collections/segments/items?limit=1").json()
    return str(page["features"][0]["id"])


def marked(segment_id: str, sign: str) -> dict[str, object]:
    """Return what a phone sends about a sign."""
    return {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "fields": {"signs": [sign]},
        "observed_at": "2026-05-12T08:00:00Z",
        "fix": None,
    }


def test_a_corridor_is_what_hangs_together() -> None:
    lines = ["LINESTRING (0 0, 9 0)", "LINESTRING (9 0.3, 20 0)", "LINESTRING (30 0, 40 0)"]
    layer = make("segments", {"segment_id": ["a", "b", "c"], "geometry": lines})
    assert corridors.together(layer, "b").tolist() == [True, True, False]
    assert corridors.together(layer, "c").tolist() == [False, False, True]


def test_a_corridor_is_decided_one_by_one(live: TestClient, bearer: Bearer) -> None:
    segment_id, who = first(live), bearer("planner")
    address = f"/api/review/{segment_id}/corridor"
    (row,) = live.get(address, headers=who).json()["segments"]
    body = {"properties": {"path_class": "gangbana", "reason": "Platsbesök"}}
    wanted = {**body, "versions": {segment_id: row["version"], "elsewhere": 1}}
    told = live.patch(address, json=wanted, headers=who).json()["results"]
    assert told == [{"segment_id": segment_id, "result": "applied"}]
    again = live.patch(address, json=wanted, headers=who).json()["results"]
    assert again == [{"segment_id": segment_id, "result": "refused", "why": "stale"}]
    assert live.get(address, headers=bearer("inspector")).status_code == 404


def test_an_errand_stands_until_it_is_withdrawn(live: TestClient, bearer: Bearer) -> None:
    segment_id, who = first(live), bearer("planner")

    def ask(key: str, **told: object) -> int:
        headers = {**who, "idempotency-key": key}
        body = {"segment_ids": [segment_id], **told}
        return live.post("/api/errands", json=body, headers=headers).status_code

    assert ask("1", visit=True, inspector="inspector", note="Vilken skylt?") == 201
    (errand,) = live.get("/api/errands", headers=bearer("inspector")).json()["errands"]
    assert (errand["segment_id"], errand["inspector"], errand["author"]) == (
        segment_id,
        "inspector",
        "planner",
    )
    assert ask("2", inspector="nobody") == 404
    assert ask("3", visit=False) == 201
    assert live.get("/api/errands", headers=who).json()["errands"] == []
    assert live.get("/api/errands").status_code == 401


def test_an_area_is_given_to_an_inspector(live: TestClient, bearer: Bearer) -> None:
    page = live.get("/ogc/collections/segments/items?limit=50").json()["features"]
    asking = {first(live)}
    for role, sign in (("inspector", "SE:D4"), ("planner", "SE:D5")):
        said = {"device": role, "operations": [marked(first(live), sign)]}
        assert live.post("/api/sync", json=said, headers=bearer(role)).status_code == 200
    item = live.get(f"/ogc/collections/segments/items/{first(live)}").json()
    assert item["properties"]["status"] == "disputed"
    lons, lats = zip(
        *(pair for one in page for pair in one["geometry"]["coordinates"]), strict=True
    )
    corners = [
        [min(lons) - 0.001, min(lats) - 0.001],
        [max(lons) + 0.001, min(lats) - 0.001],
        [max(lons) + 0.001, max(lats) + 0.001],
        [min(lons) - 0.001, max(lats) + 0.001],
    ]

    def give(key: str, **where: object) -> int:
        headers = {**bearer("planner"), "idempotency-key": key}
        body = {"inspector": "inspector", **where}
        return live.post("/api/errands", json=body, headers=headers).status_code

    assert give("area-1", corners=corners) == 201
    standing = live.get("/api/errands", headers=bearer("inspector")).json()["errands"]
    assert {one["segment_id"] for one in standing} >= asking
    assert give("area-2", corners=[[0, 0], [1, 0], [1, 1]]) == 404
    assert give("area-3", district="Ingenstans") == 404
    assert give("area-4", corners=corners[:2]) == 422
    assert give("area-5", corners=corners, district="Ingenstans") == 422
    assert give("area-6") == 422
    assert give("area-7", segment_ids=sorted(asking), inspector=None) == 201


def test_an_accepted_finding_is_opened_again(live: TestClient, bearer: Bearer) -> None:
    who = bearer("planner")
    page = live.get("/ogc/collections/findings/items?limit=1").json()
    address = f"/ogc/collections/findings/items/{page['features'][0]['id']}"

    def answer(**told: str) -> tuple[int, str]:
        tag = live.get(address).headers["etag"]
        headers = {**who, "if-match": tag, "content-type": "application/merge-patch+json"}
        status = live.patch(address, json={"properties": told}, headers=headers).status_code
        return status, live.get(address).json()["properties"]["state"]

    assert answer(state="accepted")[1] == "open"
    assert answer(state="accepted", reason="Rätt så")[1] == "accepted"
    assert answer(state="open")[1] == "open"


@pytest.fixture
def unsigned(live: TestClient, bearer: Bearer) -> str:
    """Decide that the first segment is a shared path; it has no sign. Return the work's id."""
    segment_id = first(live)
    headers = {
        **bearer("planner"),
        "if-match": "*",
        "content-type": "application/merge-patch+json",
    }
    body = {"properties": {"path_class": "gc_gemensam"}}
    address = f"/ogc/collections/segments/items/{segment_id}"
    assert live.patch(address, json=body, headers=headers).status_code == 200
    return f"{segment_id}:unsigned"


def test_work_on_signs_is_listed_and_kept(live: TestClient, bearer: Bearer, unsigned: str) -> None:
    who = bearer("planner")
    form = {"work_id": unsigned, "state": "ordered", "responsible": "=1+1 Gatuenheten"}
    kept = live.post("/skyltatgarder", data=form, headers=who)
    assert kept.status_code == 303
    page = live.get("/skyltatgarder?state=ordered", headers=who).text
    assert unsigned in page
    assert "Gatuenheten" in page
    table = live.get("/api/signwork?f=csv", headers=who).content.decode("utf-8-sig")
    assert "'=1+1 Gatuenheten" in table
    paper = live.get("/api/signwork?f=pdf", headers=who)
    with pdfplumber.open(BytesIO(paper.content)) as pdf:
        text = pdf.pages[0].extract_text()
    assert "Skyltåtgärder" in text
    assert "Gatuenheten" in text
    assert live.get("/skyltatgarder", headers=bearer("inspector")).status_code == 404


def test_the_state_of_the_inventory_is_public(live: TestClient, unsigned: str) -> None:
    page = live.get("/lage")
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "Gemensam gång- och cykelbana" in page.text
    assert unsigned.partition(":")[0] not in page.text
