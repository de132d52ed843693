"""Which points does an OSM delivery hold: signs, crossings, barriers, schools, places?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.crs import WGS84
from gis.sources import osm_tags
from gis.sources.osm_objects import SCALE
from gis.sources.osm_roles import played
from gis.sources.osm_vertices import on_earth
from gis.sources.tables import NODE_KEYS

if TYPE_CHECKING:
    from gis.sources.faults import Fault
    from gis.sources.osm_objects import Objects


def read_points(objects: Objects) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read the nodes that play a role.

    Parameters
    ----------
    objects
        Nodes; each refers to itself.

    Returns
    -------
    points
        As ``Reading.nodes``: a row for each role of a node, by id and role.
    faults
        Nodes whose position is none on earth; they are left out.
    """
    roles = played(objects, "node")
    rows = np.unique(roles["row"].to_numpy())
    place = {row: i for i, row in enumerate(rows.tolist())}
    x, y = objects.x[rows], objects.y[rows]
    good = on_earth(x, y)
    at = roles["row"].map(place).to_numpy(dtype=np.int64)
    tags = osm_tags.columns(objects, rows, ("name", *NODE_KEYS))
    ids = objects.ids[rows]
    frame = gpd.GeoDataFrame(
        {
            "source_id": pd.array([f"osm:node/{ids[i]}" for i in at], dtype="str"),
            "node_id": ids[at],
            "role": pd.array(roles["role"].to_numpy(), dtype="str"),
            "kind": pd.array(roles["kind"].to_numpy(), dtype="str"),
            "tags": pd.array(np.array(osm_tags.as_json(objects, rows), object)[at], dtype="str"),
            **{key: values.take(at) for key, values in tags.items()},
        },
        geometry=shapely.points(x[at] / SCALE, y[at] / SCALE),
        crs=WGS84,
    )
    faults = [(f"osm:node/{number}", "coordinate_range", 1) for number in ids[~good].tolist()]
    return frame[good[at]].reset_index(drop=True), faults
