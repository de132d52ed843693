"""What does a source other than OpenStreetMap say, and of which lines and points?

Positions are longitude and latitude in WGS84 (EPSG:4326), as in ``Reading``: what is kept does not
depend on the area's working CRS. Measures of a linear reference are kept as delivered. Nothing
here reads a format, and nothing is matched to segments yet.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from io import BytesIO
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.crs import WGS84
from gis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

GEOMETRIC: Final = frozenset({"lines", "points"})
TEXT: Final = "text"
NUMBER: Final = "number"
TIME: Final = "time"
# What a source says of a line or point, beside where it is.
FACTS: Final[dict[str, str]] = {
    "gcm": TEXT,
    "nattyp": TEXT,
    "separation": TEXT,
    "passage": TEXT,
    "nvdb_street": TEXT,
    "document_class": TEXT,
    "detected_class": TEXT,
    "ltf_id": TEXT,
    "ltf_class": TEXT,
    "keeper": TEXT,
    "width_m": NUMBER,
    "surface": TEXT,
    "lit": TEXT,
    "name": TEXT,
    "route_category": TEXT,
    "route_name": TEXT,
}
LINE_COLUMNS: Final[dict[str, str]] = {
    "source_id": TEXT,
    "element_id": TEXT,
    "m_from": NUMBER,
    "m_to": NUMBER,
    "side": TEXT,
    "kind": TEXT,
    **FACTS,
    "valid_from": TIME,
    "valid_to": TIME,
}
POINT_COLUMNS: Final[dict[str, str]] = {
    "source_id": TEXT,
    "element_id": TEXT,
    "measure": NUMBER,
    "role": TEXT,
    "kind": TEXT,
    "name": TEXT,
    "code": TEXT,
    "year": NUMBER,
    "injured": NUMBER,
    "details": TEXT,
    **{name: kind for name, kind in FACTS.items() if name != "name"},
    "valid_from": TIME,
    "valid_to": TIME,
}
FAULT_COLUMNS: Final = ("feature", "fault", "kept", "message_sv", "message_en")
NO_TIME: Final = "datetime64[us, UTC]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One delivery of a source; row order by id, whatever the order of the file.

    Attributes
    ----------
    lines
        LineStrings: ``source_id`` (``nvdb:ELEMENT_ID``, ``NAME:id``; several extents of one
        element share it), ``element_id``, ``m_from``, ``m_to`` (as delivered), ``side`` (none,
        left, right, both; of the line's direction), ``kind`` (path, lane, street, crossing or
        null), the columns of ``FACTS``, ``valid_from``, ``valid_to`` (UTC).
    points
        Points: ``source_id``, ``element_id``, ``measure``, ``role`` (passage, check, accident,
        school, said), ``kind``, ``name``, ``code``, ``year``, ``injured``, ``details`` (JSON), the
        columns of ``FACTS``, ``valid_from``, ``valid_to``.
    records
        Rows without a place, all text: ``record_id``, ``kind`` (regulation, survey, crime) and
        the columns of that kind.
    faults
        ``feature``, ``fault``, ``kept`` (yes, no, changed), ``message_sv``, ``message_en``.
    """

    lines: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    records: pd.DataFrame
    faults: pd.DataFrame


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the named columns, each of its type; null where the frame lacks one.

    Parameters
    ----------
    frame
        Any frame.
    columns
        Column to ``text``, ``number`` or ``time``.
    """
    made = {name: _column(frame, name, kind) for name, kind in columns.items()}
    return pd.DataFrame(made, index=frame.index)


def _column(frame: pd.DataFrame, name: str, kind: str) -> pd.Series:
    """Return one column of a frame by its type."""
    if name not in frame.columns:
        empty = {TEXT: ("str", None), NUMBER: ("float64", np.nan), TIME: (NO_TIME, pd.NaT)}
        dtype, nothing = empty[kind]
        return pd.Series(nothing, index=frame.index, dtype=dtype)
    if kind == NUMBER:
        return pd.to_numeric(frame[name], errors="coerce").astype("float64")
    if kind == TIME:
        return pd.to_datetime(frame[name], utc=True, errors="coerce").astype(NO_TIME)
    return frame[name].astype("str")


def make_lines(frame: pd.DataFrame, shapes: object) -> gpd.GeoDataFrame:
    """Lay lines out by their columns, ordered by id, measures and content.

    Parameters
    ----------
    frame
        Any of ``LINE_COLUMNS``; an index without meaning.
    shapes
        As many LineStrings in WGS84.
    """
    return _ordered(frame, shapes, LINE_COLUMNS, ["source_id", "m_from", "m_to"])


def make_points(frame: pd.DataFrame, shapes: object) -> gpd.GeoDataFrame:
    """Lay points out by their columns, ordered by id, measure and content."""
    return _ordered(frame, shapes, POINT_COLUMNS, ["source_id", "measure", "role"])


def _ordered(
    frame: pd.DataFrame, shapes: object, columns: Mapping[str, str], order: list[str]
) -> gpd.GeoDataFrame:
    """Lay a layer out by columns; ties are broken by the geometry."""
    told = typed(frame.reset_index(drop=True), columns)
    layer = gpd.GeoDataFrame(told, geometry=np.asarray(shapes, dtype=object), crs=WGS84)
    tie = layer.geometry.to_wkb(hex=True)
    place = pd.concat([layer[order], tie.rename("tie")], axis=1).sort_values([*order, "tie"]).index
    return layer.loc[place].reset_index(drop=True)


def nothing_said(
    *,
    lines: gpd.GeoDataFrame | None = None,
    points: gpd.GeoDataFrame | None = None,
    records: pd.DataFrame | None = None,
    faults: pd.DataFrame | None = None,
) -> Said:
    """Return a delivery of which the absent parts are empty."""
    empty = pd.DataFrame()
    no_faults = pd.DataFrame({name: pd.Series([], dtype="str") for name in FAULT_COLUMNS})
    return Said(
        lines=make_lines(empty, []) if lines is None else lines,
        points=make_points(empty, []) if points is None else points,
        records=_no_records() if records is None else records,
        faults=no_faults if faults is None else faults,
    )


def _no_records() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in ("record_id", "kind")})


def to_parquet_blobs(said: Said) -> dict[str, bytes]:
    """Write each frame as one Parquet file (zstd, geometries as WKB), frame name to content."""
    blobs = {}
    for part in fields(said):
        stream = BytesIO()
        frame = getattr(said, part.name)
        plain = frame.to_wkb() if part.name in GEOMETRIC else frame
        plain.to_parquet(stream, index=False, compression="zstd")
        blobs[part.name] = stream.getvalue()
    return blobs


def from_parquet_blobs(blobs: Mapping[str, bytes]) -> Said:
    """Read back what ``to_parquet_blobs`` wrote.

    Raises
    ------
    SourceError
        If a frame is missing.
    """
    missing = [part.name for part in fields(Said) if part.name not in blobs]
    if missing:
        msg = f"kept delivery: the frame {missing[0]!r} is missing; import the file again"
        raise SourceError(msg)
    frames = {part.name: pd.read_parquet(BytesIO(blobs[part.name])) for part in fields(Said)}
    return Said(
        lines=_shaped(frames["lines"], LINE_COLUMNS),
        points=_shaped(frames["points"], POINT_COLUMNS),
        records=frames["records"],
        faults=frames["faults"],
    )


def _shaped(frame: pd.DataFrame, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Turn the WKB of a kept frame back into geometries; it may be older than a column."""
    shapes = shapely.from_wkb(frame["geometry"].to_numpy(dtype=object))
    return gpd.GeoDataFrame(typed(frame, columns), geometry=shapes, crs=WGS84)
