"""How do paths hang together where they meet?

Nodes are the network's; only lines of their own count as path ends, the drawn sides of a street
share its nodes and are left out. A join is a node where exactly two path ends meet and no street.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from gis.checks.base import among, col, own_line

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

Table = TypeVar("Table", pd.DataFrame, pd.Series)

# Tags that say at which height a line runs; a difference in any of them parts two lines.
_HEIGHT: Final = ("bridge", "tunnel", "layer", "level")
_COVER: Final = ("covered", "indoor")
_ARM_M: Final = 5.0
SANDWICH_MAX_M: Final = 50.0
SANDWICH_MAX_TURN_DEG: Final = 30.0


def once(make: Callable[[Layers], Table]) -> Callable[[Layers], Table]:
    """Compute a table of some layers once, however many checks ask for it."""

    @wraps(make)
    def kept(layers: Layers) -> Table:
        if make.__name__ not in layers.made:
            layers.made[make.__name__] = make(layers)
        table: Table = layers.made[make.__name__]
        return table

    return kept


@once
def ends(layers: Layers) -> pd.DataFrame:
    """List the two ends of each path line.

    Returns
    -------
    ends
        ``row`` (position in the segments), ``node``, ``far`` (node of the other end), ``end``
        (0 start, 1 end), ``x``, ``y`` and ``bearing`` (degrees, direction away from the node).
    """
    rows = np.flatnonzero(own_line(layers.segments).to_numpy())
    lines = layers.segments.iloc[rows]
    shapes = lines.geometry.to_numpy()
    keep = (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(
        shapes
    )
    return _ends(lines[keep], rows[keep])


@once
def street_ends(layers: Layers) -> pd.DataFrame:
    """List the two ends of each street, columns as for `ends`."""
    if layers.streets.empty:
        return ends(layers).iloc[:0]
    return _ends(layers.streets, np.arange(len(layers.streets)))


def _ends(lines: gpd.GeoDataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    shapes = lines.geometry.to_numpy()
    start, stop = lines["from_node"].to_numpy(), lines["to_node"].to_numpy()
    both = [_one_end(shapes, 0), _one_end(shapes, 1)]
    table = pd.concat([pd.DataFrame(part) for part in both], ignore_index=True)
    return table.assign(
        row=np.tile(rows, 2),
        node=np.concatenate([start, stop]),
        far=np.concatenate([stop, start]),
    )


def _one_end(shapes: NDArray[np.object_], end: int) -> dict[str, NDArray[np.float64]]:
    """Find place and outward bearing of one end of each line, five metres in."""
    length = shapely.length(shapes)
    here = shapely.line_interpolate_point(shapes, length if end else 0.0)
    inward = np.minimum(_ARM_M, length)
    away = shapely.line_interpolate_point(shapes, length - inward if end else inward)
    x, y = shapely.get_x(here), shapely.get_y(here)
    bearing = np.degrees(np.arctan2(shapely.get_x(away) - x, shapely.get_y(away) - y)) % 360.0
    return {"end": np.full(len(shapes), float(end)), "x": x, "y": y, "bearing": bearing}


def points_of(at: pd.DataFrame) -> NDArray[np.object_]:
    """Make points of columns ``x`` and ``y``."""
    points: NDArray[np.object_] = np.asarray(shapely.points(at[["x", "y"]].to_numpy()), object)
    return points


def turn(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how far one turns, in degrees, when going in by one end and out by the other.

    Examples
    --------
    >>> turn(np.array([0.0, 0.0]), np.array([180.0, 90.0])).tolist()
    [0.0, 90.0]
    """
    apart = np.abs((first - second + 180.0) % 360.0 - 180.0)
    return 180.0 - apart


@once
def joins(layers: Layers) -> pd.DataFrame:
    """List the nodes where exactly two path ends meet and no street does.

    Returns
    -------
    joins
        One row a direction (so two a node): ``node``, ``x``, ``y``, ``row``, ``far``, ``other``
        (row of the segment beyond the node) and ``turn`` in degrees.
    """
    path = ends(layers)
    sizes = path["node"].map(path["node"].value_counts())
    through = path[sizes.eq(2) & ~path["node"].isin(street_ends(layers)["node"])]
    pairs = through.merge(through, on="node", suffixes=("", "_b"))
    pairs = pairs[pairs["row"].ne(pairs["row_b"])]
    turned = turn(pairs["bearing"].to_numpy(), pairs["bearing_b"].to_numpy())
    out = pairs[["node", "x", "y", "row", "far"]].assign(other=pairs["row_b"], turn=turned)
    return out.reset_index(drop=True)


@once
def between(layers: Layers) -> pd.DataFrame:
    """List the segments that continue another line at both ends.

    Returns
    -------
    between
        ``row``, ``before`` and ``after`` (rows of the neighbours), ``turn`` (the larger one),
        ``node`` and ``node_after``.
    """
    met = joins(layers).sort_values(["row", "node"])
    first = met.drop_duplicates("row")
    last = met.drop_duplicates("row", keep="last")
    both = first.merge(last, on="row", suffixes=("", "_after"))
    both = both[both["node"].ne(both["node_after"])]
    return pd.DataFrame(
        {
            "row": both["row"],
            "before": both["other"],
            "after": both["other_after"],
            "turn": both[["turn", "turn_after"]].max(axis=1),
            "node": both["node"],
            "node_after": both["node_after"],
        }
    ).reset_index(drop=True)


@once
def sandwiches(layers: Layers) -> pd.DataFrame:
    """List short straight pieces whose class differs from the equal classes on both sides.

    Returns
    -------
    sandwiches
        Columns of `between`, and ``own_class`` and ``around_class``.
    """
    met = between(layers)
    segments = layers.segments
    own = _at(segments, met["row"], "path_class")
    before = _at(segments, met["before"], "path_class")
    after = _at(segments, met["after"], "path_class")
    plain = [_at(segments, met[name], "kind") == "path" for name in ("row", "before", "after")]
    short = segments.geometry.length.to_numpy()[met["row"].to_numpy()] < SANDWICH_MAX_M
    straight = (met["turn"] < SANDWICH_MAX_TURN_DEG).to_numpy()
    hit = (before == after) & (own != before) & short & straight & np.logical_and.reduce(plain)
    found: pd.DataFrame = met.assign(own_class=own, around_class=before)[hit]
    return found.reset_index(drop=True)


def _at(frame: pd.DataFrame, rows: pd.Series, name: str) -> NDArray[np.object_]:
    values: NDArray[np.object_] = col(frame, name).to_numpy(dtype=object)
    taken: NDArray[np.object_] = values[rows.to_numpy(dtype=np.intp)]
    return taken


def heights(frame: pd.DataFrame) -> pd.DataFrame:
    """Read at which height each line runs; equal rows can meet, null and ``no`` are ground."""
    read = {}
    for name in (*_HEIGHT, *_COVER):
        value = col(frame, name).astype("str").str.lower()
        ground = value.isna() | among(frame, name, ("no", "0", "none", ""))
        read[name] = value.where(~ground, "0").fillna("0")
    return pd.DataFrame(read, index=frame.index)


def same_height(
    first: pd.DataFrame, a: NDArray[np.intp], second: pd.DataFrame, b: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Tell for which pairs of rows two lines run at the same height."""
    one, two = heights(first).to_numpy(), heights(second).to_numpy()
    same: NDArray[np.bool_] = (one[a] == two[b]).all(axis=1)
    return same


@once
def dangling(layers: Layers) -> pd.DataFrame:
    """List path ends at whose node nothing else ends; columns as for `ends`."""
    path = ends(layers)
    used = pd.concat([path["node"], street_ends(layers)["node"]], ignore_index=True)
    return path[path["node"].map(used.value_counts()).eq(1)].reset_index(drop=True)


def gaps(layers: Layers, *, within_m: float) -> pd.DataFrame:
    """Find for each loose end the nearest line that it does not meet.

    Parameters
    ----------
    layers
        Paths and streets.
    within_m
        How far to look, in metres.

    Returns
    -------
    gaps
        Columns of `dangling`, ``place`` (the end), ``distance``, ``subject`` (id of the line),
        ``line`` (its source) and ``subject_node`` (one of its nodes). Lines at another height or
        joined to the segment's own other end are left out.
    """
    loose = dangling(layers)
    lines = _lines(layers)
    points = points_of(loose)
    if lines.empty or loose.empty:
        nothing = loose.iloc[:0]
        return nothing.assign(place=points[:0], distance=0.0, subject="", line="", subject_node=0)
    shapes = lines["geometry"].to_numpy()
    one, two = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=within_m)
    met = loose.iloc[one].assign(
        place=points[one],
        distance=shapely.distance(points[one], shapes[two]),
        subject=lines["subject"].to_numpy()[two],
        line=lines["source_id"].to_numpy()[two],
        subject_node=lines["from_node"].to_numpy()[two],
        subject_end=lines["to_node"].to_numpy()[two],
    )
    joined = met["far"].eq(met["subject_node"]) | met["far"].eq(met["subject_end"])
    own = met["node"].eq(met["subject_node"]) | met["node"].eq(met["subject_end"])
    level = same_height(layers.segments, met["row"].to_numpy(), lines, two)
    met = met[~joined & ~own & level].sort_values(["row", "end", "distance", "subject"])
    best: pd.DataFrame = met.drop_duplicates(["row", "end"])
    return best.reset_index(drop=True)


@once
def _lines(layers: Layers) -> pd.DataFrame:
    """Put path lines and streets under each other, with the tags that tell their height."""
    s = layers.segments
    paths = s[own_line(s)].assign(subject=lambda f: f["segment_id"])
    kept = ["subject", "source_id", "geometry", "from_node", "to_node", *_HEIGHT, *_COVER]
    parts = [paths]
    if len(layers.streets):
        parts.append(layers.streets.assign(subject=lambda f: f["street_id"]))
    return pd.concat(
        [pd.DataFrame({name: col(part, name) for name in kept}) for part in parts],
        ignore_index=True,
    )


@once
def components(layers: Layers) -> pd.Series:
    """Tell to which part of the net each node belongs, paths and streets together."""
    links = _links(layers)
    nodes = pd.Index(pd.unique(pd.concat([links["from_node"], links["to_node"]])))
    start = nodes.get_indexer(links["from_node"])
    stop = nodes.get_indexer(links["to_node"])
    size = len(nodes)
    matrix = coo_matrix((np.ones(len(start)), (start, stop)), shape=(size, size))
    part = connected_components(matrix, directed=False)[1]
    return pd.Series(part, index=nodes)


@once
def sizes(layers: Layers) -> pd.Series:
    """Measure the parts of the net: part to metres of path and street."""
    links = _links(layers)
    part = links["from_node"].map(components(layers))
    return links["length"].groupby(part).sum()


@once
def _links(layers: Layers) -> pd.DataFrame:
    lines = _lines(layers)
    length = shapely.length(lines["geometry"].to_numpy())
    return lines[["from_node", "to_node"]].assign(length=length)
