"""Which pieces are segments, and what is said of each?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network import kinds, sides
from gis.network.sheet import common_columns, ids_of
from gis.sources.flat import ranges
from gis.sources.osm_tags import null_text
from gis.sources.tables import tag_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.network.sheet import Sheet

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

# A mitre longer than this many offsets is cut off at a sharp bend.
MITRE: Final = 2.0
# Row of the side's own words when a segment is no side.
NO_SIDE: Final = -1


def segments(sheet: Sheet, routes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the segments of a sheet, in order of way, piece and side.

    Parameters
    ----------
    sheet
        Ways and their pieces.
    routes
        Route members.

    Returns
    -------
    segments
        As ``Network.segments``, but for what lies around.
    """
    on_route = kinds.on_route(sheet.ways, routes, "bicycle")
    found, own = _list(sheet, on_route)
    piece = found["piece"].to_numpy(dtype=np.int64)
    rows = sheet.pieces.way[piece]
    columns = common_columns(sheet, piece)
    columns |= _side_columns(columns, found["side_row"].to_numpy(dtype=np.int64), own)
    shapes = _shapes(sheet, found, rows)
    tag = found["side_tag"].fillna("").tolist()
    minted = ids_of(sheet, piece, found["side"].tolist(), tag)
    frame = pd.DataFrame(
        {
            "segment_id": pd.array(minted, dtype="str"),
            "kind": pd.array(found["kind"].to_numpy(dtype=object), dtype="str"),
            "side": pd.array(found["side"].to_numpy(dtype=object), dtype="str"),
            "side_tag": pd.array(found["side_tag"].to_numpy(dtype=object), dtype="str"),
            "side_value": pd.array(found["side_value"].to_numpy(dtype=object), dtype="str"),
            **columns,
            "length_m": shapely.length(shapes),
            "bicycle_route": on_route[rows],
        },
        copy=False,
    )
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=sheet.crs)


def _list(sheet: Sheet, on_route: Flags) -> tuple[pd.DataFrame, dict[str, pd.Series[str]]]:
    """List segments by piece, and what streets say of their sides (by ``side_row``)."""
    ways, way = sheet.ways, sheet.pieces.way
    street = ways["role"].eq("street").to_numpy(dtype=bool)
    path = np.flatnonzero(~street[way])
    own = np.flatnonzero((street & kinds.is_own_street(ways, on_route))[way])
    listed = sides.sides_of(ways[street].reset_index(drop=True))
    listed["way"] = np.flatnonzero(street)[listed["way"].to_numpy(dtype=np.int64)]
    whole = pd.concat(
        [
            pd.DataFrame({"piece": path, "kind": kinds.path_kind(ways)[way[path]]}),
            pd.DataFrame({"piece": own, "kind": "street"}),
        ]
    ).assign(side="none", side_tag=None, side_value=None, side_row=NO_SIDE)
    beside = _pieces_of(listed, way)
    both = pd.concat([whole, beside]) if len(beside) else whole
    order = ["piece", "side", "side_tag"]
    ordered = both.sort_values(order, ignore_index=True, na_position="first")
    return ordered, sides.own_columns(ways, listed)


def _pieces_of(listed: pd.DataFrame, way: Ints) -> pd.DataFrame:
    """Repeat each side for every piece of its street."""
    of = listed["way"].to_numpy(dtype=np.int64)
    first, last = np.searchsorted(way, of), np.searchsorted(way, of, side="right")
    row = np.repeat(np.arange(len(listed)), last - first)
    columns = ["kind", "side", "side_tag", "side_value"]
    return listed.loc[row, columns].assign(piece=ranges(first, last), side_row=row)


def _side_columns(
    columns: dict[str, Any], side_row: Ints, own: dict[str, pd.Series[str]]
) -> dict[str, Any]:
    """Replace, at sides, what the street says of itself by what it says of that side."""
    at_side = side_row != NO_SIDE
    if not at_side.any():
        return {}
    replaced = {}
    for key in tag_table().own_at_side:
        told = own.get(key)
        values = pd.Series(columns[key])
        if told is not None and told.notna().any():
            said = pd.Series(null_text(len(side_row)))
            said[at_side] = told.array.take(side_row[at_side])
            replaced[key] = values.where(~at_side, said).array
        elif values.notna().any():
            replaced[key] = values.mask(at_side).array
    return replaced


def _shapes(sheet: Sheet, found: pd.DataFrame, rows: Ints) -> Shapes:
    """Return the line of each segment, that of a side beside its street."""
    shapes: Shapes = sheet.lines[found["piece"].to_numpy(dtype=np.int64)]
    beside = np.flatnonzero(found["side_row"].to_numpy() != NO_SIDE)
    if len(beside):
        highway = sheet.ways["highway"].iloc[rows[beside]]
        metres = sides.offset_m(highway, found.iloc[beside].reset_index(drop=True))
        shapes[beside] = _offset(shapes[beside], metres)
    return shapes


def _offset(lines: Shapes, metres: NDArray[np.float64]) -> Shapes:
    """Move lines sideways; a line too short or crooked to be moved stays as it is."""
    moved = shapely.offset_curve(lines, metres, join_style="mitre", mitre_limit=MITRE)
    parts = shapely.get_num_geometries(moved)
    several = np.flatnonzero((parts > 1) & ~shapely.is_empty(moved))
    if len(several):
        pieces, of = shapely.get_parts(moved[several], return_index=True)
        longest = np.lexsort((shapely.length(pieces), of))
        last = np.append(of[longest][1:] != of[longest][:-1], values=True)
        moved[several] = pieces[longest[last]]
    bad = shapely.is_empty(moved) | (shapely.get_type_id(moved) != 1) | (shapely.length(moved) == 0)
    moved[bad] = lines[bad]
    start = shapely.distance(shapely.get_point(moved, 0), shapely.get_point(lines, 0))
    end = shapely.distance(shapely.get_point(moved, -1), shapely.get_point(lines, 0))
    backwards = end < start
    moved[backwards] = shapely.reverse(moved[backwards])
    return moved
