"""Does the segment stand in one source only?

Asked where the other source covers the ground. NVDB's footpath net is not complete, so that a way
for walkers that it lacks is a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import CYCLING, among, col, filled, hits_at
from gis.checks.told_classes import dated

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "E02"
QUESTION: Final = "Finns sträckan bara i en källa?"
SOURCE: Final = "BikeDNA 3b; infravelo; limits of the matching: 15 m, 30 degrees"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

# A shorter segment is a detail that another source may leave out (proposed).
LONG_M: Final = 20.0
OSM: Final = "osm"


def _first(names: list[str]) -> str:
    return names[0]


def flag(layers: Layers) -> pd.DataFrame:
    """Flag paths that a source lacks where it has others."""
    s = layers.segments
    length = pd.to_numeric(col(s, "length_m"))
    asked = filled(s, "lacking") & among(s, "kind", ("path",)) & length.ge(LONG_M)
    rows = np.flatnonzero(asked.to_numpy(dtype=bool))
    some = s.iloc[rows]
    lacking = col(some, "lacking").map(_first).astype("str")
    own = col(some, "source_id").astype("str").str.replace(r":.*", "", regex=True)
    since = col(some, "edited_at")
    outside = ~some["path_class"].isin(CYCLING) & lacking.ne(OSM)
    return hits_at(
        s,
        rows,
        source_a=dated(own, since).to_numpy(),
        source_b=lacking.str.upper().to_numpy(),
        other=outside.to_numpy(dtype=bool),
    )
