"""What do points and records of a source say of segments?

A passage belongs to the nearest crossing, a point of a table to the nearest segment; a regulation
without a line meets the segments that name its id; schools become places. Metres.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import crs
from gis.errors import LayerError
from gis.network.around import SCHOOL_M
from gis.network.ids import mint
from gis.sources.said import FACTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.network.model import Network

# Passages are placed "a bit off" (nvdb2osm); as far as lines may be moved.
REACH_M: Final = 15.0


def epsg_of(layer: gpd.GeoDataFrame) -> int:
    """Return the code of a layer's working CRS.

    Raises
    ------
    LayerError
        If the layer does not say it.
    """
    told = layer.crs.to_epsg() if layer.crs is not None else None
    if told is None:
        msg = "the segments name no coordinate system of the EPSG registry; name the area's"
        raise LayerError(msg)
    return int(told)


def beside_points(segments: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give segments what points beside them say, where nothing is said yet.

    Parameters
    ----------
    segments
        With the columns ``said_<fact>``.
    points
        Points of ``Said`` in the same CRS; roles passage and said.
    """
    out = segments
    for role, kinds in (("passage", ("crossing",)), ("said", ())):
        told = points[points["role"].eq(role)].reset_index(drop=True)
        if len(told):
            out = _nearest(out, told, kinds)
    return out


def _nearest(
    segments: gpd.GeoDataFrame, points: gpd.GeoDataFrame, kinds: tuple[str, ...]
) -> gpd.GeoDataFrame:
    """Lay the facts of each point on the nearest segment; the nearest point speaks first."""
    rows = np.flatnonzero(segments["kind"].isin(kinds).to_numpy() if kinds else segments.index >= 0)
    if not len(rows):
        return segments
    ids = segments["segment_id"].to_numpy(dtype=object)[rows].astype("U")
    rows = rows[np.argsort(ids, kind="stable")]
    tree = shapely.STRtree(segments.geometry.to_numpy()[rows])
    (point, at), distance = tree.query_nearest(
        points.geometry.to_numpy(), max_distance=REACH_M, return_distance=True, all_matches=False
    )
    found = pd.DataFrame({"segment": rows[at], "point": point, "distance": distance})
    found = found.sort_values(["segment", "distance", "point"])
    said = points[[name for name in FACTS if points[name].notna().any()]].iloc[found["point"]]
    best = said.groupby(found["segment"].to_numpy()).first().reindex(segments.index)
    return segments.assign(
        **{
            f"said_{name}": segments[f"said_{name}"].where(
                segments[f"said_{name}"].notna(), best[name].astype(segments[f"said_{name}"].dtype)
            )
            for name in best.columns
        }
    )


def ltf_by_id(segments: gpd.GeoDataFrame, records: Sequence[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Give segments that name a regulation the class that the regulation gives.

    Parameters
    ----------
    segments
        With ``said_ltf_id`` and ``said_ltf_class``.
    records
        Records of sources; rows of the kind regulation have ``ltf_id`` and ``ltf_class``.
    """
    told = [rows[rows["kind"].eq("regulation")] for rows in records if "ltf_class" in rows]
    if not told:
        return segments
    listed = pd.concat(told).dropna(subset=["ltf_id", "ltf_class"])
    classes = listed.sort_values(["ltf_id", "ltf_class"]).drop_duplicates("ltf_id")
    named = segments["said_ltf_id"].map(classes.set_index("ltf_id")["ltf_class"]).astype("str")
    known = segments["said_ltf_class"]
    return segments.assign(said_ltf_class=known.where(known.notna(), named))


def with_schools(network: Network, points: gpd.GeoDataFrame) -> Network:
    """Add the schools of a register to the network's places, and mark the segments near them.

    Parameters
    ----------
    network
        In the working CRS.
    points
        Points of ``Said``; the role school.
    """
    told = points[points["role"].eq("school")]
    if told.empty:
        return network
    schools = crs.to(told, epsg_of(network.segments))
    rows = gpd.GeoDataFrame(
        {
            "place_id": pd.array([mint("p", one) for one in schools["source_id"]], dtype="str"),
            "source_id": schools["source_id"].array,
            "kind": schools["kind"].array,
            "name": schools["name"].array,
        },
        geometry=schools.geometry.to_numpy(),
        crs=schools.crs,
    )
    places = pd.concat([network.places, rows], ignore_index=True)
    pupils = rows[rows["kind"].eq("school")].geometry.to_numpy()
    near = np.zeros(len(network.segments), dtype=bool)
    if len(pupils):
        lines = network.segments.geometry.to_numpy()
        found = shapely.STRtree(pupils).query(lines, predicate="dwithin", distance=SCHOOL_M)
        near[np.unique(found[0])] = True
    marked = network.segments["near_school"].to_numpy(dtype=bool) | near
    return replace(
        network,
        segments=network.segments.assign(near_school=marked),
        places=gpd.GeoDataFrame(places, geometry="geometry", crs=rows.crs),
    )
