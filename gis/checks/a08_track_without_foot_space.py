"""Where do people walk along the track by the street?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A08"
QUESTION: Final = "Var går man längs cykelbanan vid gatan?"
SOURCE: Final = "VMF 2:10: D4, D6 or D7"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

SIDEWALKS: Final = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag tracks on a street's side with nothing about walkers."""
    s = layers.segments
    track = among(s, "side_tag", ("cycleway",)) & among(
        s, "side_value", ("track", "opposite_track")
    )
    told = has(s, "segregated", "foot", "separation", *SIDEWALKS) | signed(s)
    return hits(s, track & ~told, ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right"))
