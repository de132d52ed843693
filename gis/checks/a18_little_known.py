"""How much is known about the path?

Only where a signed cycle route runs: elsewhere the figure is for statistics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import CYCLE_PATHS, among, has, hits, path_way, truth

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "A18"
QUESTION: Final = "Hur mycket är känt om banan?"
SOURCE: Final = "weights of a published cycling quality index, path part"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

WEIGHTS: Final = {"width_m": 25, "surface": 30, "smoothness": 10, "lit": 15}
MIN_SCORE: Final = 40


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycle routes about whose path little is known."""
    s = layers.segments
    score = sum(has(s, name).astype("int64") * weight for name, weight in WEIGHTS.items())
    points = pd.Series(score, index=s.index)
    asked = path_way(s) & truth(s, "bicycle_route") & among(s, "path_class", CYCLE_PATHS)
    found = hits(s, asked & points.lt(MIN_SCORE))
    return found.assign(score=points.to_numpy()[found["row"]])
