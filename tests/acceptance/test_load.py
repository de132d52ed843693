"""Is everybody served while some are slow, many write, and much is asked at once?

A real server, spoken to over HTTP. Times are held against the same request on the same, idle
server, so that a busy machine does not decide.
"""

from __future__ import annotations

import logging
import re
import socket
import statistics
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pytest

from tests.acceptance.record_world import SOAK, size
from tests.acceptance.serving import ITEMS, ended, served, stocked, town, upload
from tests.api.conftest import footways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.acceptance.serving import Answer, Client, Served

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]

LOG: Final = logging.getLogger(__name__)
SLOW: Final = 300
ASKED: Final = size(60, 600)
JOBS: Final = 48
ACCEPTED: Final = 202
WRITTEN: Final = (200, 201)
READERS: Final = 32
WRITERS: Final = 5
MIXED_S: Final = size(6, 60)
FLAT_S: Final = size(0, 30 * 60)
GROWTH_MIB: Final = size(12, 30)
"""The short run is over before a slope can be told from noise: its bound is one of size."""

FLOOR_S: Final = 1.0
"""Below this no answer is called late: the machine is shared, and a stall takes seconds."""

DROPPED_S: Final = 30
IN_FLIGHT: Final = 20
STOPPED_S: Final = 10
TOLD: Final = {"at", "level", "event", "request_id", "method", "route", "status", "ms"}
SECRETS: Final = ("15.58", "56.16", "bbox", "kanarie", "planner-token", "Hästö", "note")
READS: Final = (
    f"{ITEMS}?bbox=15.58,56.16,15.60,56.18",
    f"{ITEMS}?limit=3&name=kanarie",
    "/ogc/collections/segments/tiles/WebMercatorQuad/14/5088/8901",
    "/api/status",
    "/health",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small town; in a short run one whose layers were never computed."""
    folder = tmp_path_factory.mktemp("load")
    location = str(folder / "town.gpkg")
    (town if SOAK else stocked)(location, folder)
    with served(location, folder) as running:
        yield running


class Timed(NamedTuple):
    """How requests went: seconds of each, and what was no success."""

    seconds: list[float]
    wrong: list[object]

    def p99(self) -> float:
        """Return the time within which 99 of 100 were answered."""
        return float(np.quantile(self.seconds, 0.99))


def timed(ask: Callable[[int], Answer], n: int, taken: tuple[int, ...] = (200,)) -> Timed:
    """Ask so many times, one after the other."""
    told = Timed([], [])
    for number in range(n):
        began = time.perf_counter()
        answer = ask(number)
        told.seconds.append(time.perf_counter() - began)
        if answer.status not in taken:
            told.wrong.append((answer.status, answer.body[:200]))
    return told


def in_turn(client: Client) -> Callable[[int], Answer]:
    """Return a reader of all kinds of addresses in turn."""
    return lambda number: client.get(READS[number % len(READS)])


def mark(segment_id: str) -> dict[str, object]:
    """Write the body of a sync with one mark."""
    operation = {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "fields": {"path_class": "cykelbana", "note": "kanarie"},
        "observed_at": "2026-05-12T08:00:00Z",
        "fix": {"lon": 15.58917, "lat": 56.16139, "accuracy_m": 4.0, "age_s": 1},
    }
    return {"device": "phone", "operations": [operation]}


def ids(client: Client) -> list[str]:
    """Return the ids of the segments."""
    return [one["id"] for one in client.get(f"{ITEMS}?limit=1000").json()["features"]]


def slow_lines(port: int, held: ExitStack) -> list[socket.socket]:
    """Open lines that never finish: half a header, half a body, an answer that nobody reads."""
    body = b"POST /api/decide HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    starts = (
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        body + b'Content-Length: 1000\r\n\r\n[{"id": "',
        b"GET " + ITEMS.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    lines = []
    for number in range(SLOW):
        line = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        line.sendall(starts[max(0, number % 6 - 3)])
        lines.append(line)
    return lines


def trickle(lines: list[socket.socket], done: threading.Event) -> None:
    """Send each line another byte a second, as long as the server listens."""
    while not done.wait(1.0):
        for line in lines:
            try:
                line.send(b"a")
            except OSError:
                continue


def is_dropped(line: socket.socket) -> bool:
    """Tell whether the server has hung up, with an answer or without one."""
    line.settimeout(DROPPED_S)
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def looked_at(lines: list[socket.socket]) -> list[socket.socket]:
    """Return the lines that the server must drop; a short run looks at a few half headers."""
    return [line for number, line in enumerate(lines) if number % 6 <= size(3, 4)][: size(5, SLOW)]


class Crowd:
    """Readers and writers who go on until a time."""

    def __init__(self, server: Served, segments: list[str], until: float) -> None:
        self._server = server
        self._segments = segments
        self._until = until

    def read(self) -> Timed:
        """Read everything in turn, as fast as it comes."""
        told = []
        with closing(self._server.client()) as client:
            while time.monotonic() < self._until:
                told.append(timed(in_turn(client), len(READS)))
        return together(told)

    def write(self, number: int) -> Timed:
        """Send a mark a second."""
        told = []
        with closing(self._server.client("planner")) as client:
            while time.monotonic() < self._until:
                number += WRITERS
                segment_id = self._segments[number % len(self._segments)]
                told.append(timed(partial(sync, client, segment_id), 1, WRITTEN))
                time.sleep(1.0)
        return together(told)

    def memory(self) -> list[float]:
        """Weigh the server twice a second."""
        weighed = []
        while time.monotonic() < self._until:
            time.sleep(0.5)
            weighed.append(self._server.rss_mib())
        return weighed


def together(parts: list[Timed]) -> Timed:
    """Put what several have seen together."""
    seconds = [one for part in parts for one in part.seconds]
    return Timed(seconds, [one for part in parts for one in part.wrong])


def grown(memory: list[float]) -> float:
    """Return by how much memory grew from the third quarter of a run to the last."""
    quarter = len(memory) // 4
    third, last = memory[2 * quarter : 3 * quarter], memory[3 * quarter :]
    return statistics.median(last) - statistics.median(third)


def sync(client: Client, segment_id: str, _: int) -> Answer:
    """Send a mark; in a short run, where nothing was computed, a measure."""
    if SOAK:
        return client.post("/api/sync", mark(segment_id))
    told = {"kind": "campaign", "date": "2026-05-12", "organisers": ["police"], "note": "kanarie"}
    return client.post("/api/measures", told, idempotency_key=uuid.uuid4().hex)


def deliver(server: Served, number: int) -> Answer:
    """Send a delivery of its own as a planner."""
    text = footways().replace("Hästö", f"Väg {number}")
    with closing(server.client("planner")) as planner:
        return upload(planner, "a.osm", text.encode(), source=f"s{number}")


def ask_something(server: Served, number: int) -> Answer:
    """Ask for a decision, which takes a while, or for figures."""
    with closing(server.client()) as client:
        if number % 4:
            return client.get("/api/status")
        return client.post("/api/decide", {"id": "kanarie", "signs": ["SE:D6"]})


def ends_of(server: Served, jobs: int) -> set[str]:
    """Deliver so many files, again when asked to come again; how their jobs ended."""
    addresses: list[str] = []
    while len(addresses) < jobs:
        answer = deliver(server, JOBS + len(addresses))
        if answer.status == ACCEPTED:
            addresses.append(answer.headers["location"])
        else:
            time.sleep(float(answer.headers["retry-after"]))
    with closing(server.client("planner")) as planner:
        return {ended(planner, address)["state"] for address in addresses}


def taken(answers: list[Answer]) -> list[Answer]:
    """Return the answers that name a job."""
    return [one for one in answers if one.status == ACCEPTED]


def lines_of(server: Served) -> set[str]:
    """Name the lines of a server by the ports at their other ends, those that just closed too."""
    held = Path("/proc/net/tcp").read_text("ascii")
    return set(re.findall(rf":{server.port:04X} 0100007F:([0-9A-F]{{4}}) ", held))


def wait_until_all_are_in_flight(server: Served, before: set[str]) -> None:
    """Wait until the server has accepted every line; `before` were there already."""
    seen: set[str] = set()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        seen |= lines_of(server) - before
        if len(seen) >= IN_FLIGHT:
            return
        time.sleep(0.002)


def test_three_hundred_slow_clients_stall_nobody(server: Served) -> None:
    with closing(server.client()) as client, ExitStack() as held:
        timed(in_turn(client), ASKED)
        usual = timed(in_turn(client), ASKED)
        lines = slow_lines(server.port, held)
        done = threading.Event()
        sender = threading.Thread(target=trickle, args=(lines, done))
        sender.start()
        held.callback(sender.join)
        held.callback(done.set)
        beside = timed(in_turn(client), ASKED)
        began = time.monotonic()
        dropped = [is_dropped(line) for line in looked_at(lines)]
        dropped_after = time.monotonic() - began
    assert usual.wrong == beside.wrong == []
    assert beside.p99() < max(FLOOR_S, 2 * usual.p99())
    assert all(dropped)
    assert dropped_after < DROPPED_S


def test_readers_and_writers_at_once_meet_no_error_and_no_growing_memory(server: Served) -> None:
    with closing(server.client()) as client:
        segments = ids(client)
    crowd = Crowd(server, segments, time.monotonic() + MIXED_S + FLAT_S)
    with ThreadPoolExecutor(READERS + WRITERS) as people:
        readers = [people.submit(crowd.read) for _ in range(READERS)]
        writers = [people.submit(crowd.write, number) for number in range(WRITERS)]
        memory = crowd.memory()
        told = [one.result() for one in readers], [one.result() for one in writers]
    read, write = (together(parts) for parts in told)
    figures = {"reads": len(read.seconds), "writes": len(write.seconds), "grown": grown(memory)}
    LOG.info("%s, p99 %.3f s read, %.3f s write", figures, read.p99(), write.p99())
    assert read.wrong == write.wrong == []
    assert len(write.seconds) >= WRITERS
    assert grown(memory) < GROWTH_MIB


def test_of_many_jobs_at_once_some_are_asked_to_come_again_and_reads_go_on(server: Served) -> None:
    with closing(server.client()) as client, ThreadPoolExecutor(JOBS) as people:
        sent = [people.submit(deliver, server, number) for number in range(JOBS)]
        beside = timed(in_turn(client), ASKED)
        answers = [one.result() for one in sent]
    with closing(server.client("planner")) as planner:
        states = {planner.get(one.headers["location"]).json()["state"] for one in taken(answers)}
    assert beside.wrong == []
    assert {one.status for one in answers} == {202, 503}
    assert all(one.headers["retry-after"] for one in answers if one.status == 503)
    assert states <= {"queued", "running", "done"}
    assert ends_of(server, size(0, JOBS)) <= {"done"}


def test_a_stop_under_load_answers_what_is_in_flight_and_tells_nobody_where_they_looked(
    server: Served,
) -> None:
    before = lines_of(server)
    with ThreadPoolExecutor(IN_FLIGHT) as people:
        sent = [people.submit(ask_something, server, number) for number in range(IN_FLIGHT)]
        wait_until_all_are_in_flight(server, before)
        began = time.monotonic()
        code = server.stop()
        stopped_after = time.monotonic() - began
        statuses = [one.result().status for one in sent]
    assert statuses == [200] * IN_FLIGHT
    assert code == 0
    assert stopped_after < max(STOPPED_S, server.started_in_s)
    text = server.printed.read_text("utf-8")
    assert [word for word in SECRETS if word in text] == []
    requests = [line for line in server.lines() if line["event"] == "request"]
    assert len(requests) > IN_FLIGHT
    assert all(set(line) == TOLD for line in requests)
