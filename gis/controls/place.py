"""What must be remembered of the place of a control, so that it can be counted later?

A segment can vanish with the next delivery; district, school and distances are therefore kept with
the control, in whole metres. Coordinates are kept as integers of 1e-7 degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
from shapely import Point

from gis.controls.candidates import schools_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from shapely import Geometry

WGS84: Final = 4326


def place_of(
    segment_id: str,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    station: tuple[float, float] | None = None,
    best: Collection[str] | None = None,
) -> dict[str, Any] | None:
    """Describe the place of a control.

    Parameters
    ----------
    segment_id
        The segment.
    layers
        ``segments`` (needed) and ``places``, in one projected CRS.
    station
        Longitude and latitude of the police station, when known.
    best
        The segments in the best quarter of the ranking in force; None when there is none.

    Returns
    -------
    place
        ``district``, ``school_id``, ``school_m``, ``station_m``, ``top_quarter``, ``lon_e7``,
        ``lat_e7``; None when there is no such live segment.
    """
    segments = layers["segments"]
    found = segments[segments["segment_id"].eq(segment_id) & segments["status"].ne("retired")]
    if found.empty:
        return None
    line = found.geometry.iloc[0]
    middle = gpd.GeoSeries([line.interpolate(0.5, normalized=True)], crs=segments.crs)
    lon, lat = middle.to_crs(WGS84).get_coordinates().to_numpy()[0]
    district = found["district"].iloc[0] if "district" in found else None
    return {
        "district": district if isinstance(district, str) else "",
        **_school(line, layers),
        "station_m": _station(middle, station),
        "top_quarter": None if best is None else segment_id in best,
        "lon_e7": round(float(lon) * 1e7),
        "lat_e7": round(float(lat) * 1e7),
    }


def _school(line: Geometry, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Return the school nearest to the segment."""
    schools = schools_of(layers)
    if schools is None:
        return {"school_id": None, "school_m": None}
    distance = schools.distance(line).to_numpy()
    nearest = int(np.argmin(distance))
    return {
        "school_id": str(schools["place_id"].iloc[nearest]),
        "school_m": round(float(distance[nearest])),
    }


def _station(middle: gpd.GeoSeries, station: tuple[float, float] | None) -> int | None:
    """Return the straight-line distance to the police station."""
    if station is None:
        return None
    there = gpd.GeoSeries([Point(station)], crs=WGS84).to_crs(middle.crs or WGS84)
    return round(float(middle.distance(there).iloc[0]))
