"""Is the match with another source weak?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import col, hits_at
from gis.checks.told_classes import weak

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "E03"
QUESTION: Final = "Är kopplingen mellan källorna svag?"
SOURCE: Final = "Mapillary coverage rule (60 %); margin of 10 % proposed"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments of which little is covered, or whose line suits another nearly as well."""
    s = layers.segments
    rows = np.flatnonzero((weak(s) & col(s, "matched_source").notna()).to_numpy(dtype=bool))
    some = s.iloc[rows]
    share = pd.to_numeric(col(some, "match_share")).mul(100).round().astype("Int64")
    named = col(some, "matched_source").astype("str").str.upper()
    return hits_at(s, rows, source_b=named.to_numpy(), share=share.to_numpy())
