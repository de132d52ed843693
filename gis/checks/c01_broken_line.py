"""Is the line sound?

A line that is merely short comes from cutting at junctions: a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "C01"
QUESTION: Final = "Är linjen hel?"
SOURCE: Final = "OGC Simple Features: a valid LineString"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

MIN_M: Final = 0.5
FAULTS: Final = ("empty", "multipart", "short", "not simple")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag lines that are empty, in parts, self-crossing or shorter than half a metre."""
    s = layers.segments
    lines = s.geometry.to_numpy()
    length = shapely.length(lines)
    absent = shapely.is_missing(lines) | shapely.is_empty(lines)
    parts = shapely.get_type_id(lines) != shapely.GeometryType.LINESTRING
    crossing = ~shapely.is_simple(lines)
    fault = np.select([absent, parts, length < MIN_M, crossing], FAULTS, default="")
    rows = np.flatnonzero(fault != "")
    fault = fault[rows]
    return hits_at(s, rows, length=length[rows].round(2), fault=fault, other=fault == "short")
