"""Which segments form one path between two junctions, and what do the signs along it leave open?

A D sign holds to the next junction, so the signs of a run answer for all of it. A run is a chain
of lines of the same kind that join where nothing else meets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.signs.place import PATH_SIGNS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

SIDES: Final = ("left", "right")
LONG_M: Final = 30.0
"""How long a run must be before a sign is missed at its other end (proposed)."""
_THROUGH: Final = 2
_ENDS: Final = ("start", "end")
# A sign is carried on only where the way is mapped as the same thing.
_SAME: Final = ("kind", "highway", "footway", "side_tag")


def nodes_of(streets: pd.DataFrame | None) -> NDArray[np.int64]:
    """List the nodes where streets begin and end."""
    if streets is None:
        return np.empty(0, dtype=np.int64)
    return streets[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()


def runs(segments: gpd.GeoDataFrame, street_nodes: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give each line the number of its run: lines joined where nothing else meets them.

    Parameters
    ----------
    segments
        Of the network, with ``side``, ``from_node``, ``to_node``.
    street_nodes
        Where streets begin and end, as `nodes_of` lists them.
    """
    size = len(segments)
    same = pd.DataFrame(segments).reindex(columns=list(_SAME))
    like = same.groupby(list(_SAME), dropna=False).ngroup().to_numpy()
    ends = _ends(segments)
    ends["like"] = like[ends["row"]]
    ends["alone"] = ~segments["side"].isin(SIDES).to_numpy()[ends["row"]]
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


def left_open(
    segments: gpd.GeoDataFrame,
    placed: pd.DataFrame,
    label: NDArray[np.int32],
    street_nodes: NDArray[np.int64],
) -> pd.DataFrame:
    """Tell where the signs of a run miss a fellow, or say different things.

    Parameters
    ----------
    segments
        Of the network.
    placed
        Signs as `gis.signs.place` returns them.
    label, street_nodes
        As `runs` and `nodes_of` give them.

    Returns
    -------
    open
        One row a segment, its index: ``bare_end`` (start or end: there the run meets something
        else and no sign is known, while all its signs stand at the other end; null elsewhere),
        ``run_class`` (class of a sign farther along the run, where it is another than that of the
        segment's own; null elsewhere) and ``run_far`` (true where both stand at the run's ends).
    """
    signs = _signs(segments, placed, label)
    outer = _outer(segments, label, street_nodes, signs["run"].to_numpy())
    at = outer[["row", "end", "node"]]
    signs = signs[signs["run"].isin(outer["run"])].merge(at, on=["row", "end"], how="left")
    length = np.bincount(label, weights=segments.geometry.length.to_numpy()).astype(np.float64)
    bare = _bare(outer, signs, length)
    differ = _differing(signs)
    size = len(segments)
    bare_end, run_class = np.full(size, None, dtype=object), np.full(size, None, dtype=object)
    run_far = np.zeros(size, dtype=bool)
    bare_end[bare["row"]] = bare["end"]
    run_class[differ["row"]] = differ["path_class_other"]
    run_far[differ["row"]] = differ["far"]
    told = {"bare_end": bare_end, "run_class": run_class, "run_far": run_far}
    return pd.DataFrame(told, index=segments.index)


def _ends(segments: pd.DataFrame) -> pd.DataFrame:
    """List both ends of every line: ``row``, ``node``, ``end``."""
    size = len(segments)
    nodes = segments[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "row": np.repeat(np.arange(size), 2),
            "node": nodes.ravel(),
            "end": np.tile(np.array(_ENDS, dtype=object), size),
        }
    )


def _signs(
    segments: gpd.GeoDataFrame, placed: pd.DataFrame, label: NDArray[np.int32]
) -> pd.DataFrame:
    """List the path signs with the row and the run of their segment."""
    signs = placed.loc[
        placed["segment_id"].notna() & placed["path_class"].isin(PATH_SIGNS),
        ["segment_id", "sign_id", "path_class", "end"],
    ].astype({"end": object})
    row = pd.Series(np.arange(len(segments)), index=segments["segment_id"].to_numpy())
    signs = signs.assign(row=signs["segment_id"].map(row).astype("int64"))
    return signs.assign(run=label[signs["row"]])


def _outer(
    segments: gpd.GeoDataFrame,
    label: NDArray[np.int32],
    street_nodes: NDArray[np.int64],
    wanted: NDArray[np.int32],
) -> pd.DataFrame:
    """List the two ends of each wanted run of paths, and whether something else meets it there."""
    plain = segments["kind"].eq("path") & ~segments["side"].isin(SIDES)
    rows = np.flatnonzero(np.isin(label, wanted) & plain.to_numpy(dtype=bool))
    ends = _ends(segments.iloc[rows])
    ends["row"] = rows[ends["row"]]
    ends["run"] = label[ends["row"]]
    nodes = segments[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()
    degree = pd.Series(nodes[np.isin(nodes, ends["node"])]).value_counts()
    ends["met"] = ends["node"].map(degree).gt(1) | ends["node"].isin(street_nodes)
    outer = ends[~ends.duplicated(["run", "node"], keep=False)]
    return outer[outer.groupby("run")["row"].transform("size").eq(_THROUGH)]


def _bare(
    outer: pd.DataFrame, signs: pd.DataFrame, run_length_m: NDArray[np.float64]
) -> pd.DataFrame:
    """Pick the ends that miss a sign: all signs of the run stand at its other end."""
    nodes = signs.groupby("run")["node"]
    signed = nodes.first()[nodes.nunique().eq(1) & nodes.count().eq(nodes.size())]
    open_ = outer["run"].isin(signed.index) & outer["node"].ne(outer["run"].map(signed))
    return outer[open_ & outer["met"] & (run_length_m[outer["run"]] >= LONG_M)]


def _differing(signs: pd.DataFrame) -> pd.DataFrame:
    """Pair the first sign of each run with one at another segment that says something else."""
    pairs = signs.merge(signs, on="run", suffixes=("", "_other"))
    apart = pairs["path_class"].ne(pairs["path_class_other"]) & pairs["row"].ne(pairs["row_other"])
    order = ["run", "segment_id", "sign_id", "segment_id_other", "sign_id_other"]
    first = pairs[apart].sort_values(order).drop_duplicates("run")
    ends = first["node"].notna() & first["node_other"].notna()
    return first.assign(far=ends & first["node"].ne(first["node_other"]))
