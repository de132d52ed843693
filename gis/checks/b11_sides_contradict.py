"""Do the tags of the sides contradict each other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import PATH_HIGHWAYS, among, col, hits

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "B11"
QUESTION: Final = "Säger sidornas taggar emot varandra?"
SOURCE: Final = "OSM wiki Key:cycleway:both, Key:sidewalk:both"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = (
    "cycleway",
    "cycleway:both",
    "cycleway:left",
    "cycleway:right",
    "sidewalk:both",
    "sidewalk:left",
    "sidewalk:right",
)


def flag(layers: Layers) -> pd.DataFrame:
    """Flag tags that give the same side two values."""
    s = layers.segments
    clash = pd.Series(data=False, index=s.index)
    for tag in ("cycleway", "sidewalk"):
        for side in ("left", "right"):
            clash |= _differ(s, f"{tag}:both", f"{tag}:{side}")
        clash |= _differ(s, "cycleway", "cycleway:both") if tag == "cycleway" else False
    return hits(s, clash & ~among(s, "highway", PATH_HIGHWAYS), KEYS)


def _differ(segments: pd.DataFrame, first: str, second: str) -> pd.Series:
    """Tell where both tags are given and differ."""
    one, two = col(segments, first), col(segments, second)
    return one.notna() & two.notna() & one.astype("str").ne(two.astype("str"))
