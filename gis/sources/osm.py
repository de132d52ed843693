"""What does an OpenStreetMap file say about paths, streets and what lies around them?

Taken: PBF, XML (also gzipped) and answers of the Overpass API in JSON. Which objects and tags are
kept is said by ``osm_roles.csv`` and ``osm_tags.csv``. Rows come in order of id, whatever the
order of the file. Nothing is cut or judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.sources import osm_overpass, osm_patient, osm_tags
from gis.sources.faults import fault_frame
from gis.sources.flat import ranges
from gis.sources.osm_areas import read_areas
from gis.sources.osm_fast import NeedsPatienceError, list_objects
from gis.sources.osm_form import form
from gis.sources.osm_points import read_points
from gis.sources.osm_roles import played
from gis.sources.osm_vertices import read_vertices
from gis.sources.reading import Reading
from gis.sources.tables import ROUTES, tag_keys

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.faults import Fault
    from gis.sources.osm_fast import Listing
    from gis.sources.osm_objects import Objects
    from gis.sources.osm_vertices import Vertices

NAME_LENGTH: Final = 200
SHORTEST: Final = 2


def read(path: Path) -> Reading:
    """Read an OSM file.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.gz``, ``.osm.pbf`` or Overpass ``.json``.

    Returns
    -------
    reading
        What the file says; small faults are rows of ``faults``.

    Raises
    ------
    SourceError
        If the file is empty, truncated, no OSM data, not what its name says, or without a single
        node, way and relation of use.
    """
    shape = form(path)
    if shape.startswith("json"):
        return _reading(osm_overpass.list_objects(path, shape))
    try:
        listing = list_objects(path, shape)
    except NeedsPatienceError:
        listing = osm_patient.list_objects(path, shape)
    return _reading(listing)


def _reading(listing: Listing) -> Reading:
    """Make a reading of listed objects."""
    nodes, ways, relations = listing.nodes, listing.ways, listing.relations
    frame, vertices, faults = _ways(ways)
    points, bad_points = read_points(nodes)
    areas, bad_areas = read_areas(ways, relations, listing.members)
    faults += [*bad_points, *bad_areas, *_negative_ids(frame, points)]
    for kind, objects in (("node", nodes), ("way", ways), ("relation", relations)):
        faults += [(f"osm:{kind}/{i}", "repeated_object", n) for i, n in objects.repeated]
    return Reading(
        ways=frame,
        vertices=vertices,
        nodes=points,
        areas=areas,
        routes=_routes(relations, ways.ids),
        faults=fault_frame(faults),
    )


def _ways(objects: Objects) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """Read paths and streets: one row a way, flat vertices, faults."""
    roles = played(objects, "way")
    rows = roles["row"].to_numpy(dtype=np.int64)
    vertices = read_vertices(objects, rows)
    good = _distinct(vertices)
    faults = _faults(objects.ids[rows], vertices, good)
    kept, first, last = rows[good], vertices.first[good], vertices.last[good]
    flat = vertices.frame.iloc[ranges(first, last)].reset_index(drop=True)
    ends = np.cumsum(last - first)
    keys = tag_keys()
    columns = osm_tags.columns(objects, kept, keys)
    frame = pd.DataFrame(
        {
            "source_id": pd.array([f"osm:way/{i}" for i in objects.ids[kept]], dtype="str"),
            "role": pd.array(roles["role"].to_numpy()[good], dtype="str"),
            **columns,
            "other_tags": pd.array(osm_tags.as_json(objects, kept, without=keys), dtype="str"),
            "edited_at": osm_tags.times([objects.edited_at[row] for row in kept.tolist()]),
            "first": ends - (last - first),
            "last": ends,
        },
        copy=False,
    )
    return frame, flat, faults + _long_names(frame)


def _distinct(vertices: Vertices) -> np.ndarray:
    """Tell which ways have two vertices at different places."""
    lon, lat = vertices.frame["lon"].to_numpy(), vertices.frame["lat"].to_numpy()
    gap = vertices.frame["after_gap"].to_numpy()
    moves = np.zeros(len(lon) + 1, dtype=np.int64)
    moves[1:-1] = ((np.diff(lon) != 0) | (np.diff(lat) != 0)) & ~gap[1:]
    steps = np.concatenate(([0], np.cumsum(moves)))
    size = vertices.last - vertices.first
    inside = steps[vertices.last] - steps[np.minimum(vertices.first + 1, vertices.last)]
    return (size >= SHORTEST) & (inside > 0)


def _faults(ids: np.ndarray, vertices: Vertices, good: np.ndarray) -> list[Fault]:
    """List what is wrong with ways."""
    missing = vertices.missing - vertices.off_earth
    listed = [
        ("too_few_nodes", (~good).astype(np.int64)),
        ("missing_node", np.where(good, missing, 0)),
        ("coordinate_range", vertices.off_earth),
    ]
    return [
        (f"osm:way/{ids[row]}", code, int(counts[row]))
        for code, counts in listed
        for row in np.flatnonzero(counts).tolist()
    ]


def _long_names(frame: pd.DataFrame) -> list[Fault]:
    length = frame["name"].str.len().fillna(0).astype(int)
    long = length > NAME_LENGTH
    return [
        (feature, "long_name", int(n))
        for feature, n in zip(frame.loc[long, "source_id"], length[long], strict=True)
    ]


def _negative_ids(*frames: pd.DataFrame) -> list[Fault]:
    return [
        (feature, "negative_id", 1)
        for frame in frames
        for feature in frame.loc[frame["source_id"].str.contains("/-", regex=False), "source_id"]
    ]


def _routes(relations: Objects, ways: np.ndarray) -> pd.DataFrame:
    """Read route relations: one row for each member way that is in the file."""
    rows = np.arange(len(relations.ids))
    tags = osm_tags.columns(relations, rows, ("type", "route", "name", "network"))
    rows = rows[tags["type"].isin(["route"]) & tags["route"].isin(ROUTES)]
    first, last = relations.first[rows], relations.last[rows]
    of, member = np.repeat(rows, last - first), relations.refs[ranges(first, last)]
    pairs = np.unique(np.column_stack((of, member))[np.isin(member, ways)], axis=0)
    at = pairs[:, 0]
    return pd.DataFrame(
        {
            "source_id": pd.array([f"osm:relation/{i}" for i in relations.ids[at]], dtype="str"),
            "member_id": pd.array([f"osm:way/{i}" for i in pairs[:, 1]], dtype="str"),
            **{key: tags[key].take(at) for key in ("route", "name", "network")},
        }
    )
