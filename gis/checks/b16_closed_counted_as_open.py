"""Is the path open?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import among, col, has, hits, own_line

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "B16"
QUESTION: Final = "Är banan öppen?"
SOURCE: Final = "OSM wiki Lifecycle prefix"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

LIFECYCLE: Final = ("construction", "proposed", "disused", "abandoned", "lifecycle")
HIDDEN: Final = r'"(?:disused|abandoned|razed):highway"'


def flag(layers: Layers) -> pd.DataFrame:
    """Flag open paths that another tag calls closed, planned or unfinished."""
    s = layers.segments
    closed = pd.Series(data=False, index=s.index)
    for name in LIFECYCLE:
        closed |= has(s, name) & ~among(s, name, ("no", "minor"))
    rest = col(s, "other_tags").astype("str").str.contains(HIDDEN, na=False)
    return hits(s, own_line(s) & (closed | rest), ("highway", *LIFECYCLE))
