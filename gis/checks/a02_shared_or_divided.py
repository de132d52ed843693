"""Is the path shared or divided?

A known sign, a person's answer or a painted division has settled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, own_line, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A02"
QUESTION: Final = "Är banan gemensam eller uppdelad?"
SOURCE: Final = "VMF 2:10: D6 makes the whole width common, D7 presupposes a division"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag paths designated for both groups whose division is not told."""
    s = layers.segments
    both = among(s, "bicycle", ("designated",)) & among(s, "foot", ("designated",))
    untold = ~among(s, "segregated", ("yes", "no")) & ~has(s, "separation") & ~signed(s)
    on_path = own_line(s) & ~among(s, "kind", ("crossing",)) & ~among(s, "highway", ("steps",))
    return hits(s, both & untold & on_path, ("highway", "bicycle", "foot"))
