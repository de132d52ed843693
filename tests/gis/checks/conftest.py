"""How are small layers made for the checks?

Only what matters is written; each line lies by itself unless it says where. Nodes are made from
the ends of the lines, so lines that begin or end at one place meet.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from gis.checks import Layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

CRS = 3006
EAST, NORTH = 536_000, 6_224_000
FAR = 1_000


@cache
def cases() -> dict[str, Any]:
    """Read the table of cases, check to case to layers."""
    return tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))


def _xy(place: list[float]) -> tuple[float, float]:
    return EAST + place[0], NORTH + place[1]


def _node(place: tuple[float, ...]) -> int:
    return hash((round(place[0] * 10), round(place[1] * 10)))


def _line(row: dict[str, Any], number: int) -> LineString:
    apart = [[0, FAR * (number + 1)], [100, FAR * (number + 1)]]
    return LineString([_xy(place) for place in row.get("line", apart)])


def _with_nodes(row: dict[str, Any], line: LineString) -> dict[str, Any]:
    start, end = (line.coords[0], line.coords[-1]) if not line.is_empty else ((0, 0), (0, 0))
    known = {"from_node": _node(start), "to_node": _node(end), "geometry": line}
    return known | {name: value for name, value in row.items() if name != "line"}


def _segment(row: dict[str, Any], number: int) -> dict[str, Any]:
    defaults = {
        "segment_id": f"s{number}",
        "kind": "path",
        "side": "none",
        "source_id": f"osm:way/{number}",
        "path_class": "gangbana",
        "highway": "footway",
        "edited_at": "2024-01-01",
        "sign": [],
        "markings": [],
        "flags": [],
    }
    return defaults | _with_nodes(row, _line(row, number))


def _street(row: dict[str, Any], number: int) -> dict[str, Any]:
    known = {
        "street_id": f"r{number}",
        "source_id": f"osm:way/7{number}",
        "highway": "residential",
        "name": "Storgatan",
    }
    return known | _with_nodes(row, _line(row, -number - 5))


def _point(row: dict[str, Any], number: int) -> dict[str, Any]:
    place = _xy(row["at"])
    known = {"source_id": f"osm:node/{number}", "node_id": _node(place), "geometry": Point(place)}
    return known | {name: value for name, value in row.items() if name != "at"}


def _area(row: dict[str, Any], number: int) -> dict[str, Any]:
    west, south, east, north = row["box"]
    shape: BaseGeometry = box(*_xy([west, south]), *_xy([east, north]))
    return {"source_id": f"osm:way/9{number}", "role": row["role"], "geometry": shape}


def _layer(
    rows: list[dict[str, Any]], make: Callable[[dict[str, Any], int], dict[str, Any]]
) -> gpd.GeoDataFrame:
    made = pd.DataFrame([make(row, number) for number, row in enumerate(rows)])
    if made.empty:
        return gpd.GeoDataFrame({"geometry": gpd.GeoSeries([], crs=CRS)})
    return gpd.GeoDataFrame(made, geometry="geometry", crs=CRS)


def _homeless(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make marks whose segment is gone; without ``at`` nobody knows where they were made."""
    made = [
        {"segment_id": row["segment_id"], "record_id": row["record_id"], "place": _place(row)}
        for row in rows
    ]
    return pd.DataFrame(made, columns=["segment_id", "record_id", "place"])


def _place(row: dict[str, Any]) -> Point | None:
    return Point(_xy(row["at"])) if "at" in row else None


def layers_from(told: dict[str, Any]) -> Layers:
    """Make layers from rows of dicts."""
    segments = _layer(told["segments"], _segment)
    for name in ("edited_at", "check_date"):
        if name in segments:
            segments[name] = pd.to_datetime(segments[name], utc=True)
    box_ = told.get("bbox")
    return Layers(
        segments=segments,
        streets=_layer(told.get("streets", []), _street),
        crossings=_layer(told.get("crossings", []), _point),
        signs=_layer(told.get("signs", []), _point),
        barriers=_layer(told.get("barriers", []), _point),
        areas=_layer(told.get("areas", []), _area),
        places=_layer(told.get("places", []), _point),
        homeless=_homeless(told.get("homeless", [])),
        bbox=(box_[0], box_[1], box_[2], box_[3]) if box_ else None,
        lengths_before=told.get("lengths_before"),
    )


@pytest.fixture(scope="session")
def make_layers() -> Callable[[dict[str, Any]], Layers]:
    """Give the maker of layers."""
    return layers_from


@pytest.fixture(scope="session")
def case_table() -> dict[str, Any]:
    """Give the table of cases."""
    return cases()
