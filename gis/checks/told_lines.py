"""What did people say of the line of a segment that is not shown?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from gis.checks.base import col, hits_at

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

COLUMN: Final = "line_asked"
TOLD: Final = ("record", "on", "before", "drawn")


def line_hits(layers: Layers, what: str) -> pd.DataFrame:
    """List the operations on lines that are not done for one reason.

    Parameters
    ----------
    layers
        Segments with `COLUMN`: JSON, null where nothing is asked.
    what
        The reason: ``stale`` or ``clashing``.
    """
    said = col(layers.segments, COLUMN)
    rows = np.flatnonzero(said.notna().to_numpy(dtype=bool)).tolist()
    # A loop over the few segments of which something is asked.
    found = [
        (row, one) for row in rows for one in orjson.loads(said.iloc[row]) if one["what"] == what
    ]
    columns: dict[str, list[Any]] = {name: [one[name] for _, one in found] for name in TOLD}
    at = np.array([row for row, _ in found], dtype=np.intp)
    return hits_at(layers.segments, at, subject=columns["record"], **columns)
