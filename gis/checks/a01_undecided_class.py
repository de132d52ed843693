"""Can the class not be decided from what is known?

NVDB type 165 (J09) has a question of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits, listed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A01"
QUESTION: Final = "Går klassen inte att avgöra av det som är känt?"
SOURCE: Final = "legal case J00: no evidence"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments that no rule decided."""
    s = layers.segments
    undecided = among(s, "path_class", ("okand",)) & ~listed(s, "flags", ("J09",))
    return hits(s, undecided, ("highway", "foot", "bicycle", "segregated", "surface"))
