"""Make layers for the tests: valid ones, of which a test writes only what matters to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import settings

from gis import layers
from gis.contracts import Column, contract
from tests.cluster import running

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from playwright.sync_api import Browser

    from tests.cluster import Cluster

settings.register_profile("gcvag", deadline=None, derandomize=True)
settings.load_profile("gcvag")

CHROMIUM: Final = "/usr/bin/chromium"
ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CRS: Final = 3006
WEST_M: Final = 536500.0
SOUTH_M: Final = 6224000.0
LENGTH_M: Final = 100.0
RECORDED: Final = pd.Timestamp("2026-05-12T08:00:00Z")

SEGMENT: Final[dict[str, Any]] = {
    "kind": "path",
    "side": "none",
    "path_class": "gangbana",
    "confidence": "low",
    "basis": "data",
    "rule": "otherwise",
    "reason_sv": "Ett skäl.",
    "reason_en": "A reason.",
    "status": "proposed",
    "severity": 0,
    "sources": ["osm"],
    "source_ids": ["osm:way/1"],
    "length_m": LENGTH_M,
    "version": 1,
    "valid_from": RECORDED,
}


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """Run PostgreSQL with PostGIS once for the session."""
    with running() as cluster:
        yield cluster


@pytest.fixture
def postgres(server: Cluster) -> Iterator[Cluster]:
    """Give databases that are empty at the beginning of a test."""
    yield server
    server.take_back()


class Maker(Protocol):
    """Makes a layer from the columns that matter; see the fixture `segments`."""

    def __call__(self, columns: Mapping[str, Any] | None = None, /) -> gpd.GeoDataFrame:
        """Make the layer."""


class LayerMaker(Protocol):
    """Makes any layer from the columns that matter; see the fixture `layer`."""

    def __call__(self, name: str, columns: Mapping[str, Any] | None = None, /) -> gpd.GeoDataFrame:
        """Make the layer."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what would be skipped where nothing may be."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture
def segments() -> Maker:
    """Return a maker of valid `segments` layers in EPSG:3006.

    ``segments({"path_class": ["gangbana", "cykelbana"], "width_m": 2.5})`` has two rows. A list
    gives one value a row; a list column takes one list for all rows or a list of lists. The rows
    are straight lines of 100 m, 50 m apart; ``geometry`` takes WKT or shapes.
    """
    return lambda columns=None, /: make("segments", {**SEGMENT, **(columns or {})})


@pytest.fixture
def layer() -> LayerMaker:
    """Return a maker of any valid layer, with the rules of `segments`."""
    return lambda name, columns=None, /: make(name, columns or {})


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser of the distribution for all tests; each takes a context of its own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def make(name: str, told: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Make a layer that keeps its contract wherever `told` keeps it."""
    wanted = contract(name)
    kinds = {column.name: column.type for column in wanted.columns} | {"geometry": "geometry"}
    rows = max([1, *(len(told[key]) for key in told if _per_row(told[key], kinds.get(key)))])
    made = {
        column.name: _cells(told[column.name], rows, column.type)
        if column.name in told
        else [_default(column, name, row) for row in range(rows)]
        for column in wanted.columns
    }
    made |= {key: told[key] for key in told if key not in kinds}
    if "geometry" in told:
        shapes: list[Any] = [_shape(cell) for cell in _cells(told["geometry"], rows, "geometry")]
    else:
        shapes = [_drawn(wanted.geometry[0], row) for row in range(rows)]
    frame: pd.DataFrame = pd.DataFrame({key: _series(made[key], kinds.get(key)) for key in made})
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)


def _per_row(value: object, kind: str | None) -> bool:
    if kind == "list":
        return isinstance(value, list) and bool(value) and isinstance(value[0], list | None)
    return isinstance(value, list)


def _cells(value: object, rows: int, kind: str) -> list[Any]:
    if isinstance(value, list):
        return list(value) if _per_row(value, kind) else [list(value) for _ in range(rows)]
    return [value for _ in range(rows)]


def _default(column: Column, name: str, row: int) -> object:
    """Return the plainest value that a column may hold."""
    if column.name == contract(name).key:
        return f"{name[0]}{row:015d}"
    if column.type == "list":
        return []
    if column.nullable:
        return None
    if column.codes or column.refers:
        first = min(column.allowed() or {""})
        return int(max(first, f"{column.minimum or 0:g}")) if column.type == "integer" else first
    plain = {"number": 1.0, "integer": 1, "boolean": False, "time": RECORDED, "json": "{}"}
    return plain.get(column.type, column.name)


def _series(cells: list[Any], kind: str | None) -> pd.Series[Any]:
    dtype: Any = layers.NULLABLE_DTYPES.get(kind or "")
    made: pd.Series[Any] = pd.Series(cells, dtype=dtype)
    return made


def _shape(told: object) -> shapely.Geometry | None:
    if isinstance(told, str):
        return shapely.from_wkt(told)
    assert told is None or isinstance(told, shapely.Geometry)
    return told


def _drawn(kind: str, row: int) -> shapely.Geometry:
    """Draw a line, a point or a square beside that of the row before."""
    east, north = WEST_M, SOUTH_M + row * LENGTH_M / 2
    line = shapely.LineString([(east, north), (east + LENGTH_M, north)])
    return {
        "LineString": line,
        "Point": shapely.Point(east, north),
        "Polygon": line.buffer(LENGTH_M / 4),
    }[kind]
