"""Which segments rest on something that somebody saw or decided?

A correction of a source is proposed from a sign, a marking, a regulation or a planner's decision,
never from another source's code. Nothing here writes a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.words import say

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.words import Language

STRONG: Final = ("regulation", "sign", "marking", "decision")
UNKNOWN: Final = "okand"


def proved(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the segments whose class rests on more than data, a range index."""
    known = segments["basis"].isin(STRONG) & segments["path_class"].ne(UNKNOWN)
    return segments[known & segments["status"].ne("retired")].reset_index(drop=True)


def evidence(segments: pd.DataFrame, lang: Language = "sv") -> pd.Series[str]:
    """Say in a few words what each class rests on: the ground, its signs, its regulation."""
    grounds = {name: say("exports", f"basis_{name}", lang) for name in STRONG}
    text = segments["basis"].map(grounds).astype("str")
    signs = segments["signs"].map(", ".join, na_action="ignore").astype("str")
    text = text + (" " + signs).where(signs.fillna("").ne(""), "")
    ltf = segments["ltf_id"].astype("str")
    return text + (", LTF " + ltf).where(ltf.notna(), "")


def day(segments: pd.DataFrame) -> pd.Series[str]:
    """Return the day of the decision, else of the inspection, as ISO text; null for neither."""
    at = segments["decided_at"].where(segments["decided_at"].notna(), segments["inspected_at"])
    return pd.to_datetime(at, utc=True).dt.strftime("%Y-%m-%d").astype("str")


def with_tags(segments: gpd.GeoDataFrame, network: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Put columns of the working layer ``network`` beside segments that lack them."""
    if network is None:
        return segments
    more = network.drop(columns=[c for c in network.columns if c in segments and c != "segment_id"])
    return segments.merge(pd.DataFrame(more), on="segment_id", how="left")
