"""Is a file refused as a whole when it is not what it should be, and a view never read?"""

from __future__ import annotations

import sqlite3
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
import shapely

from gis.errors import SourceError
from gis.sources import nvdb, nvdb_check
from tools import make_deliveries as made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.sources.said import Said


@pytest.fixture(scope="module")
def extents() -> gpd.GeoDataFrame:
    return made.district("new")


def fault_codes(said: Said) -> set[str]:
    return set(said.faults["fault"])


def test_a_view_is_not_read(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = made.write_geopackage(made.geopackage_layers(extents), tmp_path / "v.gpkg")
    with sqlite3.connect(path) as store:
        store.execute(
            'CREATE VIEW "NVDB_DK_O_9_GCM_vagtyp" AS SELECT * FROM "NVDB_DK_O_24_GCM_vagtyp"'
        )
        store.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES "
            "('NVDB_DK_O_9_GCM_vagtyp', 'features', 'v', 3006)"
        )
        store.execute(
            "INSERT INTO gpkg_geometry_columns VALUES "
            "('NVDB_DK_O_9_GCM_vagtyp', 'geom', 'LINESTRING', 3006, 0, 0)"
        )
    store.close()
    said = nvdb.read(path)
    assert fault_codes(said) == {"layer_view"}
    assert len(said.lines) == len(extents)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda f: f.to_crs(3009), "EPSG:3006", id="another system"),
        pytest.param(
            lambda f: f.set_geometry(
                shapely.transform(f.geometry.to_numpy(), lambda xy: xy[:, ::-1])
            ),
            "swapped",
            id="all axes swapped",
        ),
    ],
)
def test_a_whole_file_is_refused(
    change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
    says: str,
    extents: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    layer = made.geopackage_layers(extents)["NVDB_DK_O_24_GCM_vagtyp"]
    path = tmp_path / "x.gpkg"
    made.write_geopackage({"NVDB_DK_O_24_GCM_vagtyp": change(layer)}, path)
    with pytest.raises(SourceError, match=says):
        nvdb.read(path)


def test_a_zipped_geopackage_is_read_and_its_view_is_not(
    extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    plain = made.write_geopackage(made.geopackage_layers(extents), tmp_path / "p.gpkg")
    with sqlite3.connect(plain) as store:
        store.execute('CREATE VIEW "NVDB_DK_O_9_GCM_vagtyp" AS SELECT 1')
        store.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES "
            "('NVDB_DK_O_9_GCM_vagtyp', 'attributes', 'v', 0)"
        )
    store.close()
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(plain, "mapp/p.gpkg")
    said = nvdb.read(path)
    assert len(said.lines) == len(extents)
    assert fault_codes(said) == {"layer_view"}


@pytest.mark.parametrize("name", ["a.gpkg", "a.gml", "a.geojson", "a.zip"])
def test_a_file_that_refers_to_others_is_not_followed(
    name: str, extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    secret = made.write_geopackage(made.geopackage_layers(extents), tmp_path / "secret.gpkg")
    layer = "NVDB_DK_O_24_GCM_vagtyp"
    content = (
        f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    path = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("a.gml", content)
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="not what the ending"):
        nvdb.read(path)


def test_layers_of_two_systems_are_refused(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    layers = made.geopackage_layers(extents)
    mixed = {
        name: frame.to_crs(3009) if "Vagbredd" in name else frame for name, frame in layers.items()
    }
    path = made.write_geopackage(mixed, tmp_path / "m.gpkg")
    with pytest.raises(SourceError, match="EPSG:3009"):
        nvdb.read(path)


@pytest.mark.parametrize("content", [b"", b"not a file", b"SQLite format 3\x00" + b"\x00" * 90])
@pytest.mark.parametrize("name", ["a.gpkg", "a.zip"])
def test_what_is_no_file_is_refused(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=name):
        nvdb.read(path)


def test_a_file_without_layers_of_nvdb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.gpkg"
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(536000, 6224000)], crs=3006)
    pyogrio.write_dataframe(frame, path, layer="roads")
    with pytest.raises(SourceError, match="GCM_vagtyp"):
        nvdb.read(path)


def test_validation_points_are_read(tmp_path: Path) -> None:
    path = tmp_path / "Karlskrona_GCMVägtyp_T_felkod.gpkg"
    frame = gpd.GeoDataFrame(
        {"ELEMENT_ID": ["7:1", None], "Felkod": ["T", "T"], "Beskrivning": ["saknar typ", ""]},
        geometry=[shapely.Point(536000, 6224000), shapely.Point(6224000, 536000)],
        crs=3006,
    )
    pyogrio.write_dataframe(frame, path, layer="felkod")
    said = nvdb_check.read(path)
    assert said.points[["source_id", "role", "code", "name"]].to_numpy().tolist() == [
        ["nvdb:7:1", "check", "T", "saknar typ"]
    ]
    assert fault_codes(said) == {"swapped_axes", "no_element"}
