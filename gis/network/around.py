"""What lies around each segment: a park, a school, houses?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

# On foot four minutes; proposed by this project, no law or norm says a figure.
SCHOOL_M: Final = 300.0
# The width of a garden and a house's half; proposed by this project.
HOUSE_M: Final = 25.0


def in_park(lines: Shapes, areas: gpd.GeoDataFrame) -> Flags:
    """Tell which lines have their middle in a park."""
    parks = areas.loc[areas["park"], "geometry"].to_numpy()
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return _hit(middles, parks, within_m=0.0)


def near_houses(lines: Shapes, areas: gpd.GeoDataFrame) -> Flags:
    """Tell which lines have their middle within `HOUSE_M` metres of a building."""
    houses = areas.loc[areas["role"].eq("building"), "geometry"].to_numpy()
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return _hit(middles, houses, within_m=HOUSE_M)


def near_school(
    lines: Shapes, points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, within_m: float = SCHOOL_M
) -> Flags:
    """Tell which lines come within `within_m` metres of a school or its grounds."""
    schools = np.concatenate(
        [
            points.loc[points["role"].eq("school"), "geometry"].to_numpy(),
            areas.loc[areas["role"].eq("school"), "geometry"].to_numpy(),
        ]
    )
    return _hit(lines, schools, within_m=within_m)


def _hit(shapes: Shapes, targets: Shapes, *, within_m: float) -> Flags:
    """Tell which shapes come within a distance of any target."""
    found = np.zeros(len(shapes), dtype=bool)
    if len(shapes) and len(targets):
        tree = shapely.STRtree(targets)
        found[np.unique(tree.query(shapes, predicate="dwithin", distance=within_m)[0])] = True
    return found
