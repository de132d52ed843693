"""May one cycle both ways?

Lines of their own carry both directions unless they say otherwise; only sides are weak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A12"
QUESTION: Final = "Får man cykla åt båda hållen?"
SOURCE: Final = "legal case J22"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycle paths on one side of a street without a direction."""
    s = layers.segments
    side = among(s, "side_tag", ("cycleway",)) & among(s, "kind", ("path",))
    return hits(s, side & ~has(s, "oneway", "oneway:bicycle"), ("side_tag", "side_value"))
