"""Does the path change class without a sign or junction?

Only a jump that changes where one may ride is asked about: between a class with cycling and one
without, or between two kinds of cycle path. A sandwich (D07) is one cause, told once; a sign or a
crossing within ten metres explains the jump.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import CYCLING, hits_at, path_way
from gis.checks.graph import joins, points_of, sandwiches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "D08"
QUESTION: Final = "Byter banan klass utan skylt eller korsning?"
SOURCE: Final = "VMF 2:10: a D sign holds to the next junction"
REACH_M: Final = 10.0
ROW_LOCAL: Final = False

OPEN: Final = ("okand", "trappa", "torg_oppen_yta", "stig_led", "parkvag")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag places where one path goes on in another class and nothing shows why."""
    s = layers.segments
    met = joins(layers)
    names, classes = s["segment_id"].to_numpy(), s["path_class"].to_numpy(dtype=object)
    row, other = met["row"].to_numpy(), met["other"].to_numpy()
    plain = path_way(s).to_numpy()
    known = ~np.isin(classes.astype(str), OPEN)
    ride = np.isin(classes.astype(str), CYCLING)
    jump = (classes[row] != classes[other]) & (ride[row] | ride[other])
    jump &= plain[row] & plain[other] & known[row] & known[other] & (names[row] < names[other])
    met = met[jump & ~met["node"].isin(_sandwich_nodes(layers))]
    points = points_of(met)
    open_ = ~_explained(points, layers)
    rows, others = met["row"].to_numpy()[open_], met["other"].to_numpy()[open_]
    return hits_at(
        s,
        rows,
        subject=names[others],
        line=s["source_id"].to_numpy()[others],
        other_class=classes[others],
        place=points[open_],
    )


def _sandwich_nodes(layers: Layers) -> pd.Series:
    met = sandwiches(layers)
    return pd.concat([met["node"], met["node_after"]], ignore_index=True)


def _explained(points: NDArray[np.object_], layers: Layers) -> NDArray[np.bool_]:
    """Tell which points have a sign or a crossing within reach."""
    explained = np.zeros(len(points), dtype=bool)
    for layer in (layers.signs, layers.crossings):
        if len(layer) and len(points):
            tree = shapely.STRtree(layer.geometry.to_numpy())
            near = tree.query(points, predicate="dwithin", distance=REACH_M)[0]
            explained[np.unique(near)] = True
    return explained
