"""How does an experiment run a real server, and speak to it as strangers do?"""

from __future__ import annotations

import http.client
import json
import resource
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from argon2 import PasswordHasher

from gis import areas, inventory
from gis.store import create_store, open_store
from tests.api.conftest import INDEXES, KEYS, WORDS, admit, footways, make_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GCVAG: Final = Path(sys.executable).parent / "gcvag"
START_S: Final = 180
STOP_S: Final = 30
JOB_S: Final = 300
TIMEOUT_S: Final = 60
IDLE_S: Final = 2.0
"""The server drops a line on which no request begins for some seconds."""

JSON: Final = "application/json"
ITEMS: Final = "/ogc/collections/segments/items"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body."""
        told: dict[str, Any] = json.loads(self.body)
        return told


class Client:
    """One connection that is kept, with the token of a role."""

    def __init__(self, port: int, role: str | None = None) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        self._own = {} if role is None else {"authorization": f"Bearer {role}-token"}
        self._used = time.monotonic()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request and read its answer; a line that was idle is taken up anew."""
        if time.monotonic() - self._used > IDLE_S:
            self._line.close()
        sent = self._own | {name.replace("_", "-"): value for name, value in headers.items()}
        self._line.request(method, path, body, sent)
        answer = self._line.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        found = Answer(answer.status, told, answer.read())
        self._used = time.monotonic()
        return found

    def get(self, path: str) -> Answer:
        """Read an address."""
        return self.ask("GET", path)

    def post(self, path: str, content: object, **headers: str) -> Answer:
        """Send JSON."""
        return self.ask("POST", path, json.dumps(content).encode(), content_type=JSON, **headers)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class Served(NamedTuple):
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    printed: Path
    location: str
    started_in_s: float

    def client(self, role: str | None = None) -> Client:
        """Return somebody who speaks to it."""
        return Client(self.port, role)

    def workers(self) -> list[Path]:
        """Return the folders in which the system tells of the processes that answer."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        folders = [Path("/proc", child) for child in children]
        return [one for one in folders if b"spawn_main" in (one / "cmdline").read_bytes()]

    def rss_mib(self) -> float:
        """Return the memory of the processes that answer."""
        told = [(one / "statm").read_text("ascii").split()[1] for one in self.workers()]
        return sum(map(int, told)) * resource.getpagesize() / 2**20

    def open_files(self) -> int:
        """Count what the processes that answer hold open."""
        return sum(len(list((one / "fd").iterdir())) for one in self.workers())

    def lines(self) -> list[dict[str, Any]]:
        """Read its log."""
        return [json.loads(line) for line in self.printed.read_text("utf-8").splitlines()]

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)


@contextmanager
def served(location: str, folder: Path, *words: str) -> Iterator[Served]:
    """Run ``gcvag serve`` until the end."""
    port = free_port()
    printed = folder / f"printed-{port}.txt"
    command = [str(GCVAG), "serve", location, "--port", str(port), *words]
    began = time.monotonic()
    with printed.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield Served(port, process, printed, location, time.monotonic() - began)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with closing(Client(port)) as client:
                if client.get("/ready").status == http.client.OK:
                    return
        except OSError:
            time.sleep(0.1)
    msg = "the server did not start"
    raise AssertionError(msg)


def ended(planner: Client, address: str) -> dict[str, Any]:
    """Wait until a job has ended."""
    until = time.monotonic() + JOB_S
    while time.monotonic() < until:
        job = planner.get(address).json()
        if job["state"] not in {"queued", "running"}:
            return job
        time.sleep(0.1)
    msg = "the job did not end"
    raise AssertionError(msg)


def upload(planner: Client, name: str, raw: bytes, **told: str) -> Answer:
    """Send a delivery under a key of its own."""
    edge = uuid.uuid4().hex
    parts = [(f'"file"; filename="{name}"', raw)]
    parts += [(f'"{field}"', value.encode()) for field, value in told.items()]
    body = b"".join(
        f"--{edge}\r\nContent-Disposition: form-data; name={head}\r\n\r\n".encode()
        + value
        + b"\r\n"
        for head, value in parts
    )
    headers = {"content_type": f"multipart/form-data; boundary={edge}", "idempotency_key": edge}
    return planner.ask("POST", "/api/imports", body + f"--{edge}--\r\n".encode(), **headers)


def stocked(location: str, folder: Path, name: str = "Hästö gata") -> None:
    """Make a store with a row or more in every layer, its segments of one name."""
    path = make_store(folder / "first.gpkg", _cheap())
    with closing(open_store(path)) as first:
        # What an import goes on from: these layers came from none.
        layers = {one: first.layer(one) for one in KEYS if one != "network"}
    layers["segments"] = layers["segments"].assign(name=name)
    with closing(create_store(location, areas.load("karlskrona").to_json())) as store:
        store.replace_layers(layers, keys=KEYS, indexes=INDEXES)
        admit(store, _cheap())


def town(location: str, folder: Path) -> None:
    """Make the inventory of some footways, and somebody of each role with a token."""
    delivery = folder / "footways.osm"
    delivery.write_text(footways(), encoding="utf-8")
    with closing(create_store(location, areas.load("karlskrona").to_json())) as store:
        admit(store, _cheap())
        inventory.import_file(store, delivery)
        inventory.update(store)


def _cheap() -> str:
    """Hash the password of everybody without the usual cost."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORDS)
