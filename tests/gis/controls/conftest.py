"""A made-up town for the ranking: streets in a grid, a path beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point

from gis import areas
from gis.controls import open_police
from gis.store import create_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gis.store import Store

STEP_M = 120.0
CLASSES = ("gc_gemensam", "gangbana", "cykelbana", "okand")
Layers = dict[str, gpd.GeoDataFrame]
KEYS = {
    "segments": "segment_id",
    "streets": "street_id",
    "crossings": "crossing_id",
    "places": "place_id",
}


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=3006)


def _segment(number: int, line: LineString, random: np.random.Generator) -> dict[str, Any]:
    return {
        "segment_id": f"s{number:03d}",
        "kind": "path",
        "side": "none",
        "path_class": str(random.choice(CLASSES)),
        "confidence": str(random.choice(["high", "low"])),
        "basis": str(random.choice(["sign", "data"])),
        "severity": int(random.choice([0, 1, 2])),
        "flags": [],
        "signs": ["SE:D6"] if random.random() < 0.5 else [],
        "status": "proposed",
        "name": None,
        "district": "Väst" if line.centroid.x < 360 else "Öst",
        "bicycle_route": bool(random.random() < 0.2),
        "length_m": line.length,
        "geometry": line,
    }


def _town(side: int = 6, seed: int = 0) -> Layers:
    random = np.random.default_rng(seed)
    segments: list[dict[str, Any]] = []
    streets: list[dict[str, Any]] = []
    crossings: list[dict[str, Any]] = []
    corners = [(i * STEP_M, j * STEP_M) for i in range(side) for j in range(side)]
    for x, y in corners:
        for dx, dy in ((STEP_M, 0), (0, STEP_M)):
            number = len(segments)
            street = LineString([(x, y), (x + dx, y + dy)])
            path = LineString([(x + 3, y + 3), (x + dx + 3, y + dy + 3)])
            speed = float(random.choice([30, 40, 50]))
            streets.append({"street_id": f"t{number}", "maxspeed_kmh": speed, "geometry": street})
            segments.append(_segment(number, path, random))
        if random.random() < 0.4:
            kind = str(random.choice(["overgangsstalle", "cykelpassage", "okand"]))
            signalised = bool(random.random() < 0.3)
            crossings.append(
                {"crossing_class": kind, "signalised": signalised, "geometry": Point(x + 3, y)}
            )
    schools = [
        {"place_id": "p1", "kind": "school", "name": "Ettan", "geometry": Point(200, 200)},
        {"place_id": "p2", "kind": "school", "name": "Tvåan", "geometry": Point(620, 620)},
        {"place_id": "p3", "kind": "station", "name": "Hållplats", "geometry": Point(0, 0)},
    ]
    return {
        "segments": _frame(segments),
        "streets": _frame(streets),
        "crossings": _frame(crossings),
        "places": _frame(schools),
    }


@pytest.fixture(scope="session")
def town() -> Callable[..., Layers]:
    """Return a maker of towns by number of blocks a side and seed."""
    return _town


@pytest.fixture
def stores(tmp_path: Path, town: Callable[..., Layers]) -> Iterator[tuple[Store, Store]]:
    public = create_store(tmp_path / "a.gpkg", areas.load("karlskrona").to_json())
    layers = town()
    layers["crossings"]["crossing_id"] = [f"c{row}" for row in range(len(layers["crossings"]))]
    public.replace_layers(layers, keys=KEYS)
    police = open_police(str(tmp_path / "a.police.gpkg"), public)
    yield public, police
    police.close()
    public.close()
