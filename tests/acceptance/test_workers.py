"""Do two processes of one server write as one, and is a second server on a store refused?"""

from __future__ import annotations

import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from gis.store import open_store
from tests.acceptance.record_world import size
from tests.acceptance.serving import GCVAG, free_port, served, stocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.serving import Answer, Served

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]

ENGINES: Final = ["postgis", "geopackage"][: size(1, 2)]
MEASURES: Final = "/api/measures"
WRITERS: Final = 8
EACH: Final = size(6, 200)
RACES: Final = size(4, 100)


@pytest.fixture(params=ENGINES)
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """Serve a store with two processes."""
    place = str(tmp_path / "town.gpkg")
    if request.param == "postgis":
        monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
        place = request.getfixturevalue("postgres").database()
    stocked(place, tmp_path)
    with served(place, tmp_path, "--workers", "2") as running:
        yield running


def record(server: Served, key: str, title: str) -> Answer:
    """Record a measure over a line of its own, which either process may take."""
    told = {"kind": "campaign", "date": "2026-05-12", "organisers": ["police"], "title": title}
    with closing(server.client("planner")) as client:
        return client.post(MEASURES, told, idempotency_key=key)


def correct(server: Served, address: str, tag: str, title: str) -> Answer:
    """Correct a measure on what stood."""
    body = f'{{"title": "{title}"}}'.encode()
    with closing(server.client("planner")) as client:
        return client.ask("PATCH", address, body, content_type="application/json", if_match=tag)


def seconds(worker: Path) -> int:
    """Return how much processor time a process has taken, in ticks."""
    told = (worker / "stat").read_text("ascii").rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def write(server: Served, number: int) -> list[str]:
    """Record measures one after the other."""
    answers = [record(server, uuid.uuid4().hex, f"{number} {n}") for n in range(EACH)]
    assert {one.status for one in answers} == {201}
    return [one.json()["id"] for one in answers]


def race(server: Served, people: ThreadPoolExecutor, address: str) -> None:
    """Let everybody correct what they have all read, and record the same under one key."""
    with closing(server.client("planner")) as client:
        tag = client.get(address).headers["etag"]
    raced = [people.submit(correct, server, address, tag, f"w{n}") for n in range(WRITERS)]
    assert sorted(one.result().status for one in raced) == [200] + [412] * (WRITERS - 1)
    key = uuid.uuid4().hex
    answers = [people.submit(record, server, key, "same").result for _ in range(WRITERS)]
    told = [answer() for answer in answers]
    assert {one.status for one in told} <= {201, 409}
    assert len({one.body for one in told if one.status == 201}) == 1


def test_writers_at_two_processes_lose_nothing_and_one_of_them_wins(server: Served) -> None:
    before = [seconds(one) for one in server.workers()]
    with ThreadPoolExecutor(WRITERS) as people:
        parts = people.map(write, [server] * WRITERS, range(WRITERS))
        made = [one for part in parts for one in part]
        for turn in range(RACES):
            race(server, people, f"{MEASURES}/{made[turn]}")
    with closing(server.client("planner")) as client:
        listed = [one["id"] for one in client.get(MEASURES).json()["measures"]]
    assert set(made) < set(listed)
    assert len(listed) == len(set(listed)) == WRITERS * EACH + RACES
    after = [seconds(one) for one in server.workers()]
    assert len(after) == 2
    assert all(now > then for then, now in zip(before, after, strict=True))
    with closing(open_store(server.location)) as store:
        assert store.verify() == []
    a_second_server_is_refused(server)


def a_second_server_is_refused(server: Served) -> None:
    """Start another server on the store, which ends at once; the first goes on."""
    words = [str(GCVAG), "serve", server.location, "--port", str(free_port())]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=180)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    with closing(server.client()) as client:
        assert client.get("/ready").status == 200
