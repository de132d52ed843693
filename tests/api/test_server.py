"""Does the server start, drop half-sent requests, and stop when it is told?"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from api.server import serve
from gis.store import open_store
from tests.api.conftest import COUNT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import SpawnProcess as Process

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]
START_S = 60
GCVAG = Path(sys.executable).parent / "gcvag"


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def serve_into(printed: Path, location: str, port: int) -> None:
    """Serve with standard output going to a file."""
    with printed.open("wb") as file:
        os.dup2(file.fileno(), 1)
    serve(location, port=port)


def wait(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.txt"


@pytest.fixture
def server(location: Path, port: int, printed: Path) -> Iterator[Process]:
    """Run a server as a process of its own."""
    spawn = get_context("spawn")
    process = spawn.Process(target=serve_into, args=(printed, str(location), port))
    process.start()
    try:
        wait(port)
        yield process
    finally:
        process.terminate()
        process.join(30)


def get(port: int, path: str) -> bytes:
    """Read an address of the server."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        body: bytes = answer.read()
        return body


def test_it_serves_and_stops_at_once(server: Process, port: int, printed: Path) -> None:
    assert get(port, "/health") == b'{"status":"ok"}'
    page = json.loads(get(port, "/ogc/collections/segments/items/?bbox=15,56,16,57"))
    assert page["numberMatched"] == COUNT
    assert b"gcvag_requests_total" in get(port, "/metrics")
    began = time.monotonic()
    server.terminate()
    server.join(30)
    assert server.exitcode == 0
    assert time.monotonic() - began < 10
    lines = printed.read_text("utf-8").splitlines()
    routes = [json.loads(line)["route"] for line in lines]
    assert routes == ["/health", "/ogc/collections/{collection_id}/items", "/metrics"]
    assert "bbox" not in "".join(lines)


def test_a_second_server_on_the_same_store_ends_with_one_line(location: Path, port: int) -> None:
    with closing(open_store(str(location))) as store:
        store.occupy()
        words = [str(GCVAG), "serve", str(location), "--port", str(port)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_half_sent_request_is_dropped_and_stalls_nobody(server: Process, port: int) -> None:
    assert server.is_alive()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        slow.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert get(port, "/health")
        began = time.monotonic()
        while slow.recv(1024):
            pass
        assert time.monotonic() - began < 15
