"""Which signs hold at a segment?

A D sign holds to the next junction unless it says otherwise (Transportstyrelsen, Påbudsmärken).
So a sign holds at its own segment and is carried on along the same kind of way until lines meet.
A segment with a sign of its own keeps it, and nothing is carried where the signs of a run
disagree. Nothing here looks at what data say about the class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.signs.runs import left_open, nodes_of, runs

if TYPE_CHECKING:
    import geopandas as gpd

_ORDER: Final = {"start": 0, "along": 1, "end": 2}


def carry(
    segments: gpd.GeoDataFrame, placed: pd.DataFrame, streets: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Tell for each segment which placed signs hold there.

    Parameters
    ----------
    segments
        Of the network, with ``segment_id``, ``side``, ``from_node``, ``to_node``.
    placed
        Signs as `gis.signs.place` returns them.
    streets
        Of the network, with ``from_node`` and ``to_node``: there a sign ends to hold, too.

    Returns
    -------
    held
        One row a segment, its index: ``raw`` and ``raw_end`` (texts of the sign that holds and of
        the one at the other end, null for none), ``carried`` (true where the sign stands at
        another segment of the run) and what `gis.signs.runs.left_open` finds.
    """
    here = placed[placed["segment_id"].notna()]
    rank = here.assign(order=here["end"].map(_ORDER), classless=here["path_class"].isna())
    rank = rank.sort_values(["segment_id", "classless", "order", "distance_m", "sign_id"])
    main = rank.drop_duplicates("segment_id")
    other = rank[rank["end"].eq("end") & ~rank["sign_id"].isin(main["sign_id"])]
    other = other[~other["classless"]].drop_duplicates("segment_id")
    held = pd.DataFrame(index=segments.index)
    held["raw"] = segments["segment_id"].map(main.set_index("segment_id")["raw"])
    held["raw_end"] = segments["segment_id"].map(other.set_index("segment_id")["raw"])
    nodes = nodes_of(streets)
    label = runs(segments, nodes)
    run = pd.Series(label, index=segments.index)
    carried = _carried(held.astype(object), segments, main, run)
    return carried.join(left_open(segments, here, label, nodes))


def _carried(
    held: pd.DataFrame, segments: gpd.GeoDataFrame, main: pd.DataFrame, run: pd.Series
) -> pd.DataFrame:
    """Give segments without a sign the one that all signs of their run agree on."""
    own = segments["segment_id"].map(main.set_index("segment_id")["path_class"])
    agreed = own.dropna().groupby(run).nunique().eq(1)
    first = held["raw"][own.notna()].groupby(run).first()
    told = run.map(first[agreed.reindex(first.index)])
    carried = held["raw"].isna() & told.notna()
    return held.assign(raw=held["raw"].where(~carried, told), carried=carried)
