"""Is everything that is sent answered, refused or taken whole, and nothing told that was asked?

A real server, spoken to over HTTP; a listener on loopback tells whether a file made it call.
"""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import geopandas as gpd
import pytest
from shapely import LineString

from api.auth import roles
from gis.jail import Apart
from gis.sources import worker
from gis.store import open_store
from tests.acceptance import hostile
from tests.acceptance.record_world import SOAK, dice, size
from tests.acceptance.serving import ITEMS, ended, served, stocked, upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.serving import Answer, Client, Served

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]

EACH: Final = size(1, len(hostile.VALUES))
"""How many values each parameter is given; a short run deals them out."""

TEXTS: Final = hostile.TEXTS if SOAK else hostile.TEXTS[:3]
MUTATED: Final = size(60, 2000)
SENT: Final = size(1, 100)
REFUSED: Final[dict[str, Any]] = {"state": "refused"}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
EVIL_NAME: Final = "=2+5+cmd|' /C calc'!A0"
LONG: Final = {
    "late vrt in a zip",
    "esri",
    "head alone",
    "deep",
    "pbf",
    "cut",
    "gdalg",
    "late vrt",
    "vrt in a zip",
}
TRACES: Final = (hostile.CANARY, "Traceback", "SELECT", "site-packages", ".gpkg", "X-Evil")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a store whose segments have a name that is a formula."""
    folder = tmp_path_factory.mktemp("bad")
    location = str(folder / "town.gpkg")
    stocked(location, folder, EVIL_NAME)
    words = ("--police-store", str(folder / "town.police.gpkg"))
    with served(location, folder, *words) as running:
        yield running


@pytest.fixture(scope="module")
def described(server: Served) -> dict[str, Any]:
    """Return the OpenAPI document."""
    with closing(server.client()) as client:
        return client.get("/ogc/api").json()


@pytest.fixture(scope="module")
def people(server: Served) -> Iterator[dict[str | None, Client]]:
    """Return a client of each role, and of nobody."""
    clients = {
        role: server.client(role) for role in (None, "inspector", "planner", "police", "admin")
    }
    yield clients
    for client in clients.values():
        client.close()


def may(method: str, route: str) -> str | None:
    """Return a role that may call a route."""
    found = [place for place in roles.table() if place[:2] == (method, route)]
    allowed = roles.table()[found[0]]
    return None if roles.EVERYBODY in allowed else min(allowed)


def filled(route: str, **told: str) -> str:
    """Fill the places of a route."""
    names = {"collection_id": "segments", "name": "gcvag.css", "matrix_set_id": "WebMercatorQuad"}
    for name in [part.partition("}")[0] for part in route.split("{")[1:]]:
        value = told.get(name, names.get(name, "0"))
        route = route.replace(f"{{{name}}}", encoded(value))
    return route


def encoded(value: str) -> str:
    """Write a value so that it stands in an address, lone surrogates too."""
    return quote(value, safe="", errors="surrogatepass")


def wrong(answer: Answer, what: object) -> list[object]:
    """List what is wrong with an answer to a bad value."""
    text = answer.body.decode("utf-8", "replace")
    told = [trace for trace in TRACES if answer.status >= 400 and trace in text]
    evil = "x-evil" in answer.headers
    return [(what, answer.status, told)] if answer.status >= 500 or told or evil else []


def asked(described: dict[str, Any]) -> list[tuple[str, str, str]]:
    """List the parameters of all reads: route, where it stands, name."""
    return [
        (route, one["in"], one["name"])
        for route, ways in described["paths"].items()
        for one in ways.get("get", {}).get("parameters", [])
        if one["in"] in {"query", "path", "header"}
    ]


def test_no_value_of_any_parameter_breaks_a_read_or_comes_back(
    people: dict[str | None, Client], described: dict[str, Any]
) -> None:
    before = people[None].get("/api/status").body
    found: list[object] = []
    for number, (route, where, name) in enumerate(asked(described)):
        for turn in range(EACH):
            value = hostile.VALUES[(number * 7 + turn) % len(hostile.VALUES)]
            client = people[may("GET", route)]
            if where == "path":
                answer = client.get(filled(route, **{name: value or "x"}))
            elif where == "query":
                answer = client.get(f"{filled(route)}?{encoded(name)}={encoded(value)}")
            else:
                told = {name.lower(): printable(value)}
                answer = client.ask("GET", filled(route), None, **told)
            found += wrong(answer, (route, name, value[:40]))
    assert found == []
    assert people[None].get("/api/status").body == before


def printable(value: str) -> str:
    """Keep of a value what a header may hold."""
    return "".join(one for one in value if " " <= one <= "~")[:4000]


@pytest.mark.parametrize("value", hostile.FILTERS)
def test_no_filter_is_a_way_into_the_store(people: dict[str | None, Client], value: str) -> None:
    answer = people[None].get(f"{ITEMS}?filter={encoded(value)}")
    assert wrong(answer, value) == []
    assert answer.status == 400 or answer.json()["numberMatched"] == 0


def writes(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """List the writes that take JSON: method, route, schema."""
    return [
        (method.upper(), route, content["schema"])
        for route, ways in described["paths"].items()
        for method, way in ways.items()
        if method in {"post", "put", "patch"}
        for kind, content in way.get("requestBody", {}).get("content", {}).items()
        if "json" in kind
    ]


def write(people: dict[str | None, Client], method: str, route: str, body: bytes) -> Answer:
    """Send a body as somebody who may."""
    headers = {"content_type": "application/json", "idempotency_key": uuid.uuid4().hex}
    return people[may(method, route)].ask(method, filled(route), body, if_match="*", **headers)


def test_no_body_of_any_write_breaks_it_or_comes_back(
    people: dict[str | None, Client], described: dict[str, Any]
) -> None:
    found: list[object] = []
    told = writes(described)
    assert len(told) > 12
    for method, route, _ in told:
        for name, body in hostile.BODIES.items():
            answer = write(people, method, route, body)
            if not 400 <= answer.status < 500 and not (
                name == "unknown members" and "decide" in route
            ):
                found.append((method, route, name, answer.status))
            found += wrong(answer, (method, route, name))
    assert found == []


def test_no_text_in_any_field_breaks_a_write_or_comes_back_in_a_refusal(
    people: dict[str | None, Client], described: dict[str, Any]
) -> None:
    found: list[object] = []
    parts = described["components"]["schemas"]
    for method, route, schema in writes(described):
        for text in TEXTS:
            body = json.dumps(hostile.example(schema, parts, text)).encode()
            found += wrong(write(people, method, route, body), (method, route, text[:40]))
    assert found == []


def test_no_cell_of_a_table_is_a_formula(people: dict[str | None, Client]) -> None:
    cells = []
    for name in ("segments", "findings", "places", "observations"):
        answer = people["planner"].get(f"/ogc/collections/{name}/items?f=csv")
        rows = csv.reader(io.StringIO(answer.body.decode()))
        cells += [cell for row in rows for cell in row if not is_number(cell)]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    assert f"'{EVIL_NAME}" in cells


def is_number(cell: str) -> bool:
    """Tell whether a cell is a plain number."""
    return cell.removeprefix("-").replace(".", "", 1).isdigit()


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on loopback and remember who came."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    with listening.accept()[0] as visitor:
                        came.append(visitor.recv(100))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield listening.getsockname()[1], came
        done.set()
        thread.join()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a whole GeoPackage."""
    path = tmp_path_factory.mktemp("lines") / "a.gpkg"
    shapes = [LineString([(15.58 + n / 1000, 56.16), (15.59, 56.17)]) for n in range(50)]
    named = {"id": [f"n{n}" for n in range(50)]}
    gpd.GeoDataFrame(named, geometry=shapes, crs=4326).to_file(path, layer="a", engine="pyogrio")
    return path.read_bytes()


def test_files_that_reach_out_or_never_end_are_refused_and_nobody_is_called(
    server: Served, listener: tuple[int, list[bytes]], lines: bytes
) -> None:
    port, came = listener
    cases = hostile.files(port, lines)
    before = len(deliveries(server))
    with closing(server.client("planner")) as planner:
        for case in cases if SOAK else cases.keys() - LONG:
            answer = upload(planner, *cases[case])
            if answer.status == 202:
                job = ended(planner, answer.headers["location"])
                assert job["state"] == "refused", case
                assert str(server.printed.parent) not in str(job)
                assert "gcvag-" not in str(job)
            else:
                assert 400 <= answer.status < 500, case
                assert wrong(answer, case) == []
            assert planner.get("/health").status == 200
    assert came == []
    assert len(deliveries(server)) == before


def deliveries(server: Served) -> list[Any]:
    """Return what the store keeps of deliveries."""
    with closing(open_store(server.location)) as store:
        return store.deliveries()


def delivered(server: Served) -> set[int]:
    """Return the numbers of the deliveries that count; a newer one takes the place of an older."""
    return {one.seq for one in deliveries(server)}


def test_no_damaged_geopackage_ends_the_process_that_reads_it(tmp_path: Path, lines: bytes) -> None:
    rng = dice(6)
    for number in range(MUTATED):
        (tmp_path / f"{number:05}.gpkg").write_bytes(hostile.mutated(lines, rng))
    (tmp_path / "whole.gpkg").write_bytes(lines)
    begun: list[str] = []
    order = {"folder": str(tmp_path), "mapping": hostile.MAPPING}
    told = Apart(worker.limits()).run("tests.acceptance.hostile:read_all", order, begun.append)
    assert len(begun) == MUTATED + 1
    assert "whole" in told["taken"]
    assert len(told["taken"]) < MUTATED


def test_a_damaged_geopackage_is_taken_whole_or_not_at_all(server: Served, lines: bytes) -> None:
    rng = dice(11)
    with closing(server.client("planner")) as planner:
        for _ in range(SENT):
            before = delivered(server)
            raw = hostile.mutated(lines, rng)
            answer = upload(planner, "a.gpkg", raw, mapping=hostile.MAPPING)
            assert answer.status in {202, 415}
            job = ended(planner, answer.headers["location"]) if answer.status == 202 else REFUSED
            assert job["state"] in {"done", "refused"}, job
            new = job["state"] == "done" and job["result"]["new"]
            assert len(delivered(server) - before) == int(new)
            assert planner.get("/health").status == 200
    with closing(open_store(server.location)) as store:
        assert store.verify() == []
