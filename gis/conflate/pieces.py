"""What of a source's lines is no segment yet, and how does it become one?

The pieces of lines that nothing matches and that are long enough become segments of their own,
with the source's id. Their ends join the network where a node is near. Metres in the working CRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import crs
from gis.network.ids import GRID, mint
from gis.sources.linear import substring
from gis.sources.said import FACTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

# Shorter remnants are ends of matches and gaps at junctions (proposed; BikeDNA: pieces of 10 m).
SHORTEST_M: Final = 15.0
# A crossing is a place of its own even where it is short.
SHORTEST_CROSSING_M: Final = 4.0
# How far a piece's end may lie from a node that it joins.
JOIN_M: Final = 15.0
SLACK_M: Final = 1e-6


def unmatched(matches: pd.DataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut out of lines what matches no segment.

    Parameters
    ----------
    matches
        As ``match`` gives them for `lines`.
    lines
        Lines of ``Said`` in the working CRS, a range index.

    Returns
    -------
    pieces
        The columns of `lines` with measures cut, ``row`` (of `lines`), ``part`` (order along the
        line), ``line_share``; pieces of ``SHORTEST_M`` or whole lines.
    """
    length = lines.geometry.length.to_numpy()
    free = _free(matches, length)
    row = free["row"].to_numpy()
    run = (free["b"] - free["a"]).to_numpy()
    crossing = lines["kind"].eq("crossing").to_numpy()[row]
    least = np.where(crossing, SHORTEST_CROSSING_M, SHORTEST_M)
    kept = (run >= least) | (run >= length[row] - SLACK_M)
    free, row, run = free[kept], row[kept], run[kept]
    shapes = substring(lines.geometry.to_numpy()[row], free["a"].to_numpy(), free["b"].to_numpy())
    told = lines.iloc[row].reset_index(drop=True)
    span = (told["m_to"] - told["m_from"]) / length[row]
    cut = told.assign(
        m_from=told["m_from"] + span * free["a"].to_numpy(),
        m_to=told["m_from"] + span * free["b"].to_numpy(),
        row=row,
        part=free.groupby("row").cumcount().to_numpy(),
        line_share=run / length[row],
    )
    return gpd.GeoDataFrame(cut.drop(columns="geometry"), geometry=shapes, crs=lines.crs)


def _free(matches: pd.DataFrame, length: NDArray[np.floating]) -> pd.DataFrame:
    """List the stretches of lines between matches: ``row``, ``a``, ``b``."""
    rows = np.arange(len(length))
    starts = pd.DataFrame({"row": rows, "a": 0.0, "b": 0.0})
    ends = pd.DataFrame({"row": rows, "a": length, "b": length})
    taken = matches[["row", "from_m", "to_m"]].set_axis(["row", "a", "b"], axis=1)
    every = pd.concat([starts, taken, ends], ignore_index=True).sort_values(["row", "a", "b"])
    reached = every.groupby("row")["b"].cummax().groupby(every["row"]).shift()
    gaps = pd.DataFrame({"row": every["row"], "a": reached, "b": every["a"]})
    return gaps[gaps["b"].gt(gaps["a"] + SLACK_M)].reset_index(drop=True)


def as_segments(pieces: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn pieces into rows like the network's segments.

    Parameters
    ----------
    pieces
        As ``unmatched`` gives them.
    segments
        The network's segments; tell the columns and the nodes to join.

    Returns
    -------
    own
        As many rows with every column of `segments`: tags null, flags false, ``edited_at`` the
        day from which the source says it.
    """
    n = len(pieces)
    known = {
        "segment_id": pd.array(_mint(pieces), dtype="str"),
        "kind": pieces["kind"].fillna("path").array,
        "side": pd.array(["none"] * n, dtype="str"),
        "source_id": pieces["source_id"].array,
        "part": pieces["part"].to_numpy(),
        "name": pieces["name"].array,
        "length_m": pieces.geometry.length.to_numpy(),
        "edited_at": pieces["valid_from"].array,
        "bicycle_route": pieces["route_name"].notna().to_numpy(),
    }
    known |= dict(zip(("from_node", "to_node"), _nodes(pieces, segments), strict=True))
    columns = {
        name: _filled(name, known, segments, n) for name in segments.columns.drop("geometry")
    }
    return gpd.GeoDataFrame(columns, geometry=pieces.geometry.to_numpy(), crs=segments.crs)


def _filled(name: str, known: dict[str, object], segments: gpd.GeoDataFrame, n: int) -> pd.Series:
    """Return a column of own segments: what is known, else null, false or zero."""
    dtype = segments[name].dtype
    if name in known:
        return pd.Series(known[name]).astype(dtype)
    if pd.api.types.is_bool_dtype(dtype):
        return pd.Series(np.zeros(n, dtype=bool))
    nothing = 0 if pd.api.types.is_integer_dtype(dtype) else None
    return pd.Series([nothing] * n, dtype=dtype)


def _mint(pieces: gpd.GeoDataFrame) -> list[str]:
    """Make ids of source and geometry, whichever way the line was drawn."""
    flat = crs.to_wgs84(pieces.geometry)
    ids: list[str] = []
    seen: set[str] = set()
    # A loop over pieces: each is hashed for itself.
    for source, shape in zip(pieces["source_id"], flat, strict=True):
        grid = np.rint(shapely.get_coordinates(shape) * GRID).astype(">i4")
        told = min(grid.tobytes(), grid[::-1].tobytes())
        minted, again = mint("s", str(source), shape=told), 1
        while minted in seen:
            again += 1
            minted = mint("s", str(source), str(again), shape=told)
        seen.add(minted)
        ids.append(minted)
    return ids


def _nodes(
    pieces: gpd.GeoDataFrame, segments: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join the ends of pieces to near nodes of the network, else make nodes of their places."""
    whole = segments[segments["side"].eq("none")]
    lines = whole.geometry.to_numpy()
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    node = np.concatenate([whole["from_node"].to_numpy(), whole["to_node"].to_numpy()])
    shapes = pieces.geometry.to_numpy()
    asked = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    found = _places(asked)
    if len(ends) and len(asked):
        order = np.argsort(node, kind="stable")
        tree = shapely.STRtree(ends[order])
        near = tree.query_nearest(asked, max_distance=JOIN_M, all_matches=False)
        found[near[0]] = node[order][near[1]]
    return found[: len(shapes)], found[len(shapes) :]


def _places(points: Shapes) -> NDArray[np.int64]:
    """Give places numbers below zero, the same number for the same decimetre."""
    xy = np.rint(shapely.get_coordinates(points) * 10).astype(np.int64)
    return -(xy[:, 0] * 10**9 + xy[:, 1] % 10**9) - 1


def said_of(pieces: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what the source says of its own pieces, as ``facts`` does of matched segments."""
    told = pd.DataFrame(pieces[[*FACTS, "element_id", "m_from", "m_to", "valid_from"]])
    return told.assign(
        source_ids=pieces["source_id"].map(lambda source: [source]),
        match_share=1.0,
        match_score=1.0,
        match_margin=np.nan,
        match_lines=1,
    )
