"""How fast does the API answer beside three peers on the same segments?

A server that holds everything in memory and does nothing else, tipg and pygeoapi on PostGIS; each
in a process of its own on loopback, asked in turn by one client: a window of about 500 segments,
one feature, and a near tile drawn anew. Then tiles drawn in process, and how long the first
overview of a server that has just started takes. Use: ``python -m tools.bench_api STORE``.
"""

from __future__ import annotations

import http.client
import os
import statistics
import sys
import time
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import orjson
import shapely

from api.ogc import tiles
from api.ogc.frames import Frames
from api.ogc.scene import Scene
from gis.areas import Area
from gis.crs import project
from gis.store import open_store
from maps.tiles import HALF_WORLD, MERCATOR
from tools import bench_peers
from tools.bench_peers import PYGEOAPI, TIPG, free_port, server

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from gis.store import Store

ROUNDS: Final = 60
WARM: Final = 5
WINDOW: Final = 500
ZOOM: Final = 14
FAR: Final = 11
SEED: Final = 1
PROGRAMS: Final = Path(sys.executable).parent
OWN: Final = "/ogc/collections/segments"
PLAIN: Final = {"accept-encoding": "identity"}
RAW: Final = "FastAPI and orjson from memory"


class Asked(NamedTuple):
    """What is asked about: boxes in longitude and latitude, keys, tiles; of how many segments."""

    windows: list[str]
    keys: list[str]
    places: list[tiles.Address]
    n: int


def main(location: str) -> None:
    """Print one JSON object a comparison."""
    with closing(open_store(location)) as store:
        asked = chosen(store)
        in_process(store, asked)
    with ExitStack() as stack:
        ports = {"ours": stack.enter_context(own(location))}
        first_overview(ports["ours"], asked)
        with closing(open_store(location)) as store:
            ports |= stack.enter_context(bench_peers.peers(store))
        ports[RAW] = stack.enter_context(raw(location))
        lines = {
            name: http.client.HTTPConnection("127.0.0.1", port) for name, port in ports.items()
        }
        compare(lines, asked)


def compare(lines: dict[str, http.client.HTTPConnection], asked: Asked) -> None:
    """Ask all servers the same."""
    window, one = [f"items?limit=10000&bbox={box}" for box in asked.windows], asked.keys
    bases = {"ours": f"{OWN}/", RAW: "/", "tipg": f"{TIPG}/", "pygeoapi": f"{PYGEOAPI}/"}
    ends = {"tipg": "f=geojson", "pygeoapi": "f=json"}
    for name, paths, mark in (
        ("window", window, "&"),
        ("feature", [f"items/{k}" for k in one], "?"),
    ):
        told = {
            who: [base + path + (mark + ends[who] if who in ends else "") for path in paths]
            for who, base in bases.items()
        }
        show(f"api_{name}", medians(lines, told), asked.n)
    places = list(dict.fromkeys(asked.places))
    quad = "tiles/WebMercatorQuad"
    told = {
        "ours": [f"{OWN}/{quad}/{p.z}/{p.row}/{p.col}" for p in places],
        "tipg": [f"{TIPG}/{quad}/{p.z}/{p.col}/{p.row}" for p in places],
    }
    show(f"api_tile_z{ZOOM}", medians(lines, told), asked.n)


def medians(
    lines: dict[str, http.client.HTTPConnection], told: dict[str, list[str]]
) -> dict[str, float]:
    """Ask each server in turn, the next question only when all have answered; milliseconds."""
    spent: dict[str, list[float]] = {who: [] for who in told}
    for number in range(len(next(iter(told.values())))):
        for who, paths in told.items():
            spent[who].append(answered(lines[who], paths[number]))
    return {
        who: statistics.median(times[min(WARM, len(times) // 2) :]) for who, times in spent.items()
    }


def answered(line: http.client.HTTPConnection, path: str) -> float:
    """Measure one answer, from question to last byte."""
    began = time.perf_counter()
    line.request("GET", path, headers=PLAIN)
    answer = line.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        msg = f"{path} answers {answer.status}"
        raise RuntimeError(msg)
    return (time.perf_counter() - began) * 1000


def show(name: str, values: dict[str, float], n: int) -> None:
    """Print ours beside each peer."""
    for peer, value in values.items():
        if peer != "ours":
            row(name, values["ours"], "ms", n, (peer, value))


def row(name: str, value: float, unit: str, n: int, peer: tuple[str, float] | None = None) -> None:
    """Print one measurement."""
    who, theirs = peer or (None, None)
    told = {
        "name": name, "value": round(value, 3), "unit": unit, "n": n, "peer": who,
        "peer_value": theirs and round(theirs, 3), "ratio": theirs and round(value / theirs, 4),
    }  # fmt: skip
    print(orjson.dumps(told).decode(), flush=True)


def own(location: str) -> AbstractContextManager[int]:
    """Run our server."""
    port = free_port()
    words = (PROGRAMS / "gcvag", "serve", location, "--port", str(port))
    return server(port, "/ready", *words)


def raw(location: str) -> AbstractContextManager[int]:
    """Run the server that does nothing but answer, on the same program as ours."""
    port = free_port()
    words = (
        PROGRAMS / "granian",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    )
    path = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    more = {"GCVAG_BENCH_STORE": location, "PYTHONPATH": path}
    return server(port, "/openapi.json", *words, "--factory", "tools.bench_raw:app", **more)


def chosen(store: Store) -> Asked:
    """Draw segments, the same at every run; around each a window, and the tile it lies in."""
    working = Area.from_json(store.area_json()).crs
    every = store.narrow("segments", ["segment_id"], limit=store.count("segments"))
    numbers = np.random.default_rng(SEED).integers(len(every.shapes), size=ROUNDS + WARM)
    tree = shapely.STRtree(every.shapes)
    drawn = every.shapes[numbers]
    keys = [every.columns["segment_id"][number] for number in numbers]
    return Asked(
        [window(tree, line, working) for line in drawn],
        keys,
        [place(line, working) for line in drawn],
        len(every.shapes),
    )


def window(tree: shapely.STRtree, line: shapely.Geometry, working: int) -> str:
    """Widen a box around a line until it holds `WINDOW` segments."""
    x, y = shapely.get_coordinates(line)[0]
    half, box = 50.0, shapely.Point(x, y)
    while len(tree.query(box)) < WINDOW:
        half *= 1.1
        box = shapely.box(x - half, y - half, x + half, y + half)
    west, south, east, north = box.bounds
    lon, lat = project([west, east], [south, north], source=working, target=4326)
    return f"{lon[0]},{lat[0]},{lon[1]},{lat[1]}"


def place(line: shapely.Geometry, working: int, zoom: int = ZOOM) -> tiles.Address:
    """Find the tile that a line begins in."""
    x, y = project(*shapely.get_coordinates(line)[:1].T, source=working, target=MERCATOR)
    size = 2 * HALF_WORLD / 2**zoom
    row, col = int((HALF_WORLD - y[0]) / size), int((x[0] + HALF_WORLD) / size)
    return tiles.Address("segments", zoom, row, col)


def in_process(store: Store, asked: Asked) -> None:
    """Draw tiles that nobody has asked for before, as the server does, and from the store."""
    area = Area.from_json(store.area_json())
    scene = Scene(now=store, area=area, base="", lang="sv", frames=Frames())
    kept = tiles.Tiles()
    spent = cpu_ms(partial(kept.prepare, store, area.crs))
    row("api_plates_prepared", spent / 1000, "s CPU", asked.n)
    places = list(dict.fromkeys(asked.places))
    drawn = statistics.median(cpu_ms(partial(kept.tile, scene, one)) for one in places)
    slow = statistics.median(cpu_ms(partial(tiles.draw, scene, one, one.box())) for one in places)
    row(f"api_tile_z{ZOOM}_drawn", drawn, "ms CPU", asked.n, ("from the rows of the store", slow))


def first_overview(port: int, asked: Asked) -> None:
    """Ask a server that has just started for a far tile."""
    up = asked.places[0]
    path = f"{OWN}/tiles/WebMercatorQuad/{FAR}/{up.row >> ZOOM - FAR}/{up.col >> ZOOM - FAR}"
    spent = answered(http.client.HTTPConnection("127.0.0.1", port), path)
    row("api_first_overview", spent / 1000, "s", asked.n)


def cpu_ms(act: Callable[[], object]) -> float:
    """Measure the CPU time of one act, all threads of the process."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main(sys.argv[1])
