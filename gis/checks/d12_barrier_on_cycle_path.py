"""Does a barrier block the path?

A bollard or a cycle barrier lets a bicycle through unless it says no; a gate only where it
says locked or private; a stile never does. Steps between two cycle paths count as a barrier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import CYCLE_PATHS, among, col, has, hits_at, path_way
from gis.checks.graph import between

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "D12"
QUESTION: Final = "Spärrar ett hinder banan?"
SOURCE: Final = "NVDB Väghinder; OSM wiki Key:barrier"
REACH_M: Final = 0.5
ROW_LOCAL: Final = False

NARROW: Final = ("stile", "turnstile", "full-height_turnstile", "kissing_gate", "horse_stile")
OPEN_TO: Final = r'"bicycle": ?"(?:yes|designated|permissive)"'
REFUSE: Final = r'"(?:bicycle|access)": ?"(?:no|private)"|"locked": ?"yes"'


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycle paths that a barrier or steps cut."""
    return pd.concat([_barriers(layers), _steps(layers)], ignore_index=True)


def _barriers(layers: Layers) -> pd.DataFrame:
    s, points = layers.segments, layers.barriers
    shut = points[_shut(points)]
    rows = np.flatnonzero((path_way(s) & among(s, "path_class", CYCLE_PATHS)).to_numpy())
    if shut.empty or len(rows) == 0:
        return hits_at(s, rows[:0])
    tree = shapely.STRtree(s.geometry.to_numpy()[rows])
    one, two = tree.query(shut.geometry.to_numpy(), predicate="dwithin", distance=REACH_M)
    found = hits_at(
        s,
        rows[two],
        subject=shut["source_id"].to_numpy()[one],
        obstacle=shut["barrier"].to_numpy()[one],
        place=shut.geometry.to_numpy()[one],
    )
    return found.sort_values("segment_id").drop_duplicates("subject")


def _shut(points: pd.DataFrame) -> pd.Series:
    """Tell which barriers let no bicycle through."""
    said = col(points, "tags").astype("str").fillna("")
    passes = said.str.contains(OPEN_TO)
    refused = said.str.contains(REFUSE)
    return refused | (among(points, "barrier", NARROW) & ~passes)


def _steps(layers: Layers) -> pd.DataFrame:
    s = layers.segments
    met = between(layers)
    rides = among(s, "path_class", CYCLE_PATHS).to_numpy()
    ramp = has(s, "ramp:bicycle") | among(s, "ramp", ("yes",))
    steps = (among(s, "highway", ("steps",)) & ~ramp).to_numpy()
    hit = steps[met["row"].to_numpy()]
    hit &= rides[met["before"].to_numpy()] & rides[met["after"].to_numpy()]
    rows = met["row"].to_numpy()[hit]
    return hits_at(s, rows, subject=col(s, "source_id").to_numpy()[rows], obstacle="steps")
