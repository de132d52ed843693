"""Where should the police stand, why there and not elsewhere, and what do planners hear of it?

Rankings live in the police store. The one thing that leaves it by an officer's own hand is what
was seen at an unclear place: an observation like any other, without rank or reason.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
from shapely import Point

from api.errors import Problem
from api.kinds import Kind
from api.work.sync import take
from gis import controls, crs, promises
from gis.controls import kept, records
from gis.controls.bodies import note_of
from gis.controls.candidates import live_segments
from gis.promises.days import local_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.work.police import Desk
    from gis.controls import Ranking

USUAL: Final = 10


def standing(desk: Desk, kind: str) -> tuple[int, int]:
    """Return number and seed of the ranking that stands, so that looking again changes nothing."""
    stood = kept.standing(desk.police, kind)
    return (USUAL, records.new_seed()) if stood is None else (int(stood["n"]), int(stood["seed"]))


def sites(desk: Desk, kind: str, n: int, seed: int | None) -> dict[str, Any]:
    """Rank places and keep the ranking; each site with its nearest alternative."""
    found = _ask(desk, kind, n, seed)
    told = found.to_dict()
    told["sites"] = [
        {**site, "alternative": controls.explain(found, site["segment_id"])["alternative"]}
        for site in found.sites
    ]
    return told


def explain(desk: Desk, segment_id: str, kind: str) -> dict[str, Any]:
    """Say why a segment is among the chosen of the ranking that stands, or why it is not.

    Raises
    ------
    NotFoundError
        If there is no live segment with this id.
    """
    live = live_segments({"segments": desk.public.layer("segments", ids=[segment_id])})
    line = None if live.empty else live.geometry.iloc[0]
    return controls.explain(_ask(desk, kind, *standing(desk, kind)), segment_id, line=line)


def explain_place(desk: Desk, lon: float, lat: float, kind: str) -> dict[str, Any]:
    """Say why any point of the map is or is not a place to stand at."""
    segments = live_segments({"segments": desk.public.layer("segments")})
    asked = gpd.GeoSeries([Point(lon, lat)], crs=crs.WGS84)
    (here,) = crs.to_working(asked, desk.area.crs)
    return controls.explain_place(_ask(desk, kind, *standing(desk, kind)), segments, here)


def draw(desk: Desk, told: Mapping[str, Any]) -> dict[str, Any]:
    """Draw visits as asked for."""
    wish = controls.Wish(**told)
    return controls.draw_visits(desk.public, desk.police, wish, author=desk.who.author)


def school_times(desk: Desk) -> dict[str, Any]:
    """Say at which hours and around which days controls at schools do most good."""
    settings = promises.from_area(desk.area)
    within = timedelta(days=settings.school_start_days)
    today = local_day(datetime.now(UTC))
    starts = [
        {"day": day, "first": day - within, "last": day + within, "assumed": assumed}
        for year in (today.year, today.year + 1)
        for day, assumed in settings.starts_of(year)
        if day + within >= today
    ]
    return {"hours": desk.area.settings.get("school_hours", ()), "starts": starts}


def send_unclear(desk: Desk, segment_id: str, note: str) -> dict[str, Any]:
    """Hand what was seen at an unclear place to the planners.

    Raises
    ------
    GisError
        If the note names somebody.
    Problem
        ``not_found`` when there is no such segment.
    """
    if desk.public.feature("segments", segment_id) is None:
        raise Problem(Kind.NOT_FOUND)
    mark = {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "observed_at": datetime.now(UTC).isoformat(),
        "fields": {"note": note_of({"note": note})},
    }
    (told,) = take(desk.public, [mark], desk.who, desk.lang)
    return told


def _ask(desk: Desk, kind: str, n: int, seed: int | None) -> Ranking:
    return controls.ask(desk.public, desk.police, kind=kind, n=n, seed=seed, author=desk.who.author)
