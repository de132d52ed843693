"""Which signs hold at a segment?

A D sign holds to the next junction unless it says otherwise (Transportstyrelsen, Påbudsmärken).
So a sign holds at its own segment and is carried on along the same kind of way until lines meet.
A segment with a sign of its own keeps it, and nothing is carried where the signs of a run
disagree. Nothing here looks at what data say about the class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_ORDER: Final = {"start": 0, "along": 1, "end": 2}
_THROUGH: Final = 2
# A sign is carried on only where the way is mapped as the same thing.
_SAME: Final = ("kind", "highway", "footway", "side_tag")


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
        the one at the other end, null for none) and ``carried`` (true where the sign stands at
        another segment of the run).
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
    runs = pd.Series(_runs(segments, _met(streets)), index=segments.index)
    return _carried(held.astype(object), segments, main, runs)


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


def _met(streets: pd.DataFrame | None) -> NDArray[np.int64]:
    """List the nodes where streets begin and end."""
    if streets is None:
        return np.empty(0, dtype=np.int64)
    return streets[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()


def _runs(segments: gpd.GeoDataFrame, street_nodes: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give each line the number of its run: lines joined where nothing else meets them."""
    size = len(segments)
    nodes = segments[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    ends = pd.DataFrame({"row": np.repeat(np.arange(size), 2), "node": nodes.ravel()})
    same = pd.DataFrame(segments).reindex(columns=list(_SAME))
    like = same.groupby(list(_SAME), dropna=False).ngroup().to_numpy()
    ends["like"] = like[ends["row"]]
    ends["alone"] = ~segments["side"].isin(("left", "right")).to_numpy()[ends["row"]]
    ends["alone"] &= ~ends["node"].isin(street_nodes)
    at_node = ends.groupby("node")
    met = at_node["row"].transform("size").eq(_THROUGH) & at_node["like"].transform("nunique").eq(1)
    joined = ends[met & at_node["alone"].transform("all")].sort_values("node", kind="stable")
    rows = joined["row"].to_numpy()
    links = (np.ones(len(rows) // 2, dtype=np.int8), (rows[0::2], rows[1::2]))
    label: NDArray[np.int32] = connected_components(
        coo_array(links, shape=(size, size)), directed=False
    )[1]
    return label
