"""Do the clients that people have read every collection, each at its place?"""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from gis.exports import export
from gis.exports.cut import Cut
from gis.store import open_store
from tests.api.conftest import EAST, KEYS, NORTH, copied
from tests.api.test_server import free_port, serve_into, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]

CLIENT: Any = import_module("owslib.ogcapi.features")
PUBLIC = ("segments", "findings", "crossings", "signs", "places", "districts", "streets")
BOX = (15.589, 56.161, 15.5909, 56.1641)
"""Longitude and latitude around the first two segments."""

needs_gdal = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="Debian's gdal-bin")


@pytest.fixture(scope="module")
def folder(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(plain, tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Serve a row or more of every layer as a process of its own."""
    port = free_port()
    printed = folder.with_suffix(".txt")
    process = get_context("spawn").Process(target=serve_into, args=(printed, str(folder), port))
    process.start()
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}/ogc"
    finally:
        process.terminate()
        process.join(30)


@pytest.fixture(scope="module")
def exported(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, gpd.GeoDataFrame]:
    """Read what the export says of each layer, in the area's system."""
    made = tmp_path_factory.mktemp("exported") / "all.gpkg"
    store = open_store(plain)
    export(store, "gpkg", made, Cut(layers=PUBLIC))
    store.close()
    return {name: gpd.read_file(made, layer=name) for name in PUBLIC}


def run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout


@needs_gdal
def test_ogrinfo_lists_what_is_public(address: str) -> None:
    listed = run("ogrinfo", "-ro", "-q", f"OAPIF:{address}")
    assert [name for name in PUBLIC if f": {name} " in listed] == list(PUBLIC)
    assert "observations" not in listed


@needs_gdal
@pytest.mark.parametrize("name", PUBLIC)
def test_ogr2ogr_reads_a_collection(
    address: str, exported: dict[str, gpd.GeoDataFrame], name: str
) -> None:
    read = json.loads(run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{address}", name))
    ids = {feature["properties"][KEYS[name]] for feature in read["features"]}
    assert ids == set(exported[name][KEYS[name]])
    counted = run("ogrinfo", "-ro", "-so", f"OAPIF:{address}", name)
    assert f"Feature Count: {len(exported[name])}" in counted


@needs_gdal
def test_ogr2ogr_filters_by_place(address: str) -> None:
    box = [str(edge) for edge in BOX]
    words = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{address}", "segments", "-spat"]
    found = json.loads(run(*words, *box))["features"]
    assert [f["properties"]["segment_id"][-1] for f in found] == ["0", "1"]
    lon, lat = found[0]["geometry"]["coordinates"][0][:2]
    assert (lon, lat) == pytest.approx((15.58917, 56.16139), abs=1e-5)


@needs_gdal
def test_ogr2ogr_moves_to_the_area_s_system(address: str) -> None:
    words = ["ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{address}", "segments"]
    words += ["-t_srs", "EPSG:3006", "-lco", "GEOMETRY=AS_WKT", "-select", "segment_id"]
    rows = dict(line.rsplit(",", 1)[::-1] for line in run(*words).splitlines()[1:])
    line = shapely.from_wkt(rows["s000000000000000"].strip('"'))
    assert line.coords[0] == pytest.approx((EAST, NORTH), abs=0.05)


@pytest.mark.parametrize("name", PUBLIC)
def test_pyogrio_agrees_with_the_export(
    address: str, exported: dict[str, gpd.GeoDataFrame], name: str
) -> None:
    source = f"OAPIF:{address}"
    assert set(PUBLIC) <= set(pyogrio.list_layers(source)[:, 0])
    assert pyogrio.read_info(source, layer=name, force_feature_count=True)["features"] == len(
        exported[name]
    )
    key = KEYS[name]
    read = gpd.read_file(source, layer=name).set_index(key).sort_index()
    there = exported[name].set_index(key).sort_index()
    assert list(read.index) == list(there.index)
    moved = read.to_crs(epsg=3006)
    assert moved.geometry.geom_equals_exact(there.geometry, 0.05).all() or name == "findings"


def test_pyogrio_reads_the_area_s_system_where_it_lies(address: str) -> None:
    uri = "http://www.opengis.net/def/crs/EPSG/0/3006"
    read = gpd.read_file(f"OAPIF:{address}", layer="segments", CRS=uri).set_index("segment_id")
    assert read.crs is not None
    assert read.crs.to_epsg() == 3006
    start = read.geometry["s000000000000000"].coords[0]
    assert start == pytest.approx((EAST, NORTH), abs=0.01)


def test_owslib_reads_every_collection(address: str, exported: dict[str, gpd.GeoDataFrame]) -> None:
    client = CLIENT.Features(f"{address}/")
    assert set(client.feature_collections()) == set(PUBLIC)
    for name in PUBLIC:
        page = client.collection_items(name, limit=1000)
        assert page["numberMatched"] == len(page["features"]) == len(exported[name])
        assert "properties" in client.collection_queryables(name)
        assert "properties" in client.collection_schema(name)
    found = client.collection_items("segments", bbox=list(BOX))["features"]
    assert [feature["id"][-1] for feature in found] == ["0", "1"]
    some = client.collection_items("segments", filter="segment_id < 's000000000000003'")
    assert some["numberMatched"] == 3
    one = client.collection_item("segments", "s000000000000000")
    assert one["id"] == "s000000000000000"


def test_owslib_reads_north_before_east(address: str) -> None:
    client = CLIENT.Features(f"{address}/")
    uri = "http://www.opengis.net/def/crs/EPSG/0/3006"
    page = client.collection_items("segments", crs=uri, limit=1)
    assert page["features"][0]["geometry"]["coordinates"][0] == pytest.approx([NORTH, EAST], abs=1)
