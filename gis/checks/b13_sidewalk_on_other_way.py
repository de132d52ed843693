"""Is the pavement a pavement?

A sign or a division that is told says what the way is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, own_line, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B13"
QUESTION: Final = "Är trottoaren en trottoar?"
SOURCE: Final = "OSM wiki Tag:footway=sidewalk; domain R14"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("highway", "footway", "bicycle", "foot", "segregated")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag footway=sidewalk on ways that are no footway."""
    s = layers.segments
    sidewalk = among(s, "footway", ("sidewalk",)) & own_line(s)
    told = signed(s) | has(s, "segregated")
    return hits(s, sidewalk & ~among(s, "highway", ("footway",)) & ~told, KEYS)
