"""Does the segment lie outside the area?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "C10"
QUESTION: Final = "Ligger sträckan utanför området?"
SOURCE: Final = "the area profile"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

FAR_M: Final = 50.0
# The box is straight in degrees, not in metres.
EDGE_DEG: Final = 0.01


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments more than 50 m outside the area's box."""
    s = layers.segments
    if layers.bbox is None or s.crs is None:
        return hits_at(s, np.empty(0, dtype=np.intp))
    box = gpd.GeoSeries([shapely.segmentize(shapely.box(*layers.bbox), EDGE_DEG)], crs=4326)
    around = box.to_crs(s.crs).iloc[0]
    shapely.prepare(around)
    lines = s.geometry.to_numpy()
    away = np.flatnonzero(~shapely.intersects(around, lines))
    distance = shapely.distance(around, lines[away])
    far = distance > FAR_M
    return hits_at(s, away[far], distance=distance[far].round())
