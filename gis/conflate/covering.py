"""Where does a source say anything at all?

A segment that a source lacks is a question only where that source covers the ground; a source
covers the squares that its lines touch and those beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

SQUARE_M: Final = 250.0
PART_M: Final = 100.0


def covered(lines: NDArray[np.object_], segments: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which segments have their middle where a source has lines.

    Parameters
    ----------
    lines, segments
        LineStrings in the working CRS, metres.
    """
    if not len(lines) or not len(segments):
        return np.zeros(len(segments), dtype=bool)
    xy = shapely.get_coordinates(shapely.segmentize(lines, PART_M))
    squares = np.unique(np.floor(xy / SQUARE_M).astype(np.int64), axis=0)
    around = [squares + np.array([i, j]) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    held = pd.MultiIndex.from_arrays(list(np.unique(np.concatenate(around), axis=0).T))
    middle = shapely.line_interpolate_point(segments, 0.5, normalized=True)
    asked = np.floor(shapely.get_coordinates(middle) / SQUARE_M).astype(np.int64)
    return np.asarray(pd.MultiIndex.from_arrays(list(asked.T)).isin(held), dtype=np.bool_)
