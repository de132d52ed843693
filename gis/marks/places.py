"""Where was each person when something was marked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gis import crs

if TYPE_CHECKING:
    import pandas as pd

    Place = shapely.Point | None


def places(observations: pd.DataFrame, epsg: int) -> list[Place]:
    """Return the position of each mark.

    Parameters
    ----------
    observations
        With ``lon`` and ``lat`` in WGS84, null without a fix.
    epsg
        The CRS wanted.

    Returns
    -------
    places
        One a row, in `epsg`; None without a fix.
    """
    lon, lat = (observations[name].astype("float64").to_numpy() for name in ("lon", "lat"))
    east, north = crs.project(lon, lat, source=crs.WGS84, target=epsg)
    return [
        shapely.Point(x, y) if there else None
        for x, y, there in zip(east, north, observations["lon"].notna(), strict=True)
    ]
