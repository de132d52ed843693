"""Is the cycle path shared or divided?

With bicycle=designated beside it the same question is A02's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, path_way, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A06"
QUESTION: Final = "Är cykelbanan gemensam eller uppdelad?"
SOURCE: Final = "VMF 2:10: D6 or D7 where walkers are meant too"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycleways marked foot=designated whose division is not told."""
    s = layers.segments
    claim = path_way(s) & among(s, "highway", ("cycleway",)) & among(s, "foot", ("designated",))
    untold = ~among(s, "segregated", ("yes", "no")) & ~has(s, "separation") & ~signed(s)
    return hits(s, claim & untold & ~among(s, "bicycle", ("designated",)), ("highway", "foot"))
