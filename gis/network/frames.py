"""How are rows of a wide table repeated without filling memory?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.sources.osm_tags import null_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def repeat_columns(frame: pd.DataFrame, keys: Iterable[str], rows: Ints) -> dict[str, Any]:
    """Take rows of some text columns.

    Parameters
    ----------
    frame
        May lack a key; such a column is null.
    keys
        Names of the columns.
    rows
        Positions, in any order and number.

    Returns
    -------
    columns
        ``len(rows)`` texts a key; columns that are null throughout share one array.
    """
    nothing = null_text(len(rows))
    taken: dict[str, Any] = {}
    for key in keys:
        there = key in frame and bool(frame[key].notna().any())
        taken[key] = frame[key].array.take(rows) if there else nothing
    return taken
