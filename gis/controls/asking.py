"""Which places come out when the police ask?

The ranking reads the public inventory and what the police store holds; what was drawn is kept in
the police store, so that it can be repeated and answered for.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from gis import areas, crs
from gis.controls import records
from gis.controls.candidates import live_segments, schools_of
from gis.controls.effect import before_after
from gis.controls.kept import BEST, keep_ranking
from gis.controls.kept import standing as ranked_before
from gis.controls.network import build
from gis.controls.ranking import Ranking, Task, lines_of, rank
from gis.controls.school_ways import ways_to_schools
from gis.controls.settings import from_profile
from gis.deliveries import ACCIDENTS, reading_of, standing
from gis.sources import Said
from gis.sources.accidents import accident_layer
from gis.store import create_store, is_there, open_store

if TYPE_CHECKING:
    from gis.store import Store

LAYERS: Final = ("segments", "streets", "crossings", "places")
SYSTEM: Final = "system"
KINDS: Final = ("cyclist", "driver", "school")


def open_police(location: str, public: Store) -> Store:
    """Open the police store at a location, making it when absent."""
    if not is_there(location):
        return create_store(location, public.area_json(), kind="police")
    return open_store(location)


def ask(
    public: Store,
    police: Store,
    *,
    kind: str,
    n: int = 10,
    seed: int | None = None,
    author: str = SYSTEM,
) -> Ranking:
    """Rank places for controls and keep the ranking.

    Parameters
    ----------
    public
        The inventory.
    police
        Earlier controls, and where the ranking is kept.
    kind
        ``cyclist``, ``driver`` or ``school``.
    n
        How many places.
    seed
        Repeats a ranking; one that nobody can foresee is drawn when null.
    author
        The opaque id of who asks.
    """
    area = areas.from_json(public.area_json())
    now = datetime.now(UTC)
    task = Task(
        kind=kind,
        n=n,
        seed=records.new_seed() if seed is None else seed,
        now=end_of_day(now),
        country=area.country,
        settings=from_profile(area.settings),
    )
    layers = {name: public.layer(name) for name in LAYERS}
    earlier = records.control_points(police, area.crs)
    found = rank(layers, task, controls=earlier, accidents=accidents(police, area.crs))
    keep_ranking(police, found, task, author=author, now=now)
    return found


def end_of_day(now: datetime) -> datetime:
    """Return the end of a moment's day in UTC: earlier controls fade by the day, not the second."""
    return datetime.combine(now.astimezone(UTC).date(), time.max, UTC)


def effect(public: Store, police: Store, kind: str) -> dict[str, Any]:
    """Compare the injuries near control sites before and after the first control."""
    area = areas.from_json(public.area_json())
    layers = {name: public.layer(name) for name in LAYERS}
    net = build(lines_of(layers, live_segments(layers)))
    earlier = records.control_points(police, area.crs)
    within = from_profile(area.settings).accident_radius_m
    return before_after(net, earlier, accidents(police, area.crs), kind, within_m=within)


def school_ways(public: Store) -> gpd.GeoDataFrame:
    """Lay out the ways to schools within reach on foot; empty without schools."""
    layers = {name: public.layer(name) for name in LAYERS}
    schools = schools_of(layers)
    if schools is None:
        return gpd.GeoDataFrame({"ways": []}, geometry=[], crs=layers["segments"].crs)
    return ways_to_schools(build(lines_of(layers, live_segments(layers))), schools)


def best_quarter(public: Store, police: Store, kind: str, author: str) -> list[str] | None:
    """Return the segments in the best quarter of the ranking that stands, drawing the first.

    None where no place may be chosen at all.
    """
    if ranked_before(police, kind) is None:
        ask(public, police, kind=kind, author=author)
    stood = ranked_before(police, kind) or {}
    return stood.get(BEST) or None


def accidents(police: Store, epsg: int) -> gpd.GeoDataFrame | None:
    """Read the accidents a police store holds, in a working CRS; None when none were imported."""
    delivered = [reading_of(police, one) for one in standing(police) if one.kind == ACCIDENTS]
    points = [accident_layer(said) for said in delivered if isinstance(said, Said)]
    if not points:
        return None
    every = gpd.GeoDataFrame(pd.concat(points, ignore_index=True), crs=crs.WGS84)
    return crs.to_working(every, epsg)


def ranked_sites(public: Store, police: Store, *, each: int) -> gpd.GeoDataFrame:
    """Return the best places of every kind as points in WGS84, for a map of the police."""
    rows = [
        {"kind": kind, **site}
        for kind in KINDS
        for site in ask(public, police, kind=kind, n=each).sites
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return gpd.GeoDataFrame(geometry=[], crs=crs.WGS84)
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs=crs.WGS84)
