"""How does a project folder go out to QGIS and QField, to come back with marks?

A folder with a GeoPackage, a QGIS project of 3.22 and a place for photographs. Marks are written
in the layer ``observations``, which is empty at first; the lines of segments may be drawn anew; the
rest is there to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from gis import codes, csvfile
from gis.exports import gpkg
from gis.exports.qgisproject import Project, project
from gis.marks import packet
from gis.settings import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from gis.areas import Area
    from gis.exports.drawing import Drawn

LISTS: Final = ("path_class", "separation", "surface", "lit", "severity", "status")
SIGNS: Final = "signs"
PROJECT: Final = "gcvag.qgs"


def write(
    layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area, drawn: Drawn | None = None
) -> int:
    """Write the folder; `layers` holds ``segments`` and ``findings``."""
    path.mkdir()
    (path / packet.PHOTOS).mkdir()
    file = path / packet.FILE
    findings = layers["findings"]
    # One kind of geometry a layer is what every version of QGIS opens without asking.
    points = findings.set_geometry(findings.geometry.representative_point())
    segments = layers["segments"]
    lines = pd.Series(list(map(packet.sent, segments.geometry)), segments.index, dtype="str")
    known = (segments.assign(**{packet.SENT: lines}), points)
    beside = dict(zip(packet.BESIDE, known, strict=True))
    gpkg.write(beside, file, area)
    pyogrio.write_dataframe(
        no_marks(area), file, layer=packet.MARKS, driver="GPKG", append=True, geometry_type="Point"
    )
    words = words_of(area)
    for name, table in words.items():
        pyogrio.write_dataframe(table, file, layer=f"code_{name}", driver="GPKG", append=True)
    box = segments.total_bounds if len(segments) else None
    drawing = Project(area=area, drawn=drawn or {}, words=words, box=box)
    (path / PROJECT).write_bytes(project(drawing))
    return sum(map(len, layers.values()))


def no_marks(area: Area) -> gpd.GeoDataFrame:
    """Make the layer to write marks in, without a row."""
    kinds = dict.fromkeys(packet.COLUMNS, "str") | dict.fromkeys(packet.NUMBERS, "float64")
    empty = pd.DataFrame(columns=list(packet.COLUMNS)).astype(kinds | {packet.VERSION: "int64"})
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=area.crs), crs=area.crs)


def words_of(area: Area) -> dict[str, pd.DataFrame]:
    """Return the lists to choose from: ``code`` and ``label``, in the order of forms."""
    told = {}
    for name in LISTS:
        listed = codes.load(name)
        labels = listed.labels("sv")
        told[name] = _table({code: labels[code] for code in listed.assignable})
    rows = csvfile.rows(data_dir() / SIGNS / f"{area.country.lower()}.csv")
    told[SIGNS] = _table({f"{area.country}:{row['code']}": row["label_sv"] for row in rows})
    return told


def _table(labels: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"code": list(labels), "label": list(labels.values())})
