"""Is the line drawn too coarsely?

A long straight needs no vertices; only a bend between two long arms is drawn too coarsely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits_at, own_line

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "C07"
QUESTION: Final = "Är linjen för grovt ritad?"
SOURCE: Final = "proposed: 70 m between vertices of a bend"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

MAX_ARM_M: Final = 70.0
# Less is a straight, more is a corner.
MIN_BEND_DEG: Final = 20.0
MAX_BEND_DEG: Final = 60.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag bends between arms longer than 70 m."""
    s = layers.segments
    rows = np.flatnonzero(own_line(s).to_numpy())
    points, line = shapely.get_coordinates(s.geometry.to_numpy()[rows], return_index=True)
    inner = np.flatnonzero((line[:-2] == line[2:]) & (line[:-2] == line[1:-1]))
    into = points[inner + 1] - points[inner]
    out = points[inner + 2] - points[inner + 1]
    arm = np.minimum(np.hypot(*into.T), np.hypot(*out.T))
    cross = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
    bend = np.degrees(np.abs(np.arctan2(cross, (into * out).sum(axis=1))))
    coarse = (arm > MAX_ARM_M) & (bend > MIN_BEND_DEG) & (bend < MAX_BEND_DEG)
    found = pd.DataFrame({"row": rows[line[inner]], "spacing": arm.round(), "at": inner + 1})[
        coarse
    ]
    found = found.sort_values(["row", "spacing"]).drop_duplicates("row", keep="last")
    place = shapely.points(points[found["at"].to_numpy()])
    return hits_at(s, found["row"].to_numpy(), spacing=found["spacing"].to_numpy(), place=place)
