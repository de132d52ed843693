"""How do a hundred columns of tags stand in one, most of them empty?

Working layers of a store keep the tags that are there as one object a row, in ``said``.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.sources.tables import tag_keys

SAID: Final = "said"


def packed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the tags that are there into one column of objects.

    Parameters
    ----------
    frame
        Any layer; its columns of tags are taken out, null is not kept.

    Returns
    -------
    layer
        The same rows with ``said``.
    """
    keys = [key for key in tag_keys() if key in frame.columns]
    said: list[dict[str, str]] = [{} for _ in range(len(frame))]
    for key in keys:
        column = frame[key].to_numpy(dtype=object)
        # A loop over the cells that are there: objects have no column form.
        for row in np.flatnonzero(frame[key].notna().to_numpy()).tolist():
            said[row][key] = column[row]
    return frame.drop(columns=keys).assign(said=pd.Series(said, index=frame.index, dtype=object))


def unpacked(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each tag its own column again, null where it is not there."""
    tags = pd.DataFrame(frame[SAID].tolist(), index=frame.index, dtype=object)
    tags = tags.reindex(columns=list(tag_keys())).astype("str")
    columns = frame.drop(columns=SAID)
    return gpd.GeoDataFrame(pd.concat([columns, tags], axis=1), geometry=columns.geometry)
