"""How does a cell leave (lists and times as text, nulls as nulls), and under whose name?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.areas import Area


def credit(area: Area) -> str:
    """Return in one line whom the data comes from."""
    return " · ".join(area.attribution)


def flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer with lists as JSON text and times as ISO text.

    Parameters
    ----------
    frame
        Any public layer; geometry and plain columns stay as they are.
    """
    plain = frame.copy()
    for column in frame.drop(columns=frame.geometry.name):
        values = frame[column]
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            plain[column] = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif values.map(lambda value: isinstance(value, list | dict)).any():
            plain[column] = values.map(lambda value: orjson.dumps(value).decode())
    return plain
