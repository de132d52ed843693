"""Where could a control stand?

Candidates are points of the network that mean something: crossings, changes of class, ends of
paths and the way past a school. Each lies on one segment; where several meet, the clear one is
taken, then the nearest. Layers are in one projected CRS, metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import (
    STRtree,
    get_coordinates,
    get_point,
    line_interpolate_point,
    line_locate_point,
    points,
)
from shapely import distance as apart

from gis.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Shapes = npt.NDArray[np.object_]

CROSSING_M: Final = 15.0
STREET_M: Final = 30.0
UNKNOWN: Final = "okand"
MANY_CROSSINGS_M: Final = 100.0
SCHOOL_M: Final = 300.0
NODE_M: Final = 0.5
CHANGE: Final = 2
SEGMENT_COLUMNS: Final = (
    "segment_id",
    "kind",
    "path_class",
    "confidence",
    "basis",
    "severity",
    "flags",
    "signs",
    "reason_sv",
    "reason_en",
    "status",
    "name",
    "district",
    "bicycle_route",
    "length_m",
)


def live_segments(layers: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the segments a control can stand on, with every column the ranking reads.

    Raises
    ------
    LayerError
        If the layer is missing or not projected.
    """
    if "segments" not in layers:
        msg = "layer segments is missing; run the update first."
        raise LayerError(msg)
    segments = layers["segments"]
    if segments.crs is None or segments.crs.is_geographic:
        msg = "layer segments must be in the projected CRS of the area."
        raise LayerError(msg)
    whole = segments.reindex(columns=[*SEGMENT_COLUMNS, "geometry"])
    whole = gpd.GeoDataFrame(whole, geometry="geometry", crs=segments.crs)
    live = whole[whole["status"].ne("retired") & ~whole.geometry.is_empty]
    live = live.sort_values("segment_id").reset_index(drop=True)
    live["severity"] = live["severity"].fillna(0)
    live["length_m"] = live["length_m"].fillna(live.length)
    live["bicycle_route"] = live["bicycle_route"].isin([True])
    return live


def candidates(
    layers: Mapping[str, gpd.GeoDataFrame], segments: gpd.GeoDataFrame, clear: pd.Series
) -> gpd.GeoDataFrame:
    """Find the candidate places.

    Parameters
    ----------
    layers
        ``crossings``, ``streets`` and ``places`` where there are any.
    segments
        From `live_segments`.
    clear
        Which segments a control of this kind may stand on.

    Returns
    -------
    places
        Points with the segment's columns and ``origin``, ``crossing_class``, ``unsignalised``,
        ``crossings_100m``, ``maxspeed_kmh``, ``school_m``, ``school_id``, ``schools_300m``,
        ``classes_at_node``, ``segments_at_node``, ``path_end``; one row a place and segment.
    """
    found = [
        _crossings(layers.get("crossings"), segments, clear),
        _nodes(segments, clear),
        _schools(schools_of(layers), segments, clear),
    ]
    spots = pd.concat(found, ignore_index=True)
    spots = spots.drop_duplicates(["position", "x", "y"])
    spots = spots.sort_values(["position", "x", "y"], ignore_index=True)
    chosen = segments.drop(columns="geometry").iloc[spots["position"]].reset_index(drop=True)
    places = gpd.GeoDataFrame(
        pd.concat([chosen, spots.drop(columns="position")], axis=1),
        geometry=points(spots[["x", "y"]].to_numpy(float)),
        crs=segments.crs,
    )
    return _surroundings(places, layers)


def ordered(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer in order of place, so that the order of a file changes no answer."""
    box = layer.geometry.bounds
    order = np.lexsort([box[side].to_numpy() for side in ("maxy", "maxx", "miny", "minx")])
    return layer.iloc[order].reset_index(drop=True)


def schools_of(layers: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame | None:
    """Return the schools among the places as points; None without any."""
    if "places" not in layers:
        return None
    schools = layers["places"]
    schools = schools[schools["kind"].eq("school")].sort_values("place_id").reset_index(drop=True)
    if schools.empty:
        return None
    return schools.set_geometry(schools.geometry.representative_point())


def _spots(position: np.ndarray, xy: np.ndarray, origin: str) -> pd.DataFrame:
    """Build rows of candidate points, rounded to the decimetre."""
    xy = np.round(xy.reshape(-1, 2), 1)
    return pd.DataFrame(
        {"position": position.astype(int), "x": xy[:, 0], "y": xy[:, 1], "origin": origin}
    )


def _best_segment(
    where: Shapes, segments: gpd.GeoDataFrame, clear: pd.Series, *, within_m: float
) -> pd.DataFrame:
    """Choose for each point the clear, then nearest segment within a distance."""
    lines = np.asarray(segments.geometry.array)
    point, position = STRtree(lines).query(where, "dwithin", within_m)
    pairs = pd.DataFrame(
        {
            "point": point,
            "position": position,
            "unclear": ~clear.to_numpy()[position],
            "distance": np.round(apart(where[point], lines[position]), 1),
        }
    )
    order = ["point", "unclear", "distance", "position"]
    return pairs.sort_values(order).drop_duplicates("point")


def _on_segment(chosen: pd.DataFrame, where: Shapes, segments: gpd.GeoDataFrame) -> np.ndarray:
    """Return the points of the chosen segments nearest to the given points."""
    lines = np.asarray(segments.geometry.array)[chosen["position"]]
    given = where[chosen["point"].to_numpy()]
    return get_coordinates(line_interpolate_point(lines, line_locate_point(lines, given)))


def _crossings(
    crossings: gpd.GeoDataFrame | None, segments: gpd.GeoDataFrame, clear: pd.Series
) -> pd.DataFrame:
    """Put each crossing on a segment within 15 m; others hold no candidate."""
    if crossings is None or crossings.empty:
        return _spots(np.zeros(0), np.zeros((0, 2)), "crossing")
    where = np.asarray(ordered(crossings).geometry.array)
    chosen = _best_segment(where, segments, clear, within_m=CROSSING_M)
    return _spots(chosen["position"].to_numpy(), _on_segment(chosen, where, segments), "crossing")


def _nodes(segments: gpd.GeoDataFrame, clear: pd.Series) -> pd.DataFrame:
    """Find ends of paths and nodes where classes meet."""
    lines = np.asarray(segments.geometry.array)
    xy = np.concatenate([get_coordinates(get_point(lines, place)) for place in (0, -1)])
    ends = pd.DataFrame(
        {
            "position": np.tile(np.arange(len(segments)), 2),
            "x": xy[:, 0],
            "y": xy[:, 1],
            "path_class": np.tile(segments["path_class"].to_numpy(), 2),
            "path": np.tile(segments["kind"].eq("path").to_numpy(), 2),
            "unclear": np.tile(~clear.to_numpy(), 2),
        }
    )
    ends["node_x"] = (ends["x"] / NODE_M).round().astype(int)
    ends["node_y"] = (ends["y"] / NODE_M).round().astype(int)
    ends["known_class"] = ends["path_class"].mask(ends["path_class"].eq(UNKNOWN))
    node = ends.groupby(["node_x", "node_y"], sort=True)
    ends["classes_at_node"] = node["known_class"].transform("nunique")
    ends["segments_at_node"] = node["position"].transform("size")
    ends["path_end"] = ends["path"] & ends["segments_at_node"].eq(1)
    kept = ends[ends["path_end"] | ends["classes_at_node"].ge(CHANGE)]
    kept = kept.sort_values(["node_x", "node_y", "unclear", "position"])
    kept = kept.drop_duplicates(["node_x", "node_y"])
    spots = _spots(kept["position"].to_numpy(), kept[["x", "y"]].to_numpy(), "path_end")
    for column in ("classes_at_node", "segments_at_node", "path_end"):
        spots[column] = kept[column].to_numpy()
    spots["origin"] = np.where(kept["path_end"], "path_end", "class_change")
    return spots


def _schools(
    schools: gpd.GeoDataFrame | None, segments: gpd.GeoDataFrame, clear: pd.Series
) -> pd.DataFrame:
    """Find the way past each school: the clear, then nearest segment within 300 m."""
    if schools is None:
        return _spots(np.zeros(0), np.zeros((0, 2)), "school")
    where = np.asarray(schools.geometry.array)
    chosen = _best_segment(where, segments, clear, within_m=SCHOOL_M)
    return _spots(chosen["position"].to_numpy(), _on_segment(chosen, where, segments), "school")


def _surroundings(
    places: gpd.GeoDataFrame, layers: Mapping[str, gpd.GeoDataFrame]
) -> gpd.GeoDataFrame:
    """Add what lies around each place."""
    around = places.copy()
    for column, empty in (("classes_at_node", 1), ("segments_at_node", 1), ("path_end", False)):
        known = around.get(column)
        filled = known.where(known.notna(), empty) if known is not None else empty
        around[column] = filled
        around[column] = around[column].astype(type(empty))
    _add_crossings(around, layers.get("crossings"))
    _add_speed(around, layers.get("streets"))
    _add_schools(around, schools_of(layers))
    return around


def _add_crossings(around: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame | None) -> None:
    """Add class and signal of the crossing here, and how many there are within 100 m."""
    around["crossing_class"] = None
    around["unsignalised"] = False
    around["crossings_100m"] = 0
    if crossings is None or crossings.empty or around.empty:
        return
    crossings = ordered(crossings)
    tree = STRtree(crossings.geometry.to_numpy())
    here = tree.query_nearest(
        around.geometry.to_numpy(), max_distance=CROSSING_M, all_matches=False
    )
    classes = np.full(len(around), None, dtype=object)
    classes[here[0]] = crossings["crossing_class"].to_numpy()[here[1]]
    around["crossing_class"] = classes
    bare = np.zeros(len(around), dtype=bool)
    # A crossing of unknown kind is one that nobody has described: its signal is unknown too.
    without = ~crossings["signalised"].fillna(value=False) & crossings["crossing_class"].ne(UNKNOWN)
    bare[here[0]] = without.to_numpy(bool)[here[1]]
    around["unsignalised"] = bare
    near = tree.query(around.geometry.to_numpy(), "dwithin", MANY_CROSSINGS_M)
    pairs = pd.DataFrame({"place": near[0], "crossing": _joined(crossings)[near[1]]})
    number = pairs.groupby("place")["crossing"].nunique()
    around["crossings_100m"] = number.reindex(range(len(around)), fill_value=0).to_numpy()


def _joined(crossings: gpd.GeoDataFrame) -> npt.NDArray[np.int32]:
    """Give all points of one crossing, on islands and lanes, the same number."""
    points_of = crossings.geometry.to_numpy()
    one, other = STRtree(points_of).query(points_of, "dwithin", CROSSING_M)
    size = len(points_of)
    links = coo_array((np.ones(len(one)), (one, other)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)


def _add_speed(around: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None) -> None:
    """Add the highest known speed limit of the streets within 30 m; null when none is known."""
    around["maxspeed_kmh"] = np.nan
    if streets is None or streets.empty or around.empty:
        return
    tree = STRtree(streets.geometry.to_numpy())
    place, street = tree.query(around.geometry.to_numpy(), "dwithin", STREET_M)
    speed = pd.Series(pd.to_numeric(streets["maxspeed_kmh"]).to_numpy()[street], dtype=float)
    highest = speed.groupby(place).max()
    around["maxspeed_kmh"] = highest.reindex(range(len(around))).to_numpy()


def _add_schools(around: gpd.GeoDataFrame, schools: gpd.GeoDataFrame | None) -> None:
    """Add the nearest school, its distance in a straight line, and the number within 300 m."""
    around["school_m"], around["school_id"], around["schools_300m"] = np.nan, None, 0
    if schools is None or around.empty:
        return
    tree = STRtree(schools.geometry.to_numpy())
    (place, school), distance = tree.query_nearest(
        around.geometry.to_numpy(), return_distance=True, all_matches=False
    )
    order = np.argsort(place)
    around["school_m"] = distance[order]
    around["school_id"] = schools["place_id"].to_numpy()[school[order]]
    near = tree.query(around.geometry.to_numpy(), "dwithin", SCHOOL_M)
    around["schools_300m"] = np.bincount(near[0], minlength=len(around))
