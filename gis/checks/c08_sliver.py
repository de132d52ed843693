"""Is the short piece real?

A sandwich of equal neighbours is asked about by D07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import hits_at
from gis.checks.graph import between

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "C08"
QUESTION: Final = "Är den korta biten verklig?"
SOURCE: Final = "proposed: 2 m"
REACH_M: Final = 2.0
ROW_LOCAL: Final = False

MAX_M: Final = 2.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag pieces under two metres whose class differs from both different neighbours."""
    s = layers.segments
    met = between(layers)
    name = s["path_class"].to_numpy(dtype=object)
    own, before, after = (name[met[at].to_numpy()] for at in ("row", "before", "after"))
    length = s.geometry.length.to_numpy()[met["row"].to_numpy()]
    sliver = (length < MAX_M) & (own != before) & (own != after) & (before != after)
    rows = met["row"].to_numpy()[sliver]
    return hits_at(
        s,
        rows,
        length=length[sliver].round(2),
        before_class=before[sliver],
        after_class=after[sliver],
    )
