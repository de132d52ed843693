"""Does a replaced value hide the class?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import among, hits

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "A20"
QUESTION: Final = "Döljer ett föråldrat värde klassen?"
SOURCE: Final = "OSM wiki: Deprecated features"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

# Tag and value as found, and what replaced it.
REPLACED: Final = {
    ("bicycle", "official"): "bicycle=designated",
    ("foot", "official"): "foot=designated",
    ("bicycle", "designed"): "bicycle=designated",
    ("foot", "designed"): "foot=designated",
    ("bicycle", "dismounted"): "bicycle=dismount",
    ("segregated", "shared"): "segregated=no",
    ("segregated", "none"): "segregated=no",
    ("cycleway", "shared"): "segregated=no",
    ("cycleway", "segregated"): "segregated=yes",
    ("cycleway", "sidewalk"): "bicycle=yes",
    ("cycleway", "sidepath"): "is_sidepath=yes",
    ("sidewalk", "none"): "sidewalk=no",
}


def flag(layers: Layers) -> pd.DataFrame:
    """Flag tags whose value was replaced or misspelt."""
    s = layers.segments
    parts = []
    for (key, value), new in REPLACED.items():
        parts.append(hits(s, among(s, key, (value,)), (key,)).assign(old=new, subject=key))
    return pd.concat(parts, ignore_index=True)
