"""Which surface has the path?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLE_PATHS, among, has, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A14"
QUESTION: Final = "Vilken beläggning har banan?"
SOURCE: Final = "NVDB Slitlager"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag off-carriageway classes without a surface."""
    s = layers.segments
    off = among(s, "path_class", (*CYCLE_PATHS, "gangbana", "gangbana_cykling_tillaten"))
    line = own_line(s) & ~among(s, "kind", ("crossing",))
    return hits(s, off & line & ~has(s, "surface"))
