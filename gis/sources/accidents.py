"""Which accidents does a STRADA export hold?

For the police store. Type, time, place and severity are kept; ages, sexes and the course of events
are not read, as they may tell who it was. Accidents whose place cannot be told are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from gis import codes
from gis.sources.row_faults import faults_at, row_faults
from gis.sources.rows import drop_rows, guessed_epsg, placed, read_sheet, whole_rows
from gis.sources.said import Said, make_points, nothing_said
from gis.sources.sheet_text import numbers

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from gis.sources.row_faults import RowFault

NOWHERE: Final = "obestämbar"
KEPT: Final = ("month", "day", "hour", "severity", "quality", "police", "hospital")


def read(path: Path) -> Said:
    """Read a STRADA export.

    Parameters
    ----------
    path
        CSV (UTF-8 with or without byte order mark, Windows-1252) or workbook.

    Returns
    -------
    said
        Points of the role accident: ``code`` the accident type, ``year``, ``injured`` (1 where
        not told), ``details`` with month, day, hour, severity and quality of the position.

    Raises
    ------
    SourceError
        If the file cannot be opened or lacks number or type.
    """
    sheet = whole_rows(read_sheet(path, "accidents"))
    quality = sheet.told["quality"].str.casefold().str.strip()
    sheet = drop_rows(sheet, quality.eq(NOWHERE), "unplaced")
    twice = sheet.told["number"].duplicated()
    count = sheet.told.groupby("number")["number"].transform("size").astype("str")
    sheet = drop_rows(sheet, twice, "repeated_id", count)
    sheet, shapes = placed(sheet, path.name, epsg=guessed_epsg(sheet))
    told, unknown = sheet.told, _unknown(sheet.told["accident_type"])
    faults = sheet.faults + faults_at(
        sheet.names[unknown], "unknown_word", told["accident_type"][unknown]
    )
    faults += _twins(told, sheet.names, shapes)
    details = [
        json.dumps({k: v for k, v in row.items() if isinstance(v, str)}, ensure_ascii=False)
        for row in told[list(KEPT)].to_dict("records")
    ]
    rows = pd.DataFrame(
        {
            "source_id": "strada:" + told["number"],
            "role": "accident",
            "code": _types(told["accident_type"]),
            "year": numbers(told["year"]),
            "injured": numbers(told["injured"]).fillna(1),
            "details": details,
        }
    )
    return nothing_said(points=make_points(rows, shapes), faults=row_faults(faults))


def accident_layer(said: Said) -> gpd.GeoDataFrame:
    """Return accidents as the ranking of control sites takes them.

    Returns
    -------
    accidents
        Points in EPSG:4326: ``source_id``, ``accident_type``, ``year`` (integer), ``injured``;
        those whose year or type is not known are left out.
    """
    points = said.points[said.points["role"].eq("accident")]
    known = points[points["year"].notna() & points["code"].notna()].reset_index(drop=True)
    return gpd.GeoDataFrame(
        {
            "source_id": known["source_id"],
            "accident_type": known["code"],
            "year": known["year"].astype("int64"),
            "injured": known["injured"],
        },
        geometry=known.geometry,
    )


def _types(words: pd.Series) -> pd.Series[str]:
    """Read the type: a code, a code with words behind it, or its words."""
    listed = codes.load("strada_olyckstyp")
    names = {label.casefold(): code for code, label in listed.labels("sv").items()}

    def of(text: str) -> str | None:
        head = text.replace("(", " ").split()[0].strip(":-–").upper()
        return head if head in listed else names.get(text.casefold().strip())

    return words.map({word: of(word) for word in words.dropna().unique()}).astype("str")


def _unknown(words: pd.Series) -> pd.Series[bool]:
    return words.notna() & _types(words).isna()


def _twins(
    told: pd.DataFrame, names: pd.Series[str], shapes: NDArray[np.object_]
) -> list[RowFault]:
    """Name accidents with the time and place of another: police and hospital may both tell one."""
    place = pd.Series(shapely.to_wkt(shapes, rounding_precision=4), index=told.index)
    key = pd.concat([told[["year", "month", "day", "hour"]], place.rename("place")], axis=1)
    known = key.notna().all(axis=1)
    twice = known & key.duplicated(keep=False)
    shown = key["year"] + "-" + key["month"] + "-" + key["day"]
    return faults_at(names[twice], "possible_twin", shown[twice])
