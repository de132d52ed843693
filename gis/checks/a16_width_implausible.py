"""Is the width plausible for the class?

Steps and squares have no usual width. Unknown passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import CYCLE_PATHS, among, col, hits

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "A16"
QUESTION: Final = "Är bredden rimlig för klassen?"
SOURCE: Final = "proposed limits; municipal handbooks ask for 1.4 to 4.5 m"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

MIN_M: Final = 0.8
MAX_M: Final = 8.0
MIN_PEDESTRIAN_M: Final = 1.5


def flag(layers: Layers) -> pd.DataFrame:
    """Flag widths that the class does not have."""
    s = layers.segments
    width = pd.to_numeric(col(s, "width_m"), errors="coerce")
    low = np.where(among(s, "highway", ("pedestrian",)), MIN_PEDESTRIAN_M, MIN_M)
    usual = among(s, "path_class", (*CYCLE_PATHS, "gangbana", "gangbana_cykling_tillaten"))
    high = width.gt(MAX_M) & ~among(s, "highway", ("pedestrian",))
    odd = usual | among(s, "highway", ("pedestrian",))
    found = hits(s, odd & (width.lt(low) | high))
    return found.assign(width_m=width.round(2).to_numpy()[found["row"]])
