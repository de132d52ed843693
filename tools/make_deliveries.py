"""Make GENERATED, synthetic deliveries shaped like NVDB from Lastkajen, with an OSM file beside.

Nothing in them is true: elements, measures, dates and codes are made up. Every file carries the
word SYNTETISK in its name.

Usage: ``python tools/make_deliveries.py FOLDER [--segments FILE --layer segments]``. Without a
file of segments (an export of a store, EPSG:3006) a small made-up district is written: one path a
GCM code. Three shapes: per-product GeoPackage, zipped shapefiles in cp1252, homogenised table.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import codes

CRS: Final = 3006
EAST_M: Final = 536_000.0
NORTH_M: Final = 6_224_000.0
APART_M: Final = 60.0
LENGTH_M: Final = 120.0
CROSSING_M: Final = 12.0
MARK: Final = "SYNTETISK"
SINCE: Final = "2022-03-01"
# The code that each class is delivered as, when a network is turned into a delivery.
CODE_OF_CLASS: Final = {
    "gc_gemensam": "100",
    "gc_atskild": "105",
    "cykelbana": "110",
    "gangbana": "115",
    "cykelfalt": "120",
    "cykelpassage": "135",
    "cykeloverfart": "140",
    "overgangsstalle": "145",
    "ordnad_passage": "150",
    "trappa": "155",
    "torg_oppen_yta": "160",
    "stig_led": "170",
}
# What OpenStreetMap says where NVDB says a code; 110 is a plain contradiction.
OSM_OF_CODE: Final = {
    "100": {"highway": "path", "bicycle": "designated", "foot": "designated"},
    "105": {"highway": "cycleway", "foot": "designated", "segregated": "yes"},
    "110": {"highway": "footway"},
    "115": {"highway": "footway", "traffic_sign": "SE:D5"},
    "130": {"highway": "cycleway", "traffic_sign": "SE:D6"},
    "155": {"highway": "steps"},
    "160": {"highway": "pedestrian"},
}
APART_OSM_M: Final = (-4.0, 3.0)


def district(series: str = "new") -> gpd.GeoDataFrame:
    """Make one straight path for every GCM code of a series, each on an element of its own.

    Returns
    -------
    extents
        EPSG:3006: ``element_id``, ``m_from``, ``m_to``, ``gcm``, ``nattyp``, ``separation``,
        ``lit``, ``width_m``, ``keeper``, ``valid_from``.
    """
    listed = [row for row in codes.load("nvdb_gcm").rows if series in ("both", row.more["series"])]
    kinds = {row.code: row.more["kind"] for row in codes.load("path_class").rows}
    crossing = [kinds.get(row.more["path_class"]) == "crossing" for row in listed]
    n = len(listed)
    north = NORTH_M + APART_M * np.arange(n)
    length = np.where(crossing, CROSSING_M, LENGTH_M)
    lines = [
        shapely.LineString([(EAST_M, y), (EAST_M + x, y)])
        for x, y in zip(length, north, strict=True)
    ]
    foot = [row.code in {"115", "11", "12", "155", "17", "170", "10", "145"} for row in listed]
    return _extents([row.code for row in listed], np.where(foot, "4", "2"), lines)


def from_segments(segments: gpd.GeoDataFrame, *, shift_m: tuple[float, float]) -> gpd.GeoDataFrame:
    """Turn segments of an inventory into extents, moved by some metres as NVDB's lines are.

    Parameters
    ----------
    segments
        LineStrings in EPSG:3006 with ``path_class``.
    shift_m
        East and north.
    """
    known = segments[segments["path_class"].isin(list(CODE_OF_CLASS))]
    gcm = known["path_class"].map(CODE_OF_CLASS).tolist()
    foot = known["path_class"].isin(["gangbana", "overgangsstalle", "trappa"])
    lines = shapely.transform(known.geometry.to_numpy(), lambda xy: xy + np.array(shift_m))
    return _extents(gcm, np.where(foot, "4", "2"), list(lines))


def _extents(
    gcm: list[str], nattyp: np.ndarray, lines: list[shapely.LineString]
) -> gpd.GeoDataFrame:
    n = len(gcm)
    return gpd.GeoDataFrame(
        {
            "element_id": [f"{1000 + i}:{7000 + i}" for i in range(n)],
            "m_from": np.zeros(n),
            "m_to": np.ones(n),
            "gcm": gcm,
            "nattyp": nattyp,
            "separation": np.where(np.arange(n) % 4 == 0, "1", "4"),
            "lit": np.arange(n) % 2 == 0,
            "width_m": 2.0 + (np.arange(n) % 5) * 0.5,
            "keeper": np.where(np.arange(n) % 7 == 0, "3", "2"),
            "valid_from": SINCE,
        },
        geometry=lines,
        crs=CRS,
    )


def geopackage_layers(
    extents: gpd.GeoDataFrame, *, as_text: bool = False
) -> dict[str, gpd.GeoDataFrame]:
    """Lay extents out as the layers of a per-product GeoPackage; `as_text` writes labels."""
    own: dict[str, object] = {
        "ELEMENT_ID": extents["element_id"],
        "START_MEASURE": extents["m_from"],
        "END_MEASURE": extents["m_to"],
        "EXTENT_LENGTH": extents.geometry.length,
        "VALID_FROM": extents["valid_from"],
        "VALID_TO": "1899-12-29",
        "DIRECTION": "Med och mot",
        "ROLE": "Normal",
    }
    labels = codes.load("nvdb_gcm").labels("sv")
    gcm = extents["gcm"].map(labels) if as_text else extents["gcm"].astype("int64")
    products: dict[str, dict[str, object]] = {
        "GCM_vagtyp": {"Gcm_typ": gcm},
        "Vagtrafiknat": {"Nattyp": extents["nattyp"].astype("int64")},
        "GCM_separation": {"Separation": extents["separation"].astype("int64"), "SIDE": "Höger"},
        "Vagbredd": {"Bredd": extents["width_m"], "Matmetod": -1},
        "Vaghallare": {"Vaghallartyp": extents["keeper"].astype("int64")},
    }
    made = {
        f"NVDB_DK_O_{24 + i}_{name}": _layer(extents, own | columns)
        for i, (name, columns) in enumerate(products.items())
    }
    lit = extents[extents["lit"]]
    return made | {"NVDB_DK_O_26_GCM_belyst": _layer(lit, {k: _of(v, lit) for k, v in own.items()})}


def _of(values: object, rows: pd.DataFrame) -> object:
    return values.loc[rows.index] if isinstance(values, pd.Series) else values


def _layer(rows: gpd.GeoDataFrame, columns: dict[str, object]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(columns, index=rows.index)
    return gpd.GeoDataFrame(frame, geometry=rows.geometry.to_numpy(), crs=rows.crs)


def shapefile_layers(extents: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Lay extents out as shapefiles of the older delivery."""
    own: dict[str, object] = {
        "RLID": extents["element_id"],
        "STARTAVST": extents["m_from"],
        "SLUTAVST": extents["m_to"],
        "SHAPE_LEN": extents.geometry.length,
        "FRAN_DATUM": extents["valid_from"].str.replace("-", ""),
        "TILL_DATUM": "18991229",
        "Riktning": "Med och mot",
    }
    products: dict[str, dict[str, object]] = {
        "GCM_vagtyp": {"GCMTYP": extents["gcm"]},
        "Vagtrafiknat": {"Nättyp": extents["nattyp"]},
        "GCM_separation": {"SEPARATION": extents["separation"], "SIDA": "Vänster"},
        "Vagbredd": {"BREDD": extents["width_m"], "MÄTMETOD": "Mätt i fält"},
        "Vaghallare": {"VAEHAALAYP": extents["keeper"], "VAEHAALAMN": "Påhittad väghållare"},
    }
    return {
        f"{MARK}_NVDB_{name}": _layer(extents, own | columns) for name, columns in products.items()
    }


def homogenised(extents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay extents out as one homogenised table."""
    return _layer(
        extents,
        {
            "ROUTE_ID": extents["element_id"],
            "FROM_MEASURE": extents["m_from"],
            "TO_MEASURE": extents["m_to"],
            "KOMMUNNR": 1080,
            "Vagtr_474": extents["nattyp"].astype("int64"),
            "GCM_t_502": extents["gcm"].astype("int64"),
            "L_Separ_500": extents["separation"].astype("int64"),
            "R_Separ_500": -1,
            "GCM_belyst_1": np.where(extents["lit"], 1, -1),
            "Bredd_156": extents["width_m"],
            "Vagha_6": extents["keeper"].astype("int64"),
            "Slitl_152": 1,
            "L_Gagata": -1,
            "Namn_130": "",
        },
    )


def write_geopackage(layers: dict[str, gpd.GeoDataFrame], path: Path) -> Path:
    """Write layers into one GeoPackage."""
    for number, (name, frame) in enumerate(layers.items()):
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=number > 0)
    return path


def write_shapefiles(layers: dict[str, gpd.GeoDataFrame], path: Path) -> Path:
    """Write layers as shapefiles in cp1252 without a .cpg file, zipped."""
    with TemporaryDirectory() as folder:
        for name, frame in layers.items():
            file = Path(folder, f"{name}.shp")
            pyogrio.write_dataframe(frame, file, driver="ESRI Shapefile", encoding="cp1252")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for member in sorted(Path(folder).iterdir()):
                if member.suffix != ".cpg":
                    packed.write(member, member.name)
    return path


def write_osm(extents: gpd.GeoDataFrame, path: Path) -> Path:
    """Write the same paths as OpenStreetMap might know them, along a made-up street.

    They lie some metres beside NVDB's lines, as real ones do, and some tags say another class.
    """
    moved = extents.translate(*APART_OSM_M).to_crs(4326)
    root = Element("osm", version="0.6", generator=MARK)
    ways: list[tuple[list[int], dict[str, str]]] = []
    for number, (code, line) in enumerate(zip(extents["gcm"], moved, strict=True)):
        refs = [2 * number + 1, 2 * number + 2]
        for ref, (lon, lat) in zip(refs, line.coords, strict=True):
            place = {"id": str(ref), "lon": f"{lon:.7f}", "lat": f"{lat:.7f}", "version": "1"}
            SubElement(root, "node", place, timestamp=f"{SINCE}T00:00:00Z")
        ways.append((refs, OSM_OF_CODE.get(code, {"highway": "path"})))
    street = {"highway": "residential", "name": f"{MARK} gata"}
    ways.append(([refs[0] for refs, _ in ways], street))
    for number, (refs, tags) in enumerate(ways, start=1):
        told = {"id": str(number), "version": "1", "timestamp": f"{SINCE}T00:00:00Z"}
        way = SubElement(root, "way", told)
        for ref in refs:
            SubElement(way, "nd", ref=str(ref))
        for key, value in tags.items():
            SubElement(way, "tag", k=key, v=value)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def write_all(extents: gpd.GeoDataFrame, folder: Path) -> list[Path]:
    """Write the three shapes of one delivery, and the OSM file."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        write_geopackage(geopackage_layers(extents), folder / f"{MARK}_nvdb_per_produkt.gpkg"),
        write_shapefiles(shapefile_layers(extents), folder / f"{MARK}_nvdb_shape.zip"),
        write_geopackage(
            {"TNE_FT_VAGDATA": homogenised(extents)}, folder / f"{MARK}_nvdb_homogeniserad.gpkg"
        ),
        write_osm(extents, folder / f"{MARK}_osm.osm"),
    ]


def main() -> None:
    """Write the deliveries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--segments", type=Path)
    parser.add_argument("--layer", default="segments")
    parser.add_argument("--east", type=float, default=4.0)
    parser.add_argument("--north", type=float, default=-3.0)
    told = parser.parse_args()
    if told.segments:
        segments = gpd.read_file(told.segments, layer=told.layer)
        extents = from_segments(segments, shift_m=(told.east, told.north))
    else:
        extents = district()
    for path in write_all(extents, told.folder):
        print(f"{path.name}: {len(extents)} made-up extents")


if __name__ == "__main__":
    main()
