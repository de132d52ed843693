"""How is FlatGeobuf written: one layer, with its index of places?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio

from gis.exports.plain import credit, flat

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.areas import Area


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write one layer in the area's CRS; rows without a place leave the index out."""
    ((name, frame),) = layers.items()
    indexed = bool(len(frame)) and bool(frame.geometry.notna().all())
    pyogrio.write_dataframe(
        flat(frame),
        path,
        layer=name,
        driver="FlatGeobuf",
        layer_options={
            "SPATIAL_INDEX": "YES" if indexed else "NO",
            "DESCRIPTION": credit(area),
            "TITLE": name,
        },
        geometry_type=None if len(frame) and frame.geom_type.nunique() == 1 else "Unknown",
    )
    return len(frame)
