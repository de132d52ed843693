"""What does an inspector's phone take along, and what became of what it sent?

The form is the same for everybody: signs of the country with the class that follows from each by
the decision table, code lists, limits of the position and every sentence in both languages. The
area is what lies around a place; both are kept in the phone, so that it asks nobody all day.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gis import codes, crs, marks, signs
from gis.decide import decide_objects
from gis.words import say
from maps.layers.segments import beside
from maps.style import lines

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from api.auth.identity import Identity
    from gis.areas import Area
    from gis.store import Revision, Store
    from gis.store.base import Box
    from gis.words import Language

LISTS: Final = ("path_class", "separation", "surface", "lit", "kind", "status")
LIMITS: Final = ("fix_good_m", "fix_usable_m", "fix_age_s")
COLUMNS: Final = (
    "kind", "path_class", "status", "severity", "version", "length_m", "name", "width_m",
    "surface", "separation", "lit", "signs",
)  # fmt: skip
DIGITS: Final = 6
QUESTIONS: Final = 3
"""How many open questions of a segment stand in the form."""
NEWEST: Final = 500
"""How many of one's own marks are told."""


@cache
def form(country: str) -> dict[str, Any]:
    """Return what the form needs to know of a country.

    Returns
    -------
    form
        ``signs``: code, names, role, picture, whether it may be put up today; ``plates``: text and
        whether it permits cycling; ``answers``: distinct classes with their reasons;
        ``decided``: by kind, sign and P (a plate permits cycling) the place in ``answers``;
        ``lists``: code lists; ``styles``: lines of the map.
    """
    catalogue = signs.load(country)
    answers, decided = decisions(country)
    return {
        "country": country,
        "signs": [
            {"code": one.code, "label": [one.label_sv, one.label_en], "role": one.role,
             "pictogram": one.pictogram, "current": not one.valid_to}
            for one in catalogue.signs
        ],
        "plates": [[one.text, one.permits_bicycle] for one in catalogue.plates],
        "answers": answers,
        "decided": decided,
        "lists": {name: _list(name) for name in LISTS},
        "styles": {
            code: {"colour": one.colour, "dash": list(one.dash), "width": one.width_px}
            for code, one in lines("class").items()
        },
    }  # fmt: skip


def decisions(country: str) -> tuple[list[list[str]], dict[str, int]]:
    """Ask the decision table what follows from each sign at each kind of segment.

    Returns
    -------
    answers
        Distinct ``[path_class, reason_sv, reason_en]``.
    decided
        ``kind|sign`` or ``kind|sign|P`` to the place in `answers`.
    """
    catalogue = signs.load(country)
    permitting = next((one.text for one in catalogue.plates if one.permits_bicycle), None)
    plates = [(None, "")] + ([(permitting, "|P")] if permitting else [])
    kinds = codes.load("kind").codes
    asked = list(product(kinds, [one.code for one in catalogue.signs], plates))
    objects = [
        {"kind": kind, "signs": [f"{country}:{sign}"], "plate": plate}
        for kind, sign, (plate, _) in asked
    ]
    places: dict[tuple[str, ...], int] = {}
    decided = {
        f"{kind}|{sign}{mark}": places.setdefault(
            (told["path_class"], told["reason_sv"], told["reason_en"]), len(places)
        )
        for (kind, sign, (_, mark)), told in zip(
            asked, decide_objects(objects, country), strict=True
        )
    }
    return [list(answer) for answer in places], decided


def limits(area: Area) -> dict[str, Any]:
    """Return the area's limits of a position's accuracy and age."""
    return {name: area.settings[name] for name in LIMITS}


def around(
    store: Store, area: Area, place: tuple[float, float] | None, radius_m: float
) -> dict[str, Any]:
    """Return the living segments, their questions and the streets around a place.

    Parameters
    ----------
    store
        The public store.
    area
        Its working CRS.
    place
        Longitude and latitude, degrees; None takes the place of the store's first segment.
    radius_m
        Half the side of the square that is kept.

    Returns
    -------
    surroundings
        ``segments`` (list of objects with ``line`` as [[lat, lon], …]), ``questions`` (distinct
        sentences), ``streets`` (lines) and ``place`` (longitude, latitude).
    """
    place = place or _somewhere(store)
    box = _square(area, place, radius_m)
    found = store.layer("segments", bbox=box)
    found = found[found["status"].ne("retired")].reset_index(drop=True)
    streets = crs.to_wgs84(store.layer("streets", bbox=box))
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
        "place": place,
    }  # fmt: skip


def _somewhere(store: Store) -> tuple[float, float]:
    """Return where the first segment begins; the origin in an empty store."""
    first = crs.to_wgs84(store.layer("segments", limit=1))
    if first.empty:
        return 0.0, 0.0
    lon, lat = first.geometry.iloc[0].coords[0][:2]
    return lon, lat


def _square(area: Area, place: tuple[float, float], half_m: float) -> Box:
    """Return the square around a place in the working CRS."""
    east, north = (float(one) for one in crs.project(*place, source=crs.WGS84, target=area.crs))
    return east - half_m, north - half_m, east + half_m, north + half_m


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


def _list(name: str) -> list[list[str]]:
    """Return a code list as [code, Swedish, English], only what a row may carry."""
    held = codes.load(name)
    return [[row.code, row.label_sv, row.label_en] for row in held.rows if row.assignable]
