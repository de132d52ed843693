"""How fast does the API answer beside a raw server that holds everything in memory?

Both run in this process with the same features, asked in turn: a window of about 500 segments, one
feature, and a near tile drawn anew. CPU time, median of many; ratios are what counts. Use:
``python tools/bench_api.py STORE``.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely
from fastapi import FastAPI
from starlette.responses import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.ogc import tiles
from api.ogc.frames import Frames
from api.ogc.scene import Scene
from api.settings import Settings
from gis.areas import Area
from gis.crs import project
from gis.store import open_store
from maps.tiles import HALF_WORLD, MERCATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.store import Store

    Box = tuple[float, float, float, float]

ROUNDS: Final = 60
WINDOW: Final = 500
ZOOM: Final = 14
SEED: Final = 1
PLAIN: Final = {"accept-encoding": "identity"}


def main(location: str) -> None:
    """Print one JSON object a comparison."""
    with closing(open_store(location)) as store:
        features = [orjson.loads(feature) for feature in store.features("segments")]
        tree = shapely.STRtree(
            [shapely.from_geojson(orjson.dumps(f["geometry"])) for f in features]
        )
        boxes = windows(features, tree)
        near = tile_ms(store, features)
    raw = TestClient(raw_app(features, tree))
    with TestClient(create_app(Settings(store=location))) as own:
        items = "/ogc/collections/segments/items"
        keys = [feature["id"] for feature in drawn(features)]
        asked = {
            "window": [f"{items}?limit=10000&bbox={','.join(map(str, box))}" for box in boxes],
            "feature": [f"{items}/{key}" for key in keys],
        }
        for name, addresses in asked.items():
            ours, theirs = in_turn(own, raw, addresses)
            row(f"api_{name}", ours, len(features), theirs)
    row(f"api_tile_z{ZOOM}_drawn", near, len(features))


def row(name: str, value: float, n: int, raw: float = 0) -> None:
    """Print one measurement."""
    told = {"name": name, "value": round(value, 3), "unit": "ms CPU", "n": n}
    beside = {"peer": "FastAPI and orjson from memory", "peer_value": round(raw, 3)}
    ratio = {**beside, "ratio": round(value / raw, 3)} if raw else dict.fromkeys([*beside, "ratio"])
    print(orjson.dumps(told | ratio).decode(), flush=True)


def raw_app(features: list[dict[str, Any]], tree: shapely.STRtree) -> FastAPI:
    """Serve features from memory: an index of boxes, and JSON written at each request."""
    app = FastAPI()
    by_id = {feature["id"]: feature for feature in features}

    @app.get("/ogc/collections/segments/items")
    def items(bbox: str, limit: int) -> Response:
        west, south, east, north = (float(edge) for edge in bbox.split(","))
        found = tree.query(shapely.box(west, south, east, north))
        page = {"type": "FeatureCollection", "features": [features[n] for n in found[:limit]]}
        return Response(orjson.dumps(page), media_type="application/geo+json")

    @app.get("/ogc/collections/segments/items/{fid}")
    def item(fid: str) -> Response:
        return Response(orjson.dumps(by_id[fid]), media_type="application/geo+json")

    return app


def drawn(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw the features that are asked about, the same at every run."""
    numbers = np.random.default_rng(SEED).integers(len(features), size=ROUNDS)
    return [features[number] for number in numbers]


def windows(features: list[dict[str, Any]], tree: shapely.STRtree) -> list[Box]:
    """Draw boxes that hold about `WINDOW` features each."""
    made = []
    for feature in drawn(features):
        lon, lat = feature["geometry"]["coordinates"][0][:2]
        half, box = 0.0005, shapely.Point(lon, lat)
        while len(tree.query(box)) < WINDOW and half < 1:
            half *= 1.15
            box = shapely.box(lon - 2 * half, lat - half, lon + 2 * half, lat + half)
        made.append(box.bounds)
    return made


def tile_ms(store: Store, features: list[dict[str, Any]]) -> float:
    """Draw the tiles around features, none of them kept, and take the median."""
    area = Area.from_json(store.area_json())
    scene = Scene(now=store, area=area, base="", lang="sv", frames=Frames())
    size = 2 * HALF_WORLD / 2**ZOOM
    spent = []
    for feature in drawn(features):
        lon, lat = feature["geometry"]["coordinates"][0][:2]
        x, y = project([lon], [lat], source=4326, target=MERCATOR)
        row, col = int((HALF_WORLD - y[0]) / size), int((x[0] + HALF_WORLD) / size)
        address = tiles.Address("segments", ZOOM, row, col)
        spent.append(cpu_ms(partial(tiles.draw, scene, address, address.box())))
    return statistics.median(spent)


def in_turn(own: TestClient, raw: TestClient, addresses: list[str]) -> tuple[float, float]:
    """Ask both the same, one after the other, and take the medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for address in addresses:
        for client, spent in zip((own, raw), times, strict=True):
            spent.append(cpu_ms(partial(client.get, address, headers=PLAIN)))
    return statistics.median(times[0]), statistics.median(times[1])


def cpu_ms(act: Callable[[], object]) -> float:
    """Measure the CPU time of one act, all threads of the process."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main(sys.argv[1])
