"""Which kind of cycle lane is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, filled, has, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A09"
QUESTION: Final = "Vilken sorts cykelfält är det?"
SOURCE: Final = "FVTD 2 §: a cycle lane is assigned by marking"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycle lanes whose kind is not told."""
    s = layers.segments
    lane = among(s, "side_tag", ("cycleway",)) & among(s, "side_value", ("lane", "opposite_lane"))
    told = has(s, "cycleway:lane") | filled(s, "markings")
    return hits(s, lane & ~told, ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right"))
