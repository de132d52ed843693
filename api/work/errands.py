"""What do planners ask of inspectors: a visit, and who takes which segments?

An errand is kept as a revision of its segment; the newest one stands. Marks and decisions are
untouched by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from api.errors import Problem
from api.kinds import Kind
from gis import crs
from gis.store import Entry
from maps import review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.auth.identity import Identity
    from gis.store import Store

ENTITY: Final = "errand"
INSPECTOR: Final = "inspector"
FORGOTTEN: Final = "borttagen"


def inspectors(store: Store) -> list[str]:
    """Return the names of those who inspect."""
    return [user.name for user in store.users() if user.role == INSPECTOR and not user.disabled]


def districts(store: Store) -> list[str]:
    """Return the names of the districts, in alphabetical order."""
    held = "districts" in store.layer_names()
    return sorted(store.layer("districts")["name"].dropna()) if held else []


def in_district(store: Store, district: str) -> list[str]:
    """Return the segments of a district that need a person; 404 where it has none such."""
    return _asking(store, {"district": [district]})


def in_area(store: Store, corners: Sequence[Sequence[float]], *, epsg: int) -> list[str]:
    """Return the segments that need a person and meet an area.

    Parameters
    ----------
    store
        The public store.
    corners
        Of the area, [lon, lat], at least three.
    epsg
        Its working CRS.

    Raises
    ------
    Problem
        ``not_found`` where there is none such.
    """
    lon, lat = np.array(corners, dtype="float64").T
    x, y = crs.project(lon, lat, source=crs.WGS84, target=epsg)
    outline = shapely.make_valid(shapely.Polygon(np.column_stack((x, y))))
    return _asking(store, {}, outline)


def _asking(
    store: Store, where: dict[str, list[str]], outline: shapely.Geometry | None = None
) -> list[str]:
    """Return what the queue of the review holds of a place."""
    box = None if outline is None else tuple(shapely.bounds(outline).tolist())
    found: list[str] = []
    for wanted in review.asking(notes=False):
        rows = store.layer("segments", where={**wanted, **where}, bbox=box)
        live = rows["status"].ne("retired")
        inside = True if outline is None else rows.geometry.intersects(outline)
        found += rows.loc[live & inside, "segment_id"].tolist()
    if not found:
        raise Problem(Kind.NOT_FOUND)
    return sorted(set(found))


def ask(
    store: Store, segment_ids: Sequence[str], told: dict[str, Any], who: Identity
) -> dict[str, Any]:
    """Append an errand for each segment.

    Parameters
    ----------
    store
        The public store; a transaction is open.
    segment_ids
        Segments of the inventory.
    told
        ``visit`` (whether somebody should go there), ``inspector`` (a name or null), ``note``.
    who
        The planner.

    Raises
    ------
    Problem
        ``not_found`` where a segment or an inspector is none.
    """
    held = set(store.layer("segments", ids=list(segment_ids))["segment_id"])
    inspector = told["inspector"]
    if held != set(segment_ids) or (inspector and inspector not in inspectors(store)):
        raise Problem(Kind.NOT_FOUND)
    body = {**told, "inspector": store.person(inspector) if inspector else None}
    op = "ask" if told["visit"] or inspector else "withdraw"
    store.append(
        [
            Entry(entity=ENTITY, entity_id=one, op=op, body=body, author=who.author)
            for one in dict.fromkeys(segment_ids)
        ]
    )
    return {"errands": len(held)}


def standing(store: Store) -> list[dict[str, Any]]:
    """List the errands that stand, oldest first: something is asked and nobody was there since.

    Returns
    -------
    errands
        ``segment_id``, ``visit``, ``inspector`` (a name or null), ``note``, ``author``, ``at``.
    """
    names = store.names()
    asked = [one for one in store.state(ENTITY).values() if one.op == "ask"]
    seen = _seen(store) if asked else {}
    return [
        {
            "segment_id": one.entity_id,
            "visit": bool(one.body.get("visit")),
            "inspector": names.get(str(one.body["inspector"]), FORGOTTEN)
            if one.body.get("inspector")
            else None,
            "note": str(one.body.get("note") or ""),
            "author": names.get(one.author, FORGOTTEN),
            "at": one.at.isoformat(),
        }
        for one in asked
        if seen.get(one.entity_id, 0) < one.seq
    ]


def _seen(store: Store) -> dict[str, int]:
    """Return when, in the order of the history, each segment was last marked."""
    return {
        str(one.body.get("segment_id") or one.entity_id): one.seq
        for one in store.revisions("observation")
    }
