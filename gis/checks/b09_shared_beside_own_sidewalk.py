"""Is the path shared when walkers have a pavement of their own?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import among, hits, own_line

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "B09"
QUESTION: Final = "Delas banan när gående har en egen trottoar?"
SOURCE: Final = "OSM wiki Key:segregated"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag shared paths that carry a pavement on one side as well."""
    s = layers.segments
    walk = pd.Series(data=False, index=s.index)
    for name in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"):
        walk |= among(s, name, ("yes", "both", "left", "right"))
    shared = among(s, "segregated", ("no",)) & among(s, "highway", ("cycleway", "path", "footway"))
    return hits(s, shared & walk & own_line(s), ("segregated", "sidewalk", "sidewalk:both"))
