"""Which GCM types should NVDB correct, and where along which element?

A row a segment whose class was seen or decided and whose GCM type says another class: element id,
measures as delivered, side, old and new type, evidence, date. EPSG:3006; a zipped shapefile with
ten-letter names or a GeoPackage, by the ending of the file.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from gis import codes, crs
from gis.errors import GisError
from gis.exports.plain import credit
from gis.exports.proved import day, evidence, proved, with_tags

if TYPE_CHECKING:
    from gis.areas import Area

SWEREF_TM: Final = 3006
LAYER: Final = "GCM_vagtyp_rattelser"
TEXT_LENGTH: Final = 254
ZIP: Final = ".zip"
ENDINGS: Final = (".gpkg", ZIP)
SIDES: Final = {"left": "Vänster", "right": "Höger", "none": None}
COLUMNS: Final = (
    "ELEMENT_ID", "FRAN_MATT", "TILL_MATT", "SIDA", "GCM_GAMMAL", "GCM_NY", "KLASS", "UNDERLAG",
    "DATUM", "STRACKA",
)  # fmt: skip


def new_codes() -> dict[str, str]:
    """Return the GCM type of the new series for each class that has one of its own.

    Examples
    --------
    >>> new_codes()["gangbana"], new_codes()["cykelpassage"], "parkvag" in new_codes()
    ('115', '135', False)
    """
    rows = [row for row in codes.load("nvdb_gcm").rows if row.more["series"] == "new"]
    single = [row for row in rows if row.more["path_class"] and not row.more["path_class_beside"]]
    return {row.more["path_class"]: row.code for row in reversed(single)}


def corrections(
    segments: gpd.GeoDataFrame, network: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """List what NVDB should correct.

    Parameters
    ----------
    segments
        Layer ``segments``.
    network
        Working layer with ``said_gcm``, the type that NVDB gave; may stand in `segments` itself.

    Returns
    -------
    corrections
        `COLUMNS` and lines in EPSG:3006, ordered by element and measure.
    """
    known = with_tags(proved(segments), network)
    old = known["said_gcm"] if "said_gcm" in known else pd.Series(None, known.index, dtype="str")
    told = {row.code: row.more["path_class"] for row in codes.load("nvdb_gcm").rows}
    new = known["path_class"].map(new_codes())
    wrong = known["element_id"].notna() & old.notna() & new.notna()
    wrong &= old.map(told).ne(known["path_class"])
    rows = known[wrong]
    frame = pd.DataFrame(
        {
            "ELEMENT_ID": rows["element_id"],
            "FRAN_MATT": rows["m_from"],
            "TILL_MATT": rows["m_to"],
            "SIDA": rows["side"].map(SIDES).astype("str"),
            "GCM_GAMMAL": old[wrong],
            "GCM_NY": new[wrong],
            "KLASS": rows["path_class"].map(codes.load("path_class").labels("sv")),
            "UNDERLAG": evidence(rows).str.slice(0, TEXT_LENGTH),
            "DATUM": day(rows),
            "STRACKA": rows["segment_id"],
        }
    )
    lines = crs.to(gpd.GeoSeries(rows.geometry, crs=segments.crs), SWEREF_TM)
    laid = gpd.GeoDataFrame(frame[list(COLUMNS)], geometry=lines)
    return laid.sort_values(["ELEMENT_ID", "FRAN_MATT", "STRACKA"], ignore_index=True)


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write the correction list; `layers` holds ``segments`` and ``network``."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        msg = f"{path.name}: corrections are a GeoPackage or shapefile; end it with .gpkg or .zip."
        raise GisError(msg)
    rows = corrections(layers["segments"], layers.get("network"))
    kind = None if len(rows) else "LineString"
    if ending == ZIP:
        _write_zip(rows, path, area, kind)
    else:
        told = {"DESCRIPTION": credit(area)}
        pyogrio.write_dataframe(
            rows, path, layer=LAYER, driver="GPKG", layer_options=told, geometry_type=kind
        )
    return len(rows)


def _write_zip(rows: gpd.GeoDataFrame, path: Path, area: Area, kind: str | None) -> None:
    """Write a zipped shapefile as older systems read it, the attribution beside it."""
    with tempfile.TemporaryDirectory(prefix="gcvag-") as folder:
        shape = Path(folder, f"{LAYER}.shp")
        pyogrio.write_dataframe(
            rows, shape, driver="ESRI Shapefile", encoding="cp1252", geometry_type=kind
        )
        shape.with_suffix(".txt").write_text(credit(area) + "\n", encoding="utf-8")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in sorted(Path(folder).iterdir()):
                packed.write(part, part.name)
