"""Is the path divided where one of the groups is forbidden?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B08"
QUESTION: Final = "Är banan uppdelad där en av grupperna är förbjuden?"
SOURCE: Final = "OSM wiki Key:segregated: for ways open to both"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("highway", "segregated", "bicycle", "foot")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag divisions where one of the two groups is forbidden."""
    s = layers.segments
    forbidden = among(s, "bicycle", ("no",)) | among(s, "foot", ("no",))
    return hits(s, among(s, "segregated", ("yes", "no")) & forbidden & own_line(s), KEYS)
