"""Does what a service answers come in whole, and nothing else?

A server on the loopback answers in the shapes that the services are documented to have.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pyogrio
import pytest
from click.testing import CliRunner, Result

from api.cli import build
from gis import areas, sources
from gis.errors import SourceError
from gis.sources import Reading, Said, fetch_overpass, fetch_trafikinfo
from gis.sources.downloading import Limits, Question, fetch_json
from gis.sources.fetching import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.areas import Area

pytestmark = pytest.mark.enable_socket

QUICK = Limits(time_s=5, silence_s=1, tries=3, pause_s=0.01, size_bytes=200_000)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server says once; `told` is the length that it claims."""

    body: bytes = b"{}"
    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    told: int | None = None
    drip_s: float = 0.0


@dataclass
class Service:
    """A server that answers from a list, the last one ever after, and keeps what it was asked."""

    answers: list[Answer]
    address: str = ""
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def next(self, path: str, body: bytes) -> Answer:
        """Take the next answer."""
        self.asked.append((path, body))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(*answers: Answer) -> Iterator[Service]:
    """Run a service on the loopback."""
    service = Service(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the standard library's name
            length = int(self.headers.get("Content-Length", 0))
            told = service.next(self.path, self.rfile.read(length))
            self.send_response(told.code)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(told.told or len(told.body)))
            self.end_headers()
            if not told.drip_s:
                self.wfile.write(told.body)
                return
            with suppress(OSError):
                for one in told.body:
                    self.wfile.write(bytes([one]))
                    time.sleep(told.drip_s)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_port}/api"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(service: Service, limits: Limits = QUICK) -> tuple[bytes, list[float]]:
    """Fetch once and give the answer and the pauses that were made."""
    pauses: list[float] = []
    answer = fetch_json(Question(address=service.address), limits, sleep=pauses.append)
    return answer, pauses


@pytest.mark.parametrize(
    ("first", "pauses"),
    [
        pytest.param(Answer(code=429, headers={"Retry-After": "7"}), [7.0], id="busy, says when"),
        pytest.param(Answer(code=429, headers={"Retry-After": "9999"}), [], id="busy for hours"),
        pytest.param(Answer(code=504), [0.01], id="gateway timeout"),
        pytest.param(Answer(code=503), [0.01], id="unavailable"),
        pytest.param(Answer(body=b'{"a": 1', told=500), [0.01], id="cut"),
    ],
)
def test_a_service_that_is_busy_or_breaks_off_is_asked_again(
    first: Answer, pauses: list[float]
) -> None:
    with serving(first, Answer(body=b'{"a": 1}')) as service:
        if not pauses:
            with pytest.raises(SourceError, match="429"):
                ask(service)
            return
        assert ask(service, replace(QUICK, time_s=30)) == (b'{"a": 1}', pauses)


def test_pauses_grow_and_end() -> None:
    with serving(Answer(code=504)) as service:
        pauses: list[float] = []
        with pytest.raises(SourceError, match="504, also when asked again"):
            fetch_json(Question(address=service.address), QUICK, sleep=pauses.append)
    assert pauses == [0.01, 0.02]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(Answer(body=b"<html>sorry</html>"), "no JSON", id="a web page"),
        pytest.param(Answer(body=b""), "no JSON", id="nothing"),
        pytest.param(Answer(body=b"[" + b"1," * 200_000), "over 200000 bytes", id="too big"),
        pytest.param(Answer(code=404), "answers 404", id="not there"),
        pytest.param(Answer(code=401), "check address and key", id="no key"),
        pytest.param(
            Answer(code=302, headers={"Location": "http://example.org/"}),
            "sends us on to http://example.org",
            id="another host",
        ),
        pytest.param(
            Answer(code=302, headers={"Location": "ftp://127.0.0.1/"}), "sends us", id="ftp"
        ),
        pytest.param(
            Answer(code=301, headers={"Location": "file:///etc/passwd"}), "127.0.0.1", id="a file"
        ),
    ],
)
def test_what_is_no_answer_is_refused_at_once(answer: Answer, said: str) -> None:
    with serving(answer) as service:
        with pytest.raises(SourceError, match=said):
            ask(service)
        assert len(service.asked) == 1


def test_an_answer_that_drips_ends_with_the_time() -> None:
    slow = Answer(body=b"[" * 100, drip_s=0.02)
    began = time.monotonic()
    with serving(slow) as service, pytest.raises(SourceError, match=r"within 0\.2 s"):
        ask(service, replace(QUICK, time_s=0.2))
    assert time.monotonic() - began < 5


def test_a_redirect_on_the_same_host_is_followed() -> None:
    there = Answer(code=302, headers={"Location": "/other"})
    with serving(there, Answer(body=b"[1]")) as service:
        assert ask(service)[0] == b"[1]"
        assert [path for path, _ in service.asked] == ["/api", "/other"]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/a", "example.org", "https://a:b@c.org/", ""],
)
def test_only_addresses_of_the_web_are_asked(address: str) -> None:
    with pytest.raises(SourceError, match="no address to fetch from"):
        fetch_json(Question(address=address), QUICK)


def test_nobody_there_ends_in_one_sentence() -> None:
    with serving(Answer()) as service:
        gone = service.address
    with pytest.raises(SourceError, match="no whole answer"):
        fetch_json(Question(address=gone), QUICK, sleep=lambda _: None)


def area_of(service: Service, kind: str, **more: object) -> Area:
    """Give Karlskrona with a service on the loopback."""
    told = areas.load("karlskrona")
    return replace(told, sources={kind: {"address": service.address, **more}})


OVERPASS = {
    "version": 0.6,
    "generator": "Overpass API",
    "elements": [
        {"type": "node", "id": 1, "lat": 56.16, "lon": 15.58},
        {"type": "node", "id": 2, "lat": 56.16, "lon": 15.59},
        {
            "type": "way",
            "id": 10,
            "nodes": [1, 2],
            "version": 3,
            "timestamp": "2026-05-12T10:00:00Z",
            "tags": {"highway": "cycleway"},
        },
    ],
}


def test_overpass_is_asked_for_the_box_and_its_answer_is_a_delivery(tmp_path: Path) -> None:
    with serving(Answer(body=json.dumps(OVERPASS).encode())) as service:
        file = fetch(area_of(service, "osm"), "osm", tmp_path, QUICK)
        asked = parse_qs(service.asked[0][1].decode())["data"][0]
    assert "[bbox:55.74669,15.23157,56.50344,16.22228]" in asked
    assert sources.recognise(file) == "osm"
    read = sources.read(file)
    assert isinstance(read, Reading)
    assert len(read.ways) == 1


def test_an_overpass_answer_that_broke_off_inside_is_refused(tmp_path: Path) -> None:
    broken = OVERPASS | {"remark": "runtime error: Query timed out"}
    with serving(Answer(body=json.dumps(broken).encode())) as service:
        file = fetch(area_of(service, "osm"), "osm", tmp_path, QUICK)
    with pytest.raises(SourceError, match="broke off"):
        sources.read(file)


def test_the_question_names_every_object_that_is_read() -> None:
    asked = fetch_overpass.query(areas.load("karlskrona"))
    for part in (
        'way["highway"~"^(cycleway|',
        'node["traffic_sign"];',
        'wr["building"];',
        'relation["route"~"^(bicycle|',
        "out meta",
    ):
        assert part in asked


def school(number: str, lat: float) -> Answer:
    """Give the register's answer for one unit."""
    place = {"coordinates": {"latitude": str(lat), "longitude": "15.58"}}
    unit = {"schoolUnitCode": number, "displayName": f"SYNTETISK skola {number}", **place}
    return Answer(body=json.dumps({"data": unit}).encode())


LISTED = {
    "data": [
        {"schoolUnitCode": "11111111", "name": "A", "municipalityCode": "1080"},
        {"schoolUnitCode": "22222222", "name": "B", "municipalityCode": "1280"},
        {"schoolUnitCode": "33333333", "name": "C", "municipalityCode": "1080"},
    ]
}


def test_schools_of_the_municipality_alone_are_asked_for(tmp_path: Path) -> None:
    listed = Answer(body=json.dumps(LISTED).encode())
    with serving(listed, school("11111111", 56.16), school("33333333", 56.17)) as service:
        area = area_of(service, "schools", municipality_code="1080")
        file = fetch(area, "schools", tmp_path, QUICK)
        paths = [path for path, _ in service.asked]
    assert paths == ["/api", "/api/11111111", "/api/33333333"]
    said = sources.read(file, kind="schools")
    assert isinstance(said, Said)
    assert len(said.points) == 2


def test_a_register_without_the_municipality_is_refused(tmp_path: Path) -> None:
    listed = {"data": [{"schoolUnitCode": "1", "name": "A"}]}
    with (
        serving(Answer(body=json.dumps(listed).encode())) as service,
        pytest.raises(SourceError, match="0 units of municipality '1080'"),
    ):
        fetch(area_of(service, "schools", municipality_code="1080"), "schools", tmp_path, QUICK)


def product(*rows: dict[str, Any]) -> Answer:
    """Give NVDB's answer for one page."""
    result = {"GCM": list(rows), "INFO": {"LASTCHANGEID": "77"}}
    return Answer(body=json.dumps({"RESPONSE": {"RESULT": [result]}}).encode())


def stretch(number: int, east_m: float, **more: object) -> dict[str, Any]:
    """Give one row of a product, as the service lays it out."""
    line = f"LINESTRING Z ({east_m} 6224000 1, {east_m + 80} 6224000 2)"
    return {
        "Element_Id": f"1000:{number}",
        "Start_Measure": 0.0,
        "End_Measure": 1.0,
        "Gcm_typ": 100,
        "Geometry": {"WKT-SWEREF99TM-3D": line},
        **more,
    }


def test_nvdb_becomes_the_delivery_that_lastkajen_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fetch_trafikinfo.KEY, "nyckel")
    rows = (stretch(1, 536_000), stretch(2, 536_200, Deleted=True), stretch(3, 900_000))
    with serving(product(*rows)) as service:
        area = area_of(service, "nvdb", namespace="n", objects={"GCM": "GCM_vagtyp"})
        file = fetch(area, "nvdb", tmp_path, QUICK)
        asked = service.asked[0][1].decode()
    assert 'authenticationkey="nyckel"' in asked
    assert 'objecttype="GCM"' in asked
    assert pyogrio.list_layers(file)[:, 0].tolist() == ["NVDB_DK_O_GCM_vagtyp"]
    said = sources.read(file, kind="nvdb")
    assert isinstance(said, Said)
    assert said.lines["source_id"].tolist() == ["nvdb:1000:1"]


@pytest.mark.parametrize(
    ("key", "objects", "said"),
    [
        pytest.param("", {"GCM": "GCM_vagtyp"}, fetch_trafikinfo.KEY, id="no key"),
        pytest.param("k", {}, "sources.nvdb.objects", id="no types"),
    ],
)
def test_what_nvdb_lacks_is_named_before_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, objects: dict[str, str], said: str
) -> None:
    monkeypatch.setenv(fetch_trafikinfo.KEY, key)
    with serving(product()) as service:
        with pytest.raises(SourceError, match=said):
            fetch(area_of(service, "nvdb", objects=objects), "nvdb", tmp_path, QUICK)
        assert service.asked == []


@pytest.mark.parametrize("body", [b"[]", b'{"RESPONSE": {}}', b'{"RESPONSE": {"RESULT": [1]}}'])
def test_an_answer_of_another_shape_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setenv(fetch_trafikinfo.KEY, "k")
    with serving(Answer(body=body)) as service:
        area = area_of(service, "nvdb", objects={"GCM": "GCM_vagtyp"})
        with pytest.raises(SourceError, match="RESPONSE"):
            fetch(area, "nvdb", tmp_path, QUICK)


def test_a_source_without_an_address_is_named(tmp_path: Path) -> None:
    area = replace(areas.load("karlskrona"), sources={})
    with pytest.raises(SourceError, match=r"\[sources.osm\]"):
        fetch(area, "osm", tmp_path, QUICK)


PROFILE = """
id = "syntetisk"
name = "Syntetisk stad"
country = "SE"
crs = 3006
bbox = [15.0, 55.5, 17.0, 57.0]
[sources.osm]
address = "{address}"
"""


def command(*words: str | Path) -> Result:
    """Run a command as a user would."""
    return CliRunner().invoke(build("sv"), [str(word) for word in words])


def test_the_command_imports_what_came_and_keeps_nothing_of_what_did_not(tmp_path: Path) -> None:
    store, profile = tmp_path / "s.gpkg", tmp_path / "area.toml"
    good = Answer(body=json.dumps(OVERPASS).encode())
    with serving(Answer(body=b"<html/>"), good, good) as service:
        profile.write_text(PROFILE.format(address=service.address), encoding="utf-8")
        command("init", store, "--area", profile)
        refused = command("fetch", store, "osm", "--json")
        assert isinstance(refused.exception, SourceError)
        told = json.loads(command("fetch", store, "osm", "--json").stdout)
        again = json.loads(command("fetch", store, "osm", "--json", "--no-update").stdout)
    assert (told["kind"], told["new"], told["counts"]["ways"]) == ("osm", True, 1)
    assert again["new"] is False
    assert isinstance(command("fetch", store, "schools").exception, SourceError)
