"""Where do police controls matter most?

The ranking is a pure function of layers, controls, accidents, settings and seed. Cyclists are
never proposed for control where the class is not settled and signed; such places stand in
``unclear`` with the reason. Near a school a place for cyclists is for information only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.controls import bayes
from gis.controls.candidates import candidates, live_segments, ordered, schools_of
from gis.controls.criteria import KINDS, filters
from gis.controls.halo import Halo, halo
from gis.controls.injuries import injuries
from gis.controls.network import Net, Spots, build, locate
from gis.controls.offences import possible
from gis.controls.reasons import about_accidents, about_class, about_halo, why_here
from gis.controls.school_ways import way_to_school
from gis.controls.score import Expected, Injuries, expected, factors, obstacles
from gis.controls.selection import apart, select
from gis.controls.settings import SiteSettings
from gis.errors import GisError
from gis.words import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

WGS84: Final = 4326
MIDDLE: Final = ("none",)
UNCLEAR_SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked for.

    Parameters
    ----------
    kind
        ``cyclist``, ``driver`` or ``school``.
    seed
        Any integer; the same seed gives the same ranking.
    n
        How many places.
    now
        The moment of asking, aware; earlier controls fade towards it. None: they do not count.
    country
        Country of the area; outside SE no rights are entered, which the reasons say.
    settings
        Distances and shares.
    """

    kind: str
    seed: int
    n: int = 10
    now: datetime | None = None
    country: str = "SE"
    settings: SiteSettings = field(default_factory=SiteSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The chosen places and everything that led to them.

    Parameters
    ----------
    kind
        ``cyclist``, ``driver`` or ``school``.
    sites
        Chosen places as the interface has them, best first.
    objective
        ``value``, ``bound`` and ``gap`` of the choice.
    seed, input_hash
        What repeats it.
    unclear
        Places that are not for controls, best first, with ``why_sv`` and ``why_en``.
    places
        Every candidate with score, factors and obstacle (not for output).
    """

    kind: str
    sites: list[dict[str, Any]]
    objective: dict[str, float]
    seed: int
    input_hash: str
    unclear: list[dict[str, Any]]
    places: gpd.GeoDataFrame

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking as JSON."""
        return {
            "sites": self.sites,
            "objective": self.objective,
            "seed": self.seed,
            "input_hash": self.input_hash,
            "unclear": self.unclear,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """Candidates with what was found out about each."""

    places: gpd.GeoDataFrame
    factors: pd.DataFrame
    spots: Spots
    net: Net
    injuries: Injuries | None
    expected: Expected
    halo: Halo


def rank(
    layers: Mapping[str, gpd.GeoDataFrame],
    task: Task,
    *,
    controls: gpd.GeoDataFrame | None = None,
    accidents: gpd.GeoDataFrame | None = None,
) -> Ranking:
    """Rank places for controls.

    Parameters
    ----------
    layers
        ``segments`` (needed), ``streets``, ``crossings``, ``places``; one projected CRS.
    task
        Kind, number, seed, moment, settings.
    controls
        Performed controls: points with ``started_at``; null times count as never.
    accidents
        Points with ``accident_type``, ``year`` and optionally ``injured``.

    Returns
    -------
    ranking
        Empty lists where there is no place; never an error for want of data.

    Raises
    ------
    GisError
        If the kind is unknown or `n` is below 1.
    LayerError
        If segments are missing or not projected.
    """
    if task.kind not in KINDS or task.n < 1:
        msg = f"kind {task.kind!r} with n {task.n}: use {', '.join(KINDS)} and n of 1 or more."
        raise GisError(msg)
    ground = _ground(layers, task, controls, accidents)
    digest = _digest(ground, task)
    places = ground.places
    clear = places["obstacle"].eq("").to_numpy()
    sites, objective = _sites(ground, task, np.flatnonzero(clear))
    return Ranking(
        kind=task.kind,
        sites=sites,
        objective=objective,
        seed=task.seed,
        input_hash=digest,
        unclear=_unclear(ground, task, np.flatnonzero(~clear)),
        places=places,
    )


def _ground(
    layers: Mapping[str, gpd.GeoDataFrame],
    task: Task,
    controls: gpd.GeoDataFrame | None,
    accidents: gpd.GeoDataFrame | None,
) -> _Ground:
    """Find the candidates and score them."""
    segments = live_segments(layers)
    segments["obstacle"] = obstacles(segments, filters(task.kind))
    places = candidates(layers, segments, segments["obstacle"].eq(""))
    if task.kind == "school":
        near = places["school_m"].le(task.settings.school_radius_m)
        places = places[near].reset_index(drop=True)
    net = build(lines_of(layers, segments))
    spots = locate(net, gpd.GeoSeries(places.geometry))
    places["school_way_m"] = way_to_school(net, spots, schools_of(layers))
    table = factors(places, task.kind)
    within = task.settings.accident_radius_m
    counted = injuries(net, spots, accidents, task.kind, within_m=within)
    found = expected(table.prod(axis=1).to_numpy(float), counted, task.settings)
    faded = halo(net, spots, _past(controls, task.now, places), task.kind, task.settings)
    places["score"] = found.value * faded.factor
    return _Ground(
        places=places,
        factors=table,
        spots=spots,
        net=net,
        injuries=counted,
        expected=found,
        halo=faded,
    )


def lines_of(layers: Mapping[str, gpd.GeoDataFrame], segments: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the lines one can go along: streets and segments.

    Sides of streets are drawn beside them and meet nothing, so places on them snap to the street.
    """
    raw = layers["segments"]
    side = raw["side"].fillna("none") if "side" in raw else pd.Series("none", index=raw.index)
    beside = set(raw.loc[~side.isin(MIDDLE), "segment_id"])
    own = np.asarray(segments.geometry.array)[~segments["segment_id"].isin(beside).to_numpy()]
    streets = layers.get("streets")
    if streets is not None and not streets.empty:
        own = np.concatenate((own, np.asarray(ordered(streets).geometry.array)))
    if not len(own):
        own = np.asarray(segments.geometry.array)
    return gpd.GeoSeries(own, crs=segments.crs)


def _past(
    controls: gpd.GeoDataFrame | None, now: datetime | None, places: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return earlier controls with the days since each."""
    if controls is None or controls.empty or now is None:
        return gpd.GeoDataFrame({"days": pd.Series(dtype=float)}, geometry=[], crs=places.crs)
    past = controls[~controls.geometry.isna() & ~controls.geometry.is_empty].copy()
    started = pd.to_datetime(past["started_at"], utc=True)
    past["days"] = (pd.Timestamp(now) - started).dt.total_seconds() / 86_400
    return past[past["days"].notna()]


def _digest(ground: _Ground, task: Task) -> str:
    """Hash what the ranking was made from; the seed is no part of it."""
    columns = ["segment_id", "x", "y", "origin", "obstacle", "score"]
    shown = ground.places[columns].copy()
    shown["score"] = shown["score"].round(9)
    text = shown.to_csv(index=False) + ground.factors.to_csv(index=False)
    text += f"{task.kind}|{task.n}|{task.settings}"
    return hashlib.sha256(text.encode()).hexdigest()


def _sites(
    ground: _Ground, task: Task, eligible: np.ndarray
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Choose among the eligible places and lay them out."""
    if not len(eligible):
        return [], {"value": 0.0, "bound": 0.0, "gap": 0.0}
    table = ground.places.iloc[eligible].reset_index(drop=True)
    spots = _some(ground.spots, eligible)
    school = task.kind == "school"
    table["group"] = table["school_id"] if school else table["district"]
    minimum = max(1, task.settings.district_minimum) if school else task.settings.district_minimum
    selection = select(ground.net, spots, table, task.n, task.settings, minimum=minimum)
    chosen = eligible[selection.places]
    standing = _standing(ground, eligible, chosen, task)
    listed = [
        _site(ground, task, int(place)) | standing[position]
        for position, place in enumerate(chosen)
    ]
    choice = selection.choice
    objective = {
        "value": round(choice.value, 6),
        "bound": round(choice.bound, 6),
        "gap": round(choice.gap, 6),
    }
    return listed, objective


def _some(spots: Spots, which: np.ndarray) -> Spots:
    """Return some of the spots."""
    return Spots(edge=spots.edge[which], along_m=spots.along_m[which], off_m=spots.off_m[which])


def _standing(
    ground: _Ground, eligible: np.ndarray, chosen: np.ndarray, task: Task
) -> list[dict[str, int]]:
    """Say where each chosen place stands: in the list, and among all eligible neighbourhoods.

    ``rank`` with its interval is the place in the list; ``place_low`` to ``place_high`` of
    ``places`` is the place among all that lie apart.
    """
    scores = ground.places["score"].to_numpy(float)
    shapes = ground.expected.shape
    best = apart(ground.places.iloc[eligible], spacing_m=task.settings.spacing_m)
    everyone = np.union1d(eligible[best], chosen)
    drawn = bayes.draws(
        shapes[everyone], scores[everyone], rounds=task.settings.draws, seed=task.seed
    )
    low_all, high_all = bayes.rank_interval(drawn)
    where = np.searchsorted(everyone, chosen)
    low, high = bayes.rank_interval(drawn[:, where])
    return [
        {
            "rank": position + 1,
            "rank_low": min(int(low[position]), position + 1),
            "rank_high": max(int(high[position]), position + 1),
            "place_low": int(low_all[where[position]]),
            "place_high": int(high_all[where[position]]),
            "places": len(everyone),
        }
        for position in range(len(chosen))
    ]


def _site(ground: _Ground, task: Task, place: int) -> dict[str, Any]:
    """Lay out one place with its reasons."""
    table = ground.places
    row = {str(name): value for name, value in table.iloc[place].items()}
    there = gpd.GeoSeries([row["geometry"]], crs=table.crs).to_crs(WGS84).get_coordinates()
    lon, lat = there.to_numpy()[0]
    school = task.kind == "cyclist" and row["school_m"] <= task.settings.school_radius_m
    why = why_here(
        row,
        {str(name): float(value) for name, value in ground.factors.iloc[place].items()},
        task.kind,
    )
    faded = ground.halo
    reasons = [
        *why,
        *about_halo(faded.distance_m[place], faded.days[place], faded.factor[place]),
        about_accidents(place, ground.expected, ground.injuries),
        *about_class(row, task.country),
    ]
    if school:
        reasons.append(_words("why.near_school") | {"value": _metres(row["school_m"]), "unit": "m"})
    return {
        "segment_id": row["segment_id"],
        "score": round(float(row["score"]), 4),
        "lon": round(float(lon), 6),
        "lat": round(float(lat), 6),
        "reasons": reasons,
        "information_only": bool(school),
        "offences": [] if school or row["obstacle"] else _offences(row, task),
        "name": row["name"] if isinstance(row["name"], str) else None,
        "district": row["district"] if isinstance(row["district"], str) else None,
    }


def _offences(place: Mapping[str, Any], task: Task) -> list[dict[str, Any]]:
    """List what a control may find at a place, by the classes of path and crossing."""
    classes = {place["path_class"], place["crossing_class"]}
    return possible(
        task.kind, classes, country=task.country, day=task.now.date() if task.now else None
    )


def _metres(value: float) -> int | None:
    """Return whole metres."""
    return None if pd.isna(value) else round(value)


def _words(key: str) -> dict[str, str]:
    """Return a sentence in both languages."""
    return {f"text_{lang}": say("controls", key, lang) for lang in LANGUAGES}


def _unclear(ground: _Ground, task: Task, which: np.ndarray) -> list[dict[str, Any]]:
    """Lay out the best places that are not for controls: places to inform, and to settle."""
    if not len(which):
        return []
    kept = which[apart(ground.places.iloc[which], spacing_m=task.settings.spacing_m)]
    order = kept[np.lexsort((kept, -ground.places["score"].to_numpy(float)[kept]))]
    found = []
    for place in order[: max(task.n, UNCLEAR_SHOWN)]:
        site = _site(ground, task, int(place))
        key = f"why.{ground.places['obstacle'].iloc[place]}"
        why = {f"why_{lang}": say("controls", key, lang) for lang in LANGUAGES}
        found.append(site | why | {"information_only": True})
    return found
