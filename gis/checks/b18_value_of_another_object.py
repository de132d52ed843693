"""Does the value belong to another kind of object?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B18"
QUESTION: Final = "Hör värdet till ett annat slags objekt?"
SOURCE: Final = "OSM wiki Key:cycleway: values for streets"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

STREET_VALUES: Final = ("lane", "track", "shared_lane", "share_busway", "opposite_lane")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag values that belong to another kind of object."""
    s = layers.segments
    lane = among(s, "cycleway", STREET_VALUES) & among(
        s, "highway", ("cycleway", "footway", "path")
    )
    no_crossing = among(s, "crossing", ("no",)) & among(s, "kind", ("crossing",))
    return hits(
        s, own_line(s) & (lane | no_crossing), ("highway", "cycleway", "footway", "crossing")
    )
