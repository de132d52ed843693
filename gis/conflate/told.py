"""What do the lines that match a segment say of it?

Where several lines of one source lie on a segment, the one that covers more of it holds, and of
those that cover the same the one with the newest ``VALID_FROM``; what it leaves open the next one
may say. Nothing here knows what a class is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.sources.said import FACTS

if TYPE_CHECKING:
    import geopandas as gpd

# A line that covers less of a segment says nothing of it as a whole (proposed).
LEAST_SHARE: Final = 0.3
# Shares are compared in tenths, so that of two lines over one stretch the newer one holds.
TENTHS: Final = 1


def facts(matches: pd.DataFrame, lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Gather what one source says of each segment.

    Parameters
    ----------
    matches
        As ``match`` gives them for `lines`.
    lines
        Lines of ``Said`` in the working CRS, the rows that were matched.

    Returns
    -------
    told
        One row a segment, ordered by id: ``segment_id``, the columns of ``FACTS``, ``element_id``,
        ``m_from``, ``m_to`` (of the part that matches, in measures), ``valid_from``,
        ``source_ids`` (list), ``match_share`` (covered by all lines together), ``match_score``,
        ``match_margin`` (how far the best other segment lies behind, a share of the score; null
        without another) and ``match_lines`` (how many lines).
    """
    rows = _joined(matches, lines)
    order = ["segment_id", "tenths", "valid_from", "score", "source_id", "from_m"]
    ascending = [True, False, False, False, True, True]
    ordered = rows.sort_values(order, ascending=ascending, na_position="last")
    grouped = ordered.groupby("segment_id", sort=True)
    wide = ordered[ordered["share"].ge(LEAST_SHARE)]
    said = wide.groupby("segment_id", sort=True)[list(FACTS)].first()
    best = grouped[["element_id", "m_from", "m_to", "valid_from"]].nth(0)
    best.index = ordered.loc[best.index, "segment_id"]
    told = pd.DataFrame(
        {
            "source_ids": grouped["source_id"].agg(lambda ids: list(dict.fromkeys(ids))),
            "match_share": grouped["share"].sum().clip(upper=1),
            "match_score": grouped["score"].first(),
            "match_margin": grouped["margin"].min(),
            "match_lines": grouped["source_id"].nunique(),
        }
    )
    return best.join(said.reindex(best.index)).join(told).reset_index()


def _joined(matches: pd.DataFrame, lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Put the line's words beside each match, its measures cut to the part that matches."""
    words = pd.DataFrame(lines.drop(columns=["geometry", "source_id"]))
    row = matches["row"].to_numpy()
    told = words.iloc[row].reset_index(drop=True)
    length = lines.geometry.length.to_numpy()[row]
    span = (told["m_to"] - told["m_from"]) / length
    second = matches["second_score"].reset_index(drop=True)
    score = matches["score"].reset_index(drop=True)
    cut = told.assign(
        m_from=told["m_from"] + span * matches["from_m"].to_numpy(),
        m_to=told["m_from"] + span * matches["to_m"].to_numpy(),
        tenths=matches["share"].round(TENTHS).to_numpy(),
        margin=((score - second) / score).clip(lower=0),
    )
    keep = ["segment_id", "source_id", "share", "score", "from_m"]
    return pd.concat([matches[keep].reset_index(drop=True), cut], axis=1)
