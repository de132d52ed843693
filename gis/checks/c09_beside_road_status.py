"""Is the path beside the street as its tag says?

Steps and crossings are never asked; a segment shorter than 20 m is too short to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import among, hits_at, path_way, tags

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "C09"
QUESTION: Final = "Ligger banan vid gatan som taggen säger?"
SOURCE: Final = "proposed: 22 m, two thirds of the points"
REACH_M: Final = 22.0
ROW_LOCAL: Final = False

PLACES: Final = tuple((n + 0.5) / 10 for n in range(10))
# A pavement may leave its street for a while, so it must be far from any for most of its length.
FAR_SHARE: Final = 0.34
NEAR_SHARE: Final = 0.95
MIN_M: Final = 20.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag side-path tags that the distance to the streets contradicts."""
    s = layers.segments
    yes = among(s, "is_sidepath", ("yes",)) | among(s, "footway", ("sidewalk",))
    no = among(s, "is_sidepath", ("no",))
    asked = path_way(s) & (yes | no) & s.geometry.length.ge(MIN_M)
    rows = np.flatnonzero(asked.to_numpy())
    share = _share_near(s.geometry.to_numpy()[rows], layers.streets.geometry.to_numpy())
    wrong = np.where(yes.to_numpy()[rows], share < FAR_SHARE, share > NEAR_SHARE)
    if layers.streets.empty:
        wrong = np.zeros(len(rows), dtype=bool)
    found = hits_at(s, rows[wrong], share=(share[wrong] * 100).round().astype("int64"))
    return found.assign(tags=tags(s.iloc[found["row"]], ("is_sidepath", "footway")).to_numpy())


def _share_near(lines: NDArray[np.object_], streets: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure which share of ten places of each line has a street within reach."""
    if len(lines) == 0 or len(streets) == 0:
        return np.zeros(len(lines))
    tree = shapely.STRtree(streets)
    near = np.zeros(len(lines))
    for place in PLACES:
        points = shapely.line_interpolate_point(lines, place, normalized=True)
        one = tree.query(points, predicate="dwithin", distance=REACH_M)[0]
        near[np.unique(one)] += 1.0 / len(PLACES)
    return near
