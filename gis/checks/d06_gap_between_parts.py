"""Is a piece missing between two nets?

Nearer than three metres is D01's. A part that is shorter than 50 m in all is no net.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gis.checks.base import hits_at
from gis.checks.graph import components, gaps, sizes

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D06"
QUESTION: Final = "Fattas en bit mellan två nät?"
SOURCE: Final = "proposed: 10 m"
WITHIN_M: Final = 10.0
REACH_M: Final = math.inf  # parts are known only from the whole network
ROW_LOCAL: Final = False

TOUCH_M: Final = 3.0
MIN_PART_M: Final = 50.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag loose ends three to ten metres from a line of another part of the net."""
    s = layers.segments
    gap = gaps(layers, within_m=WITHIN_M)
    part = components(layers)
    own = gap["node"].map(part)
    apart = own.ne(gap["subject_node"].map(part)) & gap["distance"].gt(TOUCH_M)
    big = own.map(sizes(layers)).ge(MIN_PART_M)
    gap = gap[apart & big]
    return hits_at(
        s,
        gap["row"].to_numpy(),
        subject=gap["subject"].to_numpy(),
        line=gap["line"].to_numpy(),
        distance=gap["distance"].round(1).to_numpy(),
        place=gap["place"].to_numpy(),
    )
