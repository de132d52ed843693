"""Is the segment there twice?

Sampled at three points of each line first, measured exactly only for lines that pass. Of two that
cover each other the later id is flagged. A bridge over a path is not the same path, and the outline
of a square drawn as a line is no path at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import among, hits_at, path_way
from gis.checks.graph import same_height

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "C02"
QUESTION: Final = "Finns sträckan två gånger?"
SOURCE: Final = "proposed: buffer of 0.5 m, overlap over 90 %"
REACH_M: Final = 0.5
ROW_LOCAL: Final = False

NEAR_M: Final = 0.5
MIN_SHARE: Final = 0.9
# A shorter piece lies within reach of the line it meets.
MIN_M: Final = 5.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag path lines of which more than 90 % lie within half a metre of another."""
    s = layers.segments
    outline = among(s, "area", ("yes",)) | among(s, "path_class", ("torg_oppen_yta",))
    long = s.geometry.length.ge(MIN_M)
    rows = np.flatnonzero((path_way(s) & ~outline & long).to_numpy())
    lines = s.geometry.to_numpy()[rows]
    one, two = _near_pairs(lines)
    level = same_height(s, rows[one], s, rows[two])
    one, two = one[level], two[level]
    inside = shapely.intersection(lines[one], shapely.buffer(lines[two], NEAR_M))
    share = shapely.length(inside) / np.maximum(shapely.length(lines[one]), NEAR_M)
    found = pd.DataFrame({"row": rows[one], "twin": rows[two], "share": share})
    found = _once(found[found["share"].gt(MIN_SHARE)], s)
    return hits_at(
        s,
        found["row"].to_numpy(),
        subject=s["segment_id"].to_numpy()[found["twin"]],
        line=s["source_id"].to_numpy()[found["twin"]],
        other_class=s["path_class"].to_numpy()[found["twin"]],
        share=found["share"].mul(100).clip(upper=100).round().astype("int64").to_numpy(),
    )


def _near_pairs(lines: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find pairs where three points of the first lie near the second."""
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    one, two = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=NEAR_M)
    for place in (0.15, 0.85):
        point = shapely.line_interpolate_point(lines[one], place, normalized=True)
        near = (one != two) & shapely.dwithin(point, lines[two], NEAR_M)
        one, two = one[near], two[near]
    return one, two


def _once(pairs: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Keep of each pair the later id, and of each segment its best twin."""
    names = segments["segment_id"].to_numpy()
    back = set(zip(pairs["twin"], pairs["row"], strict=True))
    mutual = [pair in back for pair in zip(pairs["row"], pairs["twin"], strict=True)]
    later = names[pairs["row"]] > names[pairs["twin"]]
    kept = pairs[~np.array(mutual, dtype=bool) | later].assign(
        name=names[pairs["twin"]][~np.array(mutual, dtype=bool) | later]
    )
    kept = kept.sort_values(["row", "share", "name"], ascending=[True, False, True])
    return kept.drop_duplicates("row")
