"""Can the width be read?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import has, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A15"
QUESTION: Final = "Går bredden att läsa?"
SOURCE: Final = "OSM wiki Key:width: metres, decimal point"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag raw widths that could not be read as metres."""
    s = layers.segments
    return hits(s, has(s, "width") & ~has(s, "width_m"), ("width",))
