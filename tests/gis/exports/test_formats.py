"""Does each written file say the same again, by other readers too?"""

from __future__ import annotations

import csv
import json
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest

from gis import codes, layers
from gis.cli.leave import past
from gis.errors import GisError, NotFoundError
from gis.exports import WRITERS, Cut, export
from gis.exports.cut import PUBLIC
from gis.exports.shp import TEXT_BYTES, short_names

if TYPE_CHECKING:
    from gis.store import Store

FILES = {
    "gpkg": "a.gpkg",
    "geojson": "a.geojson",
    "geoparquet": "a.parquet",
    "fgb": "a.fgb",
    "csv": "a.csv",
    "shp": "a.shp",
}
OGRINFO = "/usr/bin/ogrinfo"
LONGEST_NAME = 10
MAX_APART_M = 0.02
"""Seven decimals of a degree."""


def read(path: Path) -> gpd.GeoDataFrame:
    """Read a written file of segments."""
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    layer = "segments" if path.suffix == ".gpkg" else None
    frame = pyogrio.read_dataframe(path, layer=layer)
    assert isinstance(frame, gpd.GeoDataFrame)
    return frame


@pytest.mark.parametrize("name", [name for name in FILES if name != "csv"])
def test_a_file_holds_the_rows_crs_and_classes_of_the_store(
    store: Store, tmp_path: Path, name: str
) -> None:
    path = tmp_path / FILES[name]
    count = export(store, name, path, Cut(layers=["segments"]))
    told, written = store.layer("segments"), read(path)
    assert count == len(told) == len(written) > 0
    assert written.crs == f"EPSG:{4326 if name == 'geojson' else 3006}"
    classes = dict(zip(told["segment_id"], told["path_class"], strict=True))
    assert dict(zip(written["segment_id"], written["path_class"], strict=True)) == classes
    there = written.to_crs(3006).set_index("segment_id").geometry
    apart_m = told.set_index("segment_id").geometry.distance(there, align=True)
    assert apart_m.max() < MAX_APART_M


@pytest.mark.skipif(not Path(OGRINFO).exists(), reason="gdal-bin is not installed")
@pytest.mark.parametrize("name", ["gpkg", "geojson", "fgb", "shp"])
def test_the_gdal_of_the_distribution_reads_it(store: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / FILES[name]
    count = export(store, name, path, Cut(layers=["segments"]))
    told = subprocess.run(
        [OGRINFO, "-ro", "-so", "-al", path], capture_output=True, text=True, check=True
    ).stdout
    assert f"Feature Count: {count}\n" in told
    assert ('ID["EPSG",4326]' if name == "geojson" else 'ID["EPSG",3006]') in told
    assert "path_class: String" in told


def test_parquet_names_a_covering_box_and_whom_it_comes_from(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    export(store, "geoparquet", path)
    meta = pq.read_schema(path).metadata
    column = json.loads(meta[b"geo"])["columns"]["geometry"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 3006}
    assert "ODbL" in meta[b"attribution"].decode()
    whole = gpd.read_parquet(path)
    west, south, _, _ = whole.total_bounds
    part = gpd.read_parquet(path, bbox=(west - 1, south - 1, west + 1, south + 1))
    assert 0 < len(part) < len(whole)
    assert whole["sources"].map(list).tolist() == [["osm"]] * len(whole)


def test_a_name_that_is_a_formula_is_text_in_a_sheet(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export(store, "csv", path, Cut(layers=["streets"]))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["'=Gatan"]
    assert rows[0]["attribution"].startswith("© OpenStreetMap")


def test_flatgeobuf_has_its_index(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.fgb"
    export(store, "fgb", path)
    west, south, _, _ = store.layer("segments").total_bounds
    window = (west - 1, south - 1, west + 1, south + 1)
    assert 0 < len(pyogrio.read_dataframe(path, bbox=window)) < len(read(path))
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]


@pytest.mark.parametrize("layer", PUBLIC)
@pytest.mark.parametrize(("name", "ending"), [("shp", "zip"), ("fgb", "fgb"), ("geojson", "json")])
def test_every_layer_leaves_empty_or_full(
    store: Store, tmp_path: Path, layer: str, name: str, ending: str
) -> None:
    assert export(store, name, tmp_path / f"a.{ending}", Cut(layers=[layer])) == store.count(layer)


@pytest.mark.parametrize("layer", PUBLIC)
def test_names_in_a_shapefile_are_short_and_differ(layer: str) -> None:
    columns = [column.name for column in layers.contract(layer).columns]
    short = [short_names().get(column, column) for column in columns]
    assert max(map(len, short)) <= LONGEST_NAME
    assert len(set(short)) == len(columns)


def test_a_zipped_shapefile_says_its_letters_its_names_and_its_source(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "sträckor.zip"
    export(store, "shp", path)
    with zipfile.ZipFile(path) as packed:
        assert packed.read("sträckor.cpg") == b"UTF-8"
        told = packed.read("sträckor.txt").decode()
    assert "ODbL" in told
    assert "inspected = inspected_at" in told
    written = pyogrio.read_dataframe(path)
    assert "Åängsstråket" in set(written["name"].dropna())
    assert written["reason_sv"].str.encode("utf-8").str.len().max() <= TEXT_BYTES


def test_layers_of_two_kinds_of_geometry_need_a_zip(store: Store, tmp_path: Path) -> None:
    kinds = store.layer("findings").geom_type.unique()
    if len(kinds) == 1:
        export(store, "shp", tmp_path / "a.shp", Cut(layers=["findings"]))
        return
    with pytest.raises(GisError, match=r"\.zip"):
        export(store, "shp", tmp_path / "a.shp", Cut(layers=["findings"]))


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_window_that_meets_nothing_gives_an_empty_file(
    store: Store, tmp_path: Path, name: str
) -> None:
    path = tmp_path / {"nvdb": "n.gpkg"}.get(name, FILES.get(name, "a"))
    assert export(store, name, path, Cut(bbox=(15.9, 56.4, 15.91, 56.41))) == 0
    assert path.exists()


@pytest.mark.parametrize("name", [name for name, one in WRITERS.items() if one.fixed])
def test_a_format_of_fixed_layers_takes_no_other(store: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(GisError, match="leave --layer out"):
        export(store, name, tmp_path / "a", Cut(layers=["signs"]))


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (Cut(layers=["network"]), "not exported"),
        (Cut(layers=["observations"]), "not exported"),
        (Cut(classes=["motorvag"]), "not in the code list"),
        (Cut(layers=["signs", "segments"]), "one layer"),
    ],
)
def test_what_is_not_there_is_not_given(store: Store, tmp_path: Path, cut: Cut, said: str) -> None:
    with pytest.raises(GisError, match=said):
        export(store, "csv", tmp_path / "a.csv", cut)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such folder"):
        export(store, "csv", tmp_path / "no" / "a.csv")


def test_proposals_of_a_part_are_judged_by_whole_ways(store: Store, tmp_path: Path) -> None:
    signed = store.layer("segments", where={"basis": ["sign"]})
    code = signed["path_class"].iloc[0]
    whole, part = tmp_path / "whole.osc", tmp_path / "part.osc"
    assert export(store, "osm", whole) >= export(store, "osm", part, Cut(classes=[code])) >= 1
    text = part.read_text(encoding="utf-8")
    assert "ODbL" in text
    assert 'k="bicycle" v="no"' not in text
    assert code in codes.load("path_class")


def test_what_stood_then_leaves(store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert export(store, "csv", tmp_path / "a.csv", Cut(as_of=now)) == store.count("segments")
    assert export(store, "csv", tmp_path / "b.csv", Cut(as_of=now - timedelta(days=1))) == 0


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        pytest.param("2026-05-12T10:00", "2026-05-12T08:00:00+00:00", id="summer, local"),
        pytest.param("2026-01-12T10:00", "2026-01-12T09:00:00+00:00", id="winter, local"),
        pytest.param("2026-05-12T10:00Z", "2026-05-12T10:00:00+00:00", id="UTC"),
        pytest.param("2026-05-12T10:00+03:00", "2026-05-12T07:00:00+00:00", id="a zone"),
        pytest.param("2026-05-12", "2026-05-11T22:00:00+00:00", id="a day"),
    ],
)
def test_a_time_without_a_zone_is_local(written: str, utc: str) -> None:
    assert past(written).isoformat() == utc


@pytest.mark.parametrize("written", ["igår", "2026-13-01", "9999-01-01", "0001-01-01T00:00", ""])
def test_a_time_that_is_none_or_has_not_come_is_refused(written: str) -> None:
    with pytest.raises(GisError, match="--as-of"):
        past(written)
