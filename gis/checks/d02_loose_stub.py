"""Is the short loose end a drawing error?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import hits_at
from gis.checks.graph import dangling, points_of

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D02"
QUESTION: Final = "Är den korta lösa änden ett ritfel?"
SOURCE: Final = "proposed: 3 m"
REACH_M: Final = 3.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag loose ends of at most three metres."""
    s = layers.segments
    loose = dangling(layers)
    length = s.geometry.length.to_numpy()[loose["row"].to_numpy()]
    stub = loose[length <= REACH_M].drop_duplicates("row")
    rows = stub["row"].to_numpy()
    measured = s.geometry.length.round(2).to_numpy()[rows]
    return hits_at(s, rows, length=measured, place=points_of(stub))
