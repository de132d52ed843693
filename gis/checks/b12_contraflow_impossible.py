"""Does the cycling direction run against the street's?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import PATH_HIGHWAYS, among, has, hits

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "B12"
QUESTION: Final = "Går cykelriktningen emot gatans riktning?"
SOURCE: Final = "OSM wiki Key:cycleway opposite, Key:oneway:bicycle"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("oneway", "oneway:bicycle", "cycleway", "cycleway:left", "cycleway:right")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag contra-flow on two-way streets and bicycles sent against a one-way."""
    s = layers.segments
    contra = pd.Series(data=False, index=s.index)
    for name in ("cycleway", "cycleway:left", "cycleway:right"):
        contra |= among(s, name, ("opposite", "opposite_lane", "opposite_track"))
    two_way = ~has(s, "oneway") | among(s, "oneway", ("no",))
    against = among(s, "oneway", ("yes",)) & among(s, "oneway:bicycle", ("-1",))
    street = ~among(s, "highway", PATH_HIGHWAYS) & ~among(s, "side_tag", ("sidewalk",))
    return hits(s, (contra & two_way & street) | against, KEYS)
