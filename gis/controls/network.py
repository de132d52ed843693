"""How far is it along the network, and where do events lie close together?

Lines are cut into lixels of 25 m, pieces that stand for a point each. Distances are metres along
the lines in the working CRS, found by Dijkstra with a limit from the ends of the edges that hold
the origins. One-way rules play no part: police and walkers go both ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import STRtree, get_coordinates, get_num_coordinates, line_locate_point
from shapely import length as measured

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Ints = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

LIXEL_M: Final = 25.0
BANDWIDTH_M: Final = 300.0
SNAP_M: Final = 0.1  # ends closer than this are one node
CHUNK: Final = 128  # origins a round: keeps the dense distance block under about 50 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A network of undirected edges with its lixels.

    `start`, `end` are node numbers, `length_m` edge lengths; `lixel_edge` and `lixel_m` tell on
    which edge and how far along its middle a lixel lies; `first_lixel` numbers each edge's first.
    """

    shapes: npt.NDArray[np.object_]
    tree: STRtree
    start: Ints
    end: Ints
    length_m: Floats
    graph: csr_array
    lixel_edge: Ints
    lixel_m: Floats
    first_lixel: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Points on a network: number of the edge, metres along it, metres beside it."""

    edge: Ints
    along_m: Floats
    off_m: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Pairs of an origin and a lixel with the network distance between them."""

    origin: Ints
    lixel: Ints
    distance_m: Floats


def build(lines: gpd.GeoSeries) -> Net:
    """Build the network of LineStrings that meet where their ends meet.

    Parameters
    ----------
    lines
        LineStrings in a projected CRS, cut at junctions.
    """
    shapes = np.asarray(lines.array)
    coordinates = get_coordinates(shapes)
    last = np.cumsum(get_num_coordinates(shapes)) - 1
    first = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
    ends = np.round(coordinates[np.concatenate((first, last))] / SNAP_M).astype(np.int64)
    _, node = np.unique(ends, axis=0, return_inverse=True)
    start, end = node[: len(shapes)], node[len(shapes) :]
    length = np.maximum(measured(shapes), SNAP_M)
    edge, middle, first_lixel = _lixels(length)
    return Net(
        shapes=shapes,
        tree=STRtree(shapes),
        start=start,
        end=end,
        length_m=length,
        graph=_graph(start, end, length),
        lixel_edge=edge,
        lixel_m=middle,
        first_lixel=first_lixel,
    )


def _lixels(length: Floats) -> tuple[Ints, Floats, Ints]:
    """Cut edges into equal pieces of about 25 m, at least one each."""
    pieces = np.maximum(1, np.round(length / LIXEL_M)).astype(np.intp)
    edge = np.repeat(np.arange(len(length)), pieces)
    first = np.cumsum(pieces) - pieces
    within = np.arange(len(edge)) - np.repeat(first, pieces)
    return edge, (within + 0.5) * (length / pieces)[edge], first


def _graph(start: Ints, end: Ints, length: Floats) -> csr_array:
    """Build the symmetric matrix of the shortest edge between two nodes."""
    nodes = int(max(start.max(initial=-1), end.max(initial=-1))) + 1
    row, column = np.concatenate((start, end)), np.concatenate((end, start))
    weight = np.concatenate((length, length))
    order = np.lexsort((weight, column, row))
    row, column, weight = row[order], column[order], weight[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    return csr_array((weight[new], (row[new], column[new])), shape=(nodes, nodes))


def locate(net: Net, points: gpd.GeoSeries) -> Spots:
    """Put points on the nearest edge; ties go to the first edge."""
    if not len(points) or not len(net.shapes):
        none = np.zeros(0, dtype=np.intp)
        return Spots(edge=none, along_m=np.zeros(0), off_m=np.zeros(0))
    geometry = np.asarray(points.array)
    (origin, edge), off = net.tree.query_nearest(geometry, return_distance=True)
    order = np.lexsort((edge, origin))
    first = order[np.unique(origin[order], return_index=True)[1]]
    along = line_locate_point(net.shapes[edge[first]], geometry)
    return Spots(edge=edge[first], along_m=along, off_m=off[first])


def lixel_of(net: Net, spots: Spots) -> Ints:
    """Return the lixel in which each spot lies."""
    pieces = np.diff(np.append(net.first_lixel, len(net.lixel_edge)))[spots.edge]
    share = spots.along_m / net.length_m[spots.edge]
    within = np.minimum((share * pieces).astype(np.intp), pieces - 1)
    return np.asarray(net.first_lixel[spots.edge] + within)


def reach(net: Net, spots: Spots, limit_m: float) -> Reach:
    """Find all lixels within a network distance of each spot.

    Returns
    -------
    reach
        Pairs in order of origin; the distance is to the middle of the lixel.
    """
    # Neighbouring origins share their edge ends, so they are taken edge by edge.
    order = np.argsort(spots.edge, kind="stable")
    # A Python loop over blocks: the dense distances of all origins would not fit in memory.
    blocks = [
        _reach_block(net, spots, order[begin : begin + CHUNK], limit_m)
        for begin in range(0, len(order), CHUNK)
    ]
    if not blocks:
        none = np.zeros(0, dtype=np.intp)
        return Reach(origin=none, lixel=none, distance_m=np.zeros(0))
    origin, lixel, distance = (np.concatenate(part) for part in zip(*blocks, strict=True))
    by_origin = np.lexsort((lixel, origin))
    return Reach(origin=origin[by_origin], lixel=lixel[by_origin], distance_m=distance[by_origin])


def _node_distances(net: Net, spots: Spots, block: Ints, limit_m: float) -> Floats:
    """Measure from each spot of a block to every node, infinite beyond the limit."""
    edge, along = spots.edge[block], spots.along_m[block]
    ends = np.concatenate((net.start[edge], net.end[edge]))
    unique, place = np.unique(ends, return_inverse=True)
    table = dijkstra(net.graph, directed=True, indices=unique, limit=limit_m)
    by_start = table[place[: len(block)]] + along[:, None]
    by_end = table[place[len(block) :]] + (net.length_m[edge] - along)[:, None]
    return np.asarray(np.minimum(by_start, by_end))


def _reach_block(net: Net, spots: Spots, block: Ints, limit_m: float) -> tuple[Ints, Ints, Floats]:
    """Find the pairs of one block of origins."""
    to_node = _node_distances(net, spots, block, limit_m)
    near = to_node <= limit_m
    at_start, at_end = near[:, net.start], near[:, net.end]
    touched = at_start | at_end
    touched[np.arange(len(block)), spots.edge[block]] = True
    origin, edge = np.nonzero(touched)
    pieces = np.diff(np.append(net.first_lixel, len(net.lixel_edge)))[edge]
    pair = np.repeat(np.arange(len(edge)), pieces)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    lixel = net.first_lixel[edge][pair] + within
    origin, edge = origin[pair], edge[pair]
    middle = net.lixel_m[lixel]
    distance = np.minimum(
        to_node[origin, net.start[edge]] + middle,
        to_node[origin, net.end[edge]] + net.length_m[edge] - middle,
    )
    same = edge == spots.edge[block][origin]
    direct = np.abs(middle - spots.along_m[block][origin])
    distance = np.where(same, np.minimum(distance, direct), distance)
    inside = distance <= limit_m
    return block[origin[inside]], lixel[inside], distance[inside]


def density(net: Net, spots: Spots, weights: Floats, *, bandwidth_m: float = BANDWIDTH_M) -> Floats:
    """Estimate the density of events along the network, weight per metre, one value a lixel.

    Notes
    -----
    Epanechnikov kernel 0.75·(1 − (d/b)²)/b over network distance; at junctions the kernel goes
    into every branch whole, which overstates density there (the simple kernel of Okabe et al.).
    """
    near = reach(net, spots, bandwidth_m)
    kernel = 0.75 * (1 - (near.distance_m / bandwidth_m) ** 2) / bandwidth_m
    return np.bincount(
        near.lixel, weights=kernel * weights[near.origin], minlength=len(net.lixel_edge)
    ).astype(np.float64)
