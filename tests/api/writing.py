"""What do the tests of writes send?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

ITEMS = "/ogc/collections/segments/items"
PATCH = "application/merge-patch+json"


def decision(path_class: str = "cykelbana", **more: object) -> dict[str, Any]:
    """Return the patch of a decision."""
    return {"type": "Feature", "properties": {"path_class": path_class, **more}}


def first(client: TestClient) -> str:
    """Return the id of the first segment."""
    return str(client.get(f"{ITEMS}?limit=1").json()["features"][0]["id"])


def item(client: TestClient) -> str:
    """Return the address of the first segment."""
    return f"{ITEMS}/{first(client)}"


def settle(
    client: TestClient, who: dict[str, str], tag: str | None, body: object | None = None
) -> Response:
    """Settle the first segment."""
    headers = who | {"content-type": PATCH} | ({} if tag is None else {"if-match": tag})
    return client.patch(item(client), json=body or decision(reason="Skylt D4"), headers=headers)


def mark(client: TestClient, **fields: object) -> dict[str, Any]:
    """Return a mark on the first segment."""
    return {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": first(client),
        "base_version": None,
        "fields": fields or {"path_class": "cykelbana"},
        "observed_at": "2026-05-12T08:00:00Z",
        "fix": {"lon": 15.58917, "lat": 56.16139, "accuracy_m": 4.0, "age_s": 1},
    }


def send(client: TestClient, who: dict[str, str], *operations: object) -> list[dict[str, Any]]:
    """Send operations and return what became of each."""
    body = {"device": "phone", "operations": list(operations)}
    answer = client.post("/api/sync", json=body, headers=who)
    assert answer.status_code == 200
    results: list[dict[str, Any]] = answer.json()["operations"]
    return results
