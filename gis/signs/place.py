"""At which segment does a sign stand?

Distances are metres in the working CRS of the network. A sign belongs to the nearest segment
within `REACH_M`; a segment whose data does not admit the sign's traffic counts as
`ADMIT_MALUS_M` farther away, so that a cycle sign between a pavement and a cycle path goes to the
cycle path. A sign on a node of the way is steered by its ``direction``. The second best is kept,
so that a doubtful placing can be seen. Compass directions are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.signs.parse import MAIN_ROLES, parse, read

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.network import Network
    from gis.signs.catalogue import Catalogue

REACH_M: Final = 10.0
"""How far from its path a sign may stand."""
ADMIT_MALUS_M: Final = 2.0
"""How much nearer a segment must be that does not admit the sign's traffic: a weak tie-break."""
END_M: Final = 15.0
"""How near an end of a segment a sign counts as standing at that end."""
ON_WAY_M: Final = 0.5
"""How near a way a sign counts as one of its nodes."""

CYCLE_SIGNS: Final = ("cykelbana", "gc_gemensam", "gc_atskild")
PATH_SIGNS: Final = (*CYCLE_SIGNS, "gangbana")
STREET_SIGNS: Final = ("cykelgata", "gagata", "gangfartsomrade")
CROSSING_SIGNS: Final = ("cykeloverfart", "cykelpassage", "overgangsstalle")
CYCLABLE: Final = ("cycleway", "path", "track", "bridleway")
PERMITTING: Final = ("designated", "official", "yes", "permissive")
ADDED: Final = (
    "segment_id",
    "end",
    "distance_m",
    "second_segment_id",
    "second_distance_m",
    "path_class",
)


def place(network: Network, catalogue: Catalogue) -> gpd.GeoDataFrame:
    """Put each sign at its segment.

    Parameters
    ----------
    network
        Its ``signs`` and ``segments``, in the same projected CRS.
    catalogue
        The signs of the area's country.

    Returns
    -------
    signs
        The network's signs with ``segment_id`` (null when no segment lies within `REACH_M` or the
        sign says nothing about paths), ``end`` (start, end, along), ``distance_m``,
        ``second_segment_id``, ``second_distance_m`` and ``path_class`` (what the sign implies,
        null when it is no path sign).
    """
    signs, segments = network.signs, network.segments
    said = _said(signs["raw"], catalogue)
    pairs = _pairs(signs, segments, said)
    best = pairs.drop_duplicates("sign")
    second = pairs[pairs.duplicated("sign")].drop_duplicates("sign").set_index("sign")
    ids = segments["segment_id"].to_numpy(dtype=object)
    found = pd.DataFrame(index=pd.RangeIndex(len(signs)), columns=list(ADDED), dtype=object)
    found["path_class"] = said["path_class"].to_numpy()
    rows = best["sign"].to_numpy()
    found.loc[rows, "segment_id"] = ids[best["segment"].to_numpy()]
    found.loc[rows, "end"] = _end(signs, segments, best)
    found.loc[rows, "distance_m"] = best["distance_m"].to_numpy()
    found.loc[second.index, "second_segment_id"] = ids[second["segment"].to_numpy()]
    found.loc[second.index, "second_distance_m"] = second["distance_m"].to_numpy()
    numbers = {"distance_m": "float64", "second_distance_m": "float64"}
    kept = signs.drop(columns=[name for name in ADDED if name in signs.columns])
    return kept.reset_index(drop=True).join(found.astype(numbers))


def _said(raw: pd.Series, catalogue: Catalogue) -> pd.DataFrame:
    """Read each distinct text once: the class it implies, and whether it says anything of paths."""
    known = {}
    for text in raw.dropna().unique():
        found = parse(text, catalogue.country)
        reading = read(found, country=catalogue.country)
        telling = any(sign.role in {*MAIN_ROLES, "end", "ban"} for sign in found)
        known[text] = (reading.path_class, telling)
    told = [known.get(text, (None, False)) for text in raw]
    return pd.DataFrame(told, columns=["path_class", "telling"], index=pd.RangeIndex(len(raw)))


def _pairs(signs: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """List the segments within reach of each sign, the best first."""
    telling = np.flatnonzero(said["telling"].to_numpy(dtype=bool))
    points = signs.geometry.to_numpy()[telling]
    which, segment = segments.sindex.query(points, predicate="dwithin", distance=REACH_M)
    lines = segments.geometry.to_numpy()
    pairs = pd.DataFrame({"sign": telling[which], "segment": segment})
    pairs["distance_m"] = shapely.distance(points[which], lines[segment])
    wanted = said["path_class"].to_numpy(dtype=object)[pairs["sign"]]
    there = segments.iloc[segment].reset_index(drop=True)
    unfit = ~_admits(there, wanted) | ~_ahead(signs, there, pairs)
    never = _never(there, wanted)
    pairs["score"] = pairs["distance_m"] + ADMIT_MALUS_M * unfit
    pairs["id"] = there["segment_id"].to_numpy()
    nearer = _at_crossing(there, wanted, pairs)
    pairs = pairs[~never & ~(unfit & nearer)]
    return pairs.sort_values(["sign", "score", "distance_m", "id"], ignore_index=True)


def _at_crossing(
    segments: pd.DataFrame, wanted: NDArray[np.object_], pairs: pd.DataFrame
) -> NDArray[np.bool_]:
    """Tell for which pairs a cycle sign stands nearer to a crossing made for cyclists.

    Such a sign means the path behind the crossing, not the footway that happens to end beside it.
    """
    crosses = segments["kind"].eq("crossing") & segments["highway"].isin(CYCLABLE)
    crosses &= np.isin(wanted.astype("U32"), CYCLE_SIGNS)
    nearest = pairs["distance_m"].where(crosses.to_numpy(dtype=bool)).groupby(pairs["sign"])
    held: NDArray[np.bool_] = (pairs["distance_m"] > nearest.transform("min")).to_numpy(dtype=bool)
    return held


def _never(segments: pd.DataFrame, wanted: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which segments a sign of a class is never put up for.

    A path sign stands neither for steps, nor for a crossing, nor for the ring of an area; a street
    sign for nothing but a street or a square; a crossing sign for nothing but a crossing.
    """
    crossing = segments["kind"].eq("crossing")
    no_path = segments["highway"].eq("steps") | _column(segments, "area").eq("yes") | crossing
    no_street = segments["kind"].ne("street") & segments["highway"].ne("pedestrian")
    classes = wanted.astype("U32")
    never = np.zeros(len(segments), dtype=bool)
    for signs, unfit in (
        (PATH_SIGNS, no_path),
        (STREET_SIGNS, no_street),
        (CROSSING_SIGNS, ~crossing),
    ):
        never |= np.isin(classes, signs) & unfit.to_numpy(dtype=bool)
    return never


def _admits(segments: pd.DataFrame, wanted: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which segments the sign's class may describe; a sign without class fits any."""
    kind = segments["kind"].to_numpy(dtype=object)
    cycles = _column(segments, "bicycle").isin(PERMITTING)
    cycles |= segments["highway"].isin(CYCLABLE) | _column(segments, "side_tag").eq("cycleway")
    on_foot = ~segments["highway"].eq("cycleway") & ~_column(segments, "side_tag").eq("cycleway")
    path = kind == "path"
    fits = np.ones(len(segments), dtype=bool)
    for classes, admitted in (
        (CYCLE_SIGNS, path & cycles.to_numpy(dtype=bool)),
        (("gangbana",), path & on_foot.to_numpy(dtype=bool)),
        (STREET_SIGNS, (kind == "street") | segments["highway"].eq("pedestrian").to_numpy(bool)),
        (CROSSING_SIGNS, kind == "crossing"),
    ):
        fits &= admitted | ~np.isin(wanted.astype("U32"), classes)
    return fits


def _ahead(
    signs: gpd.GeoDataFrame, segments: pd.DataFrame, pairs: pd.DataFrame
) -> NDArray[np.bool_]:
    """Tell which segments lie ahead of whoever reads the sign; true where nothing says so."""
    if "direction" not in signs.columns:
        return np.ones(len(pairs), dtype=bool)
    direction = signs["direction"].to_numpy(dtype=object)[pairs["sign"]]
    lines = segments.geometry.to_numpy()
    points = signs.geometry.to_numpy()[pairs["sign"]]
    place = shapely.line_locate_point(lines, points)
    left = shapely.length(lines) - place
    on_way = pairs["distance_m"].to_numpy() <= ON_WAY_M
    behind = ((direction == "forward") & (left < ON_WAY_M)) | (
        (direction == "backward") & (place < ON_WAY_M)
    )
    ahead: NDArray[np.bool_] = ~(on_way & behind)
    return ahead


def _end(
    signs: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, best: pd.DataFrame
) -> NDArray[np.object_]:
    """Tell at which end of its segment each sign stands."""
    lines = segments.geometry.to_numpy()[best["segment"]]
    length = shapely.length(lines)
    place = shapely.line_locate_point(lines, signs.geometry.to_numpy()[best["sign"]])
    near = np.minimum(END_M, length / 3)
    where = np.where(length - place <= near, "end", "along")
    return np.where(place <= near, "start", where).astype(object)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, or nulls where the network lacks it."""
    if name in frame.columns:
        return frame[name]
    return pd.Series(None, index=frame.index, dtype=object)
