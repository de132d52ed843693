"""Does the segment lie outside the area?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits, hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "C10"
QUESTION: Final = "Ligger sträckan utanför området?"
SOURCE: Final = "the area profile"
REACH_M: Final = 50.0
ROW_LOCAL: Final = False

# The box is straight in degrees, not in metres.
EDGE_DEG: Final = 0.01


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments more than 50 m outside the area's box."""
    s = layers.segments
    if layers.bbox is None or s.crs is None:
        return hits_at(s, np.empty(0, dtype=np.intp))
    box = gpd.GeoSeries([shapely.segmentize(shapely.box(*layers.bbox), EDGE_DEG)], crs=4326)
    distance = s.geometry.distance(box.to_crs(s.crs).iloc[0])
    found = hits(s, distance.gt(REACH_M))
    return found.assign(distance=distance.round().to_numpy()[found["row"]])
