"""Do generated deliveries of NVDB in all shapes import to the documented classes?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis import codes
from gis.classify import classify
from gis.sources import nvdb
from gis.sources.nvdb_form import product_of
from gis.sources.said import Said, from_parquet_blobs, to_parquet_blobs
from tools import make_deliveries as made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Writer = Callable[[gpd.GeoDataFrame, Path], Path]

LISTED = codes.load("nvdb_gcm").rows
# Codes whose class the catalogue leaves open, or that name no way for people.
OPEN = {row.code for row in LISTED if not row.more["path_class"]}


def per_product(extents: gpd.GeoDataFrame, folder: Path) -> Path:
    return made.write_geopackage(made.geopackage_layers(extents), folder / "SYNTETISK_p.gpkg")


def as_labels(extents: gpd.GeoDataFrame, folder: Path) -> Path:
    layers = made.geopackage_layers(extents, as_text=True)
    return made.write_geopackage(layers, folder / "SYNTETISK_t.gpkg")


def shapes(extents: gpd.GeoDataFrame, folder: Path) -> Path:
    return made.write_shapefiles(made.shapefile_layers(extents), folder / "SYNTETISK_s.zip")


def homogenised(extents: gpd.GeoDataFrame, folder: Path) -> Path:
    layers = {"TNE_FT_VAGDATA": made.homogenised(extents)}
    return made.write_geopackage(layers, folder / "SYNTETISK_h.gpkg")


WRITERS: list[Writer] = [per_product, shapes, homogenised]
NAMES = ["geopackage", "shapefile", "homogenised"]


def edited(frame: gpd.GeoDataFrame, number: int, **changes: object) -> gpd.GeoDataFrame:
    """Return the frame with some cells of one row changed."""
    told = frame.copy()
    for name, value in changes.items():
        cells = list(told[name].array)
        cells[number] = value
        told[name] = gpd.GeoSeries(cells, crs=told.crs) if name == "geometry" else cells
    return told


@pytest.fixture(scope="module")
def extents() -> gpd.GeoDataFrame:
    return made.district("new")


def fault_codes(said: Said) -> set[str]:
    return set(said.faults["fault"])


@pytest.mark.parametrize("write", WRITERS, ids=NAMES)
@pytest.mark.parametrize("series", ["new", "old"])
def test_every_shape_gives_the_same_lines(write: Writer, series: str, tmp_path: Path) -> None:
    told = made.district(series)
    said = nvdb.read(write(told, tmp_path))
    lines = said.lines.set_index("element_id")
    assert lines["gcm"].to_dict() == dict(zip(told["element_id"], told["gcm"], strict=True))
    assert lines["nattyp"].to_dict() == dict(zip(told["element_id"], told["nattyp"], strict=True))
    assert lines["keeper"].to_dict() == dict(zip(told["element_id"], told["keeper"], strict=True))
    assert lines["width_m"].tolist() == told["width_m"].tolist()
    assert set(lines["separation"]) == {"kerb", "free"}
    assert lines["m_from"].eq(0).all()
    assert lines["m_to"].eq(1).all()
    assert lines["source_id"].eq("nvdb:" + lines.index.to_series()).all()
    assert said.faults.empty
    assert said.lines.crs == "EPSG:4326"


def test_labels_are_read_as_their_codes(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    said = nvdb.read(as_labels(extents, tmp_path))
    assert sorted(said.lines["gcm"]) == sorted(extents["gcm"])


@pytest.mark.parametrize(
    "row", [row for row in LISTED if row.code not in OPEN], ids=lambda r: r.code
)
def test_each_gcm_code_imports_to_its_class(row: codes.Code) -> None:
    kinds = {one.code: one.more["kind"] for one in codes.load("path_class").rows}
    kind = kinds[row.more["path_class"]].replace("any", "path")
    facts = pd.DataFrame({"kind": [kind], "gcm": [row.code]})
    assert classify(facts, "SE")["path_class"].tolist() == [row.more["path_class"]]


@pytest.mark.parametrize("series", ["new", "old"])
def test_imported_codes_classify_as_their_code_alone(series: str, tmp_path: Path) -> None:
    said = nvdb.read(per_product(made.district(series), tmp_path))
    lines = said.lines[~said.lines["gcm"].isin(OPEN)]
    got = classify(pd.DataFrame(lines[["kind", "gcm", "nattyp"]]), "SE")["path_class"]
    expected = lines["gcm"].map({row.code: row.more["path_class"] for row in LISTED})
    assert dict(zip(lines["gcm"], got, strict=True)) == dict(
        zip(lines["gcm"], expected, strict=True)
    )


@pytest.mark.parametrize(
    ("layer", "product"),
    [
        ("NVDB_DK_O_24_GCM_vagtyp", "GCM_vagtyp"),
        ("VIS_DK_O_999_GCM_vagtyp", "GCM_vagtyp"),
        ("NVDB_DK_O_1_Vagbredd", "Vagbredd"),
        ("Net_VAG_GCM_vagtyp", None),
        ("Mina_GCM_vagtyp", None),
        ("NVDB_DK_O_1_Vagbreddning", None),
    ],
)
def test_layers_are_known_by_prefix_and_stem(layer: str, product: str | None) -> None:
    assert product_of(layer) == product


@pytest.mark.parametrize("nothing", [None, np.nan, "", -1, "-1", "1899-12-29"])
def test_documented_nulls_are_null(
    nothing: object, extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    layers = made.geopackage_layers(extents)
    name = next(name for name in layers if name.endswith("Vaghallare"))
    kind: Any = "str" if isinstance(nothing, str) else "float64"
    layers[name]["Vaghallartyp"] = pd.Series([nothing] * len(extents), dtype=kind)
    said = nvdb.read(made.write_geopackage(layers, tmp_path / "n.gpkg"))
    assert said.lines["keeper"].isna().all()
    assert said.faults.empty


@pytest.mark.parametrize(
    ("cells", "fault", "kept"),
    [
        pytest.param({"Gcm_typ": 999}, "unknown_code", True, id="unknown code"),
        pytest.param({"END_MEASURE": 1.2}, "measure_outside", True, id="outside the element"),
        pytest.param({"END_MEASURE": 1.0}, None, True, id="at the end of the element"),
        pytest.param({"START_MEASURE": -0.1}, "measure_outside", True, id="before the element"),
        pytest.param(
            {"START_MEASURE": 1.0, "END_MEASURE": 0.0}, "measure_reversed", True, id="reversed"
        ),
        pytest.param({"ELEMENT_ID": None}, "no_element", True, id="no element"),
        pytest.param({"geometry": None}, "no_geometry", False, id="no geometry"),
        pytest.param({"VALID_TO": "2020-01-01"}, "expired", False, id="expired"),
        pytest.param({"Gcm_typ": 9}, "mixed_schemes", True, id="mixed schemes"),
        pytest.param(
            {"geometry": shapely.LineString([(0, 0), (50, 0)])}, "outside_sweden", False, id="far"
        ),
        pytest.param(
            {"geometry": shapely.LineString([(6_224_000, 536_000), (6_224_100, 536_000)])},
            "swapped_axes",
            False,
            id="swapped axes",
        ),
        pytest.param(
            {"geometry": shapely.MultiLineString([[(536e3, 6224e3), (536050, 6224e3)],
                                                  [(536060, 6224e3), (536110, 6224e3)]])},
            "several_parts", True, id="two parts",
        ),
    ],
)  # fmt: skip
def test_a_faulty_row_is_named_and_the_rest_is_kept(
    cells: dict[str, Any],
    fault: str | None,
    extents: gpd.GeoDataFrame,
    tmp_path: Path,
    *,
    kept: bool,
) -> None:
    layers = made.geopackage_layers(extents)
    name = next(iter(layers))
    gcm = {name: edited(layers[name], 3, **cells)}
    said = nvdb.read(made.write_geopackage(gcm, tmp_path / "f.gpkg"))
    assert fault_codes(said) == ({fault} if fault else set())
    others = set(extents["element_id"]) - {"1003:7003"}
    assert others <= set(said.lines["element_id"])
    assert (len(said.lines) >= len(extents)) == kept
    if fault:
        assert (
            said.faults["message_sv"]
            .str.endswith(("inte med", "mätvärden", "klass", "rad", "plats", "NVDB", "värde"))
            .all()
        )


def test_an_unknown_code_stays_and_gives_no_class(
    extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    layers = made.geopackage_layers(extents)
    name = next(iter(layers))
    path = made.write_geopackage({name: edited(layers[name], 0, Gcm_typ=999)}, tmp_path / "u.gpkg")
    line = nvdb.read(path).lines.set_index("element_id").loc["1000:7000"]
    assert line["gcm"] == "999"
    got = classify(pd.DataFrame({"kind": ["path"], "gcm": ["999"]}), "SE")
    assert got["path_class"].tolist() == ["okand"]


def test_the_newest_of_equal_extents_holds(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    layer = made.geopackage_layers(extents)["NVDB_DK_O_24_GCM_vagtyp"]
    newer = edited(layer.iloc[[0]], 0, Gcm_typ=115, VALID_FROM="2024-05-01")
    older = edited(layer.iloc[[0]], 0, Gcm_typ=110, VALID_FROM="2020-05-01")
    both = pd.concat([newer, layer, older], ignore_index=True)
    both["Gcm_typ"] = both["Gcm_typ"].astype("int64")
    path = made.write_geopackage({"NVDB_DK_O_1_GCM_vagtyp": both}, tmp_path / "d.gpkg")
    said = nvdb.read(path)
    assert said.lines["element_id"].is_unique
    assert said.lines.set_index("element_id")["gcm"]["1000:7000"] == "115"
    assert fault_codes(said) == {"newer_element"}


def test_equal_rows_are_one(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    layer = made.geopackage_layers(extents)["NVDB_DK_O_24_GCM_vagtyp"]
    both = pd.concat([layer, layer.iloc[[2]]], ignore_index=True)
    said = nvdb.read(made.write_geopackage({"NVDB_DK_O_1_GCM_vagtyp": both}, tmp_path / "e.gpkg"))
    assert len(said.lines) == len(layer)
    assert fault_codes(said) == {"repeated_element"}


@pytest.mark.parametrize(("start", "overlaps"), [(0.5, False), (0.499, True)])
def test_overlapping_measures_are_named_and_both_kept(
    start: float, extents: gpd.GeoDataFrame, tmp_path: Path, *, overlaps: bool
) -> None:
    layer = made.geopackage_layers(extents)["NVDB_DK_O_24_GCM_vagtyp"].iloc[[0]]
    two = pd.concat([edited(layer, 0, END_MEASURE=0.5), edited(layer, 0, START_MEASURE=start)])
    two[["START_MEASURE", "END_MEASURE"]] = two[["START_MEASURE", "END_MEASURE"]].astype(float)
    said = nvdb.read(made.write_geopackage({"NVDB_DK_O_1_GCM_vagtyp": two}, tmp_path / "o.gpkg"))
    assert len(said.lines) == 2
    assert fault_codes(said) == ({"overlapping_measures"} if overlaps else set())


def test_network_without_a_gcm_type_is_kept_where_no_type_lies(
    extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    layers = made.geopackage_layers(extents)
    gcm = next(name for name in layers if name.endswith("GCM_vagtyp"))
    part = layers[gcm].iloc[[0]].copy()
    start = shapely.Point(made.EAST_M, made.NORTH_M)
    half = shapely.Point(made.EAST_M + 0.4 * made.LENGTH_M, made.NORTH_M)
    part = part.assign(END_MEASURE=0.4).set_geometry([shapely.LineString([start, half])], crs=3006)
    net = next(name for name in layers if name.endswith("Vagtrafiknat"))
    path = made.write_geopackage({gcm: part, net: layers[net].iloc[[0]]}, tmp_path / "g.gpkg")
    lines = nvdb.read(path).lines
    assert lines[["m_from", "m_to"]].round(6).to_numpy().tolist() == [[0, 0.4], [0.4, 1]]
    assert lines["gcm"].tolist()[0] == "100"
    assert lines["gcm"].isna().tolist() == [False, True]
    assert lines["nattyp"].tolist() == ["2", "2"]
    assert lines.to_crs(3006).length.round(1).tolist() == [48.0, 72.0]


def test_pedestrian_streets_come_with_their_regulation(
    extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    layers = made.geopackage_layers(extents)
    street = layers["NVDB_DK_O_24_GCM_vagtyp"].iloc[[0]].drop(columns="Gcm_typ")
    street = street.assign(Beteckning="1080 2019-00012", SIDE="Höger", ELEMENT_ID="9:9")
    path = made.write_geopackage(
        {"NVDB_DK_O_7_GCM_vagtyp": layers["NVDB_DK_O_24_GCM_vagtyp"], "NVDB_DK_O_8_Gagata": street},
        tmp_path / "s.gpkg",
    )
    lines = nvdb.read(path).lines
    line = lines[lines["element_id"].eq("9:9")]
    assert line[["kind", "nvdb_street", "ltf_id"]].to_numpy().tolist() == [
        ["street", "gagata", "1080 2019-00012"]
    ]


def test_passages_are_points_and_say_what_short_extents_are(
    extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    gcm = made.geopackage_layers(extents)["NVDB_DK_O_24_GCM_vagtyp"]
    short, long = gcm[gcm["Gcm_typ"].eq(135)].iloc[0], gcm[gcm["Gcm_typ"].eq(100)].iloc[0]
    points = gpd.GeoDataFrame(
        {"ELEMENT_ID": [short.ELEMENT_ID, long.ELEMENT_ID, "0:0"], "MEASURE": [0.5, 0.5, 0.1],
         "Passagetyp": [2, 1, 3]},
        geometry=[short.geometry.centroid, long.geometry.centroid, long.geometry.centroid],
        crs=3006,
    )  # fmt: skip
    layers = {"NVDB_DK_O_1_GCM_vagtyp": gcm, "NVDB_DK_O_2_GCM_passage": points}
    said = nvdb.read(made.write_geopackage(layers, tmp_path / "p.gpkg"))
    passage = said.lines.set_index("element_id")["passage"]
    assert passage[short.ELEMENT_ID] == "2"
    assert pd.isna(passage[long.ELEMENT_ID])
    assert sorted(said.points["passage"]) == ["1", "2", "3"]
    assert fault_codes(said) == {"element_not_found"}


@pytest.mark.parametrize("write", WRITERS, ids=NAMES)
def test_row_order_does_not_matter(
    write: Writer, extents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    turned = extents.iloc[::-1].reset_index(drop=True)
    (tmp_path / "b").mkdir()
    one, two = nvdb.read(write(extents, tmp_path)), nvdb.read(write(turned, tmp_path / "b"))
    assert to_parquet_blobs(one)["lines"] == to_parquet_blobs(two)["lines"]


def test_a_delivery_comes_back_from_its_blobs(extents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    said = nvdb.read(per_product(extents, tmp_path))
    again = from_parquet_blobs(to_parquet_blobs(said))
    for name in ("lines", "points", "records", "faults"):
        pd.testing.assert_frame_equal(getattr(said, name), getattr(again, name), check_dtype=False)
