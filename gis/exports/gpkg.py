"""How is a GeoPackage written that any desktop GIS opens?

Version 1.3 for older desktops; a copy, never the live store. CRS is the area's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio

from gis.exports.plain import credit, flat

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.areas import Area


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write every layer, its attribution in the layer's description."""
    for name, frame in layers.items():
        pyogrio.write_dataframe(
            flat(frame),
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            dataset_options=None if path.exists() else {"VERSION": "1.3"},
            layer_options={"DESCRIPTION": credit(area), "IDENTIFIER": name},
            geometry_type=None if len(frame) else "Unknown",
        )
    return sum(map(len, layers.values()))
