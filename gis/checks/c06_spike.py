"""Does the line have a spike?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits_at, own_line

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "C06"
QUESTION: Final = "Har linjen en spets?"
SOURCE: Final = "proposed: inner angle under 30 degrees"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

MIN_ANGLE_DEG: Final = 30.0
MAX_ARM_M: Final = 100.0
TINY: Final = 1e-9


def flag(layers: Layers) -> pd.DataFrame:
    """Flag lines that turn back at under 30 degrees between two short arms."""
    s = layers.segments
    rows = np.flatnonzero(own_line(s).to_numpy())
    points, line = shapely.get_coordinates(s.geometry.to_numpy()[rows], return_index=True)
    inner = np.flatnonzero((line[:-2] == line[2:]) & (line[:-2] == line[1:-1]))
    back = points[inner] - points[inner + 1]
    ahead = points[inner + 2] - points[inner + 1]
    arms = np.hypot(*back.T), np.hypot(*ahead.T)
    cosine = (back * ahead).sum(axis=1) / np.maximum(arms[0] * arms[1], TINY)
    angle = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    sharp = (angle < MIN_ANGLE_DEG) & (np.maximum(*arms) < MAX_ARM_M) & (np.minimum(*arms) > TINY)
    found = pd.DataFrame({"row": rows[line[inner]], "angle": angle, "at": inner + 1})[sharp]
    found = found.sort_values(["row", "angle"]).drop_duplicates("row")
    place = shapely.points(points[found["at"].to_numpy()])
    return hits_at(s, found["row"].to_numpy(), angle=found["angle"].round().to_numpy(), place=place)
