"""Does the cycle path end in nothing?

Skipped: ends tagged noexit, ends by a building, parking or entrance, ends at the edge of the
delivery, and ends that D01 or D06 ask about.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import CYCLE_PATHS, among, hits_at
from gis.checks.graph import dangling, gaps, points_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "D04"
QUESTION: Final = "Slutar cykelbanan i intet?"
SOURCE: Final = "topology"
NEAR_M: Final = 10.0
REACH_M: Final = math.inf  # the edge of the delivery is known only from the whole
ROW_LOCAL: Final = False

GAP_M: Final = 10.0
EDGE_M: Final = 50.0
GOALS: Final = ("bicycle_parking", "entrance", "noexit")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag loose ends of cycle paths."""
    s = layers.segments
    loose = dangling(layers)
    ridable = among(s, "path_class", CYCLE_PATHS) & ~among(s, "noexit", ("yes",))
    loose = loose[ridable.to_numpy()[loose["row"].to_numpy()]]
    near = gaps(layers, within_m=GAP_M)[["row", "end"]].assign(near=True)
    loose = loose.merge(near, on=["row", "end"], how="left")
    loose = loose[loose["near"].isna()]
    points = points_of(loose)
    open_ = ~_excused(points, layers) & ~_at_edge(points, layers)
    return hits_at(
        s,
        loose["row"].to_numpy()[open_],
        subject=loose["end"].astype("int64").astype("str").to_numpy()[open_],
        place=points[open_],
    )


def _excused(points: NDArray[np.object_], layers: Layers) -> NDArray[np.bool_]:
    """Tell which points lie at a building, an entrance or a bicycle parking."""
    areas, places = layers.areas, layers.places
    walls = areas[among(areas, "role", ("building", "square", "school"))].geometry.to_numpy()
    goals = places[among(places, "kind", GOALS)].geometry.to_numpy()
    excused = np.zeros(len(points), dtype=bool)
    for shapes in (walls, goals):
        if len(shapes) and len(points):
            tree = shapely.STRtree(shapes)
            excused[np.unique(tree.query(points, predicate="dwithin", distance=NEAR_M)[0])] = True
    return excused


def _at_edge(points: NDArray[np.object_], layers: Layers) -> NDArray[np.bool_]:
    """Tell which points lie at the edge of what was delivered, where lines are cut off."""
    west, south, east, north = layers.segments.total_bounds
    x, y = shapely.get_x(points), shapely.get_y(points)
    inner = (x > west + EDGE_M) & (x < east - EDGE_M) & (y > south + EDGE_M) & (y < north - EDGE_M)
    edge: NDArray[np.bool_] = ~inner
    return edge
