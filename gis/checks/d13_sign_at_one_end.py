"""Does the sign stand at one end of the path only?

A D sign holds to the next junction, so that each end of a path that meets something needs its own.
That none is recorded does not mean that none stands there: where somebody has looked, the legal
case J02 tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis.checks.base import col, has, hits_at, truth

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D13"
QUESTION: Final = "Står skylten bara vid banans ena ände?"
SOURCE: Final = "VMF 2:10: a D sign holds to the next junction; legal case J02; 30 m proposed"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag the piece at the end of a path where no sign is known, but one is at the other end."""
    s = layers.segments
    bare = col(s, "bare_end")
    looked = has(s, "observed_class", "decided_class", "traffic_sign", "sign_class_end")
    looked |= truth(s, "no_sign") | truth(s, "no_sign_end")
    rows = np.flatnonzero((bare.notna() & has(s, "sign_class") & ~looked).to_numpy(dtype=bool))
    at_end = bare.eq("end").to_numpy(dtype=bool)[rows]
    place = shapely.get_point(s.geometry.to_numpy()[rows], np.where(at_end, -1, 0))
    return hits_at(s, rows, place=place)
