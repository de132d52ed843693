"""Does the class break for a short piece?

Streets, crossings and steps break a line with reason, so only paths that continue paths count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import CYCLING, hits_at
from gis.checks.graph import sandwiches

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D07"
QUESTION: Final = "Bryts klassen på en kort bit?"
SOURCE: Final = "proposed: 50 m, turn under 30 degrees; legal case J08"
REACH_M: Final = 50.0
ROW_LOCAL: Final = False

# Steps show their class, an open question stands elsewhere.
OPEN: Final = ("trappa", "okand")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag short straight pieces whose class differs from equal classes on both sides."""
    s = layers.segments
    met = sandwiches(layers)
    rides = met[["own_class", "around_class"]].isin(CYCLING)
    known = ~met[["own_class", "around_class"]].isin(OPEN).any(axis=1)
    met = met[known & rides.any(axis=1)]
    rows = met["row"].to_numpy()
    length = s.geometry.length.round(1).to_numpy()[rows]
    return hits_at(s, rows, length=length, around_class=met["around_class"].to_numpy())
