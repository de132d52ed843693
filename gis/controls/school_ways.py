"""How far is it to the nearest school along streets and paths, and which ways lead there?

Gates are not known: a way ends where the school lies nearest to the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from gis.controls.network import Net, Spots, lixel_of, locate, reach

if TYPE_CHECKING:
    import numpy.typing as npt

WAY_M: Final = 600.0


def way_to_school(
    net: Net, places: Spots, schools: gpd.GeoDataFrame | None
) -> npt.NDArray[np.float64]:
    """Measure the way from each place to its nearest school; NaN beyond `WAY_M`."""
    size = len(places.edge)
    if schools is None or not size:
        return np.full(size, np.nan)
    near = reach(net, locate(net, schools.geometry), WAY_M)
    least = pd.Series(near.distance_m).groupby(near.lixel).min()
    return np.asarray(least.reindex(lixel_of(net, places)), dtype=np.float64)


def ways_to_schools(net: Net, schools: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay out the shortest ways to schools from every street end and junction within `WAY_M`.

    Returns
    -------
    ways
        Lines of the network in the CRS of the schools, with ``ways``: how many ends and junctions
        have their shortest way to a school along the line, added over the schools.
    """
    spots = locate(net, gpd.GeoSeries(schools.geometry))
    used = np.zeros(len(net.shapes), dtype=np.intp)
    edge_between = _edges_by_ends(net)
    # A loop over the few schools, and over the few hundred nodes of each from the outside in.
    for edge, along in zip(spots.edge, spots.along_m, strict=True):
        distance, before = _tree(net, int(edge), float(along))
        flow = np.ones(len(distance), dtype=np.intp)
        near = np.flatnonzero(distance <= WAY_M)
        for node in near[np.argsort(-distance[near], kind="stable")]:
            onward = before[node]
            if onward < 0:
                used[edge] += flow[node]
                continue
            flow[onward] += flow[node]
            used[edge_between[_ends(onward, node)]] += flow[node]
    there = used > 0
    return gpd.GeoDataFrame({"ways": used[there]}, geometry=net.shapes[there], crs=schools.crs)


def _tree(
    net: Net, edge: int, along_m: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    """Find the way from a place on an edge to each node: metres, and the node before (or < 0)."""
    ends = [net.start[edge], net.end[edge]]
    far, before = dijkstra(net.graph, indices=ends, limit=WAY_M, return_predecessors=True)
    far = far + np.array([[along_m], [net.length_m[edge] - along_m]])
    side = far.argmin(axis=0)
    side[ends] = (0, 1)  # each end of the edge is where a way begins, also at equal distance
    every = np.arange(far.shape[1])
    return far[side, every], before[side, every]


def _ends(one: int, other: int) -> tuple[int, int]:
    """Name an edge by its ends."""
    return (int(min(one, other)), int(max(one, other)))


def _edges_by_ends(net: Net) -> dict[tuple[int, int], int]:
    """Find the shortest edge between two nodes."""
    order = np.argsort(-net.length_m, kind="stable")
    ends = np.sort(np.stack((net.start, net.end), axis=1)[order], axis=1)
    return dict(zip(map(tuple, ends.tolist()), order.tolist(), strict=True))
