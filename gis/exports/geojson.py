"""How is GeoJSON written: RFC 7946, longitude and latitude, seven decimals?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import shapely

from gis import crs

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import geopandas as gpd

    from gis.areas import Area

STEP_DEG = 1e-7


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write one layer as a feature collection; `id` is the layer's own id."""
    ((name, frame),) = layers.items()
    there = crs.to_wgs84(frame)
    geometry = shapely.to_geojson(
        shapely.set_precision(there.geometry.to_numpy(), STEP_DEG, mode="pointwise")
    )
    columns = there.drop(columns=there.geometry.name)
    rows = columns.astype(object).where(columns.notna(), None).to_dict("records")
    key = columns.columns[0]
    features = [
        b'{"type":"Feature","id":%s,"geometry":%s,"properties":%s}'
        % (orjson.dumps(row[key]), shape.encode() if shape else b"null", _json(row))
        for row, shape in zip(rows, geometry, strict=True)
    ]
    head = orjson.dumps(
        {"type": "FeatureCollection", "name": name, "attribution": list(area.attribution)}
    )
    path.write_bytes(head[:-1] + b',"features":[\n' + b",\n".join(features) + b"\n]}\n")
    return len(features)


def _json(row: dict[Hashable, object]) -> bytes:
    """Write one row's properties; times as ISO text in UTC."""
    return orjson.dumps(row, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z)
