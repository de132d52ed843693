"""Does the street forbid cycling but carry a lane or track?

A side of a street keeps its own bicycle tag, so the street's is read where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import PATH_HIGHWAYS, among, has, hits

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "B10"
QUESTION: Final = "Förbjuder gatan cykling men har cykelfält eller cykelbana?"
SOURCE: Final = "OSM wiki Key:bicycle use_sidepath"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

SIDES: Final = ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag streets that forbid cycling and carry a lane or track."""
    s = layers.segments
    street = ~among(s, "highway", PATH_HIGHWAYS) & among(s, "bicycle", ("no", "use_sidepath"))
    space = pd.Series(data=False, index=s.index)
    for name in SIDES:
        space |= has(s, name) & ~among(s, name, ("no", "none", "separate"))
    return hits(s, street & space, ("bicycle", *SIDES))
