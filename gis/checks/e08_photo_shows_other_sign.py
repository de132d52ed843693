"""Does a sign found in a photo say another class?

Detections come as a table of points with the class of the sign that a machine saw
(``detected_class`` of a mapping), laid on the nearest segment. They give no class themselves: a
person looks. Where a person has looked already, or a sign is known, nothing is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import col, has, hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E08"
QUESTION: Final = "Visar bilden en annan skylt?"
SOURCE: Final = "Osmose Mapillary sign merge (issue 999); TILDA mapillary priority"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments beside which a photo shows a sign of another class."""
    s = layers.segments
    seen, own = col(s, "said_detected_class"), col(s, "path_class")
    looked = has(s, "observed_class", "decided_class", "sign_class", "sign_class_end")
    differs = seen.notna() & own.notna() & seen.astype("str").ne(own.astype("str"))
    rows = np.flatnonzero((differs & ~looked).to_numpy(dtype=bool))
    return hits_at(s, rows, first_class=seen.to_numpy(dtype=object)[rows])
