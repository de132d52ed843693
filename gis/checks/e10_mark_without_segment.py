"""Did somebody mark or decide a segment that is gone?

Asked of the segments that are gone, of each mark and decision that found no living one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E10"
QUESTION: Final = "Har någon märkt en sträcka som inte längre finns?"
SOURCE: Final = "this project: nothing a person marked is ever lost"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag each mark and decision at a segment that is gone, where the person stood."""
    if layers.homeless.empty:
        return hits_at(layers.segments, np.array([], dtype=np.intp))
    rows = layers.segments.reset_index(names="row")[["row", "segment_id"]]
    told = layers.homeless.merge(rows, on="segment_id").sort_values(["row", "record_id"])
    record = told["record_id"].to_numpy()
    place = told["place"].to_numpy(dtype=object)
    return hits_at(
        layers.segments, told["row"].to_numpy(), record=record, subject=record, place=place
    )
