"""What does an inspector's phone take along of an area, and what became of what it sent?

An area is what lies around a place, inside a line that was drawn, or in a district. It is kept in
the phone, so that it asks nobody all day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from api.errors import Problem
from api.kinds import Kind
from gis import crs, marks
from gis.words import say
from maps.layers.segments import beside

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from api.auth.identity import Identity
    from gis.areas import Area
    from gis.store import Revision, Store
    from gis.words import Language

    Place = tuple[float, float]

LIMITS: Final = ("fix_good_m", "fix_usable_m", "fix_age_s")
COLUMNS: Final = (
    "kind", "side", "path_class", "status", "severity", "version", "length_m", "name", "width_m",
    "surface", "separation", "lit", "signs",
)  # fmt: skip
DIGITS: Final = 6
QUESTIONS: Final = 20
"""How many open questions of a segment stand in the form: all of them, short of a fault."""
WIDEST_M: Final = 20_000
"""No side of the box around an area may be longer."""
GROUND: Final = ("green", "water", "square", "school", "building")
"""What is drawn beneath the streets, the lowest first."""
NEWEST: Final = 500
"""How many of one's own marks are told."""


def limits(area: Area) -> dict[str, Any]:
    """Return the area's limits of a position's accuracy and age."""
    return {name: area.settings[name] for name in LIMITS}


def around(store: Store, area: Area, place: Place | None, radius_m: float) -> dict[str, Any]:
    """Return what lies in the square around a place.

    Parameters
    ----------
    store
        The public store.
    area
        Its working CRS.
    place
        Longitude and latitude, degrees; None takes the place of the store's first segment.
    radius_m
        Half the side of the square.

    Returns
    -------
    surroundings
        As `within` gives them.
    """
    place = place or _somewhere(store)
    east, north = (float(one) for one in crs.project(*place, source=crs.WGS84, target=area.crs))
    square = shapely.box(east - radius_m, north - radius_m, east + radius_m, north + radius_m)
    return within(store, area, square) | {"place": place}


def outlined(area: Area, corners: str) -> BaseGeometry:
    """Read a line that was drawn around an area.

    Parameters
    ----------
    area
        Its working CRS.
    corners
        ``lon,lat lon,lat …``, three or more, degrees.

    Returns
    -------
    outline
        In the working CRS.

    Raises
    ------
    Problem
        If they are no corners of an area, or the area is wider than `WIDEST_M`.
    """
    try:
        lon, lat = np.array([one.split(",") for one in corners.split()], dtype="float64").T
        outline = shapely.Polygon(
            np.column_stack(crs.project(lon, lat, source=crs.WGS84, target=area.crs))
        )
    except (ValueError, shapely.errors.ShapelyError) as error:
        raise Problem(Kind.BAD_PARAMETER) from error
    return _fitting(shapely.make_valid(outline))


def district(store: Store, name: str) -> BaseGeometry:
    """Return the outline of a district; a problem where there is none of that id."""
    found = store.layer("districts", ids=[name])
    if found.empty:
        raise Problem(Kind.NOT_FOUND)
    return _fitting(found.geometry.iloc[0])


def _fitting(outline: BaseGeometry) -> BaseGeometry:
    """Return an outline that a phone can take along; a problem for any other."""
    west, south, east, north = outline.bounds if outline.area else (0, 0, np.inf, 0)
    if not max(east - west, north - south) <= WIDEST_M:
        raise Problem(Kind.BAD_PARAMETER)
    return outline


def within(store: Store, area: Area, outline: BaseGeometry) -> dict[str, Any]:
    """Return the living segments, their questions, the streets and the ground of an area.

    Parameters
    ----------
    store
        The public store.
    area
        Its working CRS.
    outline
        In that CRS; what touches it is taken.

    Returns
    -------
    surroundings
        ``segments`` (list of objects with ``line`` as [[lat, lon], …]), ``questions`` (distinct
        sentences), ``streets`` (lines), ``ground`` ([role, ring] each, the lowest first) and
        ``place``, the middle (longitude, latitude).
    """
    found = _touching(store, "segments", outline)
    found = found[found["status"].ne("retired")].reset_index(drop=True)
    streets = crs.to_wgs84(_touching(store, "streets", outline))
    degrees = crs.to_wgs84(found)
    named = degrees["name"].where(degrees["name"].notna(), beside(degrees, streets))
    sentences, asked = _questions(store, found["segment_id"])
    rows = found.assign(name=named)[list(COLUMNS)].astype(object)
    told = rows.where(rows.notna(), None).to_dict("records")
    return {
        "segments": [
            {"id": name, **row, "signs": list(row["signs"]), "asks": asked.get(name, []),
             "line": line}
            for name, row, line in zip(found["segment_id"], told, _lines(degrees), strict=True)
        ],
        "questions": sentences,
        "streets": _lines(streets),
        "ground": _ground(store, outline),
        "place": _middle(area, outline),
    }  # fmt: skip


def _touching(store: Store, name: str, outline: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the rows of a layer that touch an area."""
    rows = store.layer(name, bbox=outline.bounds)
    return rows[rows.intersects(outline)].reset_index(drop=True)


def _ground(store: Store, outline: BaseGeometry) -> list[tuple[str, list[list[float]]]]:
    """Return water, green and houses of an area as rings, the lowest first."""
    if "areas" not in store.layer_names():
        return []
    rows = crs.to_wgs84(_touching(store, "areas", outline)).explode(ignore_index=True)
    rings = rows.assign(geometry=rows.geometry.exterior, at=rows["role"].map(GROUND.index))
    lowest = rings.sort_values("at", kind="stable")
    return list(zip(lowest["role"], _lines(lowest), strict=True))


def _middle(area: Area, outline: BaseGeometry) -> Place:
    """Return the middle of an outline, degrees."""
    middle = outline.centroid
    lon, lat = crs.project(middle.x, middle.y, source=area.crs, target=crs.WGS84)
    return float(lon), float(lat)


def _somewhere(store: Store) -> Place:
    """Return where the first segment begins; the origin in an empty store."""
    first = crs.to_wgs84(store.layer("segments", limit=1))
    if first.empty:
        return 0.0, 0.0
    lon, lat = first.geometry.iloc[0].coords[0][:2]
    return lon, lat


def own_marks(store: Store, who: Identity, lang: Language) -> list[dict[str, Any]]:
    """Tell somebody what became of what they sent, the newest first."""
    mine = [r for r in store.revisions("observation") if r.author == who.author]
    newest = mine[: -NEWEST - 1 : -1]
    undone = {(r.body.get("fields") or {}).get("op_id") for r in mine if r.body["kind"] == "undo"}
    settled = marks.decisions(store).set_index("segment_id")
    rows = store.layer("segments", ids=sorted({r.entity_id for r in newest}))
    disputed = set(rows.loc[rows["status"].eq("disputed"), "segment_id"])
    told = [_became(r, settled, undone, lang) for r in newest]
    return [{**one, "disputed": one["segment_id"] in disputed} for one in told]


def _became(
    revision: Revision, settled: pd.DataFrame, undone: set[Any], lang: Language
) -> dict[str, Any]:
    """Lay one own operation out with the planner's answer."""
    body = revision.body
    told = {
        name: body.get(name) for name in ("op_id", "kind", "segment_id", "fields", "observed_at")
    }
    decision = None
    if body["segment_id"] in settled.index:
        row = settled.loc[body["segment_id"]]
        decision = {"path_class": row["path_class"], "reason": row["reason"]}
    return {
        **told,
        "result": body["result"],
        "reason": say("marks", body["reason"], lang),
        "undone": body["op_id"] in undone,
        "decision": decision,
    }


def _questions(store: Store, ids: pd.Series[str]) -> tuple[list[list[str]], dict[str, list[int]]]:
    """Return the distinct open questions, and the places of each segment's gravest ones."""
    found = store.layer("findings", where={"segment_id": ids.tolist()}) if len(ids) else None
    if found is None or found.empty:
        return [], {}
    open_ones = found[found["state"].eq("open") & found["severity"].gt(0)]
    ordered = open_ones.sort_values("severity", ascending=False, kind="stable")
    sentences: dict[tuple[str, str], int] = {}
    asked: dict[str, list[int]] = {}
    columns = (ordered[name] for name in ("segment_id", "message_sv", "message_en"))
    for segment, swedish, english in zip(*columns, strict=True):
        if len(asked.setdefault(segment, [])) < QUESTIONS:
            asked[segment].append(sentences.setdefault((swedish, english), len(sentences)))
    return [list(pair) for pair in sentences], asked


def _lines(degrees: gpd.GeoDataFrame) -> list[list[list[float]]]:
    """Write lines as [[lat, lon], …]."""
    return [
        np.round(shapely.get_coordinates(line)[:, ::-1], DIGITS).tolist()
        for line in degrees.geometry
    ]
