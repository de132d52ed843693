"""How far is it to the nearest school along streets and paths, where children walk and cycle?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.controls.network import Net, Spots, lixel_of, locate, reach

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

WAY_M: Final = 600.0


def way_to_school(
    net: Net, places: Spots, schools: gpd.GeoDataFrame | None
) -> npt.NDArray[np.float64]:
    """Measure the way from each place to its nearest school; NaN beyond `WAY_M`.

    The way begins where the school lies nearest to the network: gates are not known.
    """
    size = len(places.edge)
    if schools is None or not size:
        return np.full(size, np.nan)
    near = reach(net, locate(net, schools.geometry), WAY_M)
    least = pd.Series(near.distance_m).groupby(near.lixel).min()
    return np.asarray(least.reindex(lixel_of(net, places)), dtype=np.float64)
