"""Which rows of an element say something of the same stretch?

Of rows with the same extent one is kept: any of equal ones, else the one with the newest
``VALID_FROM``. Rows that overlap in part are kept both; the newest holds where they meet, which is
settled when segments are matched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.sources.row_faults import faults_at

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.sources.row_faults import RowFault

# Measures are rounded to 8 decimals before they are compared (cyklaiskane/nvdb-tools).
DECIMALS: Final = 8
EPSILON: Final = 1e-7


def settle_twins(
    rows: gpd.GeoDataFrame, facts: list[str]
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Keep one row of each extent.

    Parameters
    ----------
    rows
        ``element_id``, ``m_from``, ``m_to``, ``side``, ``valid_from``, ``row`` and facts.
    facts
        Columns that tell equal rows from different ones.

    Returns
    -------
    rows
        At most one row for an extent and side; rows without measures as they are.
    faults
        What was left out, and rows that still overlap.
    """
    known = rows["element_id"].notna() & rows["m_from"].notna()
    named = rows.assign(
        a=rows["m_from"].round(DECIMALS), b=rows["m_to"].round(DECIMALS), at=range(len(rows))
    )
    held, loose = named[known], named[~known]
    extent = ["element_id", "a", "b", "side"]
    same = held.groupby([*extent, *facts], dropna=False, sort=False)
    size = same["at"].transform("size")
    order = [*extent, "valid_from", *facts]
    first = held.sort_values(order, na_position="first", kind="stable")
    first = first.drop_duplicates([*extent, *facts], keep="last")
    faults = faults_at(first["row"][size[first.index].gt(1)], "repeated_element", _of(size, first))
    others = first.groupby(extent, sort=False)["at"].transform("size")
    newest = first.drop_duplicates(extent, keep="last")
    beaten = others[newest.index].gt(1)
    faults += faults_at(newest["row"][beaten], "newer_element", (others[newest.index] - 1)[beaten])
    faults += _overlaps(newest)
    kept = pd.concat([newest, loose]).sort_values("at").drop(columns=["a", "b", "at"])
    return kept.reset_index(drop=True), faults


def _of(size: pd.Series, first: pd.DataFrame) -> pd.Series:
    several = size[first.index]
    return several[several.gt(1)]


def _overlaps(rows: pd.DataFrame) -> list[RowFault]:
    """Name rows that begin before an earlier row of their element and side has ended."""
    ordered = rows.sort_values(["element_id", "side", "a", "b"], kind="stable")
    grouped = ordered.groupby(["element_id", "side"], sort=False)
    reached = grouped["b"].cummax().groupby([ordered["element_id"], ordered["side"]]).shift()
    meets = ordered["a"].lt(reached - EPSILON)
    return faults_at(ordered["row"][meets], "overlapping_measures")
