"""Does the path run through a building or over water?

A line along a wall or a shore stays silent: more than two metres must lie more than a metre
inside. Piers and doors are short. A footpath through a building is a passage or stands under a roof
that the source does not tell: a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import CYCLE_PATHS, among, col, has, hits_at, own_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "C05"
QUESTION: Final = "Går banan genom ett hus eller över vatten?"
SOURCE: Final = "OSM wiki: bridge, tunnel, covered"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

MIN_M: Final = 2.0
WALL_M: Final = 1.0
SHOWN: Final = ("subject", "area", "length")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag path lines that run through a building or water on the ground."""
    s, areas = layers.segments, layers.areas
    solid = areas[among(areas, "role", ("building", "water"))]
    rows = np.flatnonzero((own_line(s) & _on_ground(s)).to_numpy())
    found = _inside(s.geometry.to_numpy()[rows], solid.geometry.to_numpy())
    found = found[found["length"].gt(MIN_M)].assign(
        row=rows[found["line"][found["length"].gt(MIN_M)]],
        subject=lambda part: col(solid, "source_id").to_numpy()[part["shape"]],
        area=lambda part: col(solid, "role").to_numpy()[part["shape"]],
    )
    found = found.sort_values(["row", "length", "subject"], ascending=[True, False, True])
    found = found.drop_duplicates("row")
    at = found["row"].to_numpy()
    indoors = ~among(s, "path_class", CYCLE_PATHS).to_numpy()[at] & found["area"].eq("building")
    shown = {name: found[name].to_numpy() for name in SHOWN}
    return hits_at(s, at, other=indoors.to_numpy(), **shown)


def _inside(lines: NDArray[np.object_], shapes: NDArray[np.object_]) -> pd.DataFrame:
    """Measure how many metres of each line lie more than a wall's width inside each shape."""
    line, shape = shapely.STRtree(shapes).query(lines, predicate="intersects")
    met, at = np.unique(shape, return_inverse=True)
    core = shapely.buffer(shapes[met], -WALL_M)
    length = shapely.length(shapely.intersection(lines[line], core[at]))
    return pd.DataFrame({"line": line, "shape": shape, "length": length.round(1)})


def _on_ground(segments: pd.DataFrame) -> pd.Series:
    """Tell which lines have nothing that leads them over, under or through."""
    free = among(segments, "kind", ("path", "crossing"))
    for name in ("bridge", "tunnel", "covered", "indoor", "layer", "level", "location"):
        free &= ~has(segments, name) | among(segments, name, ("no", "0"))
    return free
