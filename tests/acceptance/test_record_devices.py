"""Is every mark of many phones found, and is the end the same in whatever order they come?

Synthetic: made-up footways, and inspectors who were out for two weeks without a network. Each phone
sends its own marks in their order, in pieces; which phone comes when is thrown by dice. A fifth
of the marks name another class than somebody else for the same place; some cut a segment.
"""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from gis import areas, inventory
from gis.store import create_store
from tests.acceptance.record_world import dice, size
from tests.gis.osmtext import Town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from tests.acceptance.record_world import Dice

DEVICES: Final = size(3, 50)
MARKS: Final = size(8, 100)
SHUFFLES: Final = size(2, 10)
ACROSS: Final = 0.2
SPLITS: Final = 0.02
PIECE: Final = size(8, 100)
OWN: Final = size(2, 8)
CLASSES: Final = ("gangbana", "cykelbana", "gc_gemensam")
BEGIN: Final = datetime(2026, 5, 1, 8, tzinfo=UTC)
STEP: Final = 0.001
"""Length of a synthetic footway and the distance between two, in degrees."""

Operation = dict[str, Any]


def who(device: int) -> dict[str, str]:
    """Show the token of the inspector who carries a phone."""
    return {"authorization": f"Bearer token-{device}"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an inventory of footways that do not meet, and a log-in for every inspector."""
    town = Town()
    for row in range(DEVICES * OWN):
        x, y = 4 * (row % 20), row // 20
        town.node(2 * row + 1, x, y).node(2 * row + 2, x + 2, y)
        town.way(row + 1, [2 * row + 1, 2 * row + 2], {"highway": "footway"})
    folder = tmp_path_factory.mktemp("built")
    path = folder / "store" / "town.gpkg"
    path.parent.mkdir()
    with closing(create_store(path, areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, town.save(folder))
        inventory.update(store)
        for device in range(DEVICES):
            store.add_user(f"ute{device}", "inspector", None)
            digest = sha256(f"token-{device}".encode()).hexdigest()
            store.add_token(digest, f"ute{device}", "full")
        store.add_user("plan", "planner", None)
        store.add_token(sha256(b"token-plan").hexdigest(), "plan", "full")
    return path


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Close what a test opens."""
    with ExitStack() as stack:
        yield stack


def served(built: Path, folder: Path, stack: ExitStack) -> TestClient:
    """Serve a copy of the store."""
    copy = Path(shutil.copytree(built.parent, folder)) / built.name
    app = create_app(Settings(store=str(copy), secret=b"x" * 32))
    return stack.enter_context(TestClient(app, raise_server_exceptions=False))


def items(client: TestClient, name: str, who: dict[str, str]) -> list[dict[str, Any]]:
    """Read every feature of a collection."""
    address, found = f"/ogc/collections/{name}/items?limit=10000", []
    while address:
        page = client.get(address, headers=who).json()
        found += page["features"]
        more = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = more[0] if more else ""
    return found


def outing(device: int, places: list[dict[str, Any]], rng: Dice) -> list[Operation]:
    """Say what one inspector saw in two weeks: mostly at segments that nobody else looks at."""
    made = []
    for number in range(MARKS):
        across = rng.random() < ACROSS
        at = int(rng.integers(len(places))) if across else device * OWN + number % OWN
        (west, north), (east, _) = places[at]["geometry"]["coordinates"]
        share = float(rng.uniform(0.2, 0.8))
        lon, cuts = west + share * (east - west), rng.random() < SPLITS
        kind = CLASSES[int(rng.integers(3))] if across else CLASSES[device % 3]
        when = BEGIN + timedelta(minutes=number, seconds=device)
        made.append(
            {
                "op_id": str(uuid.UUID(bytes=rng.bytes(16))),
                "kind": "split" if cuts else "mark",
                "segment_id": places[at]["id"],
                "base_version": 1,
                "fields": {"point": {"lon": lon, "lat": north}} if cuts else {"path_class": kind},
                "observed_at": when.isoformat(),
                "fix": {"lon": lon, "lat": north, "accuracy_m": 3.0, "age_s": 1},
            }
        )
    return made


def send(client: TestClient, outings: list[list[Operation]], rng: Dice) -> list[str]:
    """Let the phones send in pieces, now one, now the other; give what became of each mark."""
    order = rng.permutation([device for device in range(DEVICES) for _ in range(0, MARKS, PIECE)])
    sent, results = dict.fromkeys(range(DEVICES), 0), []
    for device in map(int, order):
        begin = sent[device]
        body = {"device": f"d{device}", "operations": outings[device][begin : begin + PIECE]}
        answer = client.post("/api/sync", json=body, headers=who(device))
        assert answer.status_code == 200, answer.text
        results += [one["result"] for one in answer.json()["operations"]]
        sent[device] = begin + PIECE
    return results


def end(client: TestClient) -> dict[str, Any]:
    """Say what stands: the segments, and every mark with who made it, what and where."""
    planner = {"authorization": "Bearer token-plan"}
    while inventory.pending(cast("FastAPI", client.app).state.store).number:
        client.get("/ogc/collections/findings/items?limit=1")
    segments = items(client, "segments", planner)
    marks = items(client, "observations", planner)
    told = ("path_class", "status", "severity", "flags", "length_m")
    seen = ("segment_id", "sent_segment_id", "kind", "fields", "observed_at", "author")
    return {
        "segments": {one["id"]: [one["properties"][name] for name in told] for one in segments},
        "marks": {one["id"]: [one["properties"][name] for name in seen] for one in marks},
    }


def test_no_order_loses_a_mark_or_changes_the_end(
    built: Path, tmp_path: Path, stack: ExitStack
) -> None:
    ends = []
    for shuffle in range(SHUFFLES):
        client = served(built, tmp_path / str(shuffle), stack)
        places = items(client, "segments", {})
        outings = [outing(device, places, dice(device)) for device in range(DEVICES)]
        results = send(client, outings, dice(100 + shuffle))
        assert set(results) == {"applied", "conflict"}
        ends.append(end(client))
        sent = {one["op_id"]: one for phone in outings for one in phone}
        assert set(ends[-1]["marks"]) == set(sent)
        for op_id, mark in ends[-1]["marks"].items():
            fields = mark[3] if isinstance(mark[3], dict) else json.loads(mark[3])
            assert fields == sent[op_id]["fields"]
        stack.pop_all().close()
    assert {state[1] for state in ends[0]["segments"].values()} >= {"inspected", "disputed"}
    for other in ends[1:]:
        assert other["marks"] == ends[0]["marks"]
        assert other["segments"] == ends[0]["segments"]
