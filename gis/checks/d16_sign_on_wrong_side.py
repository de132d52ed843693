"""Does the sign stand on the wrong side?

Across a street from its path nobody can tell which path it means. To the left of those who enter
it can still be read: a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis.checks.sign_posts import sign_hits, sign_posts
from gis.signs.place import ON_WAY_M
from gis.signs.place import REACH_M as SIGN_REACH_M

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "D16"
QUESTION: Final = "Står skylten på fel sida?"
SOURCE: Final = "this project: traffic keeps right, a sign stands at its own path (K)"
REACH_M: Final = SIGN_REACH_M
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag path signs with a street between them and their path, or to the left of it."""
    found = sign_posts(layers)
    across = _across(layers, found)
    left = found["right_m"].lt(-ON_WAY_M).to_numpy(dtype=bool)
    wrong = across | left
    return sign_hits(layers, found[wrong], other=~across[wrong])


def _across(layers: Layers, found: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which signs have a street between them and the nearest point of their path."""
    across = np.zeros(len(found), dtype=bool)
    if found.empty or layers.streets.empty:
        return across
    points = found["place"].to_numpy()
    lines = layers.segments.geometry.to_numpy()[found["row"].to_numpy()]
    between = shapely.shortest_line(points, lines)
    tree = shapely.STRtree(layers.streets.geometry.to_numpy())
    across[np.unique(tree.query(between, predicate="crosses")[0])] = True
    return across
