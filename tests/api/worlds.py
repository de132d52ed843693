"""Make two worlds that differ in what the police plan alone, and read everything in them."""

from __future__ import annotations

import base64
import re
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.testclient import TestClient

from api.app import create_app
from api.auth import roles
from tests.api.conftest import settings_for
from tests.api.test_matrix import NAMES, Filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Client

    from api.auth.roles import Place

CANARY: Final = "Kanariefågel-Ж-7319"
DAY: Final = "2031-05-04"
PLANS: Final = "/api/police/plans"
VIEWERS: Final = (None, "inspector", "planner")
MORE: Final = (
    "/?segment=none", "/loften?year=2031", "/api/promises?year=2031", "/lage?lang=en",
    "/ogc/collections/segments/items?f=html", "/ogc/collections/segments/items?f=csv&limit=1000",
    "/ogc/collections/segments/items?f=geoparquet", "/ogc/collections/segments/items?f=fgb",
    "/ogc/collections/findings/items?limit=1000", "/api/signwork?f=csv",
    "/ogc/collections/segments/items?as_of=2031-01-01T00:00:00Z",
)  # fmt: skip
PASSING: Final = re.compile(
    rb'nonce(?:-|="?)[\w-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|"request_id":"[^"]*"'
    rb'|"role":"\w+","at":"[^"]*"'  # the clock that a phone asks for
)
Read = tuple[int, bytes, tuple[tuple[str, bytes], ...]]
UNLIKE: Final = {"date", "set-cookie", "x-request-id", "request-id"}


@contextmanager
def world(location: Path) -> Iterator[TestClient]:
    """Serve a store beside its police store."""
    police = str(location.with_suffix(".police.gpkg"))
    settings = replace(settings_for(location), police_store=police)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


def bearer(role: str | None) -> dict[str, str]:
    """Return the header of a role."""
    return {} if role is None else {"authorization": f"Bearer {role}-token"}


def keyed(role: str) -> dict[str, str]:
    """Return the headers of a write."""
    return {**bearer(role), "idempotency-key": str(uuid.uuid4())}


def segments(client: Client) -> list[str]:
    """List the segments."""
    told = client.get("/ogc/collections/segments/items?limit=1000").json()["features"]
    return [str(one["id"]) for one in told]


def plot(client: Client, number: int) -> list[str]:
    """Plan much, move and cancel some, perform some that nobody may know of yet; give every id."""
    where = segments(client)
    ids = []
    for n in range(number):
        body = {
            "kind": ("cyclist", "driver", "school")[n % 3],
            "segment_id": where[n % len(where)],
            "starts_at": f"{DAY}T07:{n % 60:02d}:00+02:00",
            "ends_at": f"{DAY}T09:00:00+02:00",
            "reason": "ranked",
            "note": CANARY,
        }
        plan = client.post(PLANS, json=body, headers=keyed("police")).json()
        ids.append(str(plan["id"]))
        address = f"{PLANS}/{plan['id']}"
        matched = {**bearer("police"), "if-match": str(plan["etag"])}
        if n % 10 == 1:
            client.delete(address, headers=matched)
        if n % 10 == 2:
            client.patch(address, json={"segment_id": where[0]}, headers=matched)
        if n % 10 == 3:
            ids.append(str(perform(client, str(plan["id"]), days=2)["id"]))
    for kind in ("cyclist", "driver", "school"):
        client.get(f"/api/police/sites?kind={kind}", headers=bearer("police"))
        client.get(f"/kontrollplatser?kind={kind}", headers=bearer("police"))
    return ids


def perform(client: Client, plan_id: str, *, days: int) -> dict[str, Any]:
    """Say that a plan was carried out some days ago."""
    begun = datetime.now(UTC) - timedelta(days=days)
    body = {
        "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(hours=1)).isoformat(),
        "stopped": 7319,
        "note": CANARY,
    }
    told: dict[str, Any] = client.post(
        f"{PLANS}/{plan_id}/performed", json=body, headers=keyed("police")
    ).json()
    return told


def addresses(client: Client) -> list[str]:
    """List an address of every route that is read, and of every segment."""
    found = [_address(place) for place in roles.table() if place.method == "GET"]
    for one in segments(client):
        found += [f"/api/segments/{one}/explain", f"/api/segments/{one}/history"]
        found += [f"/ogc/collections/segments/items/{one}", f"/api/review/{one}"]
    tiles = "/ogc/collections/segments/tiles/WebMercatorQuad"
    found += [f"{tiles}/10/315/556", f"{tiles}/14/5047/8901"]
    return sorted({*found, *MORE} - {"/metrics"})


def _address(place: Place) -> str:
    names = Filled({**NAMES, "collection_id": place.collection})
    return place.route.replace(":path", "").format_map(names)


def told(client: Client, role: str | None, paths: list[str]) -> dict[str, Read]:
    """Read addresses as a role, without what differs between any two answers."""
    found: dict[str, Read] = {}
    for path in paths:
        answer = client.get(path, headers=bearer(role))
        headers = [
            (name, PASSING.sub(b"", value.encode()))
            for name, value in sorted(answer.headers.items())
            if name not in UNLIKE
        ]
        found[path] = (answer.status_code, PASSING.sub(b"", answer.content), tuple(headers))
    return found


def spellings(word: str) -> list[bytes]:
    """Write a word in the encodings in which it could leak."""
    plain = word.encode()
    found = [
        plain,
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        quote(word).encode(),
        word.encode("ascii", "backslashreplace"),
        "".join(f"&#{ord(sign)};" if ord(sign) > 127 else sign for sign in word).encode(),
    ]
    # Base64 looks different by where in the text the word begins: its middle, three times.
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + plain)
        found.append(whole[4 : -(len(whole) % 4) - 4])
    return found


def leaks(words: list[str], haystack: bytes) -> list[str]:
    """Return the words that stand in some spelling in what was read."""
    return [word for word in words if any(one in haystack for one in spellings(word))]
