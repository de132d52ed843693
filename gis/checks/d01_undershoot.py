"""Does the path end just short of another?

The segment's own neighbours at its other end do not count, nor does a line at another level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import hits_at
from gis.checks.graph import gaps

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D01"
QUESTION: Final = "Slutar banan strax före en annan?"
SOURCE: Final = "proposed: 3 m"
REACH_M: Final = 3.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag loose ends within three metres of a line that they do not meet."""
    s = layers.segments
    gap = gaps(layers, within_m=REACH_M)
    return hits_at(
        s,
        gap["row"].to_numpy(),
        subject=gap["subject"].to_numpy(),
        line=gap["line"].to_numpy(),
        distance=gap["distance"].round(2).to_numpy(),
        place=gap["place"].to_numpy(),
    )
