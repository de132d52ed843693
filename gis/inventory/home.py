"""At which living segment does each mark and decision stand?

People cut segments, and sources split, merge and drop them; what was said goes with the ground.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from gis import marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from gis.inventory.derive import Seen
    from gis.store import Store
    from gis.store.base import Lineage


def at_home(
    seen: Seen,
    segments: gpd.GeoDataFrame,
    edits: marks.Edits,
    lineage: Sequence[Lineage],
    epsg: int,
) -> Seen:
    """Give each mark and decision the living segment that it stands at.

    Parameters
    ----------
    seen
        What people saw and decided, as it was sent.
    segments
        The living network, or the part of it that these marks may stand at.
    edits, lineage
        What people and sources made of segments.
    epsg
        The working CRS.

    Returns
    -------
    seen
        With `segment_id` where it stands now; what is homeless keeps the id it had.
    """
    parted = marks.homed(seen.observations, segments, edits, epsg)
    return replace(
        seen,
        observations=marks.survive(parted, lineage, segments, epsg),
        decisions=marks.inherit(seen.decisions, lineage, segments["segment_id"]),
    )


def with_relatives(
    store: Store, part: gpd.GeoDataFrame, seen: Seen, lineage: Sequence[Lineage]
) -> gpd.GeoDataFrame:
    """Add to a part of the stored network what else its marks may stand at."""
    wanted = marks.heirs(seen.observations["segment_id"], lineage)
    more = sorted(wanted - set(part["segment_id"]))
    return pd.concat([part, store.layer("network", ids=more)]) if more else part
