"""Does the regulation differ from the inventory?

The inventory's word is the strongest below the regulation: sign, person, document, NVDB, OSM.
Asked where one of the two lets cyclists ride and the other is for walkers alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import CYCLING, FOOT_ONLY, col, hits_at
from gis.checks.told_classes import DOCUMENT, NVDB, OSM, class_by_source

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E07"
QUESTION: Final = "Skiljer sig föreskriften från inventeringen?"
SOURCE: Final = "nvdb.se: NVDB takes regulation-based data from STFS"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments whose regulation and whose other evidence differ on cycling."""
    rows = np.flatnonzero(col(layers.segments, "ltf_class").notna())
    s = layers.segments.iloc[rows]
    said = col(s, "ltf_class")
    told = class_by_source(s)
    rest = col(s, "sign_class")
    for other in (
        col(s, "observed_class"),
        *(told[name]["path_class"] for name in (DOCUMENT, NVDB, OSM)),
    ):
        rest = rest.where(rest.notna(), other)
    rides = said.isin(CYCLING) & rest.isin(FOOT_ONLY)
    walks = said.isin(FOOT_ONLY) & rest.isin(CYCLING)
    differs = (rides | walks).to_numpy(dtype=bool)
    return hits_at(
        layers.segments,
        rows[differs],
        ltf=col(s, "ltf_id").astype("str").fillna("LTF").to_numpy()[differs],
        first_class=said.to_numpy()[differs],
        own_class=rest.to_numpy()[differs],
    )
