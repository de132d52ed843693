"""Do two one-way paths meet head-on?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import CYCLING, among, hits_at
from gis.checks.graph import joins, points_of

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D11"
QUESTION: Final = "Möts två enkelriktade banor?"
SOURCE: Final = "topology; legal case J22"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag one-way paths that meet head-on, or both lead away, where only they meet."""
    s = layers.segments
    met = joins(layers)
    forward = (among(s, "oneway", ("yes",)) & ~among(s, "oneway:bicycle", ("no",))).to_numpy()
    names, lines = s["segment_id"].to_numpy(), s["source_id"].to_numpy()
    row, other = met["row"].to_numpy(), met["other"].to_numpy()
    into = s["to_node"].to_numpy()[row] == met["node"].to_numpy()
    other_into = s["to_node"].to_numpy()[other] == met["node"].to_numpy()
    hit = forward[row] & forward[other] & (into == other_into) & (names[row] < names[other])
    hit &= among(s, "path_class", CYCLING).to_numpy()[row]
    place = points_of(met[hit])
    return hits_at(s, row[hit], subject=names[other[hit]], line=lines[other[hit]], place=place)
