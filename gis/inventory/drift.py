"""Has a delivery changed the length of a class more than deliveries do?

The question is check E06, asked of the segments as they stood and as they stand. Its answer goes
with the outcome of the delivery: asked again of the same record it would be silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import pandas as pd

from gis import checks

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.inventory.differing import Change

ASKED = "E06"


class Drift(TypedDict):
    """A class whose length has changed: the grade, and what to tell people."""

    severity: int
    message_sv: str
    message_en: str


def lengths(segments: pd.DataFrame) -> dict[str, float]:
    """Measure the metres of each class among segments that are not retired."""
    living = segments[segments["status"].ne("retired")]
    sums = living.groupby("path_class")["length_m"].sum()
    return {str(name): float(metres) for name, metres in sums.items()}


def drifts(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[Drift]:
    """Ask the check; of an inventory that had no segments before nothing is asked.

    Parameters
    ----------
    before, after
        Rows of the layer ``segments``.
    """
    known = lengths(before)
    if not known:
        return []
    living = after[after["status"].ne("retired")].reset_index(drop=True)
    told = living.assign(source_id=living["source_ids"].str[0].astype("str"))
    found = checks.run(checks.Layers(segments=told, lengths_before=known), [ASKED])
    found = found.sort_values(["severity", "message_sv"], ascending=[False, True])
    return [
        Drift(severity=int(severity), message_sv=str(sv), message_en=str(en))
        for severity, sv, en in zip(
            found["severity"], found["message_sv"], found["message_en"], strict=True
        )
    ]


def changed(before: gpd.GeoDataFrame, change: Change) -> gpd.GeoDataFrame:
    """Put changed rows of the segments in the place of those that stood."""
    ids = [*change.gone, *change.rows["segment_id"]]
    kept = before[~before["segment_id"].isin(ids)]
    return pd.concat([kept, change.rows], ignore_index=True)
