"""Is the street one-way for cyclists only?

Tracks and cycle paths are often one-way by themselves, so streets alone are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import PATH_HIGHWAYS, among, has, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B14"
QUESTION: Final = "Är gatan enkelriktad bara för cyklande?"
SOURCE: Final = "OSM wiki Key:oneway:bicycle"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag two-way streets that are one-way for bicycles."""
    s = layers.segments
    bicycle = among(s, "oneway:bicycle", ("yes",)) & ~among(s, "oneway", ("yes", "-1"))
    street = ~among(s, "highway", PATH_HIGHWAYS) & ~has(s, "side_tag")
    return hits(s, bicycle & street, ("highway", "oneway", "oneway:bicycle"))
