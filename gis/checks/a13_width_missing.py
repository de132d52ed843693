"""How wide is the path?

Asked of the inventory, not of one object that somebody decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLE_PATHS, among, has, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A13"
QUESTION: Final = "Hur bred är banan?"
SOURCE: Final = "domain section 5: the width profile"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag off-carriageway classes without a width."""
    s = layers.segments
    off = among(s, "path_class", (*CYCLE_PATHS, "gangbana", "gangbana_cykling_tillaten"))
    line = own_line(s) & ~among(s, "kind", ("crossing",))
    return hits(s, off & line & ~has(s, "width_m"))
