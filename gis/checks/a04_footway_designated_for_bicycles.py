"""Is a footway meant for cycling?

A known sign has settled it. Where walkers are designated too and the division is told, the
mapper has said everything; where it is not told, A02 asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits, path_way, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A04"
QUESTION: Final = "Är en gångbana avsedd för cykling?"
SOURCE: Final = "TF 3:6: on a path meant for other traffic one may only cross"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag footways marked bicycle=designated without a known sign."""
    s = layers.segments
    footway = path_way(s) & among(s, "highway", ("footway", "pedestrian"))
    told = among(s, "foot", ("designated",))
    claim = among(s, "bicycle", ("designated",))
    return hits(s, footway & claim & ~told & ~signed(s), ("highway", "bicycle", "foot"))
