"""Which areas does an OSM delivery hold: buildings, water, greenery, school grounds, squares?

An area is a closed way or a multipolygon of ways. A way or multipolygon that the edge of the file
cuts is no area and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.crs import WGS84
from gis.sources import osm_tags
from gis.sources.flat import ranges
from gis.sources.osm_roles import played
from gis.sources.osm_vertices import read_vertices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.sources.faults import Fault
    from gis.sources.osm_objects import Objects
    from gis.sources.osm_vertices import Vertices

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

RING: Final = 4
COLUMNS: Final = ("source_id", "role", "kind", "park", "name", "geometry")
AREA: Final = "yes"
PEDESTRIAN: Final = "pedestrian"


def read_areas(
    ways: Objects, relations: Objects, members: Objects
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read everything that is an area.

    Parameters
    ----------
    ways, relations
        Tagged ways and relations of the file.
    members
        The ways that multipolygons are made of, tagged or not.

    Returns
    -------
    areas
        As ``Reading.areas``: ways first, then relations, by id and role.
    faults
        Multipolygons that cannot be closed.
    """
    closed = _closed_ways(ways)
    joined, faults = _multipolygons(relations, members)
    both = pd.concat([closed, joined], ignore_index=True)
    return gpd.GeoDataFrame(both[list(COLUMNS)], geometry="geometry", crs=WGS84), faults


def _closed_ways(ways: Objects) -> pd.DataFrame:
    """Read closed ways that play a role; a pedestrian ring without area=yes is a street."""
    roles = played(ways, "area")
    rows = np.unique(roles["row"].to_numpy())
    is_area = osm_tags.columns(ways, rows, ("area",))["area"]
    street = roles["kind"].eq(PEDESTRIAN) & ~_of(
        roles, rows, np.asarray(is_area == AREA, dtype=np.bool_)
    )
    roles = roles[~street].reset_index(drop=True)
    shapes = _rings(read_vertices(ways, rows))
    return _frame(ways, roles, rows, shapes, "way")


def _of(roles: pd.DataFrame, rows: Ints, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Give each role the value of its object."""
    return values[np.searchsorted(rows, roles["row"].to_numpy())]


def _rings(vertices: Vertices) -> Shapes:
    """Return a polygon for each way that is a whole ring, else None."""
    node = vertices.frame["node_id"].to_numpy()
    size = vertices.last - vertices.first
    whole = np.flatnonzero((size >= RING) & (vertices.missing == 0))
    whole = whole[node[vertices.first[whole]] == node[vertices.last[whole] - 1]]
    shapes: Shapes = np.full(len(size), None, dtype=object)
    at = ranges(vertices.first[whole], vertices.last[whole])
    xy = vertices.frame[["lon", "lat"]].to_numpy()[at]
    if len(whole):
        rings = shapely.linearrings(xy, indices=np.repeat(np.arange(len(whole)), size[whole]))
        shapes[whole] = _valid(np.asarray(shapely.polygons(rings), dtype=object))
    return shapes


def _valid(shapes: Shapes) -> Shapes:
    """Repair polygons that cross themselves; None when nothing is left."""
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    shapes[~polygonal] = None
    return shapes


def _multipolygons(relations: Objects, members: Objects) -> tuple[pd.DataFrame, list[Fault]]:
    """Build areas of relations from their member ways."""
    roles = played(relations, "area")
    rows = np.unique(roles["row"].to_numpy())
    types = osm_tags.columns(relations, rows, ("type",))["type"]
    rows = rows[np.asarray(types == "multipolygon", dtype=np.bool_)]
    roles = roles[roles["row"].isin(rows)].reset_index(drop=True)
    shapes, whole = _built(relations, rows, members)
    faults = [
        (f"osm:relation/{number}", "broken_area", 1)
        for number, good in zip(relations.ids[rows].tolist(), whole.tolist(), strict=True)
        if not good
    ]
    return _frame(relations, roles, rows, shapes, "relation"), faults


def _built(relations: Objects, rows: Ints, members: Objects) -> tuple[Shapes, NDArray[np.bool_]]:
    """Close the member ways of each relation to one shape, holes by the even-odd rule."""
    first, last = relations.first[rows], relations.last[rows]
    relation = np.repeat(np.arange(len(rows)), last - first)
    wanted = relations.refs[ranges(first, last)]
    at = np.searchsorted(members.ids, wanted)
    there = at < len(members.ids)
    there[there] = members.ids[at[there]] == wanted[there]
    vertices = read_vertices(members, np.arange(len(members.ids)))
    size = vertices.last - vertices.first
    usable = there.copy()
    usable[there] = (size[at[there]] > 1) & (vertices.missing[at[there]] == 0)
    whole = np.bincount(relation[~usable], minlength=len(rows)) == 0
    whole &= np.bincount(relation, minlength=len(rows)) > 0
    usable &= whole[relation]
    shapes: Shapes = np.full(len(rows), None, dtype=object)
    if usable.any():
        of, line = relation[usable], at[usable]
        flat = ranges(vertices.first[line], vertices.last[line])
        xy = vertices.frame[["lon", "lat"]].to_numpy()[flat]
        lines = shapely.linestrings(xy, indices=np.repeat(np.arange(len(line)), size[line]))
        number, compact = np.unique(of, return_inverse=True)
        outlines = shapely.multilinestrings(np.asarray(lines), indices=compact)
        shapes[number] = _valid(np.asarray(shapely.build_area(outlines), dtype=object))
    return shapes, whole & ~shapely.is_missing(shapes)


def _frame(
    objects: Objects, roles: pd.DataFrame, rows: Ints, shapes: Shapes, kind: str
) -> pd.DataFrame:
    """Put roles, names and shapes side by side, without rows that have no shape."""
    at = np.searchsorted(rows, roles["row"].to_numpy())
    names = osm_tags.columns(objects, rows, ("name",))["name"]
    ids = objects.ids[rows]
    frame = pd.DataFrame(
        {
            "source_id": pd.array([f"osm:{kind}/{ids[i]}" for i in at], dtype="str"),
            "role": pd.array(roles["role"].to_numpy(), dtype="str"),
            "kind": pd.array(roles["kind"].to_numpy(), dtype="str"),
            "park": roles["park"].to_numpy(dtype=bool),
            "name": names.take(at),
            "geometry": shapes[at],
        }
    )
    return frame[~shapely.is_missing(shapes[at])]
