"""On which part of its segment does each mark stand, since people cut and joined it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.marks.places import places

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import shapely

    from gis.marks.edits import Edits


def homed(
    observations: pd.DataFrame, segments: gpd.GeoDataFrame, edits: Edits, epsg: int
) -> pd.DataFrame:
    """Give each mark the segment of its family that its position lies on.

    Parameters
    ----------
    observations
        Frame of ``gis.marks``.
    segments
        Of the network as it is now, or the part of it that is looked at.
    edits
        From `read_edits`.
    epsg
        The CRS of the segments.

    Returns
    -------
    observations
        With `segment_id` where it stands now; `sent_segment_id` stays.
    """
    families = edits.families
    theirs = observations["segment_id"].isin(families) & observations["kind"].ne("split")
    if not theirs.any():
        return observations
    living = segments[segments["segment_id"].isin(families)]
    lines = dict(zip(living["segment_id"], living.geometry, strict=True))
    homes = observations["segment_id"].copy()
    told = zip(homes[theirs], places(observations[theirs], epsg), strict=True)
    # A loop over the few marks of segments whose lines people changed.
    homes[theirs] = [_home(one, place, edits, lines) for one, place in told]
    return observations.assign(segment_id=homes)


def _home(
    sent: str,
    place: shapely.Point | None,
    edits: Edits,
    lines: dict[str, shapely.LineString],
) -> str:
    """Return the nearest living segment; without a position the one sent for, or its whole."""
    able = [name for name in edits.family(sent) if name in lines]
    if not able or (place is None and sent in lines):
        return sent
    if place is None:
        return next((one for one in edits.wholes(sent) if one in lines), able[0])
    nearest = int(np.argmin([lines[name].distance(place) for name in able]))
    return able[nearest]
