"""Which questions can many hands look at, one place a task?

GeoJSON in longitude and latitude, one feature a task, in the form that MapRoulette takes: the
question as instruction, the object's id as ``@id``. Nothing of a person is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
import shapely

from gis import crs
from gis.exports.plain import credit
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from gis.areas import Area

QUESTION: Final = 2
OPEN: Final = "open"
OSM: Final = "osm:"


def tasks(findings: gpd.GeoDataFrame, segments: pd.DataFrame) -> list[dict[str, Any]]:
    """Make a task of every open question about an object of OpenStreetMap.

    Parameters
    ----------
    findings
        Layer ``findings``.
    segments
        Layer ``segments``; tells the object of each finding.

    Returns
    -------
    features
        GeoJSON features, ordered by finding.
    """
    asked = findings[findings["state"].eq(OPEN) & findings["severity"].ge(QUESTION)]
    owners = segments.set_index("segment_id")["source_ids"].map(_object)
    told = asked.assign(object=asked["segment_id"].map(owners)).dropna(subset=["object"])
    flat = crs.to_wgs84(told.sort_values("finding_id"))
    shapes = shapely.to_geojson(flat.geometry.to_numpy())
    rows = flat.drop(columns="geometry").to_dict("records")
    return [_feature(row, shape) for row, shape in zip(rows, shapes, strict=True)]


def _object(names: list[str]) -> str | None:
    """Return the object's id as OpenStreetMap writes it; null for another source's."""
    found = next((name for name in names if name.startswith(OSM)), None)
    return found.removeprefix(OSM) if found else None


def _feature(row: dict[Hashable, Any], shape: str) -> dict[str, Any]:
    """Write one task."""
    return {
        "type": "Feature",
        "id": row["finding_id"],
        "properties": {
            "@id": row["object"],
            "check": row["check_id"],
            "priority": int(row["severity"]),
            "segment_id": row["segment_id"],
            "instruction": say("exports", "look", "sv", message=row["message_sv"]),
            "instruction_en": say("exports", "look", "en", message=row["message_en"]),
        },
        "geometry": orjson.loads(shape),
    }


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write the tasks; `layers` holds ``findings`` and ``segments``."""
    features = tasks(layers["findings"], layers["segments"])
    told = {"type": "FeatureCollection", "attribution": credit(area), "features": features}
    path.write_bytes(orjson.dumps(told))
    return len(features)
